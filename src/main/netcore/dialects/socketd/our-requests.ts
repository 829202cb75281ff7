/** A peer need not answer, so the oldest is forgotten. The stack has a bound of its own for those that somebody waits for. */
const MOST_OPEN = 20_000

export interface OurRequest {
  readonly messageKey: number
  readonly isSubscription: boolean
}

/** Requests of ours on this connection that wait for answers, by sid. */
export class OurRequests {
  readonly #bySid = new Map<string, OurRequest>()
  readonly #sidByKey = new Map<number, string>()

  add(sid: string, request: OurRequest): void {
    if (this.#bySid.size >= MOST_OPEN) this.done(this.#sidByKey.keys().next().value!)
    this.#bySid.set(sid, request)
    this.#sidByKey.set(request.messageKey, sid)
  }

  get(sid: string): OurRequest | undefined {
    return this.#bySid.get(sid)
  }

  done(messageKey: number): void {
    const sid = this.#sidByKey.get(messageKey)
    if (sid === undefined) return
    this.#sidByKey.delete(messageKey)
    this.#bySid.delete(sid)
  }

  /** All that wait, in the order they were sent. */
  takeAll(): number[] {
    const keys = [...this.#sidByKey.keys()]
    this.#sidByKey.clear()
    this.#bySid.clear()
    return keys
  }
}
