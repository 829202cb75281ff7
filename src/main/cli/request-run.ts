import {
  asConsoleError,
  ConsoleError,
  ERROR_CATALOGUE,
  type ErrorCode,
  type ExitCode,
  hasCode,
} from '../../shared/errors'
import type { Link } from '../link/link'
import { peerErrorOf } from '../../shared/model/peer-error'
import { TimePercentiles } from '../../shared/model/time-percentiles'
import type { Answer, OutgoingRequest } from '../netcore/stack-types'
import { AnswerInbox } from './answer-inbox'
import type { SummaryLine } from './output'
import { rounded } from './rounded'

export interface RequestRunOptions {
  readonly repeat: number
  readonly concurrency: number
  /** Asks in the words for many answers, in dialects that tell the two apart. */
  readonly isSubscription: boolean
  /**
   * Called for each answer; a request may have many.
   *
   * @param peerError - What the peer said went wrong; null for an ordinary answer.
   */
  readonly onAnswer: (answer: Answer, peerError: ConsoleError | null) => void | Promise<void>
  readonly nowMs: () => number
  readonly signal: AbortSignal
}

/** Sends a request again and again, several at a time, and keeps the books. */
export class RequestRun {
  readonly #link: Link
  readonly #request: OutgoingRequest
  readonly #options: RequestRunOptions
  readonly #roundTrips = new TimePercentiles()
  #sent = 0
  #failed = 0
  #bytes = 0
  #elapsedMs = 0
  #firstError: ConsoleError | null = null
  #isOver = false
  #inFlight = 0
  readonly #waitingForRoom: (() => void)[] = []

  constructor(link: Link, request: OutgoingRequest, options: RequestRunOptions) {
    this.#link = link
    this.#request = request
    this.#options = options
  }

  /** The first failure, or null. */
  get firstError(): ConsoleError | null {
    return this.#firstError
  }

  /** Ends when all were sent and settled, or early when the link is gone or an end is asked for. Never rejects. */
  async run(): Promise<void> {
    const { concurrency, repeat, nowMs } = this.#options
    const startedMs = nowMs()
    const lanes = Array.from({ length: Math.min(concurrency, repeat) }, () => this.#lane())
    await Promise.all(lanes)
    this.#elapsedMs = nowMs() - startedMs
  }

  summary(): SummaryLine {
    const { count, view } = this.#roundTrips
    return {
      event: 'summary',
      sent: this.#sent,
      answered: count,
      failed: this.#failed,
      p50Ms: view && rounded(view.p50Ms),
      p99Ms: view && rounded(view.p99Ms),
      bytesPerSecond: this.#elapsedMs > 0 ? Math.round((this.#bytes * 1000) / this.#elapsedMs) : 0,
    }
  }

  async #lane(): Promise<void> {
    while (!this.#isOver && this.#sent < this.#options.repeat && !this.#options.signal.aborted) {
      this.#sent += 1
      try {
        await this.#once()
      } catch (error) {
        this.#fail(asConsoleError(error))
      }
    }
  }

  async #once(): Promise<void> {
    const answers = new AnswerInbox()
    const messageKey = await this.#ask(answers)
    let isFirst = true
    try {
      for (let answer = await answers.next(); answer !== null; answer = await answers.next()) {
        const error = peerFailure(answer)
        if (error) this.#fail(error)
        else this.#count(answer, isFirst)
        isFirst = false
        await this.#options.onAnswer(answer, error)
        // Only now: a peer that answers faster than they can be written has to wait, where the dialect has a way to say it.
        this.#link.consumed(messageKey, answer.bodyBytes)
      }
    } finally {
      this.#inFlight -= 1
      for (const goOn of this.#waitingForRoom.splice(0)) goOn()
    }
  }

  #count(answer: Answer, isFirst: boolean): void {
    this.#bytes += answer.bodyBytes
    if (!isFirst) return
    this.#roundTrips.add(answer.roundTripMs)
    this.#bytes += this.#request.body.byteLength
  }

  /** A full queue is no failure while something of ours is in it: wait until that has gone. */
  async #ask(answers: AnswerInbox): Promise<number> {
    for (;;) {
      try {
        const messageKey = this.#askOnce(answers)
        this.#inFlight += 1
        return messageKey
      } catch (error) {
        if (!hasCode(error, 'QUEUE_FULL') || this.#inFlight === 0) throw error
        await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve))
      }
    }
  }

  /**
   * Whoever asks in the words for one answer gets one, where a peer minds the difference; elsewhere a request may have many
   * answers anyway.
   */
  #askOnce({ sink }: AnswerInbox): number {
    if (this.#options.isSubscription || this.#link.address.dialect !== 'socketd') {
      return this.#link.subscribe({ ...this.#request, ...sink }).messageKey
    }
    const { messageKey, answer } = this.#link.request(this.#request)
    answer.then(
      (only) => {
        sink.onAnswer(only)
        sink.onEnd(null)
      },
      (error: unknown) => sink.onEnd(asConsoleError(error)),
    )
    return messageKey
  }

  #fail(error: ConsoleError): void {
    this.#failed += 1
    this.#firstError ??= error
    // Without a link every further request would fail at once; what can not be sent can not be sent again either.
    if (this.#link.phase !== 'connected' || error.exitCode === 2) this.#isOver = true
  }
}

function peerFailure(answer: Answer): ConsoleError | null {
  const said = peerErrorOf(answer)
  if (said === undefined) return null
  // The code is the peer's word: one that is not ours, or does not mean a failed request here, keeps only its text.
  const code = isRequestCode(said.code) ? said.code : 'HANDLER_FAILED'
  return new ConsoleError(code, `the peer answered with an error: ${said.message || 'it gives no reason'}`, {
    peerCode: said.code,
  })
}

function isRequestCode(code: string): code is ErrorCode {
  const entries: Readonly<Record<string, { readonly exitCode: ExitCode }>> = ERROR_CATALOGUE
  return Object.hasOwn(entries, code) && entries[code]?.exitCode === 5
}
