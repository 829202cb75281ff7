import { useEffect, useState } from 'react'
import type { RoutesState } from '../../../shared/model/device-log'
import type { RespondersState } from '../../../shared/model/responders'
import { useSession } from '../../store/session-context'

/** All responders with their counts, for as long as somebody shows them; null before the first news. */
export function useResponders(): RespondersState | null {
  const { client } = useSession()
  const [state, setState] = useState<RespondersState | null>(null)
  useEffect(() => client.subscribe('responders', {}, setState), [client])
  return state
}

/** What passed on all routes; null before the first news. */
export function useRoutes(): RoutesState | null {
  const { client } = useSession()
  const [state, setState] = useState<RoutesState | null>(null)
  useEffect(() => client.subscribe('routes', {}, setState), [client])
  return state
}
