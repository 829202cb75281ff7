/** A place of a recording that is not what was written. */
export interface Damage {
  /** Place in the file, in bytes. */
  readonly offset: number
  readonly byteCount: number
  readonly why: string
  /** What `recover` does about it: these bytes are missing in the new file, or stand there as they should. */
  readonly recovery: 'left-out' | 'made-again'
}

const MAX_DAMAGE_KEPT = 1000

/** Damaged places: all are counted, the first are kept. */
export class DamageList {
  readonly #places: Damage[] = []
  #count = 0

  get places(): readonly Damage[] {
    return this.#places
  }

  get count(): number {
    return this.#count
  }

  add(offset: number, endOffset: number, why: string, recovery: Damage['recovery'] = 'made-again'): void {
    this.#count += 1
    if (this.#places.length >= MAX_DAMAGE_KEPT) return
    this.#places.push({ offset, byteCount: endOffset - offset, why, recovery })
  }
}
