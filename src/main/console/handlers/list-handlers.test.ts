import { beforeEach, expect, test } from 'vitest'
import { requestChecks } from '../../../shared/contract/contract'
import type { ListChanged, ListView } from '../../../shared/model/list-view'
import { TraceScript } from '../../../testing/trace-script'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../../capture/capture'
import { ListViews } from '../../capture/views/list-views'
import { viewLanguage } from '../../capture/views/view-language'
import { listFeed, notesFeed } from '../feeds/list-feeds'
import { sessionDay } from '../session-day'
import { listHandlers } from './list-handlers'

const ALL: ListView = { filter: '', marks: [], order: 'time' }

let clock: VirtualClock
let capture: Capture
let script: TraceScript
let views: ListViews
let handlers: ReturnType<typeof listHandlers>

beforeEach(() => {
  clock = new VirtualClock()
  capture = new Capture()
  script = new TraceScript(capture.observe)
  const day = sessionDay('2026-11-21T10:42:07.000Z')
  const world = { linkOf: () => undefined, nowMs: () => clock.nowMs(), dayStartMs: day.dayStartMs }
  views = new ListViews(capture.viewSource, clock, viewLanguage(capture.subjectSource(world)))
  handlers = listHandlers(views, capture, { ...day, urlOf: () => null })
})

test('a list is told at most 30 times a second, however much happens, and knows everything in the end', () => {
  const feed = listFeed(capture, views, clock, { ...ALL, filter: 'log' })
  const items: ListChanged[] = []
  const pull = (): void => {
    const item = feed.take()
    if (item !== undefined) items.push(item)
    feed.onNews(pull)
  }
  feed.onNews(pull)
  for (let key = 1; key <= 1000; key++) {
    script.nowMs = clock.nowMs()
    script.message({ messageKey: key, route: key % 2 === 0 ? 'log' : 'other' }, 'x')
    clock.advanceBy(1)
  }
  clock.advanceBy(50)
  expect(items.length).toBeGreaterThan(25)
  expect(items.length).toBeLessThanOrEqual(33)
  expect(items[0]).toMatchObject({ changedFrom: items[0]?.first })
  expect(items.at(-1)).toMatchObject({ shown: 500, total: 1000, scan: null })
  const changes = items.map(({ changedFrom }) => changedFrom)
  expect(changes).toEqual([...changes].sort((one, other) => one - other))
  feed.close()
  const { length } = items
  script.message({ messageKey: 2000, route: 'log' }, 'x')
  clock.advanceBy(1000)
  expect(items).toHaveLength(length)
})

test('notes are told at once and whenever one changes', async () => {
  const feed = notesFeed(capture, clock)
  expect(feed.take()).toEqual({ notes: [] })
  const { noteId } = await handlers['note.set']({ kind: 'marker', atMs: 5, messageId: null, text: 'here' })
  clock.advanceBy(50)
  expect(feed.take()).toEqual({ notes: [{ noteId, kind: 'marker', atMs: 5, messageId: null, text: 'here' }] })
  await handlers['note.remove']({ noteId })
  clock.advanceBy(50)
  expect(feed.take()).toEqual({ notes: [] })
  script.message({ messageKey: 1 })
  clock.advanceBy(50)
  expect(feed.take()).toBeUndefined()
})

test('rows are copied by their positions, or by their numbers in the order given', async () => {
  script.message({ messageKey: 1, route: 'a' }, 'one')
  script.message({ messageKey: 2, route: 'b' }, 'two')
  const view: ListView = { ...ALL, filter: 'msg.route in {"a", "b"}' }
  const { from, rows } = await handlers['list.rows']({ view, from: 0, count: 9, fields: ['text'] } as never)
  expect(rows).toMatchObject([{ cells: ['one'] }, { cells: ['two'] }])
  const copied = { view, shape: 'hex' as const, fields: [] }
  const byPosition = await handlers['list.copy']({ ...copied, from: from + 1, to: from + 2 } as never)
  expect(byPosition).toMatchObject({ text: '74 77 6f', rows: 1 })
  const byNumber = await handlers['list.copy']({ ...copied, messageIds: [2, 99, 1] } as never)
  expect(byNumber).toMatchObject({ text: '74 77 6f\n6f 6e 65', rows: 2, isTruncated: false })
})

test('requests beyond the limits are refused at the door', () => {
  const rows = { view: ALL, from: 0, count: 500, fields: [] as string[] }
  const copy = { view: ALL, shape: 'hex', fields: [] }
  const isTaken = (name: keyof typeof requestChecks, request: unknown): boolean =>
    requestChecks[name].safeParse(request).success
  expect(isTaken('list.rows', rows)).toBe(true)
  expect(isTaken('list.rows', { ...rows, count: 501 })).toBe(false)
  expect(isTaken('list.rows', { ...rows, fields: Array.from({ length: 17 }, () => 'msg.id') })).toBe(false)
  expect(isTaken('list.rows', { ...rows, view: { ...ALL, filter: 'x'.repeat(4097) } })).toBe(false)
  expect(
    isTaken('list.rows', { ...rows, view: { ...ALL, marks: Array.from({ length: 17 }, () => '') } }),
  ).toBe(false)
  expect(isTaken('list.copy', { ...copy, from: 0, to: 3 })).toBe(true)
  expect(isTaken('list.copy', { ...copy, messageIds: [1] })).toBe(true)
  expect(isTaken('list.copy', { ...copy, messageIds: Array.from({ length: 10_001 }, () => 1) })).toBe(false)
  expect(isTaken('list.copy', copy)).toBe(false)
  expect(isTaken('list.find', { view: ALL, filter: '', fromPosition: 0, direction: 0 })).toBe(false)
})
