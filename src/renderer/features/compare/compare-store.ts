import { create } from 'zustand'

/** Which rows are listed. */
export type Segment = 'all' | 'changed' | 'missing' | 'added' | 'moved' | 'slower'

interface CompareStore {
  readonly segment: Segment
  readonly filter: string
  /** What was typed, with commas between the fields. */
  readonly ignored: string
  /** Row of the comparison, whatever the filter. */
  readonly selected: number | null
  readonly segmentChosen: (segment: Segment) => void
  readonly filterTyped: (filter: string) => void
  readonly ignoreChosen: (ignored: string) => void
  readonly rowSelected: (row: number | null) => void
}

export const useCompare = create<CompareStore>()((set) => ({
  segment: 'all',
  filter: '',
  ignored: '',
  selected: null,
  segmentChosen: (segment) => set({ segment }),
  filterTyped: (filter) => set({ filter }),
  ignoreChosen: (ignored) => set({ ignored, selected: null }),
  rowSelected: (selected) => set({ selected }),
}))

const WORDS: Readonly<Record<Exclude<Segment, 'all'>, string>> = {
  changed: 'diff.kind == changed',
  missing: 'diff.kind == missing',
  added: 'diff.kind == added',
  moved: 'diff.kind == reordered',
  slower: 'diff.kind == slower',
}

/** What the core is asked for: the segment and what was typed, both. */
export function filterOf(segment: Segment, typed: string): string {
  const own = typed.trim()
  if (segment === 'all') return own
  return own === '' ? WORDS[segment] : `${WORDS[segment]} and (${own})`
}
