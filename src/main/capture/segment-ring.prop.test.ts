import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SegmentRing } from './segment-ring'

type Step = { append: number } | { forget: number }
const steps = fc.array(
  fc.oneof(
    fc.record({ append: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ forget: fc.integer({ min: 0, max: 25 }) }),
  ),
  { maxLength: 60 },
)

test('keeps every row that was not forgotten, whatever the order of appending and forgetting', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), steps, (segmentRows, script: Step[]) => {
      const ring = new SegmentRing(segmentRows, (rows) => new Array<number>(rows).fill(-1))
      let first = 0
      let end = 0
      for (const step of script) {
        if ('append' in step) {
          for (let count = 0; count < step.append; count++) {
            const row = ring.append()
            expect(row).toBe(end++)
            ring.segmentOf(row)[ring.indexOf(row)] = row * 7
          }
        } else {
          first = Math.min(end, first + step.forget)
          ring.forgetBefore(first)
        }
        const seen: number[] = []
        ring.visit(0, end, (segment, begin, stop) => seen.push(...segment.slice(begin, stop)))
        expect(seen).toEqual(Array.from({ length: end - first }, (_, index) => (first + index) * 7))
        expect([ring.firstRow, ring.endRow, ring.kept]).toEqual([first, end, end - first])
        expect(ring.has(first - 1)).toBe(false)
        expect(ring.has(end)).toBe(false)
      }
    }),
  )
})

test('drops a segment when its last row is forgotten, not before', () => {
  let made = 0
  const ring = new SegmentRing(4, () => ({ number: made++ }))
  for (let row = 0; row < 12; row++) ring.append()
  ring.forgetBefore(7)
  expect(ring.segmentOf(7).number).toBe(1)
  ring.forgetBefore(8)
  expect(ring.segmentOf(8).number).toBe(2)
  expect(ring.segmentOf(4)).toBeUndefined()
})

test('visits a window of rows only', () => {
  const ring = new SegmentRing(4, () => null)
  for (let row = 0; row < 20; row++) ring.append()
  ring.forgetBefore(3)
  const runs: number[][] = []
  ring.visit(1, 10, (_, begin, end, row) => runs.push([begin, end, row]))
  expect(runs).toEqual([
    [3, 4, 3],
    [0, 4, 4],
    [0, 2, 8],
  ])
})
