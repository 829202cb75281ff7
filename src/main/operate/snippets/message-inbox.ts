import type { CompiledFilter } from '../../../shared/filter/filter-types'
import type { Clock } from '../../../shared/model/clock'
import type { TriggerMoment } from '../../../shared/model/triggers'
import type { MomentListener } from '../../capture/capture-listeners'
import { type MessageSubject, messageSubject } from '../../capture/subject/message-subject'
import type { SubjectSource } from '../../capture/subject/message-cursor'
import { abortReason } from '../../link/abort-reason'

/** Messages that wait to be expected. Beyond, the oldest are passed over, and counted. */
export const MAX_INBOX_MESSAGES = 4096
/** Messages of the run itself that may still be on their way out. */
const MAX_OWN_MESSAGES = 64
/** Working time in one go: the wire is served in between. */
const SLICE_MS = 4

/** What a run looks for now. */
interface Search {
  readonly filter: CompiledFilter
  readonly untilMs: number
  /** Numbers that are still to be looked at, in order of time. */
  readonly waiting: number[]
  readonly finish: (messageId: number | null) => void
}

/**
 * The messages of one link that a run may still expect: those that were completed since it last sent something, each of
 * them once. Collecting costs next to nothing; looking is done in turns of a few milliseconds.
 */
export class MessageInbox implements MomentListener {
  readonly #clock: Clock
  readonly #source: SubjectSource
  readonly #subject: MessageSubject
  readonly #linkId: number
  /** Number of a message, and when it was complete; in that order. */
  readonly #kept = new Map<number, number>()
  /** What the run sent, and whether it was answered: else there is nothing to expect of it. */
  readonly #own = new Map<number, boolean>()
  #search: Search | undefined
  #stopTurn: (() => void) | undefined
  #missed = 0
  #tested = 0
  #lastTested = 0

  constructor(clock: Clock, source: SubjectSource, linkId: number) {
    this.#clock = clock
    this.#source = source
    this.#subject = messageSubject(source)
    this.#linkId = linkId
  }

  /** Messages that went before they could be looked at. */
  get missed(): number {
    return this.#missed
  }

  /** Messages of others that the last search looked at, and the newest of them (0 for none). */
  get looked(): { readonly count: number; readonly lastId: number } {
    return { count: this.#tested, lastId: this.#lastTested }
  }

  reached(messageId: number, moment: TriggerMoment, atMs: number): void {
    if (moment === 'opened' || this.#own.get(messageId) === false) return
    const { messages } = this.#source
    if (messages.columnsOf(messageId).linkIds[messages.indexOf(messageId)] !== this.#linkId) return
    this.#kept.set(messageId, atMs)
    if (this.#kept.size > MAX_INBOX_MESSAGES) {
      const [oldest] = this.#kept.keys()
      this.#kept.delete(oldest!)
      this.#missed += 1
    }
    if (this.#search === undefined || atMs > this.#search.untilMs) return
    this.#search.waiting.push(messageId)
    this.#lookSoon()
  }

  /** Messages got other numbers. */
  cleared(): void {
    this.#missed += this.#kept.size
    this.#kept.clear()
    this.#own.clear()
    this.#search?.waiting.splice(0)
  }

  /** Only what comes from now on counts: something is about to be sent. */
  begin(): void {
    this.#kept.clear()
  }

  /** A message of the run itself was sent: it is no message to expect, but with its answer it says how it went (`rep`). */
  sent(messageId: number, isAnswered: boolean): void {
    const atMs = this.#kept.get(messageId)
    this.#kept.delete(messageId)
    if (isAnswered && atMs !== undefined) this.#kept.set(messageId, atMs) // behind its answer
    this.#own.set(messageId, isAnswered)
    if (this.#own.size > MAX_OWN_MESSAGES) this.#own.delete(this.#own.keys().next().value!)
  }

  /**
   * The first message kept, or still to come until `untilMs`, that the filter admits; null when there is none. It and its
   * partner are then used up; what was passed over is there for the next search.
   *
   * @returns Rejects with the reason of the signal.
   */
  find(filter: CompiledFilter, untilMs: number, signal: AbortSignal): Promise<number | null> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(abortReason(signal))
        return
      }
      const stopAlarm = this.#clock.schedule(untilMs, () => this.#lookSoon())
      const end = (): void => {
        stopAlarm()
        this.#stopTurn?.()
        this.#stopTurn = undefined
        this.#search = undefined
        signal.removeEventListener('abort', abort)
      }
      const abort = (): void => {
        end()
        reject(abortReason(signal))
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#tested = 0
      this.#lastTested = 0
      this.#search = {
        filter,
        untilMs,
        waiting: [...this.#kept.keys()],
        finish: (messageId) => {
          end()
          resolve(messageId)
        },
      }
      this.#lookSoon()
    })
  }

  #lookSoon(): void {
    this.#stopTurn ??= this.#clock.schedule(this.#clock.nowMs(), this.#look)
  }

  readonly #look = (): void => {
    this.#stopTurn = undefined
    const search = this.#search
    if (search === undefined) return
    const turnEndMs = this.#clock.nowMs() + SLICE_MS
    for (let id = search.waiting.shift(); id !== undefined; id = search.waiting.shift()) {
      if (this.#admits(search.filter, id)) {
        this.#use(id)
        search.finish(id)
        return
      }
      if (this.#clock.nowMs() < turnEndMs) continue
      this.#lookSoon()
      return
    }
    if (this.#clock.nowMs() >= search.untilMs) search.finish(null)
  }

  #admits(filter: CompiledFilter, messageId: number): boolean {
    if (!this.#kept.has(messageId)) return false
    if (!this.#subject.moveTo(messageId)) {
      this.#kept.delete(messageId)
      this.#missed += 1
      return false
    }
    if (!this.#own.has(messageId)) {
      this.#tested += 1
      this.#lastTested = messageId
    }
    return filter.test(this.#subject)
  }

  #use(messageId: number): void {
    const { messages } = this.#source
    this.#kept.delete(messageId)
    this.#kept.delete(messages.columnsOf(messageId).partnerIds[messages.indexOf(messageId)]!)
  }
}
