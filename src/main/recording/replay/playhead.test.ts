import { expect, test } from 'vitest'
import { Playhead } from './playhead'

test('goes where it was told to as soon as that is read, and says until then that it wants to', () => {
  const playhead = new Playhead(0)
  playhead.seek(0, 500)
  expect([playhead.position(10, 100), playhead.wanted(100)]).toEqual([100, 500])
  expect([playhead.position(20, 499), playhead.wanted(499)]).toEqual([499, 500])
  expect([playhead.position(30, 600), playhead.wanted(600)]).toEqual([500, null])
})

test('stays where it is read when it is told to, and wants nothing more', () => {
  const playhead = new Playhead(0)
  playhead.seek(0, 500)
  playhead.seek(10, playhead.position(10, 120))
  expect([playhead.position(20, 300), playhead.wanted(300)]).toEqual([120, null])
})

test('plays on from where it was told to go, not from where it waited for that to be read', () => {
  const playhead = new Playhead(0)
  playhead.play(0)
  playhead.seek(0, 500)
  for (const [nowMs, readMs] of [
    [20, 100],
    [40, 200],
    [60, 480],
  ] as const) {
    playhead.hold(nowMs, readMs)
    expect([playhead.position(nowMs, readMs), playhead.wanted(readMs)]).toEqual([readMs, 500])
  }
  expect(playhead.position(60, 1000)).toBe(500)
  expect(playhead.position(80, 1000)).toBe(520)
})
