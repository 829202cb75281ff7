import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** Width of one character of the monospaced face at 12 px; measured faces lie between 7.0 and 7.3. */
const CHAR_PX = 7.25
const WIDE_HEX_PX = 540
const PADDINGS_PX = 34

/** How much fits into an element: monospaced characters a line, bytes a hex row. */
export function useColumns(): {
  readonly columns: number
  readonly perRow: 8 | 16
  readonly ref: RefObject<HTMLDivElement | null>
} {
  const [widthPx, setWidthPx] = useState(360)
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const target = ref.current
    if (target === null) return
    const measure = (): void => setWidthPx(target.clientWidth)
    measure()
    const sizes = new ResizeObserver(measure)
    sizes.observe(target)
    return () => sizes.disconnect()
  }, [])
  return {
    columns: Math.max(8, Math.floor((widthPx - PADDINGS_PX) / CHAR_PX)),
    perRow: widthPx < WIDE_HEX_PX ? 8 : 16,
    ref,
  }
}
