import type { AckFrame } from '../wire/frames'
import { ACK_REACH } from './sent-frames'

export interface AckPolicy {
  /** An ACK is due after this many frames … */
  readonly frames: number
  /** … or this many bytes on the wire … */
  readonly bytes: number
  /** … or when the first of them waited this long. */
  readonly delayMs: number
  /** What waits at least this long or is this much rides on a frame that goes anyway. */
  readonly ridesFromFrames: number
}

const NO_BYTES = new Uint8Array(0)
/** Every ACK states everything since this many ACKs ago, so that losing two in a row leaves nothing unstated. */
const COVERED_ACKS = 3
/** The first byte of a number's distance that can only be a frame that was overtaken. */
const LATE_FROM = 192

/**
 * Which numbered frames came, and what is to be said about it. One ACK waits at most: it is state, not a queue. A hole is
 * never called "arrived": where an older hole may still be unsettled at the sender, the ACK reaches back to it.
 */
export class ReceivedNumbers {
  readonly #policy: AckPolicy
  #newest = -1
  /** By number modulo 256: skipped, and not come since. */
  readonly #isMissing = new Uint8Array(256)
  #lastHole = -Infinity
  /** What the last ACKs named as newest, oldest first. */
  readonly #told: number[] = []
  #pendingFrames = 0
  #pendingBytes = 0
  #dueMs = Infinity
  #isDue = false
  #hasNewHole = false
  #wantsBitmap = false

  constructor(policy: AckPolicy) {
    this.#policy = policy
  }

  /** The ACK that must not wait for anything: it tells of a loss. */
  get hasNewHole(): boolean {
    return this.#hasNewHole
  }

  get isDue(): boolean {
    return this.#isDue
  }

  /** It is worth riding on a frame that goes now. */
  get wantsRide(): boolean {
    return this.#isDue || this.#pendingFrames >= this.#policy.ridesFromFrames
  }

  get isPending(): boolean {
    return this.#pendingFrames > 0
  }

  /** When the waiting ACK becomes due by time; null when nothing waits, or when it is due. */
  get dueMs(): number | null {
    return this.#isDue || this.#dueMs === Infinity ? null : this.#dueMs
  }

  wake(nowMs: number): void {
    if (nowMs >= this.#dueMs) this.#isDue = true
  }

  /** How many numbers were skipped before this one; −1 for one that was overtaken by a newer. */
  skippedBefore(number: number): number {
    const ahead = (number - this.#newest) & 255
    return ahead === 0 || ahead >= LATE_FROM ? -1 : ahead - 1
  }

  /** A frame came and was taken. @param isUrgent - Its ACK is due now. */
  note(number: number, wireBytes: number, isUrgent: boolean, nowMs: number): void {
    const skipped = this.skippedBefore(number)
    if (skipped < 0) {
      this.#isMissing[number] = 0
      if ((this.#lastHole & 255) === number) this.#findLastHole()
    } else {
      for (let k = 1; k <= skipped; k++) this.#isMissing[(this.#newest + k) & 255] = 1
      this.#newest += skipped + 1
      this.#isMissing[number] = 0
      if (skipped > 0) {
        this.#lastHole = this.#newest - 1
        this.#hasNewHole = true
        this.#isDue = true
      }
    }
    this.#pend(wireBytes, nowMs)
    if (isUrgent) this.#isDue = true
  }

  /** A PROBE came and was noted: the ACK says as much as an ACK can. */
  probed(): void {
    this.#wantsBitmap = true
    this.#isDue = true
  }

  /** The ACK to hand over now. Borrowed until the next call. */
  takeAck(): AckFrame {
    const ack = this.#ack
    ack.newest = this.#newest & 255
    this.#word(ack)
    this.#told.push(this.#newest)
    if (this.#told.length > COVERED_ACKS) this.#told.shift()
    this.#pendingFrames = 0
    this.#pendingBytes = 0
    this.#dueMs = Infinity
    this.#isDue = false
    this.#hasNewHole = false
    this.#wantsBitmap = false
    return ack
  }

  readonly #ack: { -readonly [K in keyof AckFrame]: AckFrame[K] } = {
    kind: 'ack',
    form: 0,
    newest: 0,
    run: 0,
    bitmap: NO_BYTES,
    timeTicks: null,
  }

  #pend(wireBytes: number, nowMs: number): void {
    const { frames, bytes, delayMs } = this.#policy
    if (this.#pendingFrames === 0) this.#dueMs = nowMs + delayMs
    this.#pendingFrames += 1
    this.#pendingBytes += wireBytes
    if (this.#pendingFrames >= frames || this.#pendingBytes >= bytes) this.#isDue = true
  }

  #word(ack: { form: AckFrame['form']; run: number; bitmap: Uint8Array }): void {
    const newest = this.#newest
    ack.run = 0
    ack.bitmap = NO_BYTES
    ack.form = 0
    if (this.#lastHole <= newest - ACK_REACH) return
    ack.run = newest - this.#lastHole - 1
    // The bitmap begins behind the hole; it has to reach everything that came since the third-last ACK.
    const oldestToSay = this.#told.length < COVERED_ACKS ? 0 : this.#told[0]! + 1
    const bits = this.#lastHole - oldestToSay
    const form = this.#wantsBitmap || bits > 16 ? 3 : bits > 0 ? 2 : 1
    ack.form = form
    if (form === 1) return
    const bitmap = new Uint8Array(form === 3 ? 7 : 2)
    for (let bit = 0; bit < bitmap.length * 8; bit++) {
      const number = this.#lastHole - 1 - bit
      if (number >= 0 && this.#isMissing[number & 255] === 0) bitmap[bit >> 3]! |= 1 << (bit & 7)
    }
    ack.bitmap = bitmap
  }

  #findLastHole(): void {
    const oldest = Math.max(0, this.#newest - ACK_REACH)
    for (let number = this.#newest - 1; number >= oldest; number--) {
      if (this.#isMissing[number & 255] === 1) {
        this.#lastHole = number
        return
      }
    }
    this.#lastHole = -Infinity
  }
}
