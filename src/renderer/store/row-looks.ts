import type { RowRule } from './filters'

/** How the filters in force change the look of one row. */
export interface RowLook {
  readonly isDim: boolean
  readonly isFound: boolean
  /** The colour rule it falls under. */
  readonly colour: RowRule | null
}

const PLAIN_LOOK: RowLook = { isDim: false, isFound: false, colour: null }

/** Looks by the bits of `ListMessage.matches`. Few combinations occur, so each is worked out once. */
export class RowLooks {
  readonly #rules: readonly (RowRule & { readonly bit: number })[]
  readonly #looks = new Map<number, RowLook>()

  /** @param marks - The filters that the rows on screen were judged by, in the order of their bits. */
  constructor(rules: readonly RowRule[], marks: readonly string[]) {
    this.#rules = rules
      .map((rule) => ({ ...rule, bit: marks.indexOf(rule.filter) }))
      .filter(({ bit }) => bit >= 0)
  }

  lookOf(matches: number): RowLook {
    if (this.#rules.length === 0) return PLAIN_LOOK
    const known = this.#looks.get(matches)
    if (known !== undefined) return known
    const isMatch = ({ bit }: { readonly bit: number }): boolean => (matches & (1 << bit)) !== 0
    const look: RowLook = {
      isDim: this.#rules.some((rule) => rule.effect === 'dim' && !isMatch(rule)),
      isFound: this.#rules.some((rule) => rule.effect === 'find' && isMatch(rule)),
      colour: this.#rules.find((rule) => rule.effect === 'colour' && isMatch(rule)) ?? null,
    }
    this.#looks.set(matches, look)
    return look
  }
}
