/** Frames of one message beyond a gap that are kept until the gap is filled: as many as may be unsettled on a line. */
const MAX_KEPT = 64

interface Piece<F> {
  readonly from: number
  readonly to: number
  readonly frame: F
}

/**
 * Puts what was repeated out of order back in order. Positions count the bytes of one half of an exchange; the end of each
 * message takes one as well.
 */
export class ReadingOrder<F> {
  readonly #kept: Piece<F>[] = []
  #next = 0

  /** Position that is read next. */
  get next(): number {
    return this.#next
  }

  /** The position that 16 bits of it mean here. */
  nearest(low16: number): number {
    const distance = (low16 - this.#next) & 0xffff
    return Math.max(0, this.#next + (distance < 0x8000 ? distance : distance - 0x10000))
  }

  /**
   * Takes a frame and returns those that can be read now, in order: none while something before it is missing, none for
   * what was read already. When too much is kept the gap is given up, and reading goes on behind it.
   */
  take(from: number, to: number, frame: F): { readonly frames: readonly F[]; readonly hasGap: boolean } {
    if (to < this.#next || (to === this.#next && to > from)) return NOTHING
    if (from > this.#next) {
      if (!this.#kept.some((piece) => piece.from === from)) this.#kept.push({ from, to, frame })
      if (this.#kept.length <= MAX_KEPT) return NOTHING
      this.#kept.sort((a, b) => a.from - b.from)
      this.#next = this.#kept[0]!.from
      return { frames: this.#readable([]), hasGap: true }
    }
    this.#next = Math.max(this.#next, to)
    return { frames: this.#readable([frame]), hasGap: false }
  }

  #readable(frames: F[]): F[] {
    for (let found = true; found; ) {
      found = false
      for (let index = 0; index < this.#kept.length; index++) {
        const piece = this.#kept[index]!
        if (piece.from > this.#next) continue
        this.#kept.splice(index, 1)
        found = true
        if (piece.to > this.#next) {
          this.#next = piece.to
          frames.push(piece.frame)
        }
        break
      }
    }
    return frames
  }
}

const NOTHING = { frames: [], hasGap: false } as const
