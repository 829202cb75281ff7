import { expect, test } from 'vitest'
import type { LinesEvent } from '../../shared/model/trace'
import { Capture } from './capture'

const change = (atMs: number, dsr: boolean, linkId = 1): LinesEvent => ({
  type: 'lines',
  linkId,
  atMs,
  dtr: true,
  rts: null,
  cts: false,
  dsr,
  dcd: false,
  ri: null,
})

test('lanes hear of every change of the lines once, in order', () => {
  const capture = new Capture()
  const lanes = capture.readLanes(0)
  expect(lanes.take(0)?.lines).toEqual([])
  capture.observe(change(1, true))
  capture.observe(change(2, false))
  const first = { linkId: 1, atMs: 1, dtr: true, rts: null, cts: false, dsr: true, dcd: false, ri: null }
  expect(lanes.take(3)?.lines).toEqual([first, { ...first, atMs: 2, dsr: false }])
  expect(lanes.hasNews).toBe(false)
})

test('the oldest changes go when there are too many, and a batch stays small', () => {
  const capture = new Capture({ lines: 1000 })
  for (let at = 0; at < 10_000; at++) capture.observe(change(at, at % 2 === 0))
  const lanes = capture.readLanes(0)
  const times: number[] = []
  for (let batch = lanes.take(0); batch !== undefined; batch = lanes.take(0)) {
    expect(batch.lines.length).toBeLessThanOrEqual(512)
    times.push(...batch.lines.map(({ atMs }) => atMs))
  }
  expect(times.length).toBeGreaterThanOrEqual(1000)
  expect(times.length).toBeLessThan(2000)
  expect(times).toEqual(Array.from({ length: times.length }, (_, at) => 10_000 - times.length + at))
})

test('clearing keeps what still holds: the latest state of each link', () => {
  const capture = new Capture()
  const lanes = capture.readLanes(0)
  for (const event of [change(1, true), change(2, false), change(3, true, 2)]) capture.observe(event)
  lanes.take(4)
  capture.clear(5)
  const batch = lanes.take(6)
  expect([batch?.isReset, batch?.lines.map(({ linkId, atMs }) => [linkId, atMs])]).toEqual([
    true,
    [
      [1, 2],
      [2, 3],
    ],
  ])
})
