import { type ListView, MAX_FILTER_LENGTH, MAX_MARKS } from '../../shared/model/list-view'

export const FILTER_MODES = ['hide', 'dim', 'colour'] as const
/** What a filter does: `hide` and `dim` to what does not match, `colour` to what does. */
export type FilterMode = (typeof FILTER_MODES)[number]

export const HUES = [1, 2, 3, 4, 5, 6, 7, 8] as const
/** One of the eight stream hues. */
export type Hue = (typeof HUES)[number]

/** A filter and what it does. */
export interface FilterRule {
  /** Understood by the language; empty for none. */
  readonly filter: string
  readonly mode: FilterMode
  readonly hue: Hue
  readonly isOn: boolean
}

/** A filter with a name, switched on and off by itself. */
export interface FilterChip extends FilterRule {
  readonly chipId: number
  readonly name: string
}

/** Everything that decides which messages are shown, and how. */
export interface Filters {
  /** What stands in the bar. */
  readonly rule: FilterRule
  readonly chips: readonly FilterChip[]
  /** What is looked for: matches are lit, nothing is hidden. Empty when nobody looks for anything. */
  readonly find: string
}

export const NO_RULE: FilterRule = { filter: '', mode: 'hide', hue: 2, isOn: true }
/** The bar and the search may need a mark each. */
export const MAX_CHIPS = MAX_MARKS - 2
export const MAX_CHIP_NAME = 40

/** One thing that is done to rows which match, or do not. */
export interface RowRule {
  readonly filter: string
  readonly effect: 'dim' | 'colour' | 'find'
  readonly hue: Hue
  /** Of its chip; empty for the bar. */
  readonly name: string
}

const works = ({ filter, isOn }: FilterRule): boolean => isOn && filter.trim() !== ''

/** The bar first: what is being written decides over what was kept. */
const working = ({ rule, chips }: Filters): (FilterRule & { readonly name: string })[] =>
  [{ ...rule, name: '' }, ...chips].filter(works)

/** All that hides, as one filter; empty when nothing is hidden. */
export function hidingFilter(filters: Filters): string {
  const hiding = working(filters).filter(({ mode }) => mode === 'hide')
  if (hiding.length < 2) return hiding[0]?.filter ?? ''
  return [...new Set(hiding.map(({ filter }) => `(${filter})`))].join(' and ')
}

/** What changes the look of rows; the first that matches decides the colour. */
export function rowRules(filters: Filters): RowRule[] {
  const rules = working(filters).flatMap(({ filter, mode, hue, name }): RowRule[] =>
    mode === 'hide' ? [] : [{ filter, effect: mode, hue, name }],
  )
  if (filters.find.trim() !== '') rules.push({ filter: filters.find, effect: 'find', hue: 1, name: '' })
  return rules
}

/** The filters that each row is to be judged by. */
export const marksOf = (rules: readonly RowRule[]): string[] => [
  ...new Set(rules.map(({ filter }) => filter)),
]

/** The view that filters ask for. */
export const viewOf = (filters: Filters): Pick<ListView, 'filter' | 'marks'> => ({
  filter: hidingFilter(filters),
  marks: marksOf(rowRules(filters)),
})

/** The same for the lanes: what is looked for stands out there because everything else steps back. */
export function laneRules(
  filters: Filters,
): { readonly filter: string; readonly effect: FilterMode; readonly hue: number }[] {
  const hiding = hidingFilter(filters)
  const rules = rowRules(filters).map(({ filter, effect, hue }) => ({
    filter,
    effect: effect === 'find' ? ('dim' as const) : effect,
    hue,
  }))
  // one that is too long is refused by the list, and told there
  if (hiding === '' || hiding.length > MAX_FILTER_LENGTH) return rules
  return [{ filter: hiding, effect: 'hide', hue: 0 }, ...rules]
}

/** A hue that no chip has yet, so that a new one can be told apart. */
export function freeHue(chips: readonly FilterChip[]): Hue {
  const taken = new Set(chips.filter(({ mode }) => mode === 'colour').map(({ hue }) => hue))
  return HUES.find((hue) => hue > 1 && !taken.has(hue)) ?? NO_RULE.hue
}
