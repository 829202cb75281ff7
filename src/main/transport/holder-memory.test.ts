import { expect, test } from 'vitest'
import { HOLDERS_KEPT_MS, rememberHolders } from './holder-memory'

test('looks again after a while, and at once when other ports are asked for', async () => {
  let [looks, nowMs] = [0, 0]
  const holders = rememberHolders(
    (paths) => {
      looks += 1
      return Promise.resolve(new Map(paths.map((path) => [path, { pid: looks, name: 'other' }])))
    },
    () => nowMs,
  )
  const pidOf = async (...paths: string[]) => (await holders(paths)).get(paths[0]!)?.pid
  expect([await pidOf('/dev/a'), await pidOf('/dev/a')]).toEqual([1, 1])
  nowMs = HOLDERS_KEPT_MS - 1
  expect(await pidOf('/dev/a')).toBe(1)
  expect(await pidOf('/dev/a', '/dev/b')).toBe(2)
  nowMs += HOLDERS_KEPT_MS
  expect(await pidOf('/dev/a', '/dev/b')).toBe(3)
})
