import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import {
  clampOffset,
  fromNative,
  type ScrollGeometry,
  spacerPx,
  toNative,
  type VisibleRows,
  visibleRows,
} from './scaled-scroll'

export interface VirtualViewport {
  /** The scrolling element. */
  readonly ref: RefObject<HTMLDivElement | null>
  readonly geometry: ScrollGeometry
  readonly spacerPx: number
  readonly rows: VisibleRows
}

/**
 * A window onto many rows of equal height. The caller owns the offset; wheel, touch and scrollbar only propose new ones.
 *
 * @param offsetPx - Wanted offset in the full content; clamped here.
 * @param onOffset - The person moved: the new offset in the full content.
 */
export function useVirtualViewport(
  count: number,
  rowPx: number,
  offsetPx: number,
  onOffset: (offsetPx: number) => void,
): VirtualViewport {
  const ref = useRef<HTMLDivElement>(null)
  const [viewportPx, setViewportPx] = useState(0)
  const geometry = useMemo(() => ({ count, rowPx, viewportPx }), [count, rowPx, viewportPx])
  const offset = Math.round(clampOffset(offsetPx, geometry))
  const latest = useRef({ geometry, offset, onOffset })
  /** Where we put the scrollbar ourselves: a scroll event at this place is an echo, not a person. */
  const placedPx = useRef(0)

  useLayoutEffect(() => {
    latest.current = { geometry, offset, onOffset }
    const element = ref.current
    if (element === null) return
    const wanted = toNative(offset, geometry)
    if (Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted
    placedPx.current = element.scrollTop
  }, [geometry, offset, onOffset])

  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    const measure = (): void => setViewportPx(element.clientHeight)
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [])

  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const move = (next: number): void => {
      const { geometry, offset, onOffset } = latest.current
      const clamped = clampOffset(next, geometry)
      if (Math.abs(clamped - offset) >= 0.5) onOffset(clamped)
    }
    const wheeled = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0) return // zoom, or sideways
      event.preventDefault()
      const { geometry, offset } = latest.current
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? geometry.rowPx
          : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? geometry.viewportPx
            : 1
      move(offset + event.deltaY * unit)
    }
    const scrolled = (): void => {
      if (Math.abs(element.scrollTop - placedPx.current) < 1) return
      // the browser moved it because the viewport grew: nobody scrolled, and the new height puts it right
      if (element.clientHeight !== latest.current.geometry.viewportPx) return
      placedPx.current = element.scrollTop
      move(fromNative(element.scrollTop, latest.current.geometry))
    }
    element.addEventListener('wheel', wheeled, { passive: false })
    element.addEventListener('scroll', scrolled, { passive: true })
    return () => {
      element.removeEventListener('wheel', wheeled)
      element.removeEventListener('scroll', scrolled)
    }
  }, [])

  return { ref, geometry, spacerPx: spacerPx(geometry), rows: visibleRows(offset, geometry) }
}
