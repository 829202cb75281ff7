import { describe, expect, test } from 'vitest'
import { allowedColours } from './colours'
import { findInRows } from './find-in-rows'
import { MAX_KEPT_BYTES, TerminalModel } from './terminal-model'

describe('what the terminal is made of', () => {
  test('finds text across the rows of a long line, not in the times before it', () => {
    const rows = [
      { text: '12:00 < Needle', isWrapped: false },
      { text: '12:00 < a nee', isWrapped: false },
      { text: 'dle and a needle', isWrapped: true },
    ]
    expect(findInRows(rows, 'needle', 8)).toEqual([
      { row: 0, column: 8, length: 6 },
      { row: 1, column: 10, length: 6 },
      { row: 2, column: 10, length: 6 },
    ])
    expect(findInRows(rows, '12:00', 8)).toEqual([])
    expect(findInRows(rows, '', 0)).toEqual([])
  })

  test('keeps as much as the core, the newest, and counts the rest', () => {
    const model = new TerminalModel()
    const piece = (fill: number) => ({ dir: 'in' as const, atMs: 0, bytes: new Uint8Array(1000).fill(fill) })
    for (let at = 0; at < 2000; at++)
      model.take({ pieces: [piece(at & 0xff)], lostBytes: 0, isReset: at === 0 })
    const kept = model.pieces
    expect(kept.length * 1064).toBeLessThanOrEqual(MAX_KEPT_BYTES)
    expect(kept.at(-1)?.bytes[0]).toBe(1999 & 0xff)
    expect(model.lostBytes + kept.length * 1000).toBe(2_000_000)
    model.take({ pieces: [], lostBytes: 0, isReset: true })
    expect(model.isEmpty).toBe(true)
    expect(model.lostBytes).toBe(0)
  })

  test.each([
    ['', '0'],
    ['1;31', '1;31'],
    ['5;8', ''],
    ['38;5;200;4', '38;5;200;4'],
    ['38:2:10:10:10', '38;5;232'],
    ['48;2;255;255;255', '48;5;231'],
    ['?25', ''],
    ['58;5;3;31', '31'],
    ['999', ''],
  ])('of the colours %j it lets through %j', (params, allowed) => {
    expect(allowedColours(params)).toBe(allowed)
  })
})
