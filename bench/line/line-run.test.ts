import { expect, test } from 'vitest'
import { allowedBytes, boundMs } from './line-run'
import { PLAIN, VARIANTS } from './line-variant'
import { runStackOnLine } from './stack-on-line'

const limits = { chunkBytes: 256, headBytes: 20, urgentBytes: 120, aheadBytes: 0 }

test('the bound is the one of the theory: 39.4 ms for chunks of 256 bytes at 115,200 baud, and 5 ms of slack', () => {
  expect(boundMs(limits, 115_200, 5)).toBeCloseTo(39.4 + 5, 1)
  expect(boundMs(limits, 921_600, 5)).toBeCloseTo(9.3 + 5, 1)
})

test('ahead of an urgent message may lie what was written ahead, a chunk and its head', () => {
  expect(allowedBytes(limits, 115_200, 5)).toBe(57 + 256 + 20)
})

test('two runs of a line give the same figures to the last digit', async () => {
  const first = await runStackOnLine('lso', 921_600, PLAIN, false)
  expect(await runStackOnLine('lso', 921_600, PLAIN, false)).toEqual(first)
})

test('writes of the device that are lost leave requests without answer', async () => {
  const lossy = VARIANTS.find(({ lostReplyShare = 0 }) => lostReplyShare > 0)!
  const { figures } = await runStackOnLine('lso', 115_200, lossy, false)
  expect(figures.arrived).toBe(figures.asked)
  expect(figures.answered).toBeLessThan(figures.asked)
})
