import { RecentMap } from '../../pipe/recent-map'

/** Metas of a request that its alarm repeats; longer ones are left out. */
const REPEATED_META_CHARACTERS = 256

/** A request of the peer that may be answered. */
export interface AskedRequest {
  readonly sid: string
  readonly event: string
  readonly meta: string
  readonly isSubscription: boolean
  /** No further answer is given. */
  isOver: boolean
}

/** Requests of the peer on this connection, by the message that asked; the newest of them. */
export class Asked {
  readonly #capacity: number
  #requests: RecentMap<AskedRequest>

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#requests = new RecentMap(capacity)
  }

  add(messageKey: number, request: Omit<AskedRequest, 'isOver'>): void {
    const meta = request.meta.length > REPEATED_META_CHARACTERS ? '' : request.meta
    this.#requests.set(String(messageKey), { ...request, meta, isOver: false })
  }

  get(messageKey: number): AskedRequest | undefined {
    return this.#requests.get(String(messageKey))
  }

  clear(): void {
    this.#requests = new RecentMap(this.#capacity)
  }
}
