import { expect, test } from 'vitest'
import { VirtualClock } from '../../testing/virtual-clock'
import { CacheDriver } from './cache-driver'

test('expired entries go without anybody asking, and the cache outlives its driver', () => {
  const clock = new VirtualClock()
  const gone: [key: string, atMs: number][] = []
  const driver = new CacheDriver<string>({
    clock,
    onChange: (change) => change.type === 'expire' && gone.push([change.key, clock.nowMs()]),
  })
  driver.cache.set('slow', 'x', { ttlMs: 7_200_000 })
  driver.cache.set('quick', 'x', { ttlMs: 1500 })
  clock.advanceTo(10_000_000)
  expect(gone).toEqual([
    ['quick', 2000],
    ['slow', 7_200_000],
  ])
  driver.cache.set('left behind', 'x', { ttlMs: 10 })
  driver.close()
  clock.advanceBy(100_000)
  expect(gone).toHaveLength(2)
  expect(driver.cache.get('left behind')).toBeUndefined()
})
