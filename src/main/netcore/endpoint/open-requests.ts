import { ConsoleError, type ErrorCode } from '../../../shared/errors'
import type { ReceivedRequest } from './received-request'

/**
 * Requests that are being answered here: from the moment they are handed to their handler until the answer is queued,
 * so that a handler learns when nobody wants its answer any more.
 */
export class OpenRequests {
  readonly #byKey = new Map<number, ReceivedRequest>()
  readonly #limit: number

  /** @param limit - Beyond it the oldest is forgotten: its handler never answers, or is not told when it need not. */
  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#byKey.size
  }

  add(request: ReceivedRequest): void {
    this.#byKey.set(request.messageKey, request)
    if (this.#byKey.size <= this.#limit) return
    for (const oldest of this.#byKey.keys()) {
      this.#byKey.delete(oldest)
      return
    }
  }

  done(request: ReceivedRequest): void {
    this.#byKey.delete(request.messageKey)
  }

  /** The peer does not want the answer to this request. */
  decline(messageKey: number): ReceivedRequest | undefined {
    const request = this.#byKey.get(messageKey)
    if (request === undefined) return undefined
    this.#byKey.delete(messageKey)
    request.decline(new ConsoleError('REQUEST_CANCELLED', 'the peer does not want the answer any more'))
    return request
  }

  /** The session ended in which they came, or the peer is another one. */
  declineAll(code: ErrorCode): void {
    const requests = [...this.#byKey.values()]
    this.#byKey.clear()
    for (const request of requests) {
      request.decline(new ConsoleError(code, 'the connection on which the request came has ended'))
    }
  }
}
