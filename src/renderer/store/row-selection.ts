/** List positions from `from` up to but not including `to`. */
export interface PositionRange {
  readonly from: number
  readonly to: number
}

/**
 * Which rows are selected, as ranges of list positions: a million rows are one range, and no row has to be on screen.
 * Positions hold for one generation of the list only.
 */
export interface RowSelection {
  /** Where the keyboard is; the row the inspector shows. Null: nowhere. */
  readonly cursor: number | null
  /** Where a range begins that Shift makes longer. */
  readonly anchor: number
  /** Ascending, disjoint, not touching. */
  readonly ranges: readonly PositionRange[]
}

export const NO_SELECTION: RowSelection = { cursor: null, anchor: 0, ranges: [] }

export const selectOnly = (position: number): RowSelection => ({
  cursor: position,
  anchor: position,
  ranges: [{ from: position, to: position + 1 }],
})

/** Shift: from where the selection began to here. `isAdding` keeps what else is selected. */
export function extendTo(selection: RowSelection, position: number, isAdding = false): RowSelection {
  if (selection.cursor === null) return selectOnly(position)
  const { anchor } = selection
  const range = { from: Math.min(anchor, position), to: Math.max(anchor, position) + 1 }
  return { cursor: position, anchor, ranges: isAdding ? united([...selection.ranges, range]) : [range] }
}

/** Ctrl: this row in or out, the others stay. */
export function toggleRow(selection: RowSelection, position: number): RowSelection {
  const one = { from: position, to: position + 1 }
  const ranges = isSelected(selection, position)
    ? without(selection.ranges, one)
    : united([...selection.ranges, one])
  return { cursor: position, anchor: position, ranges }
}

/** Everything from `first` to `end` (exclusive); the cursor stays where it is. */
export function selectAll(selection: RowSelection, first: number, end: number): RowSelection {
  if (end <= first) return NO_SELECTION
  const { cursor } = selection
  const isInside = cursor !== null && cursor >= first && cursor < end
  return { cursor: isInside ? cursor : end - 1, anchor: first, ranges: [{ from: first, to: end }] }
}

export function isSelected({ ranges }: RowSelection, position: number): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle]!.to <= position) low = middle + 1
    else high = middle
  }
  const range = ranges[low]
  return range !== undefined && range.from <= position
}

export const countSelected = ({ ranges }: RowSelection): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from, 0)

/** The same without rows that are no longer there. */
export function clipSelection(selection: RowSelection, first: number, end: number): RowSelection {
  const { cursor, anchor, ranges } = selection
  const isWhole = ranges.length === 0 || (ranges[0]!.from >= first && ranges.at(-1)!.to <= end)
  if (isWhole && (cursor === null || (cursor >= first && cursor < end))) return selection
  const kept = ranges.flatMap(({ from, to }) => {
    const range = { from: Math.max(from, first), to: Math.min(to, end) }
    return range.from < range.to ? [range] : []
  })
  const isGone = cursor !== null && (cursor < first || cursor >= end)
  if (isGone && kept.length === 0) return NO_SELECTION
  const inside = (position: number): number => Math.min(Math.max(position, first), end - 1)
  return { cursor: cursor === null ? null : inside(cursor), anchor: inside(anchor), ranges: kept }
}

function united(ranges: readonly PositionRange[]): PositionRange[] {
  const result: PositionRange[] = []
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last === undefined || last.to < range.from) result.push(range)
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) }
  }
  return result
}

const without = (ranges: readonly PositionRange[], gone: PositionRange): PositionRange[] =>
  ranges.flatMap(({ from, to }) =>
    [
      { from, to: Math.min(to, gone.from) },
      { from: Math.max(from, gone.to), to },
    ].filter((part) => part.from < part.to),
  )
