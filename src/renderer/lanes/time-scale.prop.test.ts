import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  endOf,
  fitRange,
  MAX_SPAN_MS,
  MIN_SPAN_MS,
  panBy,
  pixelScale,
  reveal,
  unitAt,
  xOf,
  zoomAt,
} from './time-scale'

const view = fc.record({
  from: fc.double({ min: -1e6, max: 8e8, noNaN: true }),
  span: fc.double({ min: MIN_SPAN_MS, max: MAX_SPAN_MS, noNaN: true }),
})
const width = fc.integer({ min: 1, max: 4000 })

describe('time scale', () => {
  test('a pixel turned into time comes back as the same pixel', () => {
    fc.assert(
      fc.property(view, width, fc.double({ min: 0, max: 1, noNaN: true }), (seen, widthPx, share) => {
        const scale = pixelScale(seen, widthPx)
        const x = Math.round(share * widthPx)
        expect(xOf(scale, unitAt(scale, x))).toBe(x)
      }),
    )
  })

  test('an instant lands within half a pixel of its exact place', () => {
    fc.assert(
      fc.property(view, width, fc.double({ min: 0, max: 1, noNaN: true }), (seen, widthPx, share) => {
        const scale = pixelScale(seen, widthPx)
        const exact = share * widthPx
        expect(Math.abs(xOf(scale, seen.from + share * seen.span) - exact)).toBeLessThanOrEqual(1.01)
      }),
    )
  })

  test('a shape keeps its width while the picture scrolls by whole pixels', () => {
    fc.assert(
      fc.property(width, fc.integer({ min: 0, max: 100_000 }), (widthPx, steps) => {
        const msPerPx = 2000 / widthPx
        const before = pixelScale({ from: 1000, span: 2000 }, widthPx)
        const after = pixelScale({ from: 1000 + steps * msPerPx, span: 2000 }, widthPx)
        const [startMs, stopMs] = [1234.567, 1301.003]
        expect(xOf(after, stopMs) - xOf(after, startMs)).toBe(xOf(before, stopMs) - xOf(before, startMs))
      }),
    )
  })

  test('zooming keeps the instant below the pointer', () => {
    fc.assert(
      fc.property(
        view,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (seen, share, factor) => {
          const zoomed = zoomAt(seen, share, factor)
          const before = seen.from + seen.span * share
          const after = zoomed.from + zoomed.span * share
          expect(Math.abs(after - before)).toBeLessThan(1e-5 * Math.max(1, seen.span, zoomed.span))
        },
      ),
    )
  })

  test('a span stays between 100 microseconds and a day', () => {
    const seen = { from: 0, span: 1000 }
    expect(zoomAt(seen, 0.5, 1e-9).span).toBe(MIN_SPAN_MS)
    expect(zoomAt(seen, 0.5, 1e9).span).toBe(MAX_SPAN_MS)
    expect(fitRange(5, 5).span).toBe(MIN_SPAN_MS)
  })

  test('panning there and back changes nothing', () => {
    const seen = { from: 123.5, span: 10 }
    expect(panBy(panBy(seen, 7), -7)).toEqual(seen)
  })

  test('a range in view is left where it is, one outside is brought in', () => {
    const seen = { from: 0, span: 1000 }
    expect(reveal(seen, 400, 500)).toBe(seen)
    for (const [from, to] of [
      [-500, -400],
      [5000, 5100],
      [990, 1010],
    ] as const) {
      const moved = reveal(seen, from, to)
      expect(moved.from).toBeLessThanOrEqual(from)
      expect(endOf(moved)).toBeGreaterThanOrEqual(to)
    }
  })
})
