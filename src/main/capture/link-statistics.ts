import type { BytesEvent, FaultEvent, QueueEvent } from '../../shared/model/trace'
import { type LineRate, wireMs } from '../../shared/model/line-rate'
import { SlidingSum } from './sliding-sum'

const WINDOW_MS = 1000
const BINS = 10

export interface LinkFigures {
  readonly bytesIn: number
  readonly bytesOut: number
  readonly rateInBytesPerSecond: number
  readonly rateOutBytesPerSecond: number
  readonly utilisation: number | null
  readonly queuedBytes: number
  readonly queuedMessages: number
  readonly faults: number
  readonly lostBytes: number
}

/** Totals of a link since it was first opened, and its rates over the last second. */
export class LinkStatistics {
  #bytesIn = 0
  #bytesOut = 0
  readonly #recentIn = new SlidingSum(WINDOW_MS, BINS)
  readonly #recentOut = new SlidingSum(WINDOW_MS, BINS)
  #queuedBytes = 0
  #queuedMessages = 0
  #faults = 0
  #lostBytes = 0

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  get faults(): number {
    return this.#faults
  }

  get lostBytes(): number {
    return this.#lostBytes
  }

  addBytes({ dir, atMs, bytes }: BytesEvent): void {
    if (dir === 'in') {
      this.#bytesIn += bytes.length
      this.#recentIn.add(atMs, bytes.length)
    } else {
      this.#bytesOut += bytes.length
      this.#recentOut.add(atMs, bytes.length)
    }
  }

  addFault({ lostBytes }: FaultEvent): void {
    this.#faults += 1
    this.#lostBytes += lostBytes
  }

  noteQueue({ queuedBytes, queuedMessages }: QueueEvent): void {
    this.#queuedBytes = queuedBytes
    this.#queuedMessages = queuedMessages
  }

  /** @param lineRate - Speed of the line, null where it is not known: then the utilisation is unknown as well. */
  figures(nowMs: number, lineRate: LineRate | null): LinkFigures {
    const inPerSecond = (this.#recentIn.at(nowMs) * 1000) / WINDOW_MS
    const outPerSecond = (this.#recentOut.at(nowMs) * 1000) / WINDOW_MS
    return {
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      rateInBytesPerSecond: inPerSecond,
      rateOutBytesPerSecond: outPerSecond,
      utilisation:
        lineRate === null ? null : Math.min(1, wireMs(Math.max(inPerSecond, outPerSecond), lineRate) / 1000),
      queuedBytes: this.#queuedBytes,
      queuedMessages: this.#queuedMessages,
      faults: this.#faults,
      lostBytes: this.#lostBytes,
    }
  }
}
