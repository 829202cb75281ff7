import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TraceEvent } from '../../shared/model/trace'
import { TraceScript } from '../../testing/trace-script'
import { LinkStatistics } from './link-statistics'
import { SlidingSum } from './sliding-sum'

const LINE = { baud: 115_200, bitsPerByte: 10 }

function fed(write: (script: TraceScript) => void): LinkStatistics {
  const statistics = new LinkStatistics()
  const observe = (event: TraceEvent): void => {
    if (event.type === 'bytes') statistics.addBytes(event)
    if (event.type === 'fault') statistics.addFault(event)
    if (event.type === 'queue') statistics.noteQueue(event)
  }
  write(new TraceScript(observe))
  return statistics
}

/** 100 bytes in and 1152 bytes out every 100 ms, until (not including) `endMs`. */
const steady = (endMs: number) => (script: TraceScript) => {
  for (script.nowMs = 0; script.nowMs < endMs; script.nowMs += 100) {
    script.bytes('in', 100)
    script.bytes('out', 1152)
  }
}

test('rates are those of the last second, totals those of all time', () => {
  const figures = fed(steady(5000)).figures(5000, LINE)
  expect(figures.rateInBytesPerSecond).toBe(1000)
  expect(figures.rateOutBytesPerSecond).toBe(11_520)
  expect(figures.bytesIn).toBe(5000)
  expect(figures.bytesOut).toBe(57_600)
})

test('utilisation is the share of the busier direction, and unknown where the speed is', () => {
  const statistics = fed(steady(5000))
  expect(statistics.figures(5000, LINE).utilisation).toBeCloseTo(1, 6)
  expect(statistics.figures(5000, { baud: 230_400, bitsPerByte: 10 }).utilisation).toBeCloseTo(0.5, 6)
  expect(statistics.figures(5000, null).utilisation).toBeNull()
})

test('utilisation never passes 1, though bytes are handed over ahead of the line', () => {
  const statistics = fed((script) => script.bytes('out', 1_000_000))
  expect(statistics.figures(10, LINE).utilisation).toBe(1)
})

test('rates fall to zero within a second when nothing comes any more', () => {
  const statistics = fed(steady(2000))
  const half = statistics.figures(2500, null).rateInBytesPerSecond
  expect(half).toBeGreaterThan(400)
  expect(half).toBeLessThan(600)
  expect(statistics.figures(3100, null).rateInBytesPerSecond).toBe(0)
  expect(statistics.figures(1_000_000, null).rateOutBytesPerSecond).toBe(0)
})

test('faults, lost bytes and the queue are counted', () => {
  const statistics = fed((script) => {
    script.fault({ lostBytes: 7 })
    script.fault({ lostBytes: 5 })
    script.queue(900, { queuedMessages: 3 })
  })
  expect(statistics.figures(0, null)).toMatchObject({
    faults: 2,
    lostBytes: 12,
    queuedBytes: 900,
    queuedMessages: 3,
  })
})

test('a steady rate is steady at any moment, not only between bins', () => {
  const statistics = fed((script) => {
    for (script.nowMs = 0; script.nowMs <= 5090; script.nowMs += 10) script.bytes('in', 100)
  })
  for (const nowMs of [5090, 5093, 5099]) {
    const { rateInBytesPerSecond } = statistics.figures(nowMs, null)
    expect(Math.abs(rateInBytesPerSecond - 10_000)).toBeLessThanOrEqual(100)
  }
})

test('a sliding sum is never more than one bin away from the exact one', () => {
  const events = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 700 }), amount: fc.nat(100) }), {
    maxLength: 40,
  })
  fc.assert(
    fc.property(events, fc.integer({ min: 0, max: 1500 }), (script, restMs) => {
      const sliding = new SlidingSum(1000, 10)
      const seen: { atMs: number; amount: number }[] = []
      let nowMs = 0
      for (const { waitMs, amount } of script) {
        nowMs += waitMs
        sliding.add(nowMs, amount)
        seen.push({ atMs: nowMs, amount })
      }
      nowMs += restMs
      const sumSince = (fromMs: number): number =>
        seen.reduce((sum, { atMs, amount }) => (atMs > fromMs ? sum + amount : sum), 0)
      const sum = sliding.at(nowMs)
      expect(sum).toBeLessThanOrEqual(sumSince(nowMs - 1100) + 1e-9)
      expect(sum).toBeGreaterThanOrEqual(sumSince(nowMs - 900) - 1e-9)
    }),
  )
})
