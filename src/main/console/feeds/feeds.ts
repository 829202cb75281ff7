import { BATCH_INTERVAL_MS } from '../../../shared/contract/envelope'
import type { Clock } from '../../../shared/model/clock'
import {
  LANE_MERGED,
  type LaneBatch,
  type MessagesChanged,
  type StatusSnapshot,
} from '../../../shared/model/views'
import type { Capture } from '../../capture/capture'
import type { RowFilter } from '../../capture/views/row-filter'
import type { Feed } from '../console-types'
import { type FeedSource, PacedFeed } from './paced-feed'

export const STATUS_INTERVAL_MS = 200
export const MESSAGES_INTERVAL_MS = 50

/** Links, rates and counts. While rates are not zero there is always news: without traffic they fall. */
export function statusFeed(
  capture: Capture,
  clock: Clock,
  snapshot: () => StatusSnapshot,
): Feed<StatusSnapshot> {
  let isFlowing = false
  return captureFeed(capture, clock, {
    intervalMs: STATUS_INTERVAL_MS,
    produce: () => {
      const item = snapshot()
      isFlowing = item.links.some((link) => link.rateInBytesPerSecond > 0 || link.rateOutBytesPerSecond > 0)
      return item
    },
    hasMore: () => isFlowing,
    close: () => {},
  })
}

/** Bounds of the message list and from where on rows changed. */
export function messagesFeed(capture: Capture, clock: Clock): Feed<MessagesChanged> {
  const watch = capture.watchMessages()
  return captureFeed(capture, clock, {
    intervalMs: MESSAGES_INTERVAL_MS,
    produce: () => watch.take(),
    hasMore: () => false,
    close: () => watch.end(),
  })
}

/**
 * Chunks and their messages, from `backlogMs` before `nowMs` on.
 *
 * @param onMerged - The screen did not keep up: chunks of a batch were drawn together.
 * @param marks - Bit n of `matches` says whether a message matches the filter with number n; null matches every one.
 */
export function lanesFeed(
  capture: Capture,
  clock: Clock,
  backlogMs: number,
  marks: readonly (RowFilter | null)[] = [],
  onMerged: () => void = () => undefined,
  nowMs = (): number => clock.nowMs(),
): Feed<LaneBatch> {
  const reader = capture.readLanes(nowMs() - backlogMs, marks)
  return captureFeed(capture, clock, {
    intervalMs: BATCH_INTERVAL_MS,
    produce: () => {
      const batch = reader.take(nowMs())
      if (batch?.flags.some((flags) => (flags & LANE_MERGED) !== 0)) onMerged()
      return batch
    },
    hasMore: () => reader.hasNews,
    close: () => {},
  })
}

function captureFeed<T>(capture: Capture, clock: Clock, source: FeedSource<T>): Feed<T> {
  const feed = new PacedFeed(clock, {
    ...source,
    close: () => {
      stop()
      source.close()
    },
  })
  const stop = capture.onChange(() => feed.touch())
  return feed
}
