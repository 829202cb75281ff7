import type { ChunkRing } from './chunk-ring'
import type { LaneAxis } from './lane-axis'
import { PlayheadClock } from './playhead-clock'
import { SessionClock } from './session-clock'
import { FOLLOW_DELAY_MS } from './time-scale'
import { BACKLOG_MS, type LanePlayhead, type PackedBatch } from './worker-protocol'

/** Of the picture, after the playhead that it follows. */
const AHEAD_SHARE = 0.5

/** What is now in the lanes: the time of the session while it goes on, or where a recording stands. */
export class LanesTime {
  readonly #clock = new SessionClock()
  /** Null while what is shown happens now. */
  #playhead: PlayheadClock | null = null
  /** Before this instant nothing was asked for. */
  #askedFromMs = -Infinity

  get isRecording(): boolean {
    return this.#playhead !== null
  }

  /** The playhead of a recording moves. */
  get isPlaying(): boolean {
    return this.#playhead?.isMoving === true
  }

  get isRunning(): boolean {
    return this.#playhead?.isMoving ?? this.#clock.isRunning
  }

  /** Something was told of the time: the picture can follow it. */
  get isKnown(): boolean {
    return this.#playhead !== null || this.#clock.isRunning
  }

  /** @param localMs - The local monotonic clock now; here and below. */
  tellPlayhead(playhead: LanePlayhead | null, localMs: number): void {
    if (playhead === null) this.#playhead = null
    else if (this.#playhead === null) this.#playhead = new PlayheadClock(playhead, localMs)
    else this.#playhead.tell(playhead, localMs)
  }

  takeBatch({ isReset, nowMs }: PackedBatch, localMs: number): void {
    if (isReset) {
      this.#clock.reset()
      this.#askedFromMs = nowMs - BACKLOG_MS
    }
    this.#clock.sample(nowMs, localMs)
  }

  read(localMs: number): number {
    return this.#playhead?.read(localMs) ?? this.#clock.read(localMs)
  }

  /** Where the right edge belongs while following. What comes after the playhead is to be seen as well. */
  edgeAt(nowMs: number, axis: LaneAxis, span: number): number {
    if (this.#playhead === null) return axis.ofTime(nowMs - FOLLOW_DELAY_MS)
    return axis.ofTime(nowMs) + span * AHEAD_SHARE
  }

  /** How far one may go to the right by hand. */
  lastEdge(edge: number, axis: LaneAxis): number {
    return this.#playhead === null ? edge : Math.max(edge, axis.bounds()?.to ?? edge)
  }

  /** Chunks before this instant may have been captured, but are not (or no longer) here. */
  keptFromMs(ring: ChunkRing): number {
    const evictedToMs = ring.firstSeq > 0 ? (ring.bounds()?.fromMs ?? -Infinity) : -Infinity
    return this.#playhead === null ? Math.max(this.#askedFromMs, evictedToMs) : evictedToMs
  }
}
