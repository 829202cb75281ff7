import { RecentMap } from '../../pipe/recent-map'

/** Remembered at once; a peer that never answers must not fill the memory of whoever asks without waiting. */
const MOST_OPEN = 20_000
const MOST_SILENT = 1024

/** A request of ours that left and may be answered. */
export interface OpenCall {
  readonly messageKey: number
  readonly correlationId: string
  readonly route: string
  /** Many answers were asked for; unless it is a stream, the one that comes is the last. */
  readonly isSubscription: boolean
}

/**
 * Requests of ours on their way: calls by the 64-bit id they have on the wire, messages by their type, since the answer to a
 * message has nothing but its name. Python answers the messages of a type in order, so the oldest of a type is meant.
 */
export class OpenCalls {
  readonly #byId = new Map<bigint, OpenCall>()
  readonly #byType = new Map<string, OpenCall[]>()
  readonly #silent = new RecentMap<true>(MOST_SILENT)
  #lastId = 0n
  #waitingMessages = 0

  /** An id for a call that nobody here waits for. */
  silentId(): bigint {
    const id = this.#nextId()
    this.#silent.set(String(id), true)
    return id
  }

  /** The answer to a call that nobody waited for is no surprise. */
  isSilent(id: bigint): boolean {
    return this.#silent.has(String(id))
  }

  call(open: OpenCall): bigint {
    const id = this.#nextId()
    this.#byId.set(id, open)
    if (this.#byId.size > MOST_OPEN) this.#byId.delete(this.#byId.keys().next().value!)
    return id
  }

  message(type: string, open: OpenCall): void {
    if (this.#waitingMessages >= MOST_OPEN) return
    const ofType = this.#byType.get(type)
    if (ofType === undefined) this.#byType.set(type, [open])
    else ofType.push(open)
    this.#waitingMessages += 1
  }

  answeredCall(id: bigint): OpenCall | undefined {
    const open = this.#byId.get(id)
    this.#byId.delete(id)
    return open
  }

  answeredMessage(type: string): OpenCall | undefined {
    const ofType = this.#byType.get(type)
    const open = ofType?.shift()
    if (open === undefined) return undefined
    this.#waitingMessages -= 1
    if (ofType!.length === 0) this.#byType.delete(type)
    return open
  }

  /** Nobody waits for its answer any more: that of a message would be taken for the answer to the next. */
  forget(messageKey: number): void {
    for (const [type, ofType] of this.#byType) {
      const at = ofType.findIndex((open) => open.messageKey === messageKey)
      if (at < 0) continue
      ofType.splice(at, 1)
      this.#waitingMessages -= 1
      if (ofType.length === 0) this.#byType.delete(type)
      return
    }
  }

  clear(): void {
    this.#byId.clear()
    this.#byType.clear()
    this.#waitingMessages = 0
  }

  #nextId(): bigint {
    this.#lastId += 1n
    return this.#lastId
  }
}
