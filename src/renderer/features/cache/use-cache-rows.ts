import { useEffect, useState } from 'react'
import type { ContractClient } from '../../../shared/contract/contract-client'
import { asConsoleError, toWireError } from '../../../shared/errors'
import { type CacheListing, type CacheRow, MAX_CACHE_WINDOW } from '../../../shared/model/cache'
import { NewestQuestion } from '../../store/newest-question'
import { useCache } from './cache-store'

/** Rows asked for above and below those in sight. */
const MARGIN_ROWS = 30

export interface CacheWindow {
  /** What these rows are of. */
  readonly listing: CacheListing | null
  readonly total: number
  readonly from: number
  readonly rows: readonly CacheRow[]
}

const NOTHING: CacheWindow = { listing: null, total: 0, from: 0, rows: [] }

/**
 * The rows around what is in sight, asked for again whenever something changed; never the whole cache. While one question is
 * under way only the newest other one waits.
 */
export function useCacheRows(
  client: ContractClient,
  listing: CacheListing,
  first: number,
  end: number,
  version: number,
): CacheWindow {
  const [window, setWindow] = useState(NOTHING)
  const [questions] = useState(() => new NewestQuestion())
  const from = Math.max(0, first - MARGIN_ROWS)
  const count = Math.min(MAX_CACHE_WINDOW, Math.max(1, end + MARGIN_ROWS - from))
  useEffect(() => {
    questions.ask(() => {
      const open = [...listing.open]
      return client.call('cache.rows', { listing: { ...listing, open }, from, count }).then(
        ({ total, rows }) => {
          setWindow({ listing, total, from, rows })
          useCache.getState().failed(null)
        },
        (error: unknown) => useCache.getState().failed(toWireError(asConsoleError(error))),
      )
    })
  }, [client, questions, listing, from, count, version])
  return window
}
