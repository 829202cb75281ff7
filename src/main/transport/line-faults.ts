import { type SeededRandom, unitInterval } from './seeded-random'

/** What goes wrong on one direction of a simulated line. All absent = a perfect line. */
export interface LineFaultPlan {
  /** Probability per byte that one of its bits flips. */
  readonly flip?: number
  /** Probability per byte that it is lost. */
  readonly drop?: number
  /** Probability per byte that the line stands still for `stallMs` before it. */
  readonly stall?: number
  readonly stallMs?: number
  /** The cable comes off after this many bytes have left on this direction; once. */
  readonly unplugAfterBytes?: number
}

/** How many bytes were hit, for tests and for showing. */
export interface LineCounts {
  /** Bytes that occupied the wire, lost ones included. */
  carriedBytes: number
  flippedBytes: number
  droppedBytes: number
  stalls: number
  /** Bytes that arrived while nobody had the receiving side open. */
  unheardBytes: number
}

export const noLineCounts = (): LineCounts => ({
  carriedBytes: 0,
  flippedBytes: 0,
  droppedBytes: 0,
  stalls: 0,
  unheardBytes: 0,
})

/**
 * Draws the bytes that a fault hits: instead of a number per byte, the distance to the next hit. Which bytes are hit
 * depends on their position in the stream only, not on how they were written or when.
 */
export class FaultSpacing {
  readonly #probability: number
  readonly #random: SeededRandom
  #untilHit: number

  constructor(probability: number, random: SeededRandom) {
    this.#probability = probability
    this.#random = random
    this.#untilHit = this.#draw()
  }

  /** Bytes that pass unharmed before the one that is hit; Infinity when nothing is ever hit. */
  get untilHit(): number {
    return this.#untilHit
  }

  passed(byteCount: number): void {
    this.#untilHit -= byteCount
  }

  /** Moves on to the hit after the next one. */
  hit(): void {
    this.#untilHit += 1 + this.#draw()
  }

  /** Positions (from 0, ascending) of the hits among the next `byteCount` bytes, which have passed then. */
  advance(byteCount: number): number[] {
    const hits: number[] = []
    while (this.#untilHit < byteCount) {
      hits.push(this.#untilHit)
      this.hit()
    }
    this.passed(byteCount)
    return hits
  }

  #draw(): number {
    if (this.#probability <= 0) return Infinity
    if (this.#probability >= 1) return 0
    return Math.floor(Math.log(1 - unitInterval(this.#random)) / Math.log1p(-this.#probability))
  }
}
