import type { Clock } from '../../../shared/model/clock'
import type { Feed } from '../console-types'

export interface FeedSource<T> {
  /** At most one item in this time. */
  readonly intervalMs: number
  /** The same after this item, where it is not always so long. */
  readonly intervalAfterMs?: (item: T) => number
  /** What is new at `nowMs`, or undefined when nothing is. */
  produce(nowMs: number): T | undefined
  /** True right after `produce` when there is more already. */
  hasMore(): boolean
  close(): void
}

/**
 * A subscription at a bounded pace. News costs nothing while a screen is slow: it is one flag, until the next `take`.
 * The listener is called by the clock, never from within the event that brought the news, so that what a host does
 * with an item does not hold the wire.
 */
export class PacedFeed<T> implements Feed<T> {
  readonly #clock: Clock
  readonly #source: FeedSource<T>
  #listener: (() => void) | undefined
  #cancelAlarm: (() => void) | undefined
  #nextAtMs = Number.NEGATIVE_INFINITY
  #hasNews = true
  #isTold = false
  #isClosed = false

  constructor(clock: Clock, source: FeedSource<T>) {
    this.#clock = clock
    this.#source = source
  }

  /** Something may be new. Cheap enough to be called for every frame. */
  touch(): void {
    if (this.#hasNews) return
    this.#hasNews = true
    this.#tellSoon()
  }

  onNews(listener: () => void): void {
    this.#listener = listener
    this.#tellSoon()
  }

  take(): T | undefined {
    if (this.#isClosed || !this.#hasNews) return undefined
    this.#isTold = false
    const nowMs = this.#clock.nowMs()
    if (nowMs < this.#nextAtMs) {
      this.#tellSoon()
      return undefined
    }
    this.#stopAlarm()
    this.#hasNews = false
    const item = this.#source.produce(nowMs)
    if (item !== undefined) {
      const { intervalMs, intervalAfterMs } = this.#source
      this.#nextAtMs = nowMs + (intervalAfterMs?.(item) ?? intervalMs)
    }
    if (this.#source.hasMore()) this.touch()
    return item
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#stopAlarm()
    this.#source.close()
  }

  #tellSoon(): void {
    if (this.#isClosed || !this.#hasNews || this.#isTold) return
    if (this.#listener === undefined || this.#cancelAlarm !== undefined) return
    this.#cancelAlarm = this.#clock.schedule(Math.max(this.#clock.nowMs(), this.#nextAtMs), () => {
      this.#cancelAlarm = undefined
      this.#isTold = true
      this.#listener?.()
    })
  }

  #stopAlarm(): void {
    this.#cancelAlarm?.()
    this.#cancelAlarm = undefined
  }
}
