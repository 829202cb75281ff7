import { BATCH_INTERVAL_MS, MAX_BUFFERED_BYTES, MAX_ITEMS_IN_FLIGHT } from '../../shared/contract/envelope'
import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { Feed } from '../console/console-types'

/** What a pump needs of the channel its items travel through. */
export interface PumpOutlet {
  /** Sends one item. May throw a ConsoleError: the subscription is then ended. */
  sendItem(seq: number, value: unknown): void
  readonly bufferedBytes: number
  /** The feed or the outlet failed. The pump has stopped. */
  failed(error: unknown): void
}

/**
 * Pulls one subscription while its screen keeps up: at most one item per `BATCH_INTERVAL_MS`, at most
 * `MAX_ITEMS_IN_FLIGHT` unacknowledged, nothing while more than `MAX_BUFFERED_BYTES` wait in the channel. It holds no
 * item back: what is not pulled stays in the feed, which summarises.
 */
export class SubscriptionPump {
  readonly #feed: Feed<unknown>
  readonly #outlet: PumpOutlet
  readonly #clock: Clock
  #sentSeq = 0
  #ackedSeq = 0
  #nextAtMs: number
  #hasNews = true
  #isClosed = false
  #cancelAlarm: (() => void) | undefined

  constructor(feed: Feed<unknown>, outlet: PumpOutlet, clock: Clock) {
    this.#feed = feed
    this.#outlet = outlet
    this.#clock = clock
    this.#nextAtMs = clock.nowMs()
  }

  /** Sends the first item now, if there is one. */
  start(): void {
    this.#feed.onNews(() => {
      this.#hasNews = true
      this.#pump()
    })
    this.#pump()
  }

  /**
   * The screen has taken over every item up to `seq`.
   *
   * @throws ConsoleError `CONTRACT_BAD_FRAME` for an item that was not sent.
   */
  acknowledge(seq: number): void {
    if (seq > this.#sentSeq) {
      throw new ConsoleError('CONTRACT_BAD_FRAME', `item ${seq} was acknowledged, ${this.#sentSeq} were sent`)
    }
    this.#ackedSeq = Math.max(this.#ackedSeq, seq)
    this.#pump()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelAlarm?.()
    this.#feed.close()
  }

  #pump(): void {
    if (this.#isClosed || !this.#hasNews || this.#cancelAlarm !== undefined) return
    if (this.#sentSeq - this.#ackedSeq >= MAX_ITEMS_IN_FLIGHT) return // the next acknowledgement comes back here
    const nowMs = this.#clock.nowMs()
    if (nowMs < this.#nextAtMs) {
      this.#pumpAt(this.#nextAtMs)
      return
    }
    if (this.#outlet.bufferedBytes > MAX_BUFFERED_BYTES) {
      this.#pumpAt(nowMs + BATCH_INTERVAL_MS) // no channel tells when it has drained
      return
    }
    try {
      const item = this.#feed.take()
      if (item === undefined) {
        this.#hasNews = false
        return
      }
      this.#sentSeq += 1
      this.#nextAtMs = nowMs + BATCH_INTERVAL_MS
      this.#outlet.sendItem(this.#sentSeq, item)
    } catch (error) {
      this.close()
      this.#outlet.failed(error)
      return
    }
    this.#pump() // there may be more: the interval decides when
  }

  #pumpAt(atMs: number): void {
    this.#cancelAlarm = this.#clock.schedule(atMs, () => {
      this.#cancelAlarm = undefined
      this.#pump()
    })
  }
}
