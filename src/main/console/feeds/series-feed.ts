import type { Clock } from '../../../shared/model/clock'
import type { SeriesBins } from '../../../shared/model/series'
import type { Capture } from '../../capture/capture'
import type { HasLine } from '../../capture/series/series-store'
import type { Feed } from '../console-types'
import { PacedFeed } from './paced-feed'

export const SERIES_INTERVAL_MS = 250

/** The last `spanMs` before `nowMs` in at most `bins` bins, and then what was added or changed. Silent while nothing happens. */
export function seriesFeed(
  capture: Capture,
  clock: Clock,
  asked: { readonly linkId: number | null; readonly spanMs: number; readonly bins: number },
  hasLine: HasLine,
  nowMs = (): number => clock.nowMs(),
): Feed<SeriesBins> {
  const follower = capture.series.follow(asked.linkId, asked.spanMs, asked.bins, hasLine)
  const stop = capture.onChange(() => feed.touch())
  const feed = new PacedFeed<SeriesBins>(clock, {
    intervalMs: SERIES_INTERVAL_MS,
    produce: () => follower.take(nowMs()),
    hasMore: () => follower.hasMore(),
    close: stop,
  })
  return feed
}
