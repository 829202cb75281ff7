import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import type { DetailState } from './detail-source'
import type { Session } from './session'

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('a component was drawn outside of the session')
  return session
}

const NOTHING = (): (() => void) => () => undefined

/** The detail of a message, fetched and kept fresh while somebody shows it. Null when there is none to show. */
export function useDetail(messageId: number | null): DetailState | null {
  const { details } = useSession()
  const subscribe = useCallback(
    (listener: () => void) => (messageId === null ? NOTHING() : details.watch(messageId, listener)),
    [details, messageId],
  )
  return useSyncExternalStore(subscribe, () => (messageId === null ? null : details.get(messageId)))
}
