import { useEffect, useState } from 'react'
import { useSession } from '../../store/session-context'

/** The message before this one with the same route; undefined while asking, null when there is none. */
export function usePrevious(messageId: number): number | null | undefined {
  const { client } = useSession()
  const [found, setFound] = useState<{ of: number; id: number | null } | null>(null)
  useEffect(() => {
    let isWanted = true
    client.call('message.previous', { messageId }).then(
      (reply) => {
        if (isWanted) setFound({ of: messageId, id: reply.messageId })
      },
      () => {
        if (isWanted) setFound({ of: messageId, id: null })
      },
    )
    return () => {
      isWanted = false
    }
  }, [client, messageId])
  return found?.of === messageId ? found.id : undefined
}
