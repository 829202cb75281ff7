import type { Clock } from '../../../shared/model/clock'
import type { ListChanged, ListView } from '../../../shared/model/list-view'
import type { Note } from '../../../shared/model/notes'
import type { Capture } from '../../capture/capture'
import type { ListViews } from '../../capture/views/list-views'
import type { Feed } from '../console-types'
import { PacedFeed } from './paced-feed'

/** Two frames of a display: with the way there and back, a byte is a row within 50 ms half of the time. */
const LIST_INTERVAL_MS = 33
/** While a filter looks for its first messages somebody waits for them. */
const FIRST_HITS_INTERVAL_MS = 8
const NOTES_INTERVAL_MS = 50

/**
 * Bounds of a list view and what changed in it. While the view is being filtered there is always news.
 *
 * @throws ConsoleError `FILTER_INVALID`, `VIEWS_TOO_MANY`.
 */
export function listFeed(
  capture: Capture,
  views: ListViews,
  clock: Clock,
  asked: ListView,
): Feed<ListChanged> {
  const view = views.subscribe(asked, () => feed.touch())
  const stop = capture.onChange(() => feed.touch())
  const feed = new PacedFeed<ListChanged>(clock, {
    intervalMs: LIST_INTERVAL_MS,
    intervalAfterMs: ({ scan, shown }) =>
      scan !== null && shown === 0 ? FIRST_HITS_INTERVAL_MS : LIST_INTERVAL_MS,
    produce: () => view.take(),
    hasMore: () => false,
    close: () => {
      stop()
      view.close()
    },
  })
  return feed
}

/** All markers and notes, at first and whenever one changed. */
export function notesFeed(capture: Capture, clock: Clock): Feed<{ notes: readonly Note[] }> {
  let told = -1
  const stop = capture.onChange(() => feed.touch())
  const feed = new PacedFeed(clock, {
    intervalMs: NOTES_INTERVAL_MS,
    produce: () => {
      if (told === capture.noteVersion) return undefined
      told = capture.noteVersion
      return { notes: capture.notes() }
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}
