import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { patternAt, patternBytes, patternPieces, patternSha256 } from './pattern'

test('pieces of any size give the same content', () => {
  const whole = patternBytes(200_000)
  for (const pieceBytes of [4096, 65_536, 1000]) {
    const joined = Buffer.concat([...patternPieces(200_000, pieceBytes)].map(({ piece }) => piece))
    expect(joined.equals(whole)).toBe(true)
  }
  expect(patternSha256(200_000)).toBe(createHash('sha256').update(whole).digest('hex'))
})

test('swapped, doubled and missing pieces change the content', () => {
  const first = patternAt(0, 65_536)
  expect(first.equals(patternAt(65_536, 65_536))).toBe(false)
  expect(first.equals(patternAt(4096, 65_536))).toBe(false)
  expect(patternSha256(65_536)).not.toBe(patternSha256(65_537))
})
