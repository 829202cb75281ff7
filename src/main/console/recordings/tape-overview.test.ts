import { expect, test } from 'vitest'
import type { Clock } from '../../../shared/model/clock'
import { RemarksInMemory } from '../../../testing/remarks-in-memory'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { readFacts } from '../../recording/library/read-facts'
import type { PlacedStrip } from '../../recording/library/strip-bins'
import { memorySource } from '../../recording/read/byte-source'
import { noDecompression } from '../../recording/read/plain-block'
import { PAGE_LIMITS } from '../../recording/replay/page-tally'
import { TapeMarks } from './tape-marks'
import { TapeRecord } from './tape-record'

const BINS = 64

/** Every look at it is a millisecond later, and turns that were let go come when the test says so. */
class SteppedClock implements Clock {
  readonly #waiting: (() => void)[] = []
  #nowMs = 0

  nowMs(): number {
    return (this.#nowMs += 1)
  }

  schedule(_atMs: number, fire: () => void): () => void {
    this.#waiting.push(fire)
    return () => undefined
  }

  async turn(): Promise<void> {
    this.#waiting.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

async function begun(bytes: Uint8Array, known?: PlacedStrip) {
  const clock = new SteppedClock()
  const record = new TapeRecord({
    source: memorySource(bytes),
    decompress: noDecompression,
    clock,
    limits: PAGE_LIMITS,
    marks: new TapeMarks(new RemarksInMemory()),
    known,
    onRead: () => undefined,
  })
  await record.begin()
  await new Promise((resolve) => setImmediate(resolve))
  return { record, clock }
}

const sum = (bins: Float32Array): number => bins.reduce((total, amount) => total + amount, 0)

test('the overview of a recording that the library knows has all of it from the first turn on, and ends as it is read', async () => {
  const bytes = await simulatedRecording({ lengthMs: 8000, requests: ['{"a":1,"b":2}', '{"a":3,"b":4}'] })
  const known = await readFacts(memorySource(bytes), noDecompression)
  const { record, clock } = await begun(bytes, known)
  const unknown = await begun(bytes)
  const early = record.overview(BINS)
  expect(record.isRead).toBe(false)
  expect(record.readMs).toBeLessThan(record.toMs / 2)
  const alone = unknown.record.overview(BINS)
  expect(sum(alone.bytesIn.slice(BINS / 2))).toBe(0)

  for (const one of [{ record, clock }, unknown]) {
    while (!one.record.isRead) await one.clock.turn()
  }
  const exact = unknown.record.overview(BINS)
  expect(record.overview(BINS)).toEqual(exact)
  for (const quarter of [0, 1, 2, 3]) {
    const of = (bins: Float32Array): number =>
      sum(bins.slice((quarter * BINS) / 4, ((quarter + 1) * BINS) / 4))
    // heights of 255 steps, and columns that lie across the borders
    expect(Math.abs(of(early.bytesIn) / of(exact.bytesIn) - 1)).toBeLessThan(0.1)
  }
  expect(sum(early.bytesIn) / sum(exact.bytesIn)).toBeGreaterThan(0.95)
  expect(sum(early.bytesIn) / sum(exact.bytesIn)).toBeLessThan(1.05)
})
