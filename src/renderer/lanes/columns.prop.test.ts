import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ColumnGrid, Occupancy, ShareColumns } from './columns'

const WIDTH = 40
const piece = fc
  .tuple(fc.double({ min: -10, max: 50, noNaN: true }), fc.double({ min: 0, max: 12, noNaN: true }))
  .map(([from, length]) => ({ from, to: from + length }))

const overlap = (x: number, { from, to }: { from: number; to: number }): number =>
  Math.max(0, Math.min(to, x + 1) - Math.max(from, x))

describe('ColumnGrid', () => {
  test('covers each column with exactly the time that was added there', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 50 }), (pieces) => {
        const grid = new ColumnGrid()
        grid.reset(2, WIDTH)
        for (const { from, to } of pieces) grid.add(1, from, to, 1, 1)
        for (let x = 0; x < WIDTH; x++) {
          const naive = pieces.reduce((sum, one) => sum + overlap(x, one), 0)
          expect(grid.cover(1, x)).toBeCloseTo(naive, 3)
          expect(grid.cover(0, x)).toBe(0)
        }
      }),
    )
  })

  test('counts in each column the chunks that touch it', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 50 }), (pieces) => {
        const grid = new ColumnGrid()
        grid.reset(1, WIDTH)
        for (const { from, to } of pieces) grid.add(0, from, to, 1, 1)
        for (let x = 0; x < WIDTH; x++) {
          const touching = pieces.filter(
            (one) => overlap(x, one) > 0 || (one.from === one.to && Math.floor(one.from) === x),
          )
          expect(grid.hits(0, x)).toBeGreaterThanOrEqual(
            touching.filter((one) => overlap(x, one) > 1e-9).length,
          )
          expect(grid.hits(0, x)).toBeLessThanOrEqual(
            pieces.filter((one) => Math.floor(Math.max(0, one.from)) <= x && one.to >= x).length,
          )
        }
      }),
    )
  })

  test('an instant without length does not vanish', () => {
    const grid = new ColumnGrid()
    grid.reset(1, WIDTH)
    grid.add(0, 7.3, 7.3, 4, 1)
    const painted: (readonly [number, number, number])[] = []
    grid.forEachColumn(0, 2, (x, colour, strength) => painted.push([x, colour, strength]))
    expect(painted).toEqual([
      [7, 4, 1],
      [8, 4, 1],
    ])
  })

  test('a long run tells by its strength how busy the line was', () => {
    const grid = new ColumnGrid()
    grid.reset(1, WIDTH)
    for (let x = 5; x < 25; x++) grid.add(0, x + 0.1, x + 0.3, 1, 1)
    for (let x = 25; x < 35; x++) grid.add(0, x, x + 1, 1, 1)
    const strengths = new Map<number, number>()
    grid.forEachColumn(0, 2, (x, _colour, strength) => strengths.set(x, strength))
    expect(strengths.size).toBe(30)
    expect(strengths.get(10)).toBeCloseTo(0.6)
    expect(strengths.get(30)).toBeCloseTo(1)
  })

  test('takes the colour of the longest chunk of the column', () => {
    const grid = new ColumnGrid()
    grid.reset(1, WIDTH)
    grid.add(0, 3, 3.2, 1, 1)
    grid.add(0, 3.2, 3.9, 5, 1)
    grid.add(0, 3.9, 4, 2, 1)
    expect(grid.colour(0, 3)).toBe(5)
  })
})

describe('ShareColumns', () => {
  test('stacks colours in the ratio of their time', () => {
    const columns = new ShareColumns(9)
    columns.reset(WIDTH)
    columns.add(4, 4.25, 2)
    columns.add(4.25, 5, 7)
    expect(columns.total(4)).toBeCloseTo(1)
    expect([0.1, 0.2, 0.3, 0.9].map((height) => columns.colourAt(4, height))).toEqual([2, 2, 7, 7])
    expect(columns.hasAny(5)).toBe(false)
  })

  test('is empty again after a reset of another width', () => {
    const columns = new ShareColumns(9)
    columns.reset(WIDTH)
    columns.add(0, WIDTH, 3)
    columns.reset(WIDTH / 2)
    expect(Array.from({ length: WIDTH / 2 }, (_, x) => columns.hasAny(x))).not.toContain(true)
  })
})

describe('Occupancy', () => {
  const parts = (occupancy: Occupancy, from: number, to: number, min = 2): unknown[] => {
    const list: unknown[] = []
    occupancy.waits(1, 0, from, to, min, (fromX, toX, isBlocked) => list.push([fromX, toX, isBlocked]))
    return list
  }

  test('tells waiting behind others from waiting on an idle line', () => {
    const occupancy = new Occupancy()
    occupancy.reset(WIDTH)
    occupancy.add(1, 0, 10, 20)
    occupancy.add(1, 1, 0, 40)
    occupancy.add(2, 0, 0, 40)
    expect(parts(occupancy, 5, 30)).toEqual([
      [5, 10, false],
      [10, 20, true],
      [20, 30, false],
    ])
  })

  test('covers the wait without holes, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (pieces, min) => {
        const occupancy = new Occupancy()
        occupancy.reset(WIDTH)
        for (const { from, to } of pieces) occupancy.add(1, 0, from, to)
        let x = 3
        occupancy.waits(1, 0, 3, 37, min, (fromX, toX) => {
          expect(fromX).toBe(x)
          x = toX
        })
        expect(x).toBe(37)
      }),
    )
  })

  test('an unknown line blocks nobody', () => {
    const occupancy = new Occupancy()
    occupancy.reset(WIDTH)
    expect(parts(occupancy, 0, 12)).toEqual([[0, 12, false]])
  })
})
