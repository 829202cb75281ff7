import { BATCH_INTERVAL_MS } from '../../../shared/contract/envelope'
import type { Clock } from '../../../shared/model/clock'
import type { LaneBatch } from '../../../shared/model/views'
import type { Capture } from '../../capture/capture'
import type { RowFilter } from '../../capture/views/row-filter'
import { PacedFeed } from '../feeds/paced-feed'

/** Rows around the playhead, each one by itself; a screen has room for more. */
const BEHIND_ROWS = 32_768
const AHEAD_ROWS = 131_072

/** Chunks around a moment that moves: what lies before it as well as what comes. A jump out of what was given begins anew. */
export function tapeLanesFeed(
  capture: Capture,
  clock: Clock,
  positionMs: () => number,
  marks: readonly (RowFilter | null)[],
): PacedFeed<LaneBatch> {
  const around = { behind: BEHIND_ROWS, ahead: AHEAD_ROWS }
  let lanes = capture.readLanesAround(positionMs, around, marks)
  const stop = capture.onChange(() => feed.touch())
  const feed = new PacedFeed<LaneBatch>(clock, {
    intervalMs: BATCH_INTERVAL_MS,
    produce: () => {
      const atMs = positionMs()
      if (!lanes.covers(atMs)) lanes = capture.readLanesAround(positionMs, around, marks)
      return lanes.reader.take(atMs)
    },
    hasMore: () => lanes.reader.hasNews,
    close: stop,
  })
  return feed
}
