import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageRow, MessagesChanged } from '../../shared/model/views'
import { RowWindow } from './row-window'

const row = (id: number, doneBytes = 0): MessageRow => ({
  id,
  linkId: 1,
  openedMs: id * 10,
  dir: 'in',
  route: 'echo',
  kind: 'event',
  priority: 3,
  bodyBytes: 5,
  doneBytes,
  chunks: 1,
  status: 'received',
  code: null,
  roundTripMs: null,
  hue: 1,
  partnerId: 0,
  preview: 'hello',
})
const rows = (from: number, to: number, doneBytes = 0): MessageRow[] =>
  Array.from({ length: to - from }, (_, index) => row(from + index, doneBytes))
const news = (firstId: number, total: number, changedFromId: number): MessagesChanged => ({
  firstId,
  total,
  changedFromId,
  evicted: firstId - 1,
})

describe('window of rows', () => {
  test('asks for the rows on screen, by position', () => {
    const window = new RowWindow()
    window.changed(news(101, 50, 101))
    window.want(110, 130)
    expect(window.nextRequest()).toEqual({ from: 9, count: 20 })
  })

  test('has one request on its way at a time, then asks for the newest window only', () => {
    const window = new RowWindow()
    window.changed(news(1, 1000, 1))
    window.want(1, 31)
    expect(window.nextRequest()).toEqual({ from: 0, count: 30 })
    window.want(200, 230)
    expect(window.nextRequest()).toBeUndefined()
    window.want(500, 530)
    window.arrived(rows(1, 31))
    expect(window.nextRequest()).toEqual({ from: 499, count: 30 })
  })

  test('asks for what is missing, not for what it has', () => {
    const window = new RowWindow()
    window.changed(news(1, 1000, 1))
    window.want(1, 31)
    window.nextRequest()
    window.arrived(rows(1, 31))
    window.want(11, 41)
    expect(window.nextRequest()).toEqual({ from: 30, count: 10 })
  })

  test('shows the old row until the changed one is there', () => {
    const window = new RowWindow()
    window.changed(news(1, 10, 1))
    window.want(1, 11)
    window.nextRequest()
    window.arrived(rows(1, 11))
    window.changed(news(1, 10, 8))
    expect(window.get(9)?.doneBytes).toBe(0)
    expect(window.nextRequest()).toEqual({ from: 7, count: 3 })
    window.arrived(rows(8, 11, 5))
    expect(window.get(9)?.doneBytes).toBe(5)
    expect(window.nextRequest()).toBeUndefined()
  })

  test('asks again for rows that changed while their request was on its way', () => {
    const window = new RowWindow()
    window.changed(news(1, 10, 1))
    window.want(1, 11)
    window.nextRequest()
    window.changed(news(1, 10, 9))
    window.arrived(rows(1, 11))
    expect(window.nextRequest()).toEqual({ from: 8, count: 2 })
  })

  test('keeps the identity of a row that did not change', () => {
    const window = new RowWindow()
    window.changed(news(1, 2, 1))
    window.want(1, 3)
    window.nextRequest()
    window.arrived(rows(1, 3))
    const before = window.get(1)
    window.changed(news(1, 2, 1))
    window.nextRequest()
    expect(window.arrived(rows(1, 3))).toBe(false)
    expect(window.get(1)).toBe(before)
  })

  test('does not ask for ever for rows that were dropped meanwhile', () => {
    const window = new RowWindow()
    window.changed(news(1, 10, 1))
    window.want(1, 11)
    window.nextRequest()
    window.arrived(rows(6, 11))
    expect(window.nextRequest()).toBeUndefined()
  })

  test('does not hammer after a failure, but asks again after the next change', () => {
    const window = new RowWindow()
    window.changed(news(1, 10, 1))
    window.want(1, 11)
    window.nextRequest()
    window.failed()
    expect(window.nextRequest()).toBeUndefined()
    window.changed(news(1, 11, 11))
    expect(window.nextRequest()).toEqual({ from: 0, count: 10 })
  })

  test('forgets everything when the capture was cleared', () => {
    const window = new RowWindow()
    window.changed(news(1, 10, 1))
    window.want(1, 11)
    window.nextRequest()
    window.arrived(rows(1, 11))
    window.changed(news(1, 0, 0))
    expect(window.get(1)).toBeUndefined()
    expect(window.nextRequest()).toBeUndefined()
  })

  test('always ends up with fresh rows on screen and a bounded memory', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('want' as const), from: fc.integer({ min: 1, max: 30_000 }) }),
      fc.record({
        type: fc.constant('grow' as const),
        by: fc.integer({ min: 0, max: 900 }),
        back: fc.nat(40),
      }),
      fc.record({ type: fc.constant('answer' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const window = new RowWindow()
        let total = 100
        let version = 0
        let asked: { from: number; count: number } | undefined
        window.changed(news(1, total, 1))
        const answer = (): void => {
          asked ??= window.nextRequest()
          if (asked === undefined) return
          window.arrived(rows(asked.from + 1, asked.from + asked.count + 1, version))
          asked = undefined
        }
        let from = 1
        for (const step of steps) {
          if (step.type === 'want') window.want((from = step.from), step.from + 30)
          else if (step.type === 'grow') {
            asked ??= window.nextRequest()
            total += step.by
            version += 1
            window.changed(news(1, total, Math.max(1, total - step.by - step.back)))
          } else answer()
        }
        window.want(from, from + 30)
        for (let round = 0; round < 3; round++) answer()
        expect(window.nextRequest()).toBeUndefined()
        for (let id = from; id < Math.min(from + 30, total + 1); id++) expect(window.get(id)?.id).toBe(id)
        expect([...window.rows].length).toBeLessThanOrEqual(2030)
      }),
    )
  })
})
