import type { ExplanationPartName } from '../../../shared/model/explanation'
import type { Interval } from './interval-log'

/** What a wait is called where nothing tells more. */
export type Wait = 'queued' | 'peer' | 'unknown'

/** What frames of one message took of the time of another. */
export interface BlockedTime {
  readonly messageId: number
  ms: number
  bytes: number
  frames: number
  frameBytes: number
}

/** A frame on the line. */
export interface LineFrame {
  readonly messageId: number
  readonly startMs: number
  readonly endMs: number
  readonly wireBytes: number
  readonly payloadBytes: number
}

const WAITS: ReadonlySet<ExplanationPartName> = new Set<ExplanationPartName>(['queued', 'peer', 'unknown'])

/**
 * Divides the time of a message. A cursor runs from its beginning to its end and every step is booked as one thing, so that
 * nothing is counted twice or left out. Times when the link was down go before everything; waits while the session was not
 * up are booked as that.
 */
export class TimeTally {
  readonly parts = new Map<ExplanationPartName, number>()
  readonly blocked = new Map<number, BlockedTime>()
  readonly answerBlocked = new Map<number, BlockedTime>()
  readonly #untilMs: number
  readonly #down: readonly Interval[]
  readonly #quiet: readonly Interval[]
  #atMs: number

  constructor(fromMs: number, untilMs: number, down: readonly Interval[], quiet: readonly Interval[]) {
    this.#atMs = fromMs
    this.#untilMs = untilMs
    this.#down = down
    this.#quiet = quiet
  }

  get atMs(): number {
    return this.#atMs
  }

  /** Up to `toMs` it was this. Returns the milliseconds booked as it. */
  add(part: ExplanationPartName, toMs: number): number {
    const endMs = Math.min(toMs, this.#untilMs)
    let bookedMs = 0
    while (this.#atMs < endMs) {
      const [name, stepMs] = this.#next(part, endMs)
      const ms = stepMs - this.#atMs
      this.#atMs = stepMs
      this.#book(name, ms)
      if (name === part) bookedMs += ms
    }
    return bookedMs
  }

  /** A frame of the message itself: what it carries, and what frames it. */
  addOwn(frame: LineFrame, isRepeat: boolean): void {
    if (isRepeat) {
      this.add('repeated', frame.endMs)
      return
    }
    const ms = this.add('wire', frame.endMs)
    // A body may be longer than what it was on the line: compressed, or packed more tightly than JSON.
    const payloadMs = frame.wireBytes > 0 ? Math.min(ms, (ms * frame.payloadBytes) / frame.wireBytes) : ms
    if (payloadMs === ms) return
    this.#book('wire', payloadMs - ms)
    this.#book('overhead', ms - payloadMs)
  }

  addBlocked(part: 'blocked' | 'answer-blocked', frame: LineFrame): void {
    const ms = this.add(part, frame.endMs)
    if (ms <= 0) return
    const blockers = part === 'blocked' ? this.blocked : this.answerBlocked
    let blocker = blockers.get(frame.messageId)
    if (blocker === undefined) {
      blocker = { messageId: frame.messageId, ms: 0, bytes: 0, frames: 0, frameBytes: 0 }
      blockers.set(frame.messageId, blocker)
    }
    blocker.ms += ms
    blocker.bytes += (frame.wireBytes * ms) / (frame.endMs - frame.startMs)
    blocker.frames += 1
    blocker.frameBytes = Math.max(blocker.frameBytes, frame.wireBytes)
  }

  /** What was booked as one thing was another. */
  rename(from: ExplanationPartName, to: ExplanationPartName): void {
    const ms = this.parts.get(from)
    if (ms === undefined) return
    this.parts.delete(from)
    this.#book(to, ms)
  }

  #book(name: ExplanationPartName, ms: number): void {
    this.parts.set(name, Math.max(0, (this.parts.get(name) ?? 0) + ms))
  }

  /** What the time from the cursor on is, and up to when, at most to `endMs`. */
  #next(part: ExplanationPartName, endMs: number): readonly [ExplanationPartName, number] {
    const down = firstAfter(this.#down, this.#atMs)
    if (down !== undefined && down.fromMs <= this.#atMs) return ['link-down', Math.min(endMs, down.toMs)]
    const untilMs = Math.min(endMs, down?.fromMs ?? endMs)
    if (!WAITS.has(part)) return [part, untilMs]
    const quiet = firstAfter(this.#quiet, this.#atMs)
    if (quiet !== undefined && quiet.fromMs <= this.#atMs) return ['session', Math.min(untilMs, quiet.toMs)]
    return [part, Math.min(untilMs, quiet?.fromMs ?? untilMs)]
  }
}

const firstAfter = (intervals: readonly Interval[], atMs: number): Interval | undefined =>
  intervals.find(({ toMs }) => toMs > atMs)
