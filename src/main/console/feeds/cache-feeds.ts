import type { SubscriptionItem } from '../../../shared/contract/replies'
import type { CacheNews, CachingRulesState } from '../../../shared/model/cache'
import type { Clock } from '../../../shared/model/clock'
import type { CachingRules } from '../../operate/cache/caching-rules'
import type { OperatedCache } from '../../operate/cache/operated-cache'
import type { Feed } from '../console-types'
import { PacedFeed } from './paced-feed'

const CACHE_INTERVAL_MS = 100
/** Changes in one item; a screen that is behind is told how many it missed. */
const MAX_TOLD_CHANGES = 500

/** Totals, and that what is in sight may be another. */
export function cacheFeed(cache: OperatedCache, clock: Clock): Feed<CacheNews> {
  let told = -1
  const stop = cache.onChange(() => feed.touch())
  const feed = new PacedFeed<CacheNews>(clock, {
    intervalMs: CACHE_INTERVAL_MS,
    produce: () => {
      if (told === cache.version) return undefined
      told = cache.version
      return { version: told, totals: cache.totals }
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}

/** The newest changes, then what comes. */
export function cacheChangesFeed(
  cache: OperatedCache,
  clock: Clock,
): Feed<SubscriptionItem<'cache-changes'>> {
  let taken = Math.max(0, cache.lastChangeId - MAX_TOLD_CHANGES)
  let isFirst = true
  const stop = cache.onChange(() => feed.touch())
  const feed = new PacedFeed<SubscriptionItem<'cache-changes'>>(clock, {
    intervalMs: CACHE_INTERVAL_MS,
    produce: () => {
      const before = taken
      taken = cache.lastChangeId
      if (taken === before && !isFirst) return undefined
      isFirst = false
      const changes = cache.changesAfter(before, MAX_TOLD_CHANGES)
      return { changes, missed: taken - before - changes.length }
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}

export function cachingRulesFeed(rules: CachingRules, clock: Clock): Feed<CachingRulesState> {
  const stop = rules.onChange(() => feed.touch())
  const feed = new PacedFeed<CachingRulesState>(clock, {
    intervalMs: CACHE_INTERVAL_MS,
    produce: () => rules.state,
    hasMore: () => false,
    close: stop,
  })
  return feed
}
