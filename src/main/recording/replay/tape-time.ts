import type { TraceEvent } from '../../../shared/model/trace'

/** Longer recordings are split; a time beyond is one that cannot be. */
export const MAX_TAPE_MS = 31 * 24 * 3_600_000
/** Entries are written in the order in which they were told, which is nearly that of their times. */
const USUAL_DISORDER_MS = 2000
/** A frame may have begun long before it is told, on a slow line, and end a little later. */
const LONGEST_FRAME_MS = 3_600_000

/**
 * Where the entries of a recording stand on the tape: times that never go back and lie within its bounds, whatever a file
 * claims. What cannot be stands at the time of the entry before, and is counted.
 */
export class TapeTime {
  #fromMs: number | null = null
  #lastMs = 0
  #misplaced = 0

  get misplaced(): number {
    return this.#misplaced
  }

  /** Null before the first entry. */
  get fromMs(): number | null {
    return this.#fromMs
  }

  get lastMs(): number {
    return this.#lastMs
  }

  /** Goes on from here, and leaves this one as it is. */
  fork(): TapeTime {
    const fork = new TapeTime()
    fork.#fromMs = this.#fromMs
    fork.#lastMs = this.#lastMs
    return fork
  }

  /** @returns The time of this entry on the tape. */
  place(atMs: number): number {
    if (this.#fromMs === null) {
      if (Math.abs(atMs) > MAX_TAPE_MS) this.#misplaced += 1
      this.#fromMs = Math.min(MAX_TAPE_MS, Math.max(0, atMs))
      this.#lastMs = this.#fromMs
      return this.#fromMs
    }
    const isAbsurd = atMs > this.#fromMs + MAX_TAPE_MS || atMs < this.#lastMs - USUAL_DISORDER_MS
    if (isAbsurd) this.#misplaced += 1
    else if (atMs > this.#lastMs) this.#lastMs = atMs
    return this.#lastMs
  }

  /** The event as it may be shown: with times near to where it stands. The event itself where that is so already. */
  within(event: TraceEvent, placedMs: number): TraceEvent {
    const isNear = Math.abs(event.atMs - placedMs) <= USUAL_DISORDER_MS
    if (event.type === 'bytes') return isNear ? event : atAnotherTime(event, placedMs)
    if (event.type !== 'frame') return isNear ? event : { ...event, atMs: placedMs }
    const { startMs, endMs } = event
    const isFrameNear =
      startMs <= endMs && placedMs - startMs <= LONGEST_FRAME_MS && endMs - placedMs <= LONGEST_FRAME_MS
    if (isNear && isFrameNear) return event
    if (isNear) this.#misplaced += 1
    return { ...event, atMs: placedMs, startMs: placedMs, endMs: placedMs }
  }
}

/** Its bytes may be asked for but once, and late. */
function atAnotherTime(event: Extract<TraceEvent, { type: 'bytes' }>, atMs: number): TraceEvent {
  const { linkId, dir, streamOffset, byteCount, bytes } = event
  return { type: 'bytes', linkId, atMs, dir, streamOffset, byteCount, bytes }
}
