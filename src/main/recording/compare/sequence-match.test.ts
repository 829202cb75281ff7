import { describe, expect, test } from 'vitest'
import { matchSequences } from './sequence-match'
import { inTurns } from './turns'

const match = (a: readonly number[], b: readonly number[], limits?: Parameters<typeof matchSequences>[2]) =>
  inTurns(matchSequences(Uint32Array.from(a), Uint32Array.from(b), limits))

/** Length of the longest common subsequence, by the table that everybody believes. */
function commonLength(a: readonly number[], b: readonly number[]): number {
  let row = new Int32Array(b.length + 1)
  for (const value of a) {
    const next = new Int32Array(b.length + 1)
    for (let at = 0; at < b.length; at++)
      next[at + 1] = value === b[at] ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!)
    row = next
  }
  return row[b.length]!
}

function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const matched = (bOfA: Int32Array): number => bOfA.reduce((sum, at) => sum + (at >= 0 ? 1 : 0), 0)

function expectCommon(a: readonly number[], b: readonly number[], bOfA: Int32Array): void {
  let last = -1
  for (const [at, place] of bOfA.entries()) {
    if (place < 0) continue
    expect(place).toBeGreaterThan(last)
    expect(b[place]).toBe(a[at])
    last = place
  }
}

describe('matching two sequences', () => {
  test.each([
    [[], []],
    [[1], []],
    [[], [1]],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    [
      [1, 2],
      [2, 1],
    ],
    [
      [1, 2, 3, 1, 2, 2, 1],
      [3, 2, 1, 2, 1, 3],
    ],
  ])('%j and %j have as much in common as there is', async (a, b) => {
    const { bOfA } = await match(a, b)
    expect(matched(bOfA)).toBe(commonLength(a, b))
    expectCommon(a, b, bOfA)
  })

  test('finds the longest common subsequence of any two', async () => {
    const seed = (Math.random() * 2 ** 31) | 0
    console.log(`sequence-match seed ${seed}`)
    const next = random(seed)
    for (let run = 0; run < 400; run++) {
      const values = 1 + next(8)
      const make = (): number[] => Array.from({ length: next(40) }, () => next(values))
      const [a, b] = [make(), make()]
      const { bOfA, isCoarse } = await match(a, b)
      expect(isCoarse).toBe(false)
      expectCommon(a, b, bOfA)
      expect(matched(bOfA), JSON.stringify({ seed, a, b })).toBe(commonLength(a, b))
    }
  })

  test('stays right, if not shortest, when differences are more than it may count', async () => {
    const next = random(7)
    const limits = { exactCost: 4, work: 1e9 }
    for (let run = 0; run < 200; run++) {
      const make = (): number[] => Array.from({ length: 60 }, () => next(12))
      const [a, b] = [make(), make()]
      expectCommon(a, b, (await match(a, b, limits)).bOfA)
    }
    const few = Array.from({ length: 60 }, (_, at) => at)
    const same = await match(few, [...few.slice(0, 20), 99, 98, ...few.slice(22)], limits)
    expect([same.isCoarse, matched(same.bOfA)]).toEqual([false, 58])
    const many = await match(few, few.toReversed(), limits)
    expect(many.isCoarse).toBe(true)
  })

  test('matches 400 000 with 2 % differences, and 400 000 of nothing in common, in turns', async () => {
    const next = random(11)
    const a = Array.from({ length: 400_000 }, () => next(300))
    const b = a.flatMap((value) => (next(100) < 1 ? [] : next(100) < 1 ? [value, next(300)] : [value]))
    const near = await match(a, b)
    expectSome(near.bOfA, 390_000)
    const far = await match(
      a,
      a.map((value) => value + 1000),
    )
    expect(matched(far.bOfA)).toBe(0)
    const shuffled = await match(
      a,
      Array.from({ length: 400_000 }, () => next(300)),
    )
    expect(shuffled.isCoarse).toBe(true)
  })
})

const expectSome = (bOfA: Int32Array, least: number): void =>
  expect(matched(bOfA)).toBeGreaterThanOrEqual(least)
