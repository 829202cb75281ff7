import { useEffect, useState } from 'react'
import type { SubscriptionName, SubscriptionRequest } from '../../shared/contract/contract'
import type { SubscriptionItem } from '../../shared/contract/replies'
import { asConsoleError, toWireError, type WireError } from '../../shared/errors'
import { useSession } from './session-context'

export interface Feed<T> {
  /** The item that came last; null before the first. */
  readonly item: T | null
  /** Why it ended; null while it goes on. */
  readonly problem: WireError | null
}

interface Held<T> extends Feed<T> {
  readonly key: string
}

/** A subscription whose items are whole states, kept while the component is shown. A null request subscribes to nothing. */
export function useFeed<S extends SubscriptionName>(
  name: S,
  request: SubscriptionRequest<S> | null,
): Feed<SubscriptionItem<S>> {
  const { client } = useSession()
  const key = request === null ? '' : JSON.stringify(request)
  const [held, setHeld] = useState<Held<SubscriptionItem<S>>>({ key, item: null, problem: null })
  useEffect(() => {
    if (key === '') return
    return client.subscribe(
      name,
      JSON.parse(key) as SubscriptionRequest<S>,
      (item) => setHeld({ key, item, problem: null }),
      (error) => setHeld((before) => ({ ...before, key, problem: toWireError(asConsoleError(error)) })),
    )
  }, [client, name, key])
  return held.key === key ? held : { item: null, problem: null }
}
