/**
 * Ids by key for the latest `atLeast` keys, up to twice as many. Two generations instead of deleting the oldest one by
 * one: a Map finds its first entry only after all that were deleted before it.
 */
export class RecentKeys {
  readonly #atLeast: number
  #young = new Map<number, number>()
  #old = new Map<number, number>()

  constructor(atLeast: number) {
    this.#atLeast = atLeast
  }

  add(key: number, id: number): void {
    if (this.#young.size >= this.#atLeast) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, id)
  }

  get(key: number): number | undefined {
    return this.#young.get(key) ?? this.#old.get(key)
  }

  /** Gives ids new numbers; keys of those that get none are forgotten. */
  renumber(newIdOf: (id: number) => number | undefined): void {
    this.#young = renumbered(this.#young, newIdOf)
    this.#old = renumbered(this.#old, newIdOf)
  }
}

function renumbered(
  keys: ReadonlyMap<number, number>,
  newIdOf: (id: number) => number | undefined,
): Map<number, number> {
  const kept = new Map<number, number>()
  for (const [key, id] of keys) {
    const newId = newIdOf(id)
    if (newId !== undefined) kept.set(key, newId)
  }
  return kept
}
