import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clampOffset,
  contentPx,
  fromNative,
  isScaled,
  maxNativePx,
  maxOffsetPx,
  offsetToShow,
  pageRows,
  type ScrollGeometry,
  SPACER_CAP_PX,
  spacerPx,
  toNative,
  visibleRows,
} from './scaled-scroll'

const geometries = fc.record({
  count: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 300_000, max: 150_000_000 })),
  rowPx: fc.constantFrom(18, 22, 28),
  viewportPx: fc.integer({ min: 40, max: 2000 }),
})
const someIndex = (g: ScrollGeometry, share: number): number =>
  Math.min(g.count - 1, Math.floor(share * g.count))
const shares = fc.double({ min: 0, max: 1, noNaN: true })

describe('scaled scrolling', () => {
  test('a million rows stay below the height a browser can draw', () => {
    const million = { count: 1_000_000, rowPx: 22, viewportPx: 400 }
    expect(contentPx(million)).toBe(22_000_000)
    expect(spacerPx(million)).toBe(SPACER_CAP_PX)
    expect(isScaled(million)).toBe(true)
  })

  test('every row can be shown, wholly, wherever the view was', () => {
    fc.assert(
      fc.property(geometries, shares, shares, (g, share, from) => {
        if (g.count === 0) return
        const index = someIndex(g, share)
        const offset = offsetToShow(index, from * maxOffsetPx(g), g)
        const rows = visibleRows(offset, g)
        expect(rows.first).toBeLessThanOrEqual(index)
        expect(rows.end).toBeGreaterThan(index)
        const top = rows.shiftPx + (index - rows.first) * g.rowPx
        if (g.viewportPx >= g.rowPx) {
          expect(top).toBeGreaterThanOrEqual(0)
          expect(top + g.rowPx).toBeLessThanOrEqual(g.viewportPx)
        }
        // showing a row that is shown already moves nothing
        expect(offsetToShow(index, offset, g)).toBe(offset)
      }),
    )
  })

  test('a step of one row moves exactly one row, also in scaled lists', () => {
    fc.assert(
      fc.property(geometries, shares, (g, share) => {
        const offset = Math.floor((share * maxOffsetPx(g)) / g.rowPx) * g.rowPx
        if (offset + g.rowPx > maxOffsetPx(g)) return
        const before = visibleRows(offset, g)
        const after = visibleRows(clampOffset(offset + g.rowPx, g), g)
        expect(after.first).toBe(before.first + 1)
        expect(after.shiftPx).toBe(before.shiftPx)
      }),
    )
  })

  test('the scrollbar reaches both ends and stays in proportion between', () => {
    fc.assert(
      fc.property(geometries, shares, (g, share) => {
        expect(fromNative(0, g)).toBe(0)
        expect(fromNative(maxNativePx(g), g)).toBe(maxOffsetPx(g))
        const offset = share * maxOffsetPx(g)
        const back = fromNative(toNative(offset, g), g)
        const tolerance = isScaled(g)
          ? g.rowPx / 2 + 0.5 * (maxOffsetPx(g) / Math.max(1, maxNativePx(g))) + 0.01
          : 1e-6
        expect(Math.abs(back - offset)).toBeLessThanOrEqual(tolerance)
      }),
    )
  })

  test('visible rows cover the viewport and nothing beyond the content', () => {
    fc.assert(
      fc.property(geometries, shares, (g, share) => {
        const rows = visibleRows(share * maxOffsetPx(g), g)
        expect(rows.end).toBeLessThanOrEqual(g.count)
        expect(rows.shiftPx).toBeLessThanOrEqual(0)
        expect(rows.shiftPx).toBeGreaterThan(-g.rowPx)
        const covered = rows.shiftPx + (rows.end - rows.first) * g.rowPx
        expect(covered).toBeGreaterThanOrEqual(Math.min(g.viewportPx, contentPx(g)) - 1e-6)
      }),
    )
  })

  test('a page leaves one row of context and is never zero', () => {
    expect(pageRows({ count: 100, rowPx: 22, viewportPx: 220 })).toBe(9)
    expect(pageRows({ count: 100, rowPx: 22, viewportPx: 10 })).toBe(1)
  })
})
