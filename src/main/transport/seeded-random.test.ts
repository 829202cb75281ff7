import { describe, expect, test } from 'vitest'
import type { RandomSource } from '../netcore/dialects/dialect'
import { randomBytes, seededRandom, unitInterval, xoshiro128 } from './seeded-random'

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next)

describe('seeded random numbers', () => {
  test('are those of the published xoshiro128** for the state 1, 2, 3, 4', () => {
    expect(draw(4, xoshiro128([1, 2, 3, 4]))).toEqual([11_520, 0, 5_927_040, 70_819_200])
  })

  test('are the same for the same seed, on every machine and in every version', () => {
    const random: RandomSource = seededRandom(1)
    expect(draw(5, () => random(1000))).toEqual([148, 13, 91, 82, 206])
  })

  test('differ between neighbouring seeds', () => {
    const first = draw(20, () => 0).map((_, seed) => seededRandom(seed)(2 ** 32))
    expect(new Set(first).size).toBe(20)
  })

  test.each([1, 2, 3, 7, 256, 1000, 2 ** 31 + 1, 2 ** 32])('lie in 0 … %i - 1', (bound) => {
    const random = seededRandom(9)
    const numbers = draw(2000, () => random(bound))
    expect(numbers.every((drawn) => Number.isInteger(drawn) && drawn >= 0 && drawn < bound)).toBe(true)
  })

  test('hit every value of a small range about equally often', () => {
    const random = seededRandom(4)
    const hits = new Array<number>(7).fill(0)
    for (let at = 0; at < 70_000; at++) hits[random(7)]! += 1
    for (const count of hits) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })

  test('make a unit interval with its mean in the middle', () => {
    const random = seededRandom(4)
    const numbers = draw(20_000, () => unitInterval(random))
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...numbers)).toBeLessThan(1)
    expect(numbers.reduce((sum, drawn) => sum + drawn, 0) / numbers.length).toBeCloseTo(0.5, 2)
  })

  test('fill arrays of bytes', () => {
    expect(randomBytes(seededRandom(3), 1000)).toEqual(randomBytes(seededRandom(3), 1000))
    expect(new Set(randomBytes(seededRandom(3), 5000)).size).toBe(256)
  })
})
