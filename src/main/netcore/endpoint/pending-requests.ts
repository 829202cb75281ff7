import { ConsoleError, type ErrorCode } from '../../../shared/errors'
import type { StackEvent } from '../../../shared/model/trace'
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
}

interface Waiting extends NewRequest {
  readonly startedMs: number
  deadlineMs: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: ConsoleError) => void
}

/** A request that no longer waits, or never did. */
interface Past {
  readonly requestKey: number
  readonly wasAwaited: boolean
}

/**
 * Requests of ours that wait for their answers. Each settles exactly once: by its answer, by time, by a cancel from
 * either side, or with the connection.
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

  add(request: NewRequest, nowMs: number): Promise<Answer> {
    const { requestKey, ref, correlationId, route, timeoutMs } = request
    const answer = new Promise<Answer>((resolve, reject) => {
      const deadlineMs = nowMs + timeoutMs
      const waiting: Waiting = {
        requestKey,
        ref,
        correlationId,
        route,
        timeoutMs,
        startedMs: nowMs,
        deadlineMs,
        resolve,
        reject,
      }
      this.#byKey.set(requestKey, waiting)
      this.#byCorrelation.set(correlationId, waiting)
      this.#byRef.set(ref, waiting)
      this.#checkMs = Math.min(this.#checkMs, deadlineMs)
    })
    // Whoever is not interested in the outcome must not bring the process down by not listening.
    answer.catch(() => undefined)
    return answer
  }

  /** A request whose answer nobody waits for: its answer is no surprise. */
  addUnawaited(correlationId: string, requestKey: number): void {
    this.#past.set(correlationId, { requestKey, wasAwaited: false })
  }

  /** Key of the request, waiting or past, that an answer with this correlation id answers; or 0. */
  keyOf(correlationId: string): number {
    if (correlationId === '') return 0
    return (this.#byCorrelation.get(correlationId) ?? this.#past.get(correlationId))?.requestKey ?? 0
  }

  keyOfRef(ref: string): number {
    return this.#byRef.get(ref)?.requestKey ?? 0
  }

  progressed(requestKey: number, nowMs: number): void {
    const waiting = this.#byKey.get(requestKey)
    if (waiting !== undefined) waiting.deadlineMs = nowMs + waiting.timeoutMs
  }

  answerBegan(requestKey: number): void {
    const waiting = this.#byKey.get(requestKey)
    if (waiting !== undefined) waiting.deadlineMs = Number.POSITIVE_INFINITY
  }

  /** `unexpected` when nobody waits and nobody should be surprised either way: an answer too late, or one too many. */
  answer(
    correlationId: string,
    answer: Omit<Answer, 'roundTripMs'>,
    nowMs: number,
  ): 'settled' | 'unawaited' | 'unexpected' {
    const waiting = this.#byCorrelation.get(correlationId)
    if (waiting === undefined) {
      return this.#past.get(correlationId)?.wasAwaited === false ? 'unawaited' : 'unexpected'
    }
    const roundTripMs = this.#settle(waiting, answer.messageKey, null, nowMs)
    const { messageKey, ref, route, headers, body } = answer
    waiting.resolve({ messageKey, ref, route, headers, body, roundTripMs })
    return 'settled'
  }

  /** Ends a wait without an answer. False when it did not wait. */
  fail(requestKey: number, code: ErrorCode, message: string, nowMs: number): boolean {
    const waiting = this.#byKey.get(requestKey)
    if (waiting === undefined) return false
    this.#settle(waiting, 0, code, nowMs)
    waiting.reject(new ConsoleError(code, message, { requestKey, route: waiting.route }))
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

  #settle(waiting: Waiting, answerKey: number, code: ErrorCode | null, nowMs: number): number {
    const { requestKey, correlationId, ref, startedMs } = waiting
    this.#byKey.delete(requestKey)
    this.#byCorrelation.delete(correlationId)
    this.#byRef.delete(ref)
    if (this.#byKey.size === 0) this.#checkMs = Number.POSITIVE_INFINITY
    this.#past.set(correlationId, { requestKey, wasAwaited: true })
    const roundTripMs = nowMs - startedMs
    this.#options.trace({ type: 'request-settled', atMs: nowMs, requestKey, answerKey, code, roundTripMs })
    return roundTripMs
  }
}
