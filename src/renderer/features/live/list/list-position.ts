import type { MessageBounds } from '../../../store/row-window'
import { endId } from '../../../store/row-window'

/**
 * Where the list stands, kept so that neither new messages nor dropped old ones move what is read: an offset counted from
 * the row with id 0, in px. Ids never change, positions do.
 */
export const offsetOfAnchor = (anchorPx: number, bounds: MessageBounds, rowPx: number): number =>
  anchorPx - bounds.firstId * rowPx

export const anchorOfOffset = (offsetPx: number, bounds: MessageBounds, rowPx: number): number =>
  offsetPx + bounds.firstId * rowPx

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
 * The message a key leads to, or null in an empty list. Without a selection the first step takes the row nearest to where
 * the person looks.
 *
 * @param visibleIds - First and last id wholly on screen.
 */
export function selectionAfter(
  move: ListMove,
  selectedId: number | null,
  bounds: MessageBounds,
  visibleIds: readonly [number, number],
  page: number,
): number | null {
  if (bounds.total === 0) return null
  const first = bounds.firstId
  const last = endId(bounds) - 1
  const clamp = (id: number): number => Math.min(Math.max(id, first), last)
  if (move === 'oldest') return first
  if (move === 'newest') return last
  const isUp = move === 'previous' || move === 'page-up'
  if (selectedId === null || selectedId < first || selectedId > last) {
    return clamp(isUp ? visibleIds[1] : visibleIds[0])
  }
  const step = move === 'previous' || move === 'next' ? 1 : page
  return clamp(selectedId + (isUp ? -step : step))
}
