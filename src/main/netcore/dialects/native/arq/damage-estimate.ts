/** Frames remembered: enough to tell 1e-4 from 1e-3 with chunks that suit both. */
const REMEMBERED = 128
/** Of them the latest, which show a burst while it lasts. */
const RECENT = 24
/** Assumed before anything was seen, and how many frames that assumption weighs. */
const PRIOR_PER_BYTE = 1e-5
const PRIOR_FRAMES = 16
/** A few losses in a row are chance more often than not. */
const RECENT_WEIGHT = 0.5

/**
 * How likely a byte is damaged on the way out, from the fate of the last frames. Bad news count at once: a burst shows in the
 * latest frames long before it shows in all that are remembered.
 */
export class DamageEstimate {
  readonly #isLost = new Uint8Array(REMEMBERED)
  readonly #wireBytes = new Int32Array(REMEMBERED)
  #count = 0
  #framesSinceLoss = 0
  #bytesSinceLoss = 0

  note(isLost: boolean, wireBytes: number): void {
    this.#framesSinceLoss = isLost ? 0 : this.#framesSinceLoss + 1
    this.#bytesSinceLoss = isLost ? 0 : this.#bytesSinceLoss + wireBytes
    const at = this.#count % REMEMBERED
    this.#isLost[at] = isLost ? 1 : 0
    this.#wireBytes[at] = wireBytes
    this.#count += 1
  }

  /** Damage probability per byte. */
  get perByte(): number {
    // After a long time without a loss the assumption of the beginning is worth less than that time.
    if (this.#framesSinceLoss >= REMEMBERED) {
      return Math.min(this.#over(REMEMBERED), 1 / this.#bytesSinceLoss)
    }
    return Math.max(this.#over(REMEMBERED), RECENT_WEIGHT * this.#over(RECENT))
  }

  #over(frames: number): number {
    const seen = Math.min(this.#count, frames)
    if (seen === 0) return PRIOR_PER_BYTE
    let lost = 0
    let bytes = 0
    for (let back = 1; back <= seen; back++) {
      const at = (this.#count - back) % REMEMBERED
      lost += this.#isLost[at]!
      bytes += this.#wireBytes[at]!
    }
    const meanBytes = bytes / seen
    const priorLost = PRIOR_FRAMES * Math.min(0.5, PRIOR_PER_BYTE * meanBytes)
    const share = Math.min(0.95, (lost + priorLost) / (seen + PRIOR_FRAMES))
    return -Math.log(1 - share) / meanBytes
  }
}
