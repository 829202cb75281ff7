import { ConsoleError, type ErrorCode } from '../../../shared/errors'
import type { StackEvent } from '../../../shared/model/trace'
import type { IncomingHead } from '../dialects/dialect'
import type { BodyWriter } from '../pipe/message-body'
import { RecentMap } from '../pipe/recent-map'
import type { Answer } from '../stack-types'

export interface PendingRequestsOptions {
  readonly pendingRequests: number
  readonly rememberedRefs: number
  readonly trace: (event: StackEvent) => void
  /** The wait ended by time. Already settled and traced. */
  readonly onTimeout: (requestKey: number, nowMs: number) => void
}

export interface NewRequest {
  readonly requestKey: number
  readonly ref: string
  readonly correlationId: string
  readonly route: string
  readonly timeoutMs: number
  readonly answerBody?: (head: IncomingHead) => BodyWriter
}

/** Who takes the answers of a request. */
export interface AnswerTaker {
  /** One answer, or one of many. False: its bytes are taken later, and until then count as waiting. */
  answer(answer: Answer): boolean
  /** Exactly once, after the last answer; for a request with one answer only when there was none. */
  end(error: ConsoleError | null): void
  readonly wantsMany: boolean
}

interface Waiting extends NewRequest {
  readonly startedMs: number
  deadlineMs: number
  readonly taker: AnswerTaker
  lastAnswerKey: number
}

/** A request that no longer waits, or never did. */
interface Past {
  readonly requestKey: number
  /** Another answer would be a surprise. */
  readonly isDone: boolean
}

/** What came of an answer. */
export type AnswerOutcome =
  | 'taken'
  /** Kept by whoever asked; its bytes are not taken yet. */
  | 'kept'
  /** Nobody waits, and nobody should be surprised: the request was not awaited, or its subscription is over. */
  | 'unawaited'
  /** An answer too late, or one too many. */
  | 'unexpected'

/**
 * Requests of ours that wait for their answers. Each settles exactly once: by its answer (a subscription by its end), by
 * time, by a cancel from either side, or with the connection.
 *
 * The time allowed is time without progress: it begins again with each chunk of the request that is handed over, and
 * stops when the answer begins to come (its silence is watched by reassembly). So a firmware image may take minutes on a
 * slow line, and a peer that says nothing is still found out in time.
 */
export class PendingRequests {
  readonly #options: PendingRequestsOptions
  readonly #byKey = new Map<number, Waiting>()
  readonly #byCorrelation = new Map<string, Waiting>()
  readonly #byRef = new Map<string, Waiting>()
  readonly #past: RecentMap<Past>
  /** Not later than the first deadline. */
  #checkMs = Number.POSITIVE_INFINITY

  constructor(options: PendingRequestsOptions) {
    this.#options = options
    this.#past = new RecentMap(options.rememberedRefs)
  }

  get size(): number {
    return this.#byKey.size
  }

  get wakeAtMs(): number | null {
    return this.#checkMs === Number.POSITIVE_INFINITY ? null : this.#checkMs
  }

  /** @throws ConsoleError `REQUESTS_TOO_MANY`. */
  checkRoom(): void {
    if (this.#byKey.size < this.#options.pendingRequests) return
    throw new ConsoleError('REQUESTS_TOO_MANY', `${this.#byKey.size} requests wait already`, {
      limit: this.#options.pendingRequests,
    })
  }

  add(request: NewRequest, taker: AnswerTaker, nowMs: number): void {
    const { requestKey, ref, correlationId, route, timeoutMs, answerBody } = request
    const deadlineMs = nowMs + timeoutMs
    const waiting: Waiting = {
      requestKey,
      ref,
      correlationId,
      route,
      timeoutMs,
      ...(answerBody && { answerBody }),
      startedMs: nowMs,
      deadlineMs,
      taker,
      lastAnswerKey: 0,
    }
    this.#byKey.set(requestKey, waiting)
    this.#byCorrelation.set(correlationId, waiting)
    this.#byRef.set(ref, waiting)
    this.#checkMs = Math.min(this.#checkMs, deadlineMs)
  }

  /** A request whose answer nobody waits for: its answer is no surprise. */
  addUnawaited(correlationId: string, requestKey: number): void {
    this.#past.set(correlationId, { requestKey, isDone: false })
  }

  /** Key of the request, waiting or past, that an answer with this correlation id answers; or 0. */
  keyOf(correlationId: string): number {
    if (correlationId === '') return 0
    return (this.#byCorrelation.get(correlationId) ?? this.#past.get(correlationId))?.requestKey ?? 0
  }

  keyOfRef(ref: string): number {
    return this.#byRef.get(ref)?.requestKey ?? 0
  }

  /** The wire's id of a request that waits. */
  refOf(requestKey: number): string | undefined {
    return this.#byKey.get(requestKey)?.ref
  }

  wantsMany(requestKey: number): boolean {
    return this.#byKey.get(requestKey)?.taker.wantsMany ?? false
  }

  answerBody(requestKey: number, head: IncomingHead): BodyWriter | undefined {
    return this.#byKey.get(requestKey)?.answerBody?.(head)
  }

  progressed(requestKey: number, nowMs: number): void {
    const waiting = this.#byKey.get(requestKey)
    // After the first answer of a subscription nothing is owed by any time.
    if (waiting === undefined || waiting.deadlineMs === Number.POSITIVE_INFINITY) return
    waiting.deadlineMs = nowMs + waiting.timeoutMs
  }

  answerBegan(requestKey: number): void {
    const waiting = this.#byKey.get(requestKey)
    if (waiting !== undefined) waiting.deadlineMs = Number.POSITIVE_INFINITY
  }

  /**
   * @param answer - Without the round trip, which is known here.
   * @param hasMore - The peer says that others follow: they are no surprise.
   */
  answer(
    correlationId: string,
    answer: Omit<Answer, 'roundTripMs'>,
    hasMore: boolean,
    nowMs: number,
  ): AnswerOutcome {
    const waiting = this.#byCorrelation.get(correlationId)
    if (waiting === undefined) {
      return this.#past.get(correlationId)?.isDone === false ? 'unawaited' : 'unexpected'
    }
    const { taker, startedMs } = waiting
    const { messageKey, ref, route, headers, body, bodyBytes, stored } = answer
    waiting.lastAnswerKey = messageKey
    if (!taker.wantsMany) this.#settle(waiting, null, nowMs, hasMore)
    const roundTripMs = nowMs - startedMs
    const isTaken = taker.answer({ messageKey, ref, route, headers, body, bodyBytes, stored, roundTripMs })
    return isTaken ? 'taken' : 'kept'
  }

  /** No further answer will come to a subscription. False when it did not wait. */
  end(requestKey: number, nowMs: number): boolean {
    const waiting = this.#byKey.get(requestKey)
    if (waiting === undefined) return false
    this.#settle(waiting, null, nowMs)
    waiting.taker.end(null)
    return true
  }

  /** Ends a wait without an answer. False when it did not wait. */
  fail(requestKey: number, code: ErrorCode, message: string, nowMs: number): boolean {
    const waiting = this.#byKey.get(requestKey)
    if (waiting === undefined) return false
    this.#settle(waiting, code, nowMs)
    waiting.taker.end(new ConsoleError(code, message, { requestKey, route: waiting.route }))
    return true
  }

  failAll(code: ErrorCode, message: string, nowMs: number): void {
    for (const requestKey of [...this.#byKey.keys()]) this.fail(requestKey, code, message, nowMs)
  }

  wake(nowMs: number): void {
    if (nowMs < this.#checkMs) return
    // Deadlines move with progress, so the check looks at all; it comes once per deadline, not once per chunk.
    let next = Number.POSITIVE_INFINITY
    const late: Waiting[] = []
    for (const waiting of this.#byKey.values()) {
      if (waiting.deadlineMs <= nowMs) late.push(waiting)
      else next = Math.min(next, waiting.deadlineMs)
    }
    this.#checkMs = next
    for (const { requestKey, route, timeoutMs } of late) {
      const message = `no answer from "${route}" within ${timeoutMs} ms`
      if (this.fail(requestKey, 'REQUEST_TIMEOUT', message, nowMs)) this.#options.onTimeout(requestKey, nowMs)
    }
  }

  #settle(waiting: Waiting, code: ErrorCode | null, nowMs: number, hasMore = false): void {
    const { requestKey, correlationId, ref, startedMs, taker } = waiting
    this.#byKey.delete(requestKey)
    this.#byCorrelation.delete(correlationId)
    this.#byRef.delete(ref)
    if (this.#byKey.size === 0) this.#checkMs = Number.POSITIVE_INFINITY
    // Answers to a subscription that was given up may be on their way: they are no surprise.
    this.#past.set(correlationId, { requestKey, isDone: !taker.wantsMany && !hasMore })
    const answerKey = code === null ? waiting.lastAnswerKey : 0
    const roundTripMs = nowMs - startedMs
    this.#options.trace({ type: 'request-settled', atMs: nowMs, requestKey, answerKey, code, roundTripMs })
  }
}
