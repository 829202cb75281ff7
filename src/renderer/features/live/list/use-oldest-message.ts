import { useEffect, useState } from 'react'
import { useSession } from '../../../store/session-context'

/** When the oldest kept message appeared, in session time; null while unknown. */
export function useOldestMessage(): number | null {
  const { client } = useSession()
  const [openedMs, setOpenedMs] = useState<number | null>(null)
  useEffect(() => {
    let isCurrent = true
    client.call('messages.rows', { from: 0, count: 1 }).then(
      ({ rows }) => isCurrent && setOpenedMs(rows[0]?.openedMs ?? null),
      () => undefined, // the sentence is true without it
    )
    return () => {
      isCurrent = false
    }
  }, [client])
  return openedMs
}
