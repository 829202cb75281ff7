import { describe, expect, test } from 'vitest'
import { ChunkSize, wantedChunkBytes } from './chunk-size'
import { DamageEstimate } from './damage-estimate'

const line = (baud: number) => ({ bytesPerMs: baud / 10_000, latencyTargetMs: 40, capBytes: 65_536 })

describe('the chunk size', () => {
  // native-study.md §4.3; there the largest ones are rounded to what a person remembers.
  test.each([
    [9_600, 128, 128, 128, 76, 32],
    [57_600, 128, 128, 128, 76, 32],
    [115_200, 267, 267, 242, 76, 32],
    [230_400, 659, 659, 242, 76, 32],
    [921_600, 1_024, 766, 242, 76, 32],
    [3_000_000, 2_424, 766, 242, 76, 32],
  ])('at %i baud follows the damage: %i, %i, %i, %i, %i bytes at 1e-6 to 1e-2', (baud, ...sizes) => {
    expect([1e-6, 1e-5, 1e-4, 1e-3, 1e-2].map((damage) => wantedChunkBytes(line(baud), damage, 0))).toEqual(
      sizes,
    )
  })

  test('is never above what was asked for, and never below what the window needs on a long line', () => {
    expect(wantedChunkBytes({ ...line(115_200), capBytes: 64 }, 1e-6, 0)).toBe(64)
    expect(wantedChunkBytes(line(3_000_000), 1e-3, 300)).toBe(Math.floor((300 * 300) / 44))
  })

  test('falls at once, and rises once a second by half', () => {
    const size = new ChunkSize(line(921_600))
    size.update(1e-6, 0, 0)
    expect(size.bytes).toBe(1_024)
    size.update(1e-3, 0, 1)
    expect(size.bytes).toBe(76)
    const steps: number[] = []
    for (let ms = 2; ms < 10_000; ms += 100) {
      size.update(1e-6, 0, ms)
      if (steps.at(-1) !== size.bytes) steps.push(size.bytes)
    }
    expect(steps).toEqual([76, 114, 171, 256, 384, 576, 1_024])
  })

  test('stays as it is when little changes', () => {
    const size = new ChunkSize(line(115_200))
    const before = size.bytes
    size.update(1.1e-4, 0, 5_000)
    expect(size.bytes).toBe(before)
  })
})

describe('the estimate of damage', () => {
  const after = (fates: readonly boolean[]): number => {
    const estimate = new DamageEstimate()
    for (const isLost of fates) estimate.note(isLost, 100)
    return estimate.perByte
  }

  test('begins with 1e-5 and comes near the truth', () => {
    expect(after([])).toBe(1e-5)
    const every = (n: number): boolean[] => Array.from({ length: 128 }, (_, k) => k % n === 0)
    expect(after(every(10))).toBeGreaterThan(0.8e-3)
    expect(after(every(10))).toBeLessThan(1.2e-3)
    expect(after(every(100))).toBeGreaterThan(0.7e-4)
    expect(after(every(100))).toBeLessThan(2e-4)
  })

  test('takes losses in a row for one event, unless they do not end, and lets a long clean time count', () => {
    const clean = Array.from({ length: 128 }, () => false)
    const lost = (count: number): boolean[] => Array.from({ length: count }, () => true)
    expect(after(clean)).toBeLessThan(2e-5)
    // One event, whether it hit one frame or three; but a line that hardly lets anything through is a bad line.
    expect(after([...clean, ...lost(3)])).toBeLessThan(5e-4)
    expect(after([...clean, ...lost(20)])).toBeGreaterThan(3e-3)
    expect(after(Array.from({ length: 10_000 }, () => false))).toBe(1e-6)
  })
})
