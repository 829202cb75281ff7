import type { CSSProperties } from 'react'
import type { Place } from '../../../store/layout-tree'

const percent = (share: number): string => `${Math.round(share * 1e5) / 1e3}%`

/** @param topPx - Kept free at the top for tabs. */
export const placeStyle = ({ left, top, width, height }: Place, topPx = 0): CSSProperties => ({
  left: percent(left),
  top: `calc(${percent(top)} + ${topPx}px)`,
  width: percent(width),
  height: `calc(${percent(height)} - ${topPx}px)`,
})
