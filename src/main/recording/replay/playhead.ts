import type { TapeSpan } from '../../../shared/model/tape'

/** Speeds are measured over this time. */
const MEASURED_MS = 1000
const SAMPLE_MS = 100

interface Sample {
  readonly nowMs: number
  readonly travelledMs: number
}

/**
 * Where the tape stands. While it plays, the position follows from when it was started and the clock alone, so that errors of
 * single ticks never add up; round a loop as well. Times of the tape and of the clock are milliseconds.
 */
export class Playhead {
  #positionMs: number
  /** What the clock said when the tape stood at `#positionMs`; null while it does not play. */
  #anchorMs: number | null = null
  #speed: number | null = 1
  #loop: TapeSpan | null = null
  #travelledMs = 0
  #samples: Sample[] = []

  constructor(positionMs: number) {
    this.#positionMs = positionMs
  }

  get isPlaying(): boolean {
    return this.#anchorMs !== null
  }

  get speed(): number | null {
    return this.#speed
  }

  get loop(): TapeSpan | null {
    return this.#loop
  }

  /** @param mostMs - The tape cannot be beyond, because it ends there or is not read further yet. */
  position(nowMs: number, mostMs: number): number {
    if (this.#anchorMs === null || this.#speed === null) return Math.min(this.#positionMs, mostMs)
    return Math.min(this.#wrapped(this.#positionMs + (nowMs - this.#anchorMs) * this.#speed), mostMs)
  }

  /** Where it was told to go, when that is not read yet; else null. */
  wanted(mostMs: number): number | null {
    return this.#positionMs > mostMs ? this.#positionMs : null
  }

  play(nowMs: number): void {
    if (this.#anchorMs !== null) return
    this.#anchorMs = nowMs
    this.#samples = []
  }

  pause(nowMs: number, mostMs: number): void {
    this.#settle(nowMs, mostMs)
    this.#anchorMs = null
    this.#samples = []
  }

  /** Playing goes on from there. */
  seek(nowMs: number, atMs: number): void {
    this.#positionMs = atMs
    if (this.#anchorMs !== null) this.#anchorMs = nowMs
  }

  /** As fast as possible: the tape was moved on to here. */
  advance(nowMs: number, toMs: number): void {
    this.#travelledMs += Math.max(0, toMs - this.#positionMs)
    this.seek(nowMs, toMs)
  }

  setSpeed(nowMs: number, mostMs: number, speed: number | null): void {
    this.#settle(nowMs, mostMs)
    this.#speed = speed
    this.#samples = []
  }

  setLoop(nowMs: number, mostMs: number, loop: TapeSpan | null): void {
    this.#settle(nowMs, mostMs)
    this.#loop = loop
  }

  /** The tape waits: time that passes until it goes on does not count. */
  hold(nowMs: number, mostMs: number): void {
    // where it was told to go it goes when that is read
    if (this.wanted(mostMs) !== null && this.#anchorMs !== null) this.#anchorMs = nowMs
    else this.#settle(nowMs, mostMs)
  }

  /** How fast it has been lately; null while it does not play and right after it began to. To be asked at least twice a second. */
  measure(nowMs: number, mostMs: number): number | null {
    if (this.#anchorMs === null) return null
    const travelledMs = this.#travelledMs + this.#underWay(nowMs, mostMs)
    const last = this.#samples.at(-1)
    if (last === undefined || nowMs - last.nowMs >= SAMPLE_MS) this.#samples.push({ nowMs, travelledMs })
    while (this.#samples.length > 2 && nowMs - this.#samples[1]!.nowMs >= MEASURED_MS) this.#samples.shift()
    const [first] = this.#samples
    if (first === undefined || nowMs - first.nowMs < SAMPLE_MS) return null
    return (travelledMs - first.travelledMs) / (nowMs - first.nowMs)
  }

  #settle(nowMs: number, mostMs: number): void {
    this.#travelledMs += this.#underWay(nowMs, mostMs)
    this.#positionMs = this.position(nowMs, mostMs)
    if (this.#anchorMs !== null) this.#anchorMs = nowMs
  }

  #underWay(nowMs: number, mostMs: number): number {
    if (this.#anchorMs === null || this.#speed === null) return 0
    const straightMs = (nowMs - this.#anchorMs) * this.#speed
    if (this.#loop !== null && this.#isWithinLoop(this.#loop)) return straightMs
    return Math.min(straightMs, Math.max(0, mostMs - this.#positionMs))
  }

  /** Who starts behind the loop, or before it and never reaches its end, does not go round. */
  #wrapped(atMs: number): number {
    const loop = this.#loop
    if (loop === null || !this.#isWithinLoop(loop) || atMs < loop.toMs) return atMs
    return loop.fromMs + ((atMs - loop.fromMs) % (loop.toMs - loop.fromMs))
  }

  #isWithinLoop(loop: TapeSpan): boolean {
    return this.#positionMs < loop.toMs
  }
}
