import type { ReceivedRequest } from './received-request'

/** Answers of one stream that may wait to be sent: enough to keep a line busy, little enough to be fresh. */
export const AHEAD_ANSWERS = 32
export const AHEAD_BYTES = 64 * 1024

interface Ahead {
  answers: number
  bytes: number
}

interface Sent {
  readonly request: ReceivedRequest
  readonly byteCount: number
}

/**
 * How far streams are ahead of the line. The room in the queue is no measure of that: it is large, so that many messages
 * can wait in it, and a stream that filled it would be hours ahead on a slow line.
 */
export class AnswersAhead {
  readonly #byRequest = new Map<ReceivedRequest, Ahead>()
  readonly #sent = new Map<number, Sent>()

  /** One answer is always allowed, however large. */
  hasRoomFor(request: ReceivedRequest, byteCount: number): boolean {
    const ahead = this.#byRequest.get(request)
    return ahead === undefined || (ahead.answers < AHEAD_ANSWERS && ahead.bytes + byteCount <= AHEAD_BYTES)
  }

  /** A handler gave an answer after which others follow. */
  given(request: ReceivedRequest, byteCount: number): void {
    const ahead = this.#byRequest.get(request) ?? { answers: 0, bytes: 0 }
    ahead.answers += 1
    ahead.bytes += byteCount
    this.#byRequest.set(request, ahead)
  }

  /** It is in the queue now. */
  queued(request: ReceivedRequest, byteCount: number, messageKey: number): void {
    this.#sent.set(messageKey, { request, byteCount })
  }

  /** A message of ours left the queue, whatever became of it. False when it was no such answer. */
  left(messageKey: number): boolean {
    const sent = this.#sent.get(messageKey)
    if (sent === undefined) return false
    this.#sent.delete(messageKey)
    this.dropped(sent.request, sent.byteCount)
    return true
  }

  /** It will not be sent. */
  dropped(request: ReceivedRequest, byteCount: number): void {
    const ahead = this.#byRequest.get(request)
    if (ahead === undefined) return
    ahead.answers -= 1
    ahead.bytes -= byteCount
    if (ahead.answers === 0) this.#byRequest.delete(request)
  }
}
