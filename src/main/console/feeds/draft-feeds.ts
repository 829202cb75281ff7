import type { Clock } from '../../../shared/model/clock'
import type { HistoryPage } from '../../../shared/model/drafts'
import type { SendHistory } from '../../operate/send/send-history'
import type { Settings, SettingsState } from '../../workspace/settings'
import type { Feed } from '../console-types'
import { PacedFeed } from './paced-feed'

const INTERVAL_MS = 200

/** The newest that match a query, on subscribing and whenever something was sent or ended. */
export function historyFeed(
  history: SendHistory,
  clock: Clock,
  query: string,
  limit: number,
): Feed<HistoryPage> {
  const feed = new PacedFeed<HistoryPage>(clock, {
    intervalMs: INTERVAL_MS,
    produce: () => history.list(query, limit),
    hasMore: () => false,
    close: () => stop(),
  })
  const stop = history.onChange(() => feed.touch())
  return feed
}

/** Choices of the screen, on subscribing and whenever one changed, by whomever. */
export function settingsFeed(settings: Settings, clock: Clock): Feed<SettingsState> {
  const feed = new PacedFeed<SettingsState>(clock, {
    intervalMs: INTERVAL_MS,
    produce: () => settings.read(),
    hasMore: () => false,
    close: () => stop(),
  })
  const stop = settings.watch(() => feed.touch())
  return feed
}
