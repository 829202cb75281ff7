import type { ConsoleError } from '../../../shared/errors'

interface Waiter<R> {
  readonly request: R
  readonly bodyBytes: number
  resolve(): void
  reject(error: ConsoleError): void
}

/** Handlers that wait for room in the queue before they send a further answer to request `R`. */
export class RoomWaiters<R> {
  #waiters: Waiter<R>[] = []

  wait(request: R, bodyBytes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ request, bodyBytes, resolve, reject })
    })
  }

  /**
   * Lets go on whom there is room for.
   *
   * @param hasRoomFor - Asked for a number of bytes beside those that were promised to others just now: they answer only
   *   when all have been asked.
   */
  roomChanged(hasRoomFor: (request: R, bodyBytes: number, promisedBytes: number) => boolean): void {
    if (this.#waiters.length === 0) return
    let promisedBytes = 0
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!hasRoomFor(waiter.request, waiter.bodyBytes, promisedBytes)) return true
      promisedBytes += waiter.bodyBytes
      waiter.resolve()
      return false
    })
  }

  /** Tells those who wait for nothing. @param refusalOf - Why a request can not be answered any more. */
  refuse(refusalOf: (request: R) => ConsoleError | undefined): void {
    this.#waiters = this.#waiters.filter((waiter) => {
      const refusal = refusalOf(waiter.request)
      if (refusal !== undefined) waiter.reject(refusal)
      return refusal === undefined
    })
  }
}
