import { describe, expect, test } from 'vitest'
import { MessageKeys } from './message-keys'
import { RecentKeys } from './recent-keys'

describe('keys of messages', () => {
  test('lead to their number while open and for a while after, on their own link only', () => {
    const keys = new MessageKeys(10)
    keys.add(1, 500, 7)
    expect(keys.idOf(1, 500)).toBe(7)
    expect(keys.idOf(2, 500)).toBe(0)
    keys.close(1, 500, false)
    expect(keys.idOf(1, 500)).toBe(7)
  })

  test('of requests are remembered longer than others', () => {
    const keys = new MessageKeys(100_000)
    for (let key = 1; key <= 10_000; key++) {
      keys.add(1, key, key)
      keys.close(1, key, key === 1)
    }
    expect(keys.idOf(1, 1)).toBe(1)
    expect(keys.idOf(1, 2)).toBe(0)
    expect(keys.idOf(1, 9999)).toBe(9999)
  })

  test('that are never closed are bounded, the oldest go', () => {
    const keys = new MessageKeys(10)
    for (let key = 1; key <= 11; key++) keys.add(1, key, key)
    expect(keys.idOf(1, 1)).toBe(0)
    expect(keys.idOf(1, 2)).toBe(2)
  })

  test('get new numbers, open or closed, or are forgotten', () => {
    const keys = new MessageKeys(10)
    for (let key = 1; key <= 4; key++) keys.add(1, key, key)
    keys.close(1, 3, true)
    keys.close(1, 4, false)
    keys.renumber((id) => (id === 1 ? undefined : id + 100))
    expect([1, 2, 3, 4].map((key) => keys.idOf(1, key))).toEqual([0, 102, 103, 104])
  })

  test('0 is no key', () => {
    const keys = new MessageKeys(10)
    keys.add(1, 0, 5)
    expect(keys.idOf(1, 0)).toBe(0)
  })
})

test('recent keys are kept for at least as many as asked, and at most twice as many', () => {
  const recent = new RecentKeys(100)
  for (let key = 1; key <= 1050; key++) {
    recent.add(key, key * 2)
    const oldest = Math.max(1, key - 99)
    expect(recent.get(oldest)).toBe(oldest * 2)
    if (key > 200) expect(recent.get(key - 200)).toBeUndefined()
  }
})
