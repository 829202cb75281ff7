import type { ContractClient } from '../../../shared/contract/contract-client'
import type { MessageDetail } from '../../../shared/model/views'
import { isUnderWay } from '../../store/detail-source'

export const MAX_REPEATS = 100_000
export const MAX_REPEAT_EVERY_MS = 3_600_000
/** More are not on their way at once: a peer that is slower than the interval slows the run down. */
const MAX_OPEN = 50
const LOOK_MS = 100
/** After a stop what is on its way may still settle for so long. */
const STOP_LOOKS = 3
const MAX_ROUND_TRIPS = 10_000

export interface RepeatCounts {
  readonly sent: number
  readonly times: number
  readonly answered: number
  readonly failed: number
  /** Null while nothing was answered. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly isRunning: boolean
  /** What ended it before its time; null for nothing. */
  readonly problem: string | null
}

type Send = () => Promise<number>

/** Sends a message again and again, and counts how that goes. One run; `stop` ends it. */
export class RepeatRun {
  readonly #client: ContractClient
  readonly #send: Send
  readonly #times: number
  readonly #everyMs: number
  readonly #tell: (counts: RepeatCounts) => void
  readonly #open = new Set<number>()
  readonly #roundTripsMs: number[] = []
  #sent = 0
  #answered = 0
  #failed = 0
  #isStopped = false
  #problem: string | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #wake: (() => void) | undefined

  /** @param everyMs - From one start to the next; 0: as soon as the answer is there. */
  constructor(
    client: ContractClient,
    send: Send,
    setting: { readonly times: number; readonly everyMs: number },
    tell: (counts: RepeatCounts) => void,
  ) {
    this.#client = client
    this.#send = send
    this.#times = setting.times
    this.#everyMs = setting.everyMs
    this.#tell = tell
  }

  stop(): void {
    this.#isStopped = true
    this.#wake?.()
  }

  /** Resolves when everything that was sent is settled, or soon after `stop`. */
  async run(): Promise<void> {
    const startMs = performance.now()
    while (!this.#isStopped && this.#sent < this.#times) {
      const dueMs = startMs + this.#sent * this.#everyMs
      if (this.#open.size >= (this.#everyMs === 0 ? 1 : MAX_OPEN)) {
        await this.#look()
        continue
      }
      const waitMs = dueMs - performance.now()
      if (waitMs <= 0) await this.#next()
      else {
        await this.#pause(Math.min(waitMs, LOOK_MS))
        if (waitMs > LOOK_MS) await this.#look()
      }
    }
    for (let looks = 0; this.#open.size > 0 && (!this.#isStopped || looks < STOP_LOOKS); looks++)
      await this.#look()
    this.#told(false)
  }

  async #next(): Promise<void> {
    try {
      const messageId = await this.#send()
      this.#sent += 1
      if (messageId === 0) this.#answered += 1
      else this.#open.add(messageId)
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error)
      this.#isStopped = true
    }
    this.#told(true)
  }

  /** Looks at what is on its way; waits first when nothing settled. */
  async #look(): Promise<void> {
    const before = this.#open.size
    await Promise.all([...this.#open].map((messageId) => this.#settle(messageId)))
    this.#told(true)
    if (this.#open.size === before && before > 0) await this.#pause(this.#everyMs === 0 ? 5 : LOOK_MS)
  }

  async #settle(messageId: number): Promise<void> {
    let detail: MessageDetail
    try {
      detail = (await this.#client.call('message.detail', { messageId })).detail
    } catch {
      this.#open.delete(messageId) // no longer kept: how it ended nobody knows
      return
    }
    if (isUnderWay(detail.status)) return
    this.#open.delete(messageId)
    if (detail.status === 'answered' || detail.status === 'sent') this.#answered += 1
    else this.#failed += 1
    if (detail.roundTripMs !== null && this.#roundTripsMs.length < MAX_ROUND_TRIPS) {
      this.#roundTripsMs.push(detail.roundTripMs)
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = (): void => {
        clearTimeout(this.#timer)
        resolve()
      }
      this.#timer = setTimeout(resolve, ms)
    })
  }

  #told(isRunning: boolean): void {
    const sorted = this.#roundTripsMs.toSorted((a, b) => a - b)
    this.#tell({
      sent: this.#sent,
      times: this.#times,
      answered: this.#answered,
      failed: this.#failed,
      p50Ms: quantile(sorted, 0.5),
      p99Ms: quantile(sorted, 0.99),
      isRunning,
      problem: this.#problem,
    })
  }
}

/** Nearest rank over rising numbers; null over none. */
export const quantile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null
