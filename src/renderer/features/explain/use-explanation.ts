import { useCallback, useEffect, useState } from 'react'
import { toWireError, type WireError } from '../../../shared/errors'
import type { Explanation } from '../../../shared/model/explanation'
import type { MessageDetail } from '../../../shared/model/views'
import { useSession } from '../../store/session-context'

/** How often a message under way is explained anew. */
const REFRESH_MS = 250

export type ExplanationState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly explanation: Explanation }
  | { readonly kind: 'failed'; readonly problem: WireError; readonly again: () => void }

/** Where the time of a message went: asked for again while it is under way, and when its end became known. */
export function useExplanation({ id, status, partnerId, roundTripMs }: MessageDetail): ExplanationState {
  const { client } = useSession()
  const [answer, setAnswer] = useState<Explanation | WireError | null>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isWanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = (): void => {
      client.call('message.explain', { messageId: id }).then(
        ({ explanation }) => {
          if (!isWanted) return
          setAnswer(explanation)
          if (!explanation.isOver) timer = setTimeout(ask, REFRESH_MS)
        },
        (error: unknown) => {
          if (isWanted) setAnswer(toWireError(error))
        },
      )
    }
    ask()
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [client, id, status, partnerId, roundTripMs, attempt])
  const again = useCallback(() => {
    setAnswer(null)
    setAttempt((count) => count + 1)
  }, [])
  if (answer === null) return { kind: 'loading' }
  return 'code' in answer
    ? { kind: 'failed', problem: answer, again }
    : { kind: 'known', explanation: answer }
}
