import { expect, test } from 'vitest'
import { killRecorders } from './recorder-kills'

test('a recorder that is killed at any moment has everything that it acknowledged, once and in order', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const counts = await killRecorders(6, seed, 3)
  expect(counts, `seed ${seed}`).toMatchObject({ lost: 0, disordered: 0, unreadableFiles: 0 })
  expect(counts.readable, `seed ${seed}`).toBeGreaterThan(0)
})
