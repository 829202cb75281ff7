import { ConsoleError } from '../../../shared/errors'
import { Fifo } from '../pipe/fifo'
import type { Answer } from '../stack-types'
import { peerFailureOf } from './peer-failure'
import type { OpenCall } from './pipe-set'

export const DEFAULT_BUFFERED_ANSWERS = 10_000
export const DEFAULT_BUFFERED_BYTES = 16 * 1024 * 1024
/** Credit counts bytes: of answers that are short or empty more may come before it stops the peer. */
export const CREDITED_ANSWERS_FACTOR = 100

export interface SubscriptionOptions {
  /** The peer stops by itself when answers are not taken: their bytes need no limit here. */
  readonly hasCredit: boolean
  readonly bufferedAnswers: number
  readonly bufferedBytes: number
  /** Error answers come as answers. */
  readonly isRaw: boolean
  /** Bytes of answers were taken that had to wait. */
  readonly onTaken: (byteCount: number) => void
  /** It is over for the application, whoever ended it. Called once. */
  readonly onOver: () => void
  /** The peer has to be told that no further answers are wanted. Called at most once. */
  readonly onUnwanted: () => void
}

interface Taker {
  resolve(result: IteratorResult<Answer, undefined>): void
  reject(error: ConsoleError): void
}

/**
 * The answers to one request, in the order in which they came:
 *
 * ```ts
 * for await (const answer of endpoint.subscribe('count', { n: 3 })) show(answer)
 * ```
 *
 * Leaving the loop ends the subscription at the peer too. Answers that are not taken yet are kept, within limits. The loop
 * throws what ended the subscription, after the answers that came before: `PEER_FAILED`, `REQUEST_TIMEOUT` (no first
 * answer), `REQUEST_CANCELLED` (by the signal, or by the peer), `SUBSCRIPTION_OVERFLOW`, `PIPE_REMOVED`, `ENDPOINT_STOPPED`,
 * or what happened to the link. A stored body of an answer belongs to whoever took it.
 */
export class Subscription implements AsyncIterableIterator<Answer, undefined>, OpenCall {
  readonly #options: SubscriptionOptions
  readonly #answers = new Fifo<Answer>()
  readonly #takers = new Fifo<Taker>()
  #bufferedBytes = 0
  /** Nothing more comes in. */
  #end: { error: ConsoleError | null } | undefined

  constructor(options: SubscriptionOptions) {
    this.#options = options
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Answers that came and were not taken. */
  get buffered(): number {
    return this.#answers.length
  }

  /** The next answer. @throws ConsoleError once, when it ended badly. */
  next(): Promise<IteratorResult<Answer, undefined>> {
    const answer = this.#answers.shift()
    if (answer !== undefined) {
      const byteCount = answer.bodyBytes
      this.#bufferedBytes -= byteCount
      this.#options.onTaken(byteCount)
      return Promise.resolve({ done: false, value: answer })
    }
    if (this.#end === undefined) {
      return new Promise((resolve, reject) => {
        this.#takers.push({ resolve, reject })
      })
    }
    const { error } = this.#end
    this.#end.error = null
    return error === null ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error)
  }

  /** Ends it from this side: a loop ends without an error, what was not taken is dropped. */
  return(): Promise<IteratorResult<Answer, undefined>> {
    this.cancel()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** Ends it from this side, see `return`. Harmless when it is over. */
  cancel(): void {
    this.#drop()
    if (this.#end === undefined) {
      this.#finish(null)
      this.#options.onUnwanted()
    } else this.#end.error = null
  }

  /** Ends it from this side with an error, which a loop throws after the answers that came before. */
  fail(error: ConsoleError): void {
    if (this.#end !== undefined) return
    this.#finish(error)
    this.#options.onUnwanted()
  }

  /** For the stack: true when the answer's bytes are taken (or dropped) already. */
  take(answer: Answer): boolean {
    if (this.#end !== undefined) {
      answer.stored?.release()
      return true
    }
    const failure = this.#options.isRaw ? undefined : peerFailureOf(answer)
    if (failure !== undefined) {
      answer.stored?.release()
      this.#finish(failure)
      return true
    }
    const taker = this.#takers.shift()
    if (taker !== undefined) {
      taker.resolve({ done: false, value: answer })
      return true
    }
    if (this.#hasRoomFor(answer)) {
      this.#answers.push(answer)
      this.#bufferedBytes += answer.bodyBytes
      return false
    }
    answer.stored?.release()
    const message = `${this.#answers.length} answers of ${this.#bufferedBytes} bytes wait to be taken`
    this.fail(new ConsoleError('SUBSCRIPTION_OVERFLOW', message, { answers: this.#answers.length }))
    return true
  }

  /** For the stack: no further answer comes. */
  ended(error: ConsoleError | null): void {
    if (this.#end === undefined) this.#finish(error)
  }

  #hasRoomFor(answer: Answer): boolean {
    const { hasCredit, bufferedAnswers, bufferedBytes } = this.#options
    if (hasCredit) return this.#answers.length < bufferedAnswers * CREDITED_ANSWERS_FACTOR
    // One answer is kept whatever its size: it could never be taken otherwise.
    if (this.#answers.length === 0) return true
    return this.#answers.length < bufferedAnswers && this.#bufferedBytes + answer.bodyBytes <= bufferedBytes
  }

  #finish(error: ConsoleError | null): void {
    const first = this.#takers.shift()
    this.#end = { error: first === undefined ? error : null }
    if (error !== null) first?.reject(error)
    else first?.resolve({ done: true, value: undefined })
    for (let taker = this.#takers.shift(); taker !== undefined; taker = this.#takers.shift()) {
      taker.resolve({ done: true, value: undefined })
    }
    this.#options.onOver()
  }

  #drop(): void {
    let byteCount = 0
    for (let answer = this.#answers.shift(); answer !== undefined; answer = this.#answers.shift()) {
      byteCount += answer.bodyBytes
      answer.stored?.release()
    }
    this.#bufferedBytes = 0
    if (byteCount > 0) this.#options.onTaken(byteCount)
  }
}
