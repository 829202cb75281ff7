import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clipSelection,
  countSelected,
  extendTo,
  isSelected,
  NO_SELECTION,
  type RowSelection,
  selectAll,
  selectOnly,
  toggleRow,
} from './row-selection'

const FIRST = 10
const END = 60

const positions = (selection: RowSelection): number[] =>
  selection.ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index))

describe('selected rows', () => {
  test('Shift makes the selection longer and shorter from where it began', () => {
    const down = extendTo(selectOnly(20), 24)
    expect(positions(down)).toEqual([20, 21, 22, 23, 24])
    expect(positions(extendTo(down, 18))).toEqual([18, 19, 20])
    expect(extendTo(NO_SELECTION, 30)).toEqual(selectOnly(30))
  })

  test('Ctrl and Shift together add a range to what was selected', () => {
    const two = toggleRow(selectOnly(20), 30)
    expect(positions(extendTo(two, 32, true))).toEqual([20, 30, 31, 32])
  })

  test('all of a million rows are one range, and the cursor stays', () => {
    const all = selectAll(selectOnly(700_000), 0, 1_000_000)
    expect(all).toMatchObject({ cursor: 700_000, ranges: [{ from: 0, to: 1_000_000 }] })
    expect(countSelected(all)).toBe(1_000_000)
    expect(selectAll(selectOnly(3), 5, 5)).toBe(NO_SELECTION)
  })

  test('what was dropped is not selected any more', () => {
    const selection = extendTo(selectOnly(5), 14)
    expect(clipSelection(selection, 10, 60)).toEqual({
      cursor: 14,
      anchor: 10,
      ranges: [{ from: 10, to: 15 }],
    })
    expect(clipSelection(selectOnly(5), 10, 60)).toBe(NO_SELECTION)
    expect(clipSelection(selectOnly(15), 10, 60)).toEqual(selectOnly(15))
  })

  test('agrees with a set of positions whatever is done', () => {
    const at = fc.integer({ min: FIRST, max: END - 1 })
    const step = fc.oneof(
      fc
        .record({ op: fc.constantFrom('only', 'toggle', 'extend', 'add') })
        .chain(({ op }) => fc.record({ op: fc.constant(op), at })),
      fc.record({ op: fc.constant('clip'), at }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let selection = selectOnly(FIRST)
        let naive = new Set([FIRST])
        let first = FIRST
        const range = (a: number, b: number): number[] =>
          Array.from({ length: Math.abs(a - b) + 1 }, (_, index) => Math.min(a, b) + index)
        for (const { op, at } of steps) {
          const position = Math.max(at, first)
          const wasEmpty = selection.cursor === null
          const { anchor } = selection
          if (op === 'only') {
            selection = selectOnly(position)
            naive = new Set([position])
          } else if (op === 'toggle') {
            selection = toggleRow(selection, position)
            if (!naive.delete(position)) naive.add(position)
          } else if (op === 'clip') {
            first = position
            selection = clipSelection(selection, first, END)
            naive = new Set([...naive].filter((kept) => kept >= first))
          } else {
            selection = extendTo(selection, position, op === 'add')
            const added = wasEmpty ? [position] : range(anchor, position)
            naive = new Set(op === 'add' && !wasEmpty ? [...naive, ...added] : added)
          }
          expect(positions(selection)).toEqual([...naive].sort((a, b) => a - b))
          expect(countSelected(selection)).toBe(naive.size)
          for (let p = FIRST - 1; p <= END; p++) expect(isSelected(selection, p)).toBe(naive.has(p))
          for (let i = 1; i < selection.ranges.length; i++) {
            expect(selection.ranges[i]!.from).toBeGreaterThan(selection.ranges[i - 1]!.to)
          }
        }
      }),
    )
  })
})
