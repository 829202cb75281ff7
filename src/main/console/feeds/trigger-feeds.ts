import type { SubscriptionItem } from '../../../shared/contract/replies'
import type { Clock } from '../../../shared/model/clock'
import type { TriggersState } from '../../../shared/model/triggers'
import type { Feed } from '../console-types'
import type { Triggers } from '../triggers'
import { PacedFeed } from './paced-feed'

const TRIGGERS_INTERVAL_MS = 200
const FIRINGS_INTERVAL_MS = 50

/** All triggers with their counts. */
export function triggersFeed(triggers: Triggers, clock: Clock): Feed<TriggersState> {
  let told = -1
  const stop = triggers.onChange(() => feed.touch())
  const feed = new PacedFeed<TriggersState>(clock, {
    intervalMs: TRIGGERS_INTERVAL_MS,
    produce: () => {
      if (told === triggers.version) return undefined
      told = triggers.version
      return triggers.state()
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}

/** Firings from now on. One that was not taken in time is counted. */
export function firingsFeed(triggers: Triggers, clock: Clock): Feed<SubscriptionItem<'firings'>> {
  let taken = triggers.lastFiringId
  const stop = triggers.onChange(() => feed.touch())
  const feed = new PacedFeed<SubscriptionItem<'firings'>>(clock, {
    intervalMs: FIRINGS_INTERVAL_MS,
    produce: () => {
      const before = taken
      taken = triggers.lastFiringId
      const firings = triggers.firingsAfter(before)
      return taken === before ? undefined : { firings, missed: taken - before - firings.length }
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}
