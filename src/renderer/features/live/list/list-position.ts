import { type ListSpan, spanCount } from '../../../store/list-view-slice'

/**
 * Where the list stands, kept so that neither new rows, nor dropped old ones, nor another row height move what is read:
 * the position at the upper edge, with the part of the row that is hidden above it.
 */
export const offsetOfAnchor = (anchorRow: number, span: ListSpan, rowPx: number): number =>
  (anchorRow - span.first) * rowPx

export const anchorOfOffset = (offsetPx: number, span: ListSpan, rowPx: number): number =>
  span.first + offsetPx / rowPx

export type ListMove = 'previous' | 'next' | 'page-up' | 'page-down' | 'oldest' | 'newest'

export const moveOfKey: Readonly<Record<string, ListMove>> = {
  ArrowUp: 'previous',
  ArrowDown: 'next',
  PageUp: 'page-up',
  PageDown: 'page-down',
  Home: 'oldest',
  End: 'newest',
}

/**
 * The position a key leads to, or null in an empty list. Without a cursor the first step takes the row nearest to where
 * the person looks.
 *
 * @param visible - First and last position wholly on screen.
 */
export function positionAfter(
  move: ListMove,
  cursor: number | null,
  span: ListSpan,
  visible: readonly [number, number],
  page: number,
): number | null {
  if (spanCount(span) === 0) return null
  const last = span.end - 1
  const clamp = (position: number): number => Math.min(Math.max(position, span.first), last)
  if (move === 'oldest') return span.first
  if (move === 'newest') return last
  const isUp = move === 'previous' || move === 'page-up'
  if (cursor === null || cursor < span.first || cursor > last) return clamp(isUp ? visible[1] : visible[0])
  const step = move === 'previous' || move === 'next' ? 1 : page
  return clamp(cursor + (isUp ? -step : step))
}
