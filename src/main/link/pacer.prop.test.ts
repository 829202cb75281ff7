import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LineRate, wireMs } from '../../shared/model/line-rate'
import { type LineTime, Pacer } from './pacer'

const rate115200: LineRate = { baud: 115_200, bitsPerByte: 10 }

const rates = fc.record({
  baud: fc.constantFrom(9600, 57_600, 115_200, 921_600, 3_000_000),
  bitsPerByte: fc.integer({ min: 7, max: 12 }),
})

interface Handed {
  readonly atMs: number
  readonly bytes: number
  readonly time: LineTime
}

/** Keeps the line full for `frameBytes.length` frames; the timer that refills it is late by `lateMs[i]`. */
function keepFull(pacer: Pacer, frameBytes: readonly number[], lateMs: (index: number) => number): Handed[] {
  const handed: Handed[] = []
  let nowMs = 0
  for (const [index, bytes] of frameBytes.entries()) {
    const untilMs = pacer.waitsUntilMs(nowMs)
    if (untilMs !== null) {
      nowMs = untilMs + lateMs(index)
      pacer.waitsUntilMs(nowMs)
    }
    handed.push({ atMs: nowMs, bytes, time: pacer.handOver(bytes, nowMs) })
  }
  return handed
}

/** Line time not yet on the wire just after each hand-over, derived from nothing but sizes and times. */
function occupanciesMs(handed: readonly Handed[], rate: LineRate): number[] {
  let freeAtMs = 0
  return handed.map(({ atMs, bytes }) => {
    freeAtMs = Math.max(freeAtMs, atMs) + wireMs(bytes, rate)
    return freeAtMs - atMs
  })
}

describe('pacer', () => {
  test('never has more than its write-ahead handed over, whatever the sizes and however late the timers', () => {
    const chunk = fc.integer({ min: 64, max: 4096 })
    const run = fc.tuple(rates, chunk, fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 }), fc.nat(20))
    fc.assert(
      fc.property(run, ([rate, chunkBytes, shares, lateMs]) => {
        const pacer = new Pacer(rate, chunkBytes)
        const frames = shares.map((share) => 1 + Math.floor(((chunkBytes + 46) * share) / 1000))
        const handed = keepFull(pacer, frames, (index) => (index % 3 === 0 ? lateMs : 0))
        for (const occupancy of occupanciesMs(handed, rate)) {
          expect(occupancy).toBeLessThanOrEqual(pacer.writeAheadMs + 1e-6)
        }
      }),
    )
  })

  test('gives frames times on the line that follow each other, never overlap and last as long as their bytes', () => {
    const frames = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 2, maxLength: 50 })
    fc.assert(
      fc.property(rates, frames, (rate, sizes) => {
        const handed = keepFull(new Pacer(rate, 1024), sizes, (index) => index % 7)
        for (const [index, { atMs, bytes, time }] of handed.entries()) {
          expect(time.startMs).toBeGreaterThanOrEqual(atMs)
          expect(time.endMs - time.startMs).toBeCloseTo(wireMs(bytes, rate), 6)
          expect(time.startMs).toBeGreaterThanOrEqual(handed[index - 1]?.time.endMs ?? 0)
        }
      }),
    )
  })

  test('lets in at most one frame more than 10 ms of line time at 115,200 baud', () => {
    const pacer = new Pacer(rate115200, 288)
    const handed = keepFull(pacer, Array(200).fill(335), () => 0)
    const worst = Math.max(...occupanciesMs(handed, rate115200))
    expect(worst).toBeLessThanOrEqual(10 + wireMs(335, rate115200))
    expect(worst).toBeLessThanOrEqual(pacer.writeAheadMs)
  })

  const busyShare = (lateMs: (index: number) => number): number => {
    const handed = keepFull(new Pacer(rate115200, 288), Array(500).fill(335), lateMs)
    return (500 * wireMs(335, rate115200)) / handed.at(-1)!.time.endMs
  }

  test('keeps the line busy for 98 to 98.6 % of the time when timers are up to 8 ms late', () => {
    expect(busyShare(() => 0)).toBeGreaterThan(0.98)
    expect(busyShare(() => 0)).toBeLessThan(0.986)
    expect(busyShare((index) => index % 9)).toBeGreaterThan(0.98)
  })

  test('still keeps it busy for 95 % when one timer in ten is 20 ms late', () => {
    expect(busyShare((index) => (index % 10 === 0 ? 20 : 0))).toBeGreaterThan(0.95)
  })

  test('hands over at once on an idle line, even a frame longer than the write-ahead', () => {
    const pacer = new Pacer(rate115200, 64)
    expect(pacer.waitsUntilMs(1000)).toBeNull()
    expect(pacer.handOver(65_536, 1000).startMs).toBe(1000)
    expect(pacer.waitsUntilMs(1000)).toBeGreaterThan(1000)
    expect(pacer.backlogMs(1000)).toBeCloseTo(wireMs(65_536, rate115200), 6)
  })

  test('waits for a line that flow control holds', () => {
    const pacer = new Pacer(rate115200, 288)
    pacer.handOver(335, 0)
    expect(pacer.waitsUntilMs(30)).toBeNull()
    pacer.noteUnsent(335, 30)
    expect(pacer.waitsUntilMs(30)).toBeCloseTo(30 + wireMs(335, rate115200) - 10, 6)
    expect(pacer.counts.unsentHolds).toBe(1)
  })
})
