import { describe, expect, test } from 'vitest'
import { clampView, keyView, viewOf, wheelView } from './strip-view'

const bounds = { fromMs: 0, toMs: 10_000 }
const still = { deltaX: 0, deltaY: 0, isShift: false }

describe('the window of a pair of lines', () => {
  test('stays inside of what there is', () => {
    expect(clampView({ from: -500, span: 1000 }, bounds)).toEqual({ from: 0, span: 1000 })
    expect(clampView({ from: 9800, span: 1000 }, bounds)).toEqual({ from: 9000, span: 1000 })
    expect(clampView({ from: 3, span: 50_000 }, bounds)).toEqual({ from: 0, span: 10_000 })
  })

  test('zooms with the wheel where the pointer is', () => {
    const view = wheelView({ from: 2000, span: 1000 }, bounds, { ...still, deltaY: -100 }, 0.25)
    expect(view.span).toBeCloseTo(800)
    expect(view.from + 0.25 * view.span).toBeCloseTo(2250)
  })

  test('moves with the wheel when it is turned sideways or with Shift', () => {
    const view = { from: 2000, span: 1200 }
    expect(wheelView(view, bounds, { ...still, deltaX: 300 }, 0.5)).toEqual({ from: 2600, span: 1200 })
    expect(wheelView(view, bounds, { ...still, deltaY: -300, isShift: true }, 0.5)).toEqual({
      from: 1400,
      span: 1200,
    })
  })

  test.each([
    ['ArrowRight', { from: 2150, span: 1000 }],
    ['a', { from: 1850, span: 1000 }],
    ['w', { from: 2100, span: 800 }],
    ['-', { from: 1875, span: 1250 }],
    ['Home', { from: 0, span: 1000 }],
    ['End', { from: 9000, span: 1000 }],
    ['0', { from: 0, span: 10_000 }],
  ])('goes with %s', (key, expected) => {
    const view = keyView({ from: 2000, span: 1000 }, bounds, key)!
    expect(view.from).toBeCloseTo(expected.from)
    expect(view.span).toBeCloseTo(expected.span)
  })

  test('leaves other keys alone', () => {
    expect(keyView(viewOf(bounds), bounds, 'x')).toBeNull()
  })
})
