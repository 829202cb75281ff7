import type { JSX, KeyboardEvent, PointerEvent } from 'react'
import { toPagePx } from './page-zoom'

interface SplitterProps {
  readonly label: string
  readonly valuePx: number
  readonly minPx: number
  readonly maxPx: number
  readonly onChange: (px: number) => void
}

const STEP_PX = 22

/** A line between two panes one above the other, moved by dragging or with the arrow keys. */
export function Splitter({ label, valuePx, minPx, maxPx, onChange }: SplitterProps): JSX.Element {
  const set = (px: number): void => onChange(Math.round(Math.min(Math.max(px, minPx), maxPx)))
  const grabbed = (event: PointerEvent<HTMLDivElement>): void => {
    const handle = event.currentTarget
    const startPx = valuePx
    const startY = event.clientY
    handle.setPointerCapture(event.pointerId)
    const moved = (move: globalThis.PointerEvent): void => set(startPx + toPagePx(move.clientY - startY))
    const released = (): void => {
      handle.removeEventListener('pointermove', moved)
      handle.removeEventListener('lostpointercapture', released)
    }
    handle.addEventListener('pointermove', moved)
    handle.addEventListener('lostpointercapture', released)
  }
  const pressed = (event: KeyboardEvent): void => {
    const next: Record<string, number> = {
      ArrowUp: valuePx - STEP_PX,
      ArrowDown: valuePx + STEP_PX,
      Home: minPx,
      End: maxPx,
    }
    const px = next[event.key]
    if (px === undefined) return
    event.preventDefault()
    event.stopPropagation()
    set(px)
  }
  return (
    <div
      className="splitter"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuenow={Math.round(valuePx)}
      aria-valuemin={minPx}
      aria-valuemax={Math.round(maxPx)}
      onPointerDown={grabbed}
      onKeyDown={pressed}
    />
  )
}
