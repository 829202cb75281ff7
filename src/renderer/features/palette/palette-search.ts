import { fuzzyMatch } from './fuzzy'
import type { PaletteEntry } from './palette-entry'

export interface FoundEntry {
  readonly entry: PaletteEntry
  /** Letters of the title to be lit. */
  readonly at: readonly number[]
}

/** So many are shown: who looks for the next one types a letter more. */
export const MAX_FOUND = 100

/** How much what was used last goes before the others, the newest most. */
const RECENT_SCORE = 6

/** Entries with their text in lower case, made once per opening. */
export class PaletteIndex {
  readonly #rows: readonly {
    readonly entry: PaletteEntry
    readonly title: string
    readonly all: string
  }[]

  constructor(entries: readonly PaletteEntry[]) {
    this.#rows = entries.map((entry) => ({
      entry,
      title: entry.title.toLowerCase(),
      all: `${entry.title} ${entry.detail} ${entry.words}`.toLowerCase(),
    }))
  }

  /**
   * The entries that match, the best first; without a query what was used last, then all in their order.
   *
   * @param recent - Ids, the newest first.
   */
  find(query: string, recent: readonly string[]): { found: readonly FoundEntry[]; total: number } {
    const wanted = query.toLowerCase().trim()
    const age = new Map(recent.map((id, index) => [id, index]))
    const scored: { entry: PaletteEntry; at: readonly number[]; score: number; order: number }[] = []
    this.#rows.forEach(({ entry, title, all }, order) => {
      const used = age.get(entry.id)
      const fresh = used === undefined ? 0 : RECENT_SCORE / (1 + used)
      if (wanted === '') {
        scored.push({ entry, at: [], score: fresh, order })
        return
      }
      const inTitle = fuzzyMatch(wanted, title)
      const match = inTitle ?? fuzzyMatch(wanted, all)
      if (match === null) return
      const score = (inTitle === null ? match.score / 2 : match.score) + fresh
      scored.push({ entry, at: inTitle?.at ?? [], score, order })
    })
    scored.sort((one, other) => other.score - one.score || one.order - other.order)
    return { found: scored.slice(0, MAX_FOUND).map(({ entry, at }) => ({ entry, at })), total: scored.length }
  }
}
