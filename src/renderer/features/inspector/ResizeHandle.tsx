import { type JSX, type KeyboardEvent, type PointerEvent, useEffect, useState } from 'react'
import { keepSetting, readSetting } from '../../store/kept-settings'
import { inspectorTexts } from './texts'
import { pageWidthPx, toPagePx } from '../../ui/page-zoom'

const SETTING = 'inspector-width'
const DEFAULT_PX = 360
const MIN_PX = 320
const STEP_PX = 24
const maxPx = (): number => Math.max(MIN_PX, Math.min(900, pageWidthPx() - 560))

/** The left edge of the inspector: dragged or moved with the arrow keys. */
export function ResizeHandle(): JSX.Element {
  const [widthPx, setWidthPx] = useState(() => Number(readSetting(SETTING)) || DEFAULT_PX)
  useEffect(() => {
    document.documentElement.style.setProperty('--w-inspector', `${widthPx}px`)
  }, [widthPx])
  const set = (px: number): void => {
    const width = Math.round(Math.min(Math.max(px, MIN_PX), maxPx()))
    setWidthPx(width)
    keepSetting(SETTING, String(width))
  }
  const grabbed = (event: PointerEvent<HTMLDivElement>): void => {
    const handle = event.currentTarget
    const startX = event.clientX
    handle.setPointerCapture(event.pointerId)
    const moved = (move: globalThis.PointerEvent): void => set(widthPx + toPagePx(startX - move.clientX))
    const released = (): void => {
      handle.removeEventListener('pointermove', moved)
      handle.removeEventListener('lostpointercapture', released)
    }
    handle.addEventListener('pointermove', moved)
    handle.addEventListener('lostpointercapture', released)
  }
  const pressed = (event: KeyboardEvent): void => {
    const next: Record<string, number> = {
      ArrowLeft: widthPx + STEP_PX,
      ArrowRight: widthPx - STEP_PX,
      Home: MIN_PX,
      End: maxPx(),
    }
    const px = next[event.key]
    if (px === undefined) return
    event.preventDefault()
    event.stopPropagation()
    set(px)
  }
  return (
    <div
      className="insp-resize"
      role="separator"
      tabIndex={0}
      aria-label={inspectorTexts.resize}
      aria-orientation="vertical"
      aria-valuenow={widthPx}
      aria-valuemin={MIN_PX}
      aria-valuemax={maxPx()}
      onPointerDown={grabbed}
      onKeyDown={pressed}
    />
  )
}
