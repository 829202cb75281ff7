import { useEffect, useState } from 'react'
import type { ContractClient } from '../../shared/contract/contract-client'
import type { Explanation } from '../../shared/model/explanation'
import type { NamedBlockers } from './worker-protocol'

/** A message under way is asked about again after this time. */
const AGAIN_MS = 1000

/** Who held the selected message up, as the core explains it; null while nobody knows. */
export function useBlockers(client: ContractClient, messageId: number | null): NamedBlockers | null {
  const [blockers, setBlockers] = useState<NamedBlockers | null>(null)
  useEffect(() => {
    if (messageId === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let isGone = false
    const ask = (): void => {
      client.call('message.explain', { messageId }).then(
        ({ explanation }) => {
          if (isGone) return
          setBlockers(blockersOf(explanation))
          if (!explanation.isOver) timer = setTimeout(ask, AGAIN_MS)
        },
        // a message that is gone, or a lost core: the picture then names nobody
        () => undefined,
      )
    }
    ask()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [client, messageId])
  return blockers?.messageId === messageId ? blockers : null
}

export function blockersOf({ messageId, parts }: Pick<Explanation, 'messageId' | 'parts'>): NamedBlockers {
  const part = parts.find(({ name }) => name === 'blocked')
  return { messageId, blockedMs: part?.ms ?? 0, blockers: part?.blockers ?? [] }
}
