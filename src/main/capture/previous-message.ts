import type { MessageStore } from './message-store'

/** Rows that are looked at: a route that is rarer than this has no "previous" worth comparing with. */
export const MAX_LOOKED_BACK = 200_000

/**
 * The newest message before `id` that says the same thing at another time: same link, route, direction and kind, with a
 * body that is kept. Null when there is none among the last 200 000.
 */
export function previousMessage(messages: MessageStore, id: number): number | null {
  const mine = messages.columnsOf(id)
  const at = messages.indexOf(id)
  const lowest = Math.max(messages.firstId, id - MAX_LOOKED_BACK)
  for (let other = id - 1; other >= lowest; other--) {
    const columns = messages.columnsOf(other)
    const index = messages.indexOf(other)
    if (
      columns.linkIds[index] === mine.linkIds[at] &&
      columns.routes[index] === mine.routes[at] &&
      columns.dirs[index] === mine.dirs[at] &&
      columns.kinds[index] === mine.kinds[at] &&
      messages.bodyOf(other) !== undefined
    ) {
      return other
    }
  }
  return null
}
