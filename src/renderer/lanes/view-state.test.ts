import { describe, expect, test } from 'vitest'
import { endOf, FOLLOW_DELAY_MS } from './time-scale'
import { ViewState } from './view-state'

/** Where the right edge belongs at that instant. */
const edgeAt = (nowMs: number): number => nowMs - FOLLOW_DELAY_MS

const following = (nowMs: number): ViewState => {
  const state = new ViewState()
  state.advance(edgeAt(nowMs), 1000)
  return state
}

describe('ViewState', () => {
  test('keeps the right edge a tenth of a second behind now, in whole pixels', () => {
    const state = following(10_000)
    expect(endOf(state.view)).toBeCloseTo(9900, 0)
    expect(state.advance(edgeAt(10_000.5), 1000)).toBe(false)
    expect(state.advance(edgeAt(10_004), 1000)).toBe(true)
    expect((state.view.from / 2) % 1).toBeCloseTo(0)
  })

  test('moving by hand lets go of following', () => {
    const state = following(10_000)
    state.pan(-500, { from: 0, to: 10_000 }, edgeAt(10_000))
    expect(state.isFollowing).toBe(false)
    expect(state.advance(edgeAt(20_000), 1000)).toBe(false)
  })

  test('zooming while following keeps now in the picture', () => {
    const state = following(10_000)
    state.zoom(0.2, 4, edgeAt(10_000))
    expect(state.isFollowing).toBe(true)
    expect(endOf(state.view)).toBeCloseTo(9900, 0)
    expect(state.view.span).toBe(8000)
  })

  test('a pause freezes the picture but not the wish to follow', () => {
    const state = following(10_000)
    const before = state.view
    state.pause(true)
    expect(state.advance(edgeAt(15_000), 1000)).toBe(false)
    expect(state.view).toBe(before)
    state.pause(false)
    expect(state.advance(edgeAt(15_000), 1000)).toBe(true)
  })

  test('cannot be moved out of everything there is', () => {
    const state = following(10_000)
    for (let i = 0; i < 100; i++) state.pan(-5000, { from: 0, to: 10_000 }, edgeAt(10_000))
    expect(endOf(state.view)).toBeGreaterThan(0)
    for (let i = 0; i < 100; i++) state.pan(5000, { from: 0, to: 10_000 }, edgeAt(10_000))
    expect(state.view.from).toBeLessThan(10_000)
  })

  test('a range that reaches now follows again', () => {
    const state = following(10_000)
    state.show(2000, 3000, edgeAt(10_000))
    expect(state.isFollowing).toBe(false)
    state.show(9000, 9950, edgeAt(10_000))
    expect(state.isFollowing).toBe(true)
  })

  test('goes to the oldest chunk without changing the span', () => {
    const state = following(10_000)
    state.oldest({ from: 1234, to: 10_000 })
    expect(state.view.from).toBeLessThanOrEqual(1234)
    expect(endOf(state.view)).toBeGreaterThan(1234)
    expect(state.view.span).toBe(2000)
  })

  test('a message in the picture is shown without stopping it, one outside stops it', () => {
    const state = following(10_000)
    state.reveal(9000, 9100)
    expect(state.isFollowing).toBe(true)
    state.reveal(1000, 1100)
    expect(state.isFollowing).toBe(false)
    expect(state.view.from).toBeLessThan(1000)
  })
})
