import { expect, test } from 'vitest'
import { TraceScript } from '../../testing/trace-script'
import { Capture } from './capture'
import { TriggerFilters } from './triggers/trigger-filters'

const event = (change: 'set' | 'expired' | 'evicted' | 'deleted', key: string, atMs: number, messageId = 0) =>
  ({ type: 'cache', linkId: 0, atMs, change, key, by: '', messageId }) as const

test('entries that went by themselves come to lanes once each, the newest up to the limit, and go with a clear', () => {
  const capture = new Capture({ cacheEnds: 3 })
  const lanes = capture.readLanes(0)
  lanes.take(0)
  capture.observe(event('set', 'a', 1))
  capture.observe(event('expired', 'a', 2))
  capture.observe(event('deleted', 'b', 3))
  expect(lanes.take(4)?.cacheEnds).toEqual([{ linkId: 0, atMs: 2, change: 'expired', key: 'a' }])
  expect(lanes.take(5)).toBeUndefined()
  for (let at = 0; at < 5; at++) capture.observe(event('evicted', `k${at}`, 10 + at))
  expect(lanes.take(20)?.cacheEnds.map(({ key }) => key)).toEqual(['k2', 'k3', 'k4'])
  capture.clear(21)
  expect(lanes.take(22)).toMatchObject({ isReset: true, cacheEnds: [] })
})

test('a message whose body was stored is found by its key, also through its request', () => {
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  script.opened({ messageKey: 1, dir: 'out', kind: 'request', correlationId: 'a' })
  script.opened({ messageKey: 2, dir: 'in', kind: 'response', answersKey: 1 })
  capture.observe(event('set', 'answers/demo/add', 5, 2))
  capture.observe(event('set', 'nobody', 6, 999))
  const filters = new TriggerFilters(
    capture.subjectSource({ nowMs: () => 0, dayStartMs: 0, linkOf: () => undefined }),
  )
  const matching = (filter: string): number[] => {
    const holds = filters.compile(filter)
    return [1, 2].filter((id) => filters.moveTo(id) && holds())
  }
  expect(matching('cache.key == "answers/demo/add"')).toEqual([2])
  expect(matching('rep.cache.key contains "add"')).toEqual([1])
})
