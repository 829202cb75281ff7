import type { StateCreator } from 'zustand'
import type { WireError } from '../../shared/errors'
import type { CopyShape, ListChanged, ListView } from '../../shared/model/list-view'
import type { Note } from '../../shared/model/notes'
import { viewOf } from './filters'
import { keptChips, keptRule } from './kept-filters'
import { keepSetting, readSetting } from './kept-settings'
import { type Column, fieldsOf, parseColumns, printColumns, USUAL_COLUMNS } from './list-columns'
import { clipSelection, NO_SELECTION, type RowSelection } from './row-selection'

export const DENSITIES = ['compact', 'normal', 'roomy'] as const
export type Density = (typeof DENSITIES)[number]

/** In the order in which they are offered. */
export const COPY_SHAPES = [
  'text',
  'hex',
  'c-array',
  'base64',
  'json',
  'command',
  'filter',
  'markdown',
] as const satisfies readonly CopyShape[]

const SETTINGS = { columns: 'list-columns', copyShape: 'copy-shape', density: 'density' } as const

/** What the message list shows: the view asked for, the rows there are in it, which of them are selected. */
export interface ListViewSlice {
  /** The view the person asked for, by the filters in force. What is on screen follows when the core has the first of it. */
  readonly listView: ListView
  readonly listColumns: readonly Column[]
  /** Fields of the filter language among the columns. */
  readonly listFields: readonly string[]
  /** The rows of the view on screen. */
  readonly listed: ListChanged
  /** The same when the view was paused: rows beyond are not shown. */
  readonly frozenListed: ListChanged | null
  /** Grows whenever the positions of rows begin anew: with another view or another generation of it. */
  readonly listEpoch: number
  /** Why the view asked for is not shown, for example because the filter has an error. */
  readonly listProblem: WireError | null
  readonly rowSelection: RowSelection
  readonly notes: readonly Note[]
  readonly copyShape: CopyShape
  readonly density: Density
  readonly orderChanged: (order: ListView['order']) => void
  readonly columnsChanged: (columns: readonly Column[]) => void
  /** @param isNewView - The first item of the view that was asked for last. */
  readonly listChanged: (news: ListChanged, isNewView: boolean) => void
  readonly listRefused: (problem: WireError) => void
  /** The rows are those of another session now; the view that is asked for stays. */
  readonly rowsExchanged: () => void
  readonly rowsSelected: (selection: RowSelection) => void
  readonly notesChanged: (notes: readonly Note[]) => void
  readonly copyShapeChosen: (shape: CopyShape) => void
  readonly densityChosen: (density: Density) => void
}

export const NO_ROWS: ListChanged = {
  generation: 0,
  first: 0,
  end: 0,
  changedFrom: 0,
  unit: 'message',
  shown: 0,
  total: 0,
  evicted: 0,
  scan: null,
  scanMs: 0,
  marked: [],
}

/** Fields that stay the same stay the same array: whoever asks for them asks anew when it is another. */
function withColumns(
  listColumns: readonly Column[],
  before: readonly string[],
): Pick<ListViewSlice, 'listColumns' | 'listFields'> {
  const fields = fieldsOf(listColumns)
  const isSame = fields.length === before.length && fields.every((field, index) => field === before[index])
  return { listColumns, listFields: isSame ? before : fields }
}

function keptChoice<T extends string>(name: string, choices: readonly T[], usual: T): T {
  const kept = readSetting(name)
  return choices.find((choice) => choice === kept) ?? usual
}

export const createListViewSlice: StateCreator<ListViewSlice, [], [], ListViewSlice> = (set) => ({
  listView: { ...viewOf({ rule: keptRule(), chips: keptChips(), find: '' }), order: 'time' },
  ...withColumns(parseColumns(readSetting(SETTINGS.columns)) ?? USUAL_COLUMNS, []),
  listed: NO_ROWS,
  frozenListed: null,
  listEpoch: 0,
  listProblem: null,
  rowSelection: NO_SELECTION,
  notes: [],
  copyShape: keptChoice(SETTINGS.copyShape, COPY_SHAPES, 'text'),
  density: keptChoice(SETTINGS.density, DENSITIES, 'normal'),
  orderChanged: (order) => set((s) => ({ listView: { ...s.listView, order }, listProblem: null })),
  columnsChanged: (columns) => {
    keepSetting(SETTINGS.columns, printColumns(columns))
    set((s) => withColumns(columns, s.listFields))
  },
  listChanged: (listed, isNewView) =>
    set((s) => {
      const isNew = isNewView || listed.generation !== s.listed.generation
      if (!isNew) return { listed, rowSelection: clipSelection(s.rowSelection, listed.first, listed.end) }
      return {
        listed,
        frozenListed: s.frozenListed === null ? null : listed,
        listEpoch: s.listEpoch + 1,
        rowSelection: NO_SELECTION,
        ...(isNewView && { listProblem: null }),
      }
    }),
  listRefused: (listProblem) => set({ listProblem }),
  rowsExchanged: () =>
    set((s) => ({
      listed: NO_ROWS,
      frozenListed: null,
      listEpoch: s.listEpoch + 1,
      listProblem: null,
      rowSelection: NO_SELECTION,
      notes: [],
    })),
  rowsSelected: (rowSelection) => set({ rowSelection }),
  notesChanged: (notes) => set({ notes }),
  copyShapeChosen: (copyShape) => {
    keepSetting(SETTINGS.copyShape, copyShape)
    set({ copyShape })
  },
  densityChosen: (density) => {
    keepSetting(SETTINGS.density, density)
    set({ density })
  },
})

/** Which rows the list can show: positions `first` to `end` (exclusive). */
export interface ListSpan {
  readonly first: number
  readonly end: number
}

export const spanCount = ({ first, end }: ListSpan): number => Math.max(0, end - first)

/** Everything in the view, or what was there when it was paused; what was dropped since is gone in both. */
export function spanOf(listed: ListSpan, frozen: ListSpan | null): ListSpan {
  if (frozen === null) return { first: listed.first, end: listed.end }
  return { first: listed.first, end: Math.max(listed.first, frozen.end) }
}

/** Rows that came since the view was paused. */
export const selectRowsWaiting = (s: ListViewSlice): number =>
  s.frozenListed === null ? 0 : Math.max(0, s.listed.end - s.frozenListed.end)
