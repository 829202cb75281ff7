import { COARSE_SERIES_MS, FINE_SERIES_MS } from '../../../shared/model/series'
import type { TraceEvent } from '../../../shared/model/trace'
import { BucketRing } from './bucket-ring'
import { CELL, type PagePool } from './page-pool'
import { roundTripBin } from './round-trip-bins'

const FINE_MS = 100
const COARSE_MS = 1000

/** What one link did over time (or all of them together): fine for the last minutes, coarse for the last hours. */
export class LinkSeries {
  readonly fine: BucketRing
  readonly coarse: BucketRing
  readonly #rings: readonly BucketRing[]
  #bornMs: number
  #queuedBytes = 0
  #queuedMessages = 0
  #queueNotedMs = 0
  #latestMs = 0
  #maxLagMs = 0
  #version = 0

  constructor(pool: PagePool, bornMs: number) {
    this.fine = new BucketRing(FINE_MS, FINE_SERIES_MS / FINE_MS, pool)
    this.coarse = new BucketRing(COARSE_MS, COARSE_SERIES_MS / COARSE_MS, pool)
    this.#rings = [this.fine, this.coarse]
    this.#bornMs = bornMs
    this.#queueNotedMs = bornMs
  }

  /** Before, there was nothing to count. */
  get bornMs(): number {
    return this.#bornMs
  }

  /** Of the latest thing that was counted. */
  get latestMs(): number {
    return this.#latestMs
  }

  /** What is told of a frame may change time that is over already: so far back at most. */
  get maxLagMs(): number {
    return this.#maxLagMs
  }

  /** Grows whenever something was counted. */
  get version(): number {
    return this.#version
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  get queuedMessages(): number {
    return this.#queuedMessages
  }

  observe(event: TraceEvent): void {
    const { atMs } = event
    switch (event.type) {
      case 'bytes':
        this.#add(atMs, event.dir === 'in' ? CELL.bytesIn : CELL.bytesOut, event.byteCount)
        break
      case 'frame': {
        const isIn = event.dir === 'in'
        this.#add(event.endMs, isIn ? CELL.framesIn : CELL.framesOut, 1)
        this.#maxLagMs = Math.max(this.#maxLagMs, this.#latestMs - event.startMs)
        for (let at = 0; at < this.#rings.length; at++) {
          this.#rings[at]!.spread(event.startMs, event.endMs, isIn ? CELL.busyMsIn : CELL.busyMsOut)
        }
        break
      }
      case 'message-closed':
        if (event.outcome === 'complete') {
          this.#add(atMs, event.dir === 'in' ? CELL.messagesIn : CELL.messagesOut, 1)
        }
        break
      case 'request-settled':
        if (event.answerKey === 0) this.#add(atMs, CELL.unanswered, 1)
        else this.#addRoundTrip(atMs, event.roundTripMs)
        break
      case 'fault':
        this.#add(atMs, CELL.faults, 1)
        break
      default:
    }
  }

  noteQueue(atMs: number, queuedBytes: number, queuedMessages: number): void {
    this.settleQueue(atMs)
    this.#queuedBytes = queuedBytes
    this.#queuedMessages = queuedMessages
    const notedMs = Math.max(atMs, this.#queueNotedMs)
    for (const ring of this.#rings) {
      ring.raise(notedMs, CELL.queuedBytesMax, queuedBytes)
      ring.raise(notedMs, CELL.queuedMessagesMax, queuedMessages)
    }
    this.#counted(notedMs)
  }

  /** The queue has been as deep as it is until now. */
  settleQueue(nowMs: number): void {
    const fromMs = this.#queueNotedMs
    if (!(nowMs > fromMs)) return
    this.#queueNotedMs = nowMs
    const bytes = this.#queuedBytes
    const messages = this.#queuedMessages
    if (bytes === 0 && messages === 0) return
    for (const ring of this.#rings) {
      ring.spread(fromMs, nowMs, CELL.queuedByteMs, bytes, CELL.queuedBytesMax, bytes)
      ring.spread(fromMs, nowMs, CELL.queuedMessageMs, messages, CELL.queuedMessagesMax, messages)
    }
  }

  /** Forgets what was; the queue is as deep as before. */
  clear(nowMs: number): void {
    for (const ring of this.#rings) ring.clear(nowMs)
    this.#bornMs = nowMs
    this.#queueNotedMs = Math.max(this.#queueNotedMs, nowMs)
    this.#version += 1
  }

  #add(atMs: number, cell: number, amount: number): void {
    for (let at = 0; at < this.#rings.length; at++) this.#rings[at]!.add(atMs, cell, amount)
    this.#counted(atMs)
  }

  #addRoundTrip(atMs: number, roundTripMs: number): void {
    const bin = roundTripBin(roundTripMs)
    for (let at = 0; at < this.#rings.length; at++) {
      const ring = this.#rings[at]!
      ring.addRoundTrip(atMs, bin)
      ring.raise(atMs, CELL.roundTripMaxMs, roundTripMs)
    }
    this.#add(atMs, CELL.answers, 1)
  }

  #counted(atMs: number): void {
    if (atMs > this.#latestMs) this.#latestMs = atMs
    else if (this.#latestMs - atMs > this.#maxLagMs) this.#maxLagMs = this.#latestMs - atMs
    this.#version += 1
  }
}
