import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ListEvent, ListMessage, ListRow } from '../../shared/model/list-view'
import { RowWindow, type RowsAnswer } from './row-window'

const message = (position: number, doneBytes = 0): ListMessage => ({
  row: 'message',
  id: position + 1,
  linkId: 1,
  openedMs: position * 10,
  dir: 'in',
  route: 'echo',
  kind: 'event',
  isSubscription: false,
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
  depth: 0,
  matches: 0,
  deltaMs: null,
  deltaRequestMs: null,
  queuedMs: null,
  isMarked: false,
  note: '',
  cells: ['21.5'],
})
const gap: ListEvent = {
  row: 'event',
  kind: 'link-down',
  eventId: 7,
  linkId: 1,
  atMs: 5,
  untilMs: null,
  code: null,
  count: 0,
  text: '',
}
const answer = (from: number, to: number, doneBytes = 0, generation = 1): RowsAnswer => ({
  generation,
  from,
  rows: Array.from({ length: to - from }, (_, index) => message(from + index, doneBytes)),
})
const news = (first: number, end: number, changedFrom: number, generation = 1) => ({
  generation,
  first,
  end,
  changedFrom,
})
const done = (row: ListRow | undefined): number | undefined =>
  row?.row === 'message' ? row.doneBytes : undefined

/** A window over positions 0 to `end` that has its first rows. */
const filled = (end: number): RowWindow => {
  const window = new RowWindow()
  window.changed(news(0, end, 0))
  window.want(0, end)
  window.nextRequest()
  window.arrived(answer(0, end))
  return window
}

describe('window of rows', () => {
  test('tells what stands at a position for sure from what stood there last', () => {
    const window = filled(10)
    window.changed(news(0, 11, 4)) // a row came in at 4: all from there on may stand elsewhere
    expect(window.fresh(3)).toBe(window.get(3))
    expect(window.get(4)).toBeDefined()
    expect(window.fresh(4)).toBeUndefined()
    expect(window.positionOf(4)).toBe(3)
    expect(window.positionOf(5)).toBeUndefined()
  })

  test('asks for the rows on screen, by position', () => {
    const window = new RowWindow()
    window.changed(news(100, 150, 100))
    window.want(110, 130)
    expect(window.nextRequest()).toEqual({ from: 110, count: 20 })
    window.want(90, 120)
    window.arrived(answer(110, 130))
    expect(window.nextRequest()).toEqual({ from: 100, count: 10 })
  })

  test('has one request on its way at a time, then asks for the newest window only', () => {
    const window = new RowWindow()
    window.changed(news(0, 1000, 0))
    window.want(0, 30)
    expect(window.nextRequest()).toEqual({ from: 0, count: 30 })
    window.want(200, 230)
    expect(window.nextRequest()).toBeUndefined()
    window.want(500, 530)
    window.arrived(answer(0, 30))
    expect(window.nextRequest()).toEqual({ from: 500, count: 30 })
  })

  test('asks for what is missing, not for what it has', () => {
    const window = filled(40)
    window.changed(news(0, 1000, 40))
    window.want(10, 50)
    expect(window.nextRequest()).toEqual({ from: 40, count: 10 })
  })

  test('shows the old row until the changed one is there', () => {
    const window = filled(10)
    window.changed(news(0, 10, 7))
    expect(done(window.get(9))).toBe(0)
    expect(window.nextRequest()).toEqual({ from: 7, count: 3 })
    window.arrived(answer(7, 10, 5))
    expect(done(window.get(9))).toBe(5)
    expect(window.nextRequest()).toBeUndefined()
  })

  test('asks again for rows that changed while their request was on its way', () => {
    const window = new RowWindow()
    window.changed(news(0, 10, 0))
    window.want(0, 10)
    window.nextRequest()
    window.changed(news(0, 10, 8))
    window.arrived(answer(0, 10))
    expect(window.nextRequest()).toEqual({ from: 8, count: 2 })
  })

  test('keeps the identity of a row that did not change, and tells one that did', () => {
    const window = filled(2)
    const before = window.get(1)
    window.changed(news(0, 2, 0))
    window.nextRequest()
    expect(window.arrived(answer(0, 2))).toBe(false)
    expect(window.get(1)).toBe(before)
    window.changed(news(0, 2, 0))
    window.nextRequest()
    const other = { ...message(1), cells: ['22.0'] }
    expect(window.arrived({ generation: 1, from: 0, rows: [message(0), other] })).toBe(true)
    expect(window.get(1)).toBe(other)
  })

  test('knows where a message stands, and an event in its place', () => {
    const window = filled(3)
    expect(window.positionOf(2)).toBe(1)
    window.changed(news(0, 4, 1))
    window.want(0, 4)
    window.nextRequest()
    window.arrived({
      generation: 1,
      from: 1,
      rows: [gap, { ...message(1), id: 2 }, { ...message(2), id: 3 }],
    })
    expect(window.get(1)).toEqual(gap)
    expect(window.positionOf(2)).toBe(2)
  })

  test('does not ask for ever for rows that were dropped meanwhile', () => {
    const window = new RowWindow()
    window.changed(news(0, 10, 0))
    window.want(0, 10)
    window.nextRequest()
    window.arrived(answer(5, 10))
    expect(window.nextRequest()).toBeUndefined()
  })

  test('asks for rows that did not come and of which the news told before the answer was there', () => {
    const window = new RowWindow()
    window.changed(news(0, 10, 0))
    window.want(0, 10)
    window.nextRequest()
    window.changed(news(0, 10, 8)) // overtook an answer that was made when the list was shorter
    window.arrived(answer(0, 8))
    expect(window.nextRequest()).toEqual({ from: 8, count: 2 })
  })

  test('knows that it is stuck when what is on screen failed or did not come, and asks again when it is told to', () => {
    const window = filled(10)
    expect(window.isStuck).toBe(false)
    window.want(0, 12)
    window.changed(news(0, 12, 10))
    window.nextRequest()
    expect(window.isStuck).toBe(false)
    for (const lose of [() => window.failed(), () => window.arrived({ generation: 1, from: 10, rows: [] })]) {
      lose()
      expect(window.isStuck).toBe(true)
      expect(window.nextRequest()).toBeUndefined()
      window.retry()
      expect(window.nextRequest()).toEqual({ from: 10, count: 2 })
    }
    window.want(0, 10)
    window.failed()
    expect(window.isStuck).toBe(false)
  })

  test('shows an event that moved at its new position only, and takes no row beyond the list', () => {
    const window = filled(4)
    window.changed(news(0, 4, 1))
    window.nextRequest()
    window.arrived({ generation: 1, from: 1, rows: [gap, message(1), message(2)] })
    window.changed(news(0, 5, 1))
    window.want(2, 5)
    window.nextRequest()
    window.arrived({ generation: 1, from: 2, rows: [gap, message(1), message(2), message(3)] })
    expect([1, 2].map((position) => window.get(position))).toEqual([undefined, gap])
    expect(window.get(5)).toBeUndefined()
    expect(window.positionOf(4)).toBeUndefined()
  })

  test('does not hammer after a failure, but asks again after the next change or move', () => {
    const window = new RowWindow()
    window.changed(news(0, 10, 0))
    window.want(0, 10)
    for (const retry of [() => window.changed(news(0, 11, 10)), () => window.want(1, 9)]) {
      window.nextRequest()
      window.failed()
      expect(window.nextRequest()).toBeUndefined()
      retry()
      expect(window.nextRequest()).toBeDefined()
    }
  })

  test('forgets everything with another generation, and what was on its way for the old one', () => {
    const window = filled(10)
    window.changed(news(0, 20, 10))
    window.want(0, 20)
    expect(window.nextRequest()).toEqual({ from: 10, count: 10 })
    window.changed(news(0, 5, 0, 2))
    expect(window.get(1)).toBeUndefined()
    expect(window.arrived(answer(10, 20))).toBe(false)
    expect(window.nextRequest()).toEqual({ from: 0, count: 5 })
  })

  test('waits for the news of a generation that it does not know yet', () => {
    const window = new RowWindow()
    window.changed(news(0, 10, 0))
    window.want(0, 10)
    window.nextRequest()
    expect(window.arrived(answer(0, 10, 0, 2))).toBe(false)
    expect(window.nextRequest()).toBeUndefined()
    window.changed(news(0, 10, 0, 2))
    expect(window.nextRequest()).toEqual({ from: 0, count: 10 })
  })

  test('asks anew for rows whose further columns are others, and shows the old ones meanwhile', () => {
    const window = filled(4)
    window.outdated()
    expect(window.get(2)).toBeDefined()
    expect(window.nextRequest()).toEqual({ from: 0, count: 4 })
  })

  test('shows a message that moved at its new position only', () => {
    const window = filled(10)
    window.want(0, 11)
    window.changed(news(0, 11, 4)) // something came in between: from 4 on all move by one
    expect(window.nextRequest()).toEqual({ from: 4, count: 7 })
    window.arrived({ generation: 1, from: 4, rows: [gap, message(4), message(5)] })
    const ids = [...Array(11).keys()].flatMap((position) => {
      const row = window.get(position)
      return row?.row === 'message' ? row.id : []
    })
    expect(new Set(ids).size).toBe(ids.length)
    expect([window.get(5), window.get(6)].map((row) => row?.row === 'message' && row.id)).toEqual([5, 6])
    expect(window.positionOf(6)).toBe(6)
  })

  test('always ends up with fresh rows on screen and a bounded memory', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('want' as const), from: fc.integer({ min: 0, max: 30_000 }) }),
      fc.record({
        type: fc.constant('grow' as const),
        by: fc.integer({ min: 0, max: 900 }),
        back: fc.nat(40),
      }),
      fc.record({ type: fc.constant('drop' as const), by: fc.nat(300) }),
      fc.record({ type: fc.constant('renew' as const) }),
      fc.record({ type: fc.constant('answer' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const window = new RowWindow()
        let [first, end, generation, version] = [0, 100, 1, 0]
        let reply: RowsAnswer | undefined
        const tell = (changedFrom: number): void => window.changed(news(first, end, changedFrom, generation))
        /** The core answers from what it has when the request comes. */
        const ask = (): void => {
          const asked = reply === undefined ? window.nextRequest() : undefined
          if (asked === undefined) return
          const to = Math.min(end, asked.from + asked.count)
          reply = answer(Math.min(to, Math.max(first, asked.from)), to, version, generation)
        }
        const deliver = (): void => {
          ask()
          if (reply !== undefined) window.arrived(reply)
          reply = undefined
        }
        tell(0)
        let from = 0
        for (const step of steps) {
          if (step.type === 'want') window.want((from = step.from), step.from + 30)
          else if (step.type === 'answer') deliver()
          else {
            ask()
            version += 1
            if (step.type === 'grow') {
              end += step.by
              tell(Math.max(first, end - step.by - step.back))
            } else if (step.type === 'drop') {
              first = Math.min(end, first + step.by)
              tell(end)
              version -= 1
            } else {
              generation += 1
              tell(first)
            }
          }
        }
        window.want(from, from + 30)
        for (let round = 0; round < 4; round++) deliver()
        expect(window.nextRequest()).toBeUndefined()
        for (let position = Math.max(first, from); position < Math.min(from + 30, end); position++) {
          expect(window.get(position)).toMatchObject({ id: position + 1 })
        }
        expect(window.rows.length).toBeLessThanOrEqual(2030)
      }),
    )
  })
})
