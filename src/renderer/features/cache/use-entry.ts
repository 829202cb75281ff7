import { useEffect, useState } from 'react'
import type { ContractClient } from '../../../shared/contract/contract-client'
import { hasCode } from '../../../shared/errors'
import type { CacheDetail } from '../../../shared/model/cache'

export interface EntryThere {
  readonly key: string
  readonly detail: CacheDetail
  /** The beginning of the value, or all of it. */
  readonly bytes: Uint8Array
  /** It went since; what is shown is how it was. */
  readonly isGone: boolean
}

/** The entry of a key as it is now, asked for again whenever the cache changed; null while nothing is known. */
export function useEntry(client: ContractClient, key: string | null, version: number): EntryThere | null {
  const [entry, setEntry] = useState<EntryThere | null>(null)
  useEffect(() => {
    if (key === null) return
    let isCurrent = true
    client.call('cache.entry', { key }).then(
      ({ detail, bytes }) => {
        if (!isCurrent) return
        // the same bytes keep their place on the screen
        setEntry((before) => ({ key, detail, bytes: sameBytes(before, key, bytes) ?? bytes, isGone: false }))
      },
      (error: unknown) => {
        if (!isCurrent) return
        const isGone = hasCode(error, 'CACHE_KEY_UNKNOWN')
        setEntry((before) => (before?.key === key && isGone ? { ...before, isGone } : null))
      },
    )
    return () => {
      isCurrent = false
    }
  }, [client, key, version])
  return entry?.key === key ? entry : null
}

function sameBytes(before: EntryThere | null, key: string, bytes: Uint8Array): Uint8Array | undefined {
  if (before?.key !== key || before.bytes.length !== bytes.length) return undefined
  return before.bytes.every((byte, at) => byte === bytes[at]) ? before.bytes : undefined
}
