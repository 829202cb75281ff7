import { type AckFrame, isStatedArrived, statedByBitmap } from '../wire/frames'

const NUMBERS = 256

/**
 * How far an ACK can speak under COBS, its newest number included: what form 3 says with the shortest run. Numbers further
 * back than that will never be stated again, so they count as lost; positions make the repeat harmless.
 */
export const ACK_REACH = 58

/** What came of frames, for the owner of their cargo. */
export interface SentSink<C> {
  /** Positions from … to−1 of the cargo arrived. */
  frameArrived(cargo: C, from: number, to: number, nowMs: number): void
  /** That frame will never arrive. @param tries - How often these positions were lost before. */
  frameLost(cargo: C, from: number, to: number, tries: number, nowMs: number): void
}

/** Watches the fate of frames that were on the line. */
export interface FateWatch {
  note(isLost: boolean, wireBytes: number): void
}

/**
 * The numbered frames that were handed over and of which nothing is known yet. A number names one transmission: a repeat
 * gets a new one. Numbers are counted without end here and travel modulo 256. No object per frame: this is the hot path.
 */
export class SentFrames<C> {
  /** The next frame's number. */
  next = 0
  /** No older number is unsettled. */
  oldest = 0
  /** Wire bytes of unsettled frames. */
  unsettledBytes = 0
  /** Highest number that an ACK named as newest. */
  newestAcked = -1
  /** End, in the outgoing stream, of the newest frame the peer is known to have. */
  confirmedOffset = 0
  /** From the line end of the newest acknowledged frame to its ACK; NaN when the last ACK named nothing new. */
  sampleMs = Number.NaN
  readonly #reach: number
  readonly #fate: FateWatch | undefined
  /** null: settled, or a frame without content. */
  readonly #cargo = new Array<C | null>(NUMBERS).fill(null)
  readonly #isUnsettled = new Uint8Array(NUMBERS)
  /** The same content was handed over again in the meantime: losing this frame costs nothing. */
  readonly #isSuperseded = new Uint8Array(NUMBERS)
  readonly #tries = new Uint8Array(NUMBERS)
  readonly #from = new Float64Array(NUMBERS)
  readonly #to = new Float64Array(NUMBERS)
  readonly #wireBytes = new Int32Array(NUMBERS)
  readonly #lineEndMs = new Float64Array(NUMBERS)
  readonly #endOffset = new Float64Array(NUMBERS)

  constructor(reach: number, fate?: FateWatch) {
    this.#reach = reach
    this.#fate = fate
  }

  /** From the oldest unsettled number to the next one. */
  get span(): number {
    return this.next - this.oldest
  }

  get hasUnsettled(): boolean {
    return this.oldest < this.next
  }

  /** A frame was handed over under the number `next`. @param cargo - null: it has no content. */
  add(
    cargo: C | null,
    from: number,
    to: number,
    tries: number,
    wireBytes: number,
    lineEndMs: number,
    endOffset: number,
  ): void {
    const at = this.next & 255
    this.next += 1
    this.#cargo[at] = cargo
    this.#isUnsettled[at] = 1
    this.#isSuperseded[at] = 0
    this.#tries[at] = Math.min(tries, 255)
    this.#from[at] = from
    this.#to[at] = to
    this.#wireBytes[at] = wireBytes
    this.#lineEndMs[at] = lineEndMs
    this.#endOffset[at] = endOffset
    this.unsettledBytes += wireBytes
  }

  /** Takes in what an ACK says. Returns whether it settled anything. */
  apply(ack: AckFrame, nowMs: number, sink: SentSink<C>): boolean {
    this.sampleMs = Number.NaN
    const last = this.next - 1
    const newest = last - ((last - ack.newest) & 255)
    // Older than what is known already: on a line that does not reorder it cannot be, and it says nothing new.
    if (newest < 0 || newest < this.newestAcked) return false
    if (newest > this.newestAcked) {
      this.newestAcked = newest
      this.confirmedOffset = this.#endOffset[newest & 255]!
      if (this.#isUnsettled[newest & 255] === 1) this.sampleMs = nowMs - this.#lineEndMs[newest & 255]!
    }
    let hasSettled = false
    const stated = ack.run + 2 + statedByBitmap(ack)
    for (let number = this.oldest; number <= newest; number++) {
      if (this.#isUnsettled[number & 255] === 0) continue
      const back = newest - number
      let hasArrived: boolean
      if (ack.form === 0) hasArrived = back < this.#reach
      else if (back <= ack.run) hasArrived = true
      else if (back === ack.run + 1) hasArrived = false
      else if (back < stated) hasArrived = isStatedArrived(ack, back - ack.run - 2)
      else if (back < this.#reach) continue
      else hasArrived = false
      this.#settle(number & 255, hasArrived, nowMs, sink)
      hasSettled = true
    }
    this.#moveOldest()
    return hasSettled
  }

  /** The line was interrupted: everything unsettled counts as lost, numbers begin at 0 again. */
  loseAll(nowMs: number, sink: SentSink<C>): void {
    for (let number = this.oldest; number < this.next; number++) {
      const at = number & 255
      if (this.#isUnsettled[at] === 0) continue
      const cargo = this.#cargo[at] ?? null
      this.#cargo[at] = null
      this.#isUnsettled[at] = 0
      // Not its fate on the line: nobody knows that.
      if (cargo !== null && this.#isSuperseded[at] === 0) {
        sink.frameLost(cargo, this.#from[at]!, this.#to[at]!, 0, nowMs)
      }
    }
    this.reset()
  }

  /** Forgets everything. */
  reset(): void {
    this.#cargo.fill(null)
    this.#isUnsettled.fill(0)
    this.next = 0
    this.oldest = 0
    this.unsettledBytes = 0
    this.newestAcked = -1
    this.confirmedOffset = 0
  }

  /** The unsettled frame with content that ranks lowest, the oldest among equals, or −1. */
  bestUnsettled(rank: (cargo: C) => number): number {
    let best = -1
    let bestRank = Infinity
    for (let number = this.oldest; number < this.next; number++) {
      const at = number & 255
      const cargo = this.#cargo[at] ?? null
      if (this.#isUnsettled[at] === 0 || cargo === null || this.#isSuperseded[at] === 1) continue
      const its = rank(cargo)
      if (its < bestRank) {
        best = number
        bestRank = its
      }
    }
    return best
  }

  cargoOf(number: number): C | undefined {
    return this.#cargo[number & 255] ?? undefined
  }

  /** How many positions the frame had. */
  positionsOf(number: number): number {
    return this.#to[number & 255]! - this.#from[number & 255]!
  }

  /** Treats a frame as lost for its cargo, although it may still turn out to have arrived. */
  repeat(number: number, nowMs: number, sink: SentSink<C>): void {
    const at = number & 255
    this.#isSuperseded[at] = 1
    sink.frameLost(this.#cargo[at]!, this.#from[at]!, this.#to[at]!, this.#tries[at]! - 1, nowMs)
  }

  #settle(at: number, hasArrived: boolean, nowMs: number, sink: SentSink<C>): void {
    const cargo = this.#cargo[at] ?? null
    this.#isUnsettled[at] = 0
    this.#cargo[at] = null
    this.unsettledBytes -= this.#wireBytes[at]!
    this.#fate?.note(!hasArrived, this.#wireBytes[at]!)
    if (cargo === null) return
    if (hasArrived) sink.frameArrived(cargo, this.#from[at]!, this.#to[at]!, nowMs)
    else if (this.#isSuperseded[at] === 0) {
      sink.frameLost(cargo, this.#from[at]!, this.#to[at]!, this.#tries[at]!, nowMs)
    }
  }

  #moveOldest(): void {
    while (this.oldest < this.next && this.#isUnsettled[this.oldest & 255] === 0) this.oldest += 1
  }
}
