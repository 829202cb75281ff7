import type { StateCreator } from 'zustand'
import { compileFilter } from '../../shared/filter'
import type { FilterProblem } from '../../shared/filter/filter-types'
import type { ListView } from '../../shared/model/list-view'
import {
  type FilterChip,
  type FilterRule,
  type Filters,
  freeHue,
  MAX_CHIPS,
  NO_RULE,
  viewOf,
} from './filters'
import { narrowed, withSpan } from './filter-words'
import {
  keepChips,
  keepHistory,
  keepRule,
  keptChips,
  keptHistory,
  keptRule,
  MAX_HISTORY,
} from './kept-filters'
import type { ListViewSlice } from './list-view-slice'

/** The bar writes the filter, or looks for something in what is shown. */
export type BarMode = 'filter' | 'find'

/** A filter as it is being written. What was valid last stays in force. */
export interface Draft {
  readonly text: string
  readonly problem: FilterProblem | null
}

/** A chip whose filter stands in the bar to be changed, and what stood there before. */
export interface ChipEdit {
  readonly chipId: number
  readonly wasOn: boolean
  readonly before: FilterRule
}

export type FindOutcome = 'found' | 'wrapped' | 'none'

/** The filter bar: what is written, what is in force, the chips, and what is looked for. */
export interface FilterSlice {
  readonly filters: Filters
  readonly barMode: BarMode
  readonly drafts: Readonly<Record<BarMode, Draft>>
  readonly chipEdit: ChipEdit | null
  /** What came of looking for the next match. */
  readonly findOutcome: FindOutcome
  /** Filters used before, newest first. */
  readonly filterHistory: readonly string[]
  /** Chips as somebody else keeps them now. */
  readonly chipsTaken: (chips: readonly FilterChip[]) => void
  readonly findEnded: (outcome: FindOutcome) => void
  readonly barModeChosen: (mode: BarMode) => void
  readonly draftTyped: (text: string) => void
  /** Takes what is written into force, as far as it is understood. */
  readonly draftSettled: () => void
  /** The same, and remembers it. */
  readonly draftEntered: () => void
  readonly ruleChanged: (change: Partial<Pick<FilterRule, 'mode' | 'hue' | 'isOn'>>) => void
  /** Narrows the filter by one more condition, or by its opposite. */
  readonly filterNarrowed: (condition: string, isExcluded: boolean) => void
  /** Narrows the filter to a span of time, instead of the one before. */
  readonly filterSpanned: (span: string) => void
  readonly filterCleared: () => void
  /** Nothing is hidden any more: the bar and all chips that hide are switched off. */
  readonly hidingStopped: () => void
  readonly chipSaved: (name: string) => void
  readonly chipChanged: (chipId: number, change: Partial<Omit<FilterChip, 'chipId' | 'filter'>>) => void
  readonly chipRemoved: (chipId: number) => void
  readonly chipMoved: (chipId: number, step: 1 | -1) => void
  readonly chipEdited: (chipId: number) => void
  readonly chipEditEnded: (isSaved: boolean) => void
}

type Both = FilterSlice & Pick<ListViewSlice, 'listView' | 'listProblem'>
type Change = Partial<Both>

/** A view that stays the same stays the same object: another one is asked of the core. */
function inForce(listView: ListView, filters: Filters): Change {
  const { filter, marks } = viewOf(filters)
  const isSame =
    filter === listView.filter &&
    marks.length === listView.marks.length &&
    marks.every((mark, index) => mark === listView.marks[index])
  return isSame ? { filters } : { filters, listView: { ...listView, filter, marks }, listProblem: null }
}

export const createFilterSlice: StateCreator<Both, [], [], FilterSlice> = (set, get) => {
  const apply = (change: Partial<Filters>, more: Change = {}): void => {
    const { filters, listView, chipEdit } = get()
    const next = { ...filters, ...change }
    set({ ...inForce(listView, next), ...more })
    // what is tried out on a chip is no filter of its own
    if (chipEdit !== null || (more.chipEdit ?? null) !== null) return
    if (change.rule !== undefined) keepRule(next.rule)
    if (change.chips !== undefined) keepChips(next.chips)
  }
  const written = (mode: BarMode, text: string, problem: FilterProblem | null = null): Change => ({
    drafts: { ...get().drafts, [mode]: { text, problem } },
  })
  const remember = (filter: string): void => {
    if (filter.trim() === '') return
    const filterHistory = [filter, ...get().filterHistory.filter((other) => other !== filter)].slice(
      0,
      MAX_HISTORY,
    )
    keepHistory(filterHistory)
    set({ filterHistory })
  }
  const ruleTaken = (rule: FilterRule): void => apply({ rule }, written('filter', rule.filter))

  const settle = (): void => {
    const { barMode, drafts, filters } = get()
    const draft = drafts[barMode]
    const result = compileFilter(draft.text)
    const problem = result.ok ? null : (result.problems[0] ?? null)
    if (problem !== draft.problem) set(written(barMode, draft.text, problem))
    if (!result.ok) return
    const text = draft.text.trim()
    if (barMode === 'find') apply({ find: text })
    else if (text !== filters.rule.filter) apply({ rule: { ...filters.rule, filter: text, isOn: true } })
  }
  const chipsWith = (chipId: number, change: Partial<FilterChip>): readonly FilterChip[] =>
    get().filters.chips.map((chip) => (chip.chipId === chipId ? { ...chip, ...change } : chip))

  const rule = keptRule()
  return {
    filters: { rule, chips: keptChips(), find: '' },
    barMode: 'filter',
    drafts: { filter: { text: rule.filter, problem: null }, find: { text: '', problem: null } },
    chipEdit: null,
    findOutcome: 'found',
    filterHistory: keptHistory(),
    chipsTaken: (chips) => set({ ...inForce(get().listView, { ...get().filters, chips }), chipEdit: null }),
    findEnded: (findOutcome) => set({ findOutcome }),
    barModeChosen: (barMode) => {
      set({ barMode, findOutcome: 'found' })
      const { drafts, filters } = get()
      if (barMode === 'filter') apply({ find: '' })
      else if (drafts.find.problem === null && drafts.find.text.trim() !== filters.find) settle()
    },
    draftTyped: (text) => {
      const { barMode, drafts } = get()
      // the place of a problem is told again when the text has been looked at
      set({ findOutcome: 'found' })
      set(written(barMode, text, drafts[barMode].problem === null ? null : stillAt(drafts[barMode], text)))
    },
    draftSettled: settle,
    draftEntered: () => {
      settle()
      const { barMode, drafts, filters } = get()
      if (drafts[barMode].problem !== null) return
      if (barMode === 'filter' && !filters.rule.isOn) apply({ rule: { ...filters.rule, isOn: true } })
      if (get().chipEdit === null) remember(drafts[barMode].text.trim())
    },
    ruleChanged: (change) => apply({ rule: { ...get().filters.rule, ...change } }),
    filterNarrowed: (condition, isExcluded) => {
      const { filters } = get()
      const before = filters.rule.isOn ? filters.rule.filter : ''
      const filter = narrowed(before, condition, isExcluded)
      if (!compileFilter(filter).ok) return // over the length of a filter: it stays as it is
      ruleTaken({ ...filters.rule, filter, isOn: true })
      remember(filter)
    },
    filterSpanned: (span) => {
      const { rule } = get().filters
      const filter = withSpan(rule.isOn ? rule.filter : '', span)
      if (compileFilter(filter).ok) ruleTaken({ ...rule, filter, isOn: true })
    },
    filterCleared: () => ruleTaken({ ...get().filters.rule, filter: '', isOn: true }),
    hidingStopped: () => {
      const { rule, chips } = get().filters
      const off = <T extends FilterRule>(one: T): T => (one.mode === 'hide' ? { ...one, isOn: false } : one)
      apply({ rule: off(rule), chips: chips.map(off) })
    },
    chipSaved: (name) => {
      const { rule, chips } = get().filters
      if (rule.filter === '' || chips.length >= MAX_CHIPS) return
      const chipId = Math.max(0, ...chips.map((chip) => chip.chipId)) + 1
      const kept = [...chips, { ...rule, isOn: true, chipId, name }]
      apply({ chips: kept, rule: { ...NO_RULE, mode: rule.mode, hue: freeHue(kept) } }, written('filter', ''))
    },
    chipChanged: (chipId, change) => apply({ chips: chipsWith(chipId, change) }),
    chipRemoved: (chipId) => apply({ chips: get().filters.chips.filter((chip) => chip.chipId !== chipId) }),
    chipMoved: (chipId, step) => {
      const chips = [...get().filters.chips]
      const at = chips.findIndex((chip) => chip.chipId === chipId)
      const to = at + step
      if (at < 0 || to < 0 || to >= chips.length) return
      ;[chips[at], chips[to]] = [chips[to]!, chips[at]!]
      apply({ chips })
    },
    chipEdited: (chipId) => {
      if (get().chipEdit !== null) get().chipEditEnded(false)
      const { filters } = get()
      const chip = filters.chips.find((one) => one.chipId === chipId)
      if (chip === undefined) return
      const { filter, mode, hue } = chip
      apply(
        { rule: { filter, mode, hue, isOn: true }, chips: chipsWith(chipId, { isOn: false }), find: '' },
        {
          ...written('filter', filter),
          barMode: 'filter',
          chipEdit: { chipId, wasOn: chip.isOn, before: filters.rule },
        },
      )
    },
    chipEditEnded: (isSaved) => {
      const { chipEdit, filters, drafts } = get()
      if (chipEdit === null || (isSaved && drafts.filter.problem !== null)) return
      const { filter, mode, hue } = filters.rule
      const change = isSaved && filter !== '' ? { filter, mode, hue, isOn: true } : { isOn: chipEdit.wasOn }
      set({ chipEdit: null })
      apply(
        { rule: chipEdit.before, chips: chipsWith(chipEdit.chipId, change) },
        written('filter', chipEdit.before.filter),
      )
    },
  }
}

/** What is typed behind a problem, or far before it, does not move it; else it is gone until the text is looked at. */
function stillAt({ text: before, problem }: Draft, text: string): FilterProblem | null {
  if (problem === null || problem.to >= before.trimEnd().length) return null
  return text.startsWith(before.slice(0, problem.to)) ? problem : null
}

export const selectDraft = (s: FilterSlice): Draft => s.drafts[s.barMode]
