import type { LanePlayhead } from './worker-protocol'

/** Of a small difference to what the picture shows, this share is taken over with each word of the core: it moves evenly. */
const CATCH_UP = 0.25
const JUMP_MS = 60

/** Tells where the playhead of a recording is between two words of the core. */
export class PlayheadClock {
  #told: LanePlayhead
  #atMs: number
  #localMs: number

  /** @param localMs - The local monotonic clock now. */
  constructor(told: LanePlayhead, localMs: number) {
    this.#told = told
    this.#atMs = told.atMs
    this.#localMs = localMs
  }

  get isMoving(): boolean {
    return this.#told.speed > 0
  }

  tell(told: LanePlayhead, localMs: number): void {
    const shownMs = this.read(localMs)
    const differenceMs = told.atMs - shownMs
    const isJump = told.speed === 0 || Math.abs(differenceMs) > JUMP_MS * Math.max(1, told.speed)
    this.#told = told
    this.#atMs = isJump ? told.atMs : shownMs + differenceMs * CATCH_UP
    this.#localMs = localMs
  }

  read(localMs: number): number {
    return Math.min(this.#told.mostMs, this.#atMs + (localMs - this.#localMs) * this.#told.speed)
  }
}
