/** Frames remembered: enough to tell 1e-4 from 1e-3 with chunks that suit both. */
const REMEMBERED = 128
/** Of them the latest, which show a line that went bad a moment ago. */
const RECENT = 24
/** Assumed before anything was seen, and how many frames that assumption weighs. */
const PRIOR_PER_BYTE = 1e-5
const PRIOR_FRAMES = 16
/** A few losses close together are chance, or one burst, more often than not. */
const RECENT_WEIGHT = 0.5

/**
 * How often damage happens on the way out, per byte, from the fate of the last frames. Losses in a row count once: what the
 * chunk size can change is how often an event hits a frame, not how many frames fit into it. The latest frames count each,
 * at half, so that the chunks of a line which lost nearly everything shrink at once.
 */
export class DamageEstimate {
  readonly #isLost = new Uint8Array(REMEMBERED)
  readonly #beginsLoss = new Uint8Array(REMEMBERED)
  readonly #wireBytes = new Int32Array(REMEMBERED)
  #count = 0
  #framesSinceLoss = 0
  #bytesSinceLoss = 0

  note(isLost: boolean, wireBytes: number): void {
    const at = this.#count % REMEMBERED
    this.#isLost[at] = isLost ? 1 : 0
    this.#beginsLoss[at] = isLost && (this.#framesSinceLoss > 0 || this.#count === 0) ? 1 : 0
    this.#wireBytes[at] = wireBytes
    this.#count += 1
    this.#framesSinceLoss = isLost ? 0 : this.#framesSinceLoss + 1
    this.#bytesSinceLoss = isLost ? 0 : this.#bytesSinceLoss + wireBytes
  }

  /** Damage probability per byte. */
  get perByte(): number {
    const usual = this.#over(REMEMBERED, this.#beginsLoss)
    // After a long time without a loss the assumption of the beginning is worth less than that time.
    if (this.#framesSinceLoss >= REMEMBERED) return Math.min(usual, 1 / this.#bytesSinceLoss)
    return Math.max(usual, RECENT_WEIGHT * this.#over(RECENT, this.#isLost))
  }

  #over(frames: number, losses: Uint8Array): number {
    const seen = Math.min(this.#count, frames)
    if (seen === 0) return PRIOR_PER_BYTE
    let lost = 0
    let bytes = 0
    for (let back = 1; back <= seen; back++) {
      const at = (this.#count - back) % REMEMBERED
      lost += losses[at]!
      bytes += this.#wireBytes[at]!
    }
    const meanBytes = bytes / seen
    const priorLost = PRIOR_FRAMES * Math.min(0.5, PRIOR_PER_BYTE * meanBytes)
    const share = Math.min(0.95, (lost + priorLost) / (seen + PRIOR_FRAMES))
    return -Math.log(1 - share) / meanBytes
  }
}
