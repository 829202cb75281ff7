import type { CommandRequest } from '../../../shared/contract/contract'
import { ConsoleError } from '../../../shared/errors'
import { MAX_CHANGED_KEYS } from '../../../shared/model/cache'
import { bytesOfText } from '../../operate/cache/cache-value'
import type { CachingRules } from '../../operate/cache/caching-rules'
import { type OperatedCache, writerWords } from '../../operate/cache/operated-cache'
import type { Handlers } from './handlers'

type CacheCommand =
  | 'cache.rows'
  | 'cache.position'
  | 'cache.entry'
  | 'cache.set'
  | 'cache.change'
  | 'cache.clear'
  | 'cache.rule'
  | 'cache.rule.remove'

/** What is shown of a value: enough to read, and no more than a frame of the contract carries with ease. */
const MAX_SHOWN_VALUE_BYTES = 262_144

const OPERATOR = { kind: 'operator', name: '', messageId: null } as const
const BY_HAND = writerWords(OPERATOR)

export const cacheHandlers = (cache: OperatedCache, rules: CachingRules): Pick<Handlers, CacheCommand> => ({
  'cache.rows': ({ listing, from, count }) => ({
    version: cache.version,
    ...cache.rows(listing, from, count),
  }),
  'cache.position': ({ listing, key }) => ({ position: cache.positionOf(listing, key) }),
  'cache.entry': ({ key }) => ({
    detail: cache.detail(key),
    bytes: cache.value(key).bytes.subarray(0, MAX_SHOWN_VALUE_BYTES),
  }),
  'cache.set': ({ key, text, format, ttlMs }) => {
    cache.set(key, { ...bytesOfText(format, text), ttlMs, writer: OPERATOR })
    return {}
  },
  'cache.change': (request) => ({ changed: change(cache, request) }),
  'cache.clear': () => {
    cache.clear(BY_HAND)
    return {}
  },
  'cache.rule': async (rule) => {
    await rules.save(rule)
    return {}
  },
  'cache.rule.remove': async (place) => {
    await rules.remove(place)
    return {}
  },
})

/** @throws ConsoleError `CACHE_KEYS_TOO_MANY`, `CACHE_TTL_INVALID`. */
function change(
  cache: OperatedCache,
  { action, keys, folders, byMs }: CommandRequest<'cache.change'>,
): number {
  const all = new Set(keys)
  for (const folder of folders) for (const key of cache.keysBelow(folder)) all.add(key)
  if (all.size > MAX_CHANGED_KEYS) {
    throw new ConsoleError(
      'CACHE_KEYS_TOO_MANY',
      `${all.size} entries at once; ${MAX_CHANGED_KEYS} are allowed`,
    )
  }
  const chosen = [...all]
  switch (action) {
    case 'extend':
      return cache.extend(chosen, byMs ?? 0, BY_HAND)
    case 'pin':
      return cache.pin(chosen, true, BY_HAND)
    case 'unpin':
      return cache.pin(chosen, false, BY_HAND)
    default:
      return cache[action](chosen, BY_HAND)
  }
}
