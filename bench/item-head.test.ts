import { expect, test } from 'vitest'
import { encodeMessage } from '../src/shared/contract/message-codec'
import { itemHead } from './item-head'

test('finds the numbers of an item as the core encodes it, small and large', () => {
  for (const seq of [1, 127, 128, 255, 256, 65_535, 65_536, 4_000_000_000]) {
    const frame = encodeMessage({ t: 'item', id: 300, seq, value: { startMs: new Float64Array(3) } })
    expect(itemHead(frame)).toEqual({ id: 300, seq })
  }
})

test('takes nothing else for an item', () => {
  expect(itemHead(encodeMessage({ t: 'reply', id: 1, ok: true, value: null }))).toBeNull()
  expect(itemHead(encodeMessage({ t: 'ended', id: 1, error: {} }))).toBeNull()
})
