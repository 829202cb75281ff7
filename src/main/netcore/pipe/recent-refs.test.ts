import { describe, expect, test } from 'vitest'
import { type RecentRef, RecentRefs } from './recent-refs'

function remembering(rememberedRefs: number, rememberedMs: number) {
  const reports: [string, number, number][] = []
  const recent = new RecentRefs({
    rememberedRefs,
    rememberedMs,
    onSkipped: ({ ref }, bytes, nowMs) => reports.push([ref, bytes, nowMs]),
  })
  const ended = (ref: string): RecentRef => ({
    ref,
    messageKey: 1,
    fate: 'complete',
    code: 'MESSAGE_OVERRUN',
    seenBytes: 10,
    seenChunks: 1,
  })
  return { recent, reports, remember: (ref: string, nowMs: number) => recent.remember(ended(ref), nowMs) }
}

describe('RecentRefs', () => {
  test('remembers as long as it was told, counted from the last sign', () => {
    const { recent, remember } = remembering(10, 100)
    remember('a', 0)
    expect(recent.find('a', 100)).toBeDefined()
    recent.skip(recent.find('a', 90)!, 5, 90)
    expect(recent.find('a', 190)).toMatchObject({ seenBytes: 15, seenChunks: 2 })
    expect(recent.find('a', 191)).toBeUndefined()
  })

  test('remembers nothing where no id comes twice', () => {
    const { recent, remember } = remembering(0, 1000)
    remember('a', 0)
    expect(recent.find('a', 0)).toBeUndefined()
    expect(recent.size).toBe(0)
  })

  test('remembers as many as it was told; who gave a sign lately stays', () => {
    const { recent, remember } = remembering(2, 1000)
    remember('a', 0)
    remember('b', 1)
    recent.skip(recent.find('a', 2)!, 5, 2)
    remember('c', 3)
    expect(['a', 'b', 'c'].map((ref) => recent.find(ref, 3) !== undefined)).toEqual([true, false, true])
  })

  test('the same id ending again and again takes one place', () => {
    const { recent, remember } = remembering(2, 1000)
    remember('a', 0)
    for (let nowMs = 1; nowMs < 50; nowMs++) remember('b', nowMs)
    expect(recent.size).toBeLessThanOrEqual(2)
    expect(recent.find('b', 50)).toBeDefined()
  })

  test('reports what was skipped a second later, at once when it forgets, and when flushed; each byte once', () => {
    const { recent, remember, reports } = remembering(1, 10_000)
    remember('a', 0)
    recent.skip(recent.find('a', 0)!, 5, 10)
    recent.skip(recent.find('a', 0)!, 6, 900)
    expect(recent.wakeAtMs).toBe(1010)
    recent.wake(1009)
    expect(reports).toEqual([])
    recent.wake(1010)
    expect(reports).toEqual([['a', 11, 1010]])
    recent.skip(recent.find('a', 0)!, 7, 1100)
    recent.forget('a', 1200)
    expect(reports.at(-1)).toEqual(['a', 7, 1200])
    remember('c', 1300)
    recent.skip(recent.find('c', 1300)!, 8, 1300)
    recent.flush(1400)
    recent.flush(1500)
    expect(reports.slice(2)).toEqual([['c', 8, 1400]])
    expect(recent.wakeAtMs).toBeNull()
  })
})
