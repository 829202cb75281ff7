const FIRST_CAPACITY = 64
/** No key: keys are positive. */
const EMPTY = 0

/**
 * Values by message key. Used instead of a Map where every message comes and goes: a Map allocates as it churns, and what it
 * leaves behind outlives several collections. Open addressing, linear probing; memory follows the most entries ever.
 */
export class KeyTable<V> {
  #keys = new Float64Array(FIRST_CAPACITY)
  #values = new Array<V | undefined>(FIRST_CAPACITY).fill(undefined)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @param key - A whole number above 0. */
  get(key: number): V | undefined {
    const at = this.#find(key)
    return this.#keys[at] === key ? this.#values[at] : undefined
  }

  set(key: number, value: V): void {
    if (2 * this.#size >= this.#keys.length) this.#grow()
    const at = this.#find(key)
    if (this.#keys[at] === EMPTY) this.#size += 1
    this.#keys[at] = key
    this.#values[at] = value
  }

  delete(key: number): void {
    const mask = this.#keys.length - 1
    let gap = this.#find(key)
    if (this.#keys[gap] === EMPTY) return
    this.#size -= 1
    // Whoever stands behind the gap and would rather stand in it moves up.
    for (let at = (gap + 1) & mask; this.#keys[at] !== EMPTY; at = (at + 1) & mask) {
      const home = slotOf(this.#keys[at]!, mask)
      if (((at - home) & mask) < ((at - gap) & mask)) continue
      this.#keys[gap] = this.#keys[at]!
      this.#values[gap] = this.#values[at]
      gap = at
    }
    this.#keys[gap] = EMPTY
    this.#values[gap] = undefined
  }

  clear(): void {
    this.#keys.fill(EMPTY)
    this.#values.fill(undefined)
    this.#size = 0
  }

  /** All values, in no particular order. */
  values(): V[] {
    const all: V[] = []
    for (let at = 0; at < this.#keys.length; at++) if (this.#keys[at] !== EMPTY) all.push(this.#values[at]!)
    return all
  }

  /** Where the key is, or would be. */
  #find(key: number): number {
    const mask = this.#keys.length - 1
    let at = slotOf(key, mask)
    while (this.#keys[at] !== EMPTY && this.#keys[at] !== key) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const keys = this.#keys
    const values = this.#values
    this.#keys = new Float64Array(2 * keys.length)
    this.#values = new Array<V | undefined>(2 * keys.length).fill(undefined)
    this.#size = 0
    for (let at = 0; at < keys.length; at++) if (keys[at] !== EMPTY) this.set(keys[at]!, values[at]!)
  }
}

/** Keys count up, so neighbours get neighbouring places. */
const slotOf = (key: number, mask: number): number => key & mask
