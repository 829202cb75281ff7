import { describe, expect, test } from 'vitest'
import { pixelScale } from '../time-scale'
import { boxOf, curveOf, curveX, frameOf, hitStrip, TIES_BOTTOM, TIES_TOP, tieStart } from './strip-layout'
import type { StripBlock, StripTie } from './strip-types'

const block = (dir: 'in' | 'out', startMs: number, endMs: number): StripBlock => ({
  dir,
  startMs,
  endMs,
  hue: 1,
  look: 'solid',
})
const scale = pixelScale({ from: 0, span: 1000 }, 1000)
const above = [block('out', 100, 150), block('in', 170, 176)]
const below = [block('out', 300, 350), block('in', 400, 406)]
const ties: StripTie[] = [{ above: 0, below: 0, tone: 'equal' }]
const lines = { above, below, ties }

describe('the layout of a pair of lines', () => {
  test('puts what was sent over what was received, at whole device pixels of every ratio', () => {
    expect(boxOf(scale, 1, 'above', above[0]!)).toEqual({ x: 100, y: 30, width: 50, height: 12 })
    expect(boxOf(scale, 1, 'above', above[1]!).y).toBe(44)
    const fine = boxOf(pixelScale({ from: 0, span: 1000 }, 1500), 1.5, 'below', below[1]!)
    expect(Object.values(fine).every(Number.isInteger)).toBe(true)
  })

  test('keeps two pixels of what is shorter than that', () => {
    expect(boxOf(scale, 1, 'above', block('out', 5, 5.01)).width).toBe(2)
    expect(boxOf(scale, 2, 'above', block('out', 5, 5.01)).width).toBe(4)
  })

  test('frames a block until the end of what it began', () => {
    const frame = frameOf(scale, 1, 'above', { ...above[0]!, untilMs: 176 })
    expect(frame.x + frame.width).toBe(179)
  })

  test('leads a curve from the beginning of one block to that of the other', () => {
    const curve = curveOf(scale, 1, ties[0]!, above, below)!
    expect(curveX(curve, TIES_TOP)).toBeCloseTo(100, 3)
    expect(curveX(curve, (TIES_TOP + TIES_BOTTOM) / 2)).toBeCloseTo(200, 3)
    expect(curveX(curve, TIES_BOTTOM)).toBeCloseTo(300, 3)
  })

  test('has no curve where a side is missing or both ends are out of sight', () => {
    expect(curveOf(scale, 1, { above: 0, below: -1, tone: 'equal' }, above, below)).toBeNull()
    const later = pixelScale({ from: 600, span: 100 }, 1000)
    expect(curveOf(later, 1, ties[0]!, above, below)).toBeNull()
  })

  test('finds the block under the pointer with its tie', () => {
    expect(hitStrip(scale, 1, lines, 120, 35)).toEqual({ side: 'above', block: 0, tie: 0 })
    expect(hitStrip(scale, 1, lines, 403, 130)).toEqual({ side: 'below', block: 1, tie: -1 })
  })

  test('takes a block within four pixels, and no farther', () => {
    expect(hitStrip(scale, 1, lines, 154, 35)?.block).toBe(0)
    expect(hitStrip(scale, 1, lines, 155.5, 35)).toBeNull()
  })

  test('finds a curve between the lines', () => {
    const middle = (TIES_TOP + TIES_BOTTOM) / 2
    expect(hitStrip(scale, 1, lines, 203, middle)).toEqual({ side: null, block: -1, tie: 0 })
    expect(hitStrip(scale, 1, lines, 230, middle)).toBeNull()
  })

  test('begins a tie where the first of its blocks begins', () => {
    expect(tieStart(ties[0]!, above, below)).toBe(100)
    expect(tieStart({ above: -1, below: 0, tone: 'equal' }, above, below)).toBe(300)
    expect(tieStart({ above: -1, below: -1, tone: 'equal' }, above, below)).toBeNull()
  })
})
