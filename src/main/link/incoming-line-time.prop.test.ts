import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LineRate, wireMs } from '../../shared/model/line-rate'
import { type FrameOnLine, IncomingLineTime } from './incoming-line-time'

const rate115200: LineRate = { baud: 115_200, bitsPerByte: 10 }

/** A frame that ends at `endOffset` of what came, seen at `nowMs`. */
function placed(line: IncomingLineTime, endOffset: number, wireBytes: number, nowMs: number): FrameOnLine {
  const frame = { streamOffset: endOffset - wireBytes, wireBytes, startMs: nowMs, endMs: nowMs }
  line.place(frame)
  return frame
}

const rates = fc.record({
  baud: fc.constantFrom(9600, 57_600, 115_200, 921_600, 3_000_000),
  bitsPerByte: fc.integer({ min: 7, max: 12 }),
})

describe('times of incoming frames', () => {
  const frameRun = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 40 })
  const lumpSizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 10 })

  test('never overlap, never lie in the future, whatever lumps the reads have', () => {
    fc.assert(
      fc.property(rates, frameRun, lumpSizes, fc.nat(30), (rate, sizes, lumps, delayMs) => {
        const line = new IncomingLineTime(rate)
        let offset = 0
        let wireClockMs = 0
        let lastEndMs = Number.NEGATIVE_INFINITY
        for (let first = 0, turn = 0; first < sizes.length; turn++) {
          const lump = sizes.slice(first, first + lumps[turn % lumps.length]!)
          first += lump.length
          const bytes = lump.reduce((sum, size) => sum + size, 0)
          wireClockMs += wireMs(bytes, rate)
          const readAtMs = wireClockMs + delayMs
          line.received(bytes, readAtMs)
          for (const size of lump) {
            offset += size
            const { startMs, endMs } = placed(line, offset, size, readAtMs)
            expect(startMs).toBeGreaterThanOrEqual(lastEndMs)
            expect(endMs).toBeGreaterThanOrEqual(startMs)
            expect(endMs).toBeLessThanOrEqual(readAtMs + 1e-9)
            lastEndMs = endMs
          }
        }
      }),
    )
  })

  test('put two frames of one read behind each other', () => {
    const line = new IncomingLineTime(rate115200)
    line.received(230, 100)
    const first = placed(line, 115, 115, 100)
    const second = placed(line, 230, 115, 100)
    expect(second.endMs).toBe(100)
    expect(second.startMs).toBeCloseTo(100 - wireMs(115, rate115200), 9)
    expect(first.endMs).toBeCloseTo(second.startMs, 9)
  })

  test('are those of the read where the speed is not known', () => {
    const line = new IncomingLineTime(undefined)
    line.received(500, 7)
    expect(placed(line, 100, 100, 7)).toMatchObject({ startMs: 7, endMs: 7 })
  })
})
