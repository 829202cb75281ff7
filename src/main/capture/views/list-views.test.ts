import { beforeEach, describe, expect, test } from 'vitest'
import { hasCode } from '../../../shared/errors'
import type { ListChunk, ListMessage, ListView } from '../../../shared/model/list-view'
import { TraceScript } from '../../../testing/trace-script'
import { settlePromises, VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../capture'
import { IDLE_VIEW_MS, ListViews, MAX_VIEWS } from './list-views'
import { viewLanguage } from './view-language'

/** A clock on which work takes time: every look at it costs a tenth of a millisecond. */
class WorkingClock extends VirtualClock {
  #workMs = 0
  isWorking = false

  override nowMs(): number {
    if (this.isWorking) this.#workMs += 0.1
    return super.nowMs() + this.#workMs
  }

  override schedule(atMs: number, fire: () => void): () => void {
    return super.schedule(atMs - this.#workMs, fire)
  }
}

const view = (given: Partial<ListView> = {}): ListView => ({ filter: '', marks: [], order: 'time', ...given })

let clock: WorkingClock
let capture: Capture
let script: TraceScript
let views: ListViews

function build(limits: ConstructorParameters<typeof Capture>[0] = {}): void {
  clock = new WorkingClock()
  capture = new Capture(limits)
  script = new TraceScript(capture.observe)
  const source = capture.subjectSource({ linkOf: () => undefined, nowMs: () => clock.nowMs(), dayStartMs: 0 })
  views = new ListViews(capture.viewSource, clock, viewLanguage(source))
}

beforeEach(() => build())

function receive(count: number, route = 'log', body = 'x'): void {
  for (let at = 0; at < count; at++) {
    script.nowMs += 10
    script.message({ messageKey: (nextKey += 1), dir: 'in', route }, body)
  }
}
let nextKey = 0

const idOf = (row: ListMessage | ListChunk): number => (row.row === 'message' ? row.id : row.messageId)

const ids = (asked: ListView): number[] =>
  views.rows(asked, 0, 500, []).rows.map((row) => (row.row === 'event' ? -row.eventId : idOf(row)))

describe('views', () => {
  test('are shared by equal lists and dropped some time after the last one ended', () => {
    receive(3)
    const one = views.subscribe(view({ filter: 'log' }), () => {})
    const other = views.subscribe(view({ filter: 'log' }), () => {})
    expect(views.count).toBe(1)
    expect([one.take()?.shown, other.take()?.shown]).toEqual([3, 3])
    one.close()
    clock.advanceBy(IDLE_VIEW_MS * 2)
    expect(views.count).toBe(1)
    other.close()
    clock.advanceBy(IDLE_VIEW_MS - 1)
    expect(views.count).toBe(1)
    clock.advanceBy(1)
    expect(views.count).toBe(0)
  })

  test('are 8 at most: the one that was idle longest gives way, and without an idle one there is an error', () => {
    for (let at = 0; at < MAX_VIEWS; at++) {
      views.rows(view({ filter: `msg.id > ${at}` }), 0, 1, [])
      clock.advanceBy(1)
    }
    expect(views.count).toBe(MAX_VIEWS)
    for (let at = 0; at < MAX_VIEWS; at++) views.subscribe(view({ filter: `msg.id < ${at}` }), () => {})
    expect(views.count).toBe(MAX_VIEWS)
    expect(() => views.rows(view(), 0, 1, [])).toThrow(expect.objectContaining({ code: 'VIEWS_TOO_MANY' }))
  })

  test('of a filter, mark or column that is not understood are refused with the place of the problem', () => {
    const asked = [
      () => views.subscribe(view({ filter: 'msg.rute == "a"' }), () => {}),
      () => views.rows(view({ marks: ['log', 'msg.size >'] }), 0, 1, []),
      () => views.rows(view(), 0, 1, ['msg.nothing']),
    ]
    for (const ask of asked) {
      let caught: unknown
      try {
        ask()
      } catch (error) {
        caught = error
      }
      expect(hasCode(caught, 'FILTER_INVALID')).toBe(true)
      expect(caught).toMatchObject({ details: { problems: [{ from: expect.any(Number) as number }] } })
    }
    expect(views.count).toBe(0)
  })

  test('give columns as text, and tell which marks a row matches', () => {
    receive(1, 'cfg', '{"temp":{"value":81.5},"list":[1,2],"evil":"a\\u001bb"}')
    receive(1, 'log', 'plain')
    const asked = view({ marks: ['msg.route == "cfg"', 'plain'] })
    const fields = ['body.temp.value', 'body.evil', 'bytes[0:2]', 'msg.route']
    expect(views.rows(asked, 0, 10, fields).rows).toMatchObject([
      { matches: 1, cells: ['81.5', 'a␛b', '7b 22', 'cfg'], deltaMs: null },
      { matches: 2, cells: ['', '', '70 6c', 'log'], deltaMs: 10 },
    ])
    expect(views.subscribe(asked, () => {}).take()?.marked).toEqual([1, 1])
  })
})

describe('filtering what was there before', () => {
  test('goes from the newest on in turns of a few milliseconds, tells how far it is, and ends when nobody watches', () => {
    receive(400, 'log', 'needle'.padEnd(4096)) // long enough for a look at the clock after each
    clock.isWorking = true
    let news = 0
    const watched = views.subscribe(view({ filter: 'text contains "needle"' }), () => (news += 1))
    const first = watched.take()!
    expect(first.scan).toMatchObject({ of: 400 })
    expect(first.shown).toBeGreaterThan(10)
    expect(first.shown).toBeLessThan(60)
    expect(ids(view({ filter: 'text contains "needle"' })).at(-1)).toBe(400)
    clock.advanceBy(0)
    expect(news).toBeGreaterThan(5)
    expect(watched.take()).toMatchObject({ shown: 400, scan: null, first: first.first - 400 + first.shown })

    receive(400, 'log', 'other'.padEnd(4096))
    const left = views.subscribe(view({ filter: 'text contains "other"' }), () => (news += 1))
    const { shown } = left.take()!
    left.close()
    news = 0
    clock.advanceBy(100)
    expect(news).toBe(0)
    const again = views.subscribe(view({ filter: 'text contains "other"' }), () => {})
    expect(again.take()!.shown).toBeLessThan(shown * 3)
  })

  test('looks at the clock once for many short messages, so that looking costs nothing beside the filter', () => {
    receive(2000, 'log', 'needle')
    clock.isWorking = true
    const before = clock.nowMs()
    const watched = views.subscribe(view({ filter: 'text contains "needle"' }), () => {})
    while (watched.take()?.scan !== null);
    const lookMs = clock.nowMs()
    const looks = (lookMs - before) / (clock.nowMs() - lookMs)
    expect(looks).toBeLessThan(2000 / 10)
    expect(looks).toBeGreaterThan(2000 / 256)
  })

  test('is told to whoever watches, also when somebody else who asks for rows brings it to its end', () => {
    receive(100, 'log', 'needle'.padEnd(4096))
    clock.isWorking = true
    const asked = view({ filter: 'text contains "needle"' })
    let [news, otherNews] = [0, 0]
    const one = views.subscribe(asked, () => (news += 1))
    const other = views.subscribe(asked, () => (otherNews += 1))
    expect(one.take()!.scan).not.toBeNull()
    expect(other.take()!.scan).not.toBeNull()
    news = otherNews = 0
    expect(ids(asked)).toHaveLength(100) // before the clock has its turn
    expect([news > 0, otherNews > 0]).toEqual([true, true])
    expect(one.take()!.scan).toBeNull()
    expect(other.take()!.scan).toBeNull()
  })

  test('begins anew under a new generation when a screen missed too many changes', () => {
    receive(10)
    const watched = views.subscribe(view(), () => {})
    const { generation } = watched.take()!
    for (let at = 0; at < 70_000; at++) script.frame({ messageKey: nextKey, dir: 'in' })
    const after = watched.take()!
    expect(after).toMatchObject({ shown: 10, changedFrom: after.first })
    expect(after.generation).toBeGreaterThan(generation)
  })

  test('judges messages anew as they grow old', () => {
    receive(2)
    clock.advanceTo(script.nowMs)
    const watched = views.subscribe(view({ filter: 'age < 3s' }), () => {})
    expect(watched.take()?.shown).toBe(2)
    clock.advanceBy(2000)
    expect(watched.take()).toBeUndefined()
    clock.advanceBy(1000)
    expect(watched.take()?.shown).toBe(0)
  })

  test('follows an answer for a filter on requests, and a request for a filter on answers', () => {
    script.opened({ messageKey: 1, kind: 'request', correlationId: 'a' })
    script.closed({ messageKey: 1 })
    const byAnswer = views.subscribe(view({ filter: 'rep.status == "received"' }), () => {})
    const byRequest = views.subscribe(view({ filter: 'req.status == "answered"' }), () => {})
    expect([byAnswer.take()?.shown, byRequest.take()?.shown]).toEqual([0, 0])
    script.opened({ messageKey: 2, dir: 'in', kind: 'response', answersKey: 1 })
    script.closed({ messageKey: 2, dir: 'in' })
    script.settled({ requestKey: 1, answerKey: 2 })
    expect([byAnswer.take()?.shown, byRequest.take()?.shown]).toEqual([1, 1])
  })
})

describe('finding', () => {
  test('goes to the next match on either side, through turns, and gives null at the end', async () => {
    receive(300, 'log')
    receive(1, 'cfg')
    receive(300, 'log')
    clock.isWorking = true
    const { position } = views.position(view(), 301)
    const find = async (from: number, direction: 1 | -1) => {
      const found = views.find(view(), 'text contains "x" and msg.route == "cfg"', from, direction)
      for (let turn = 0; turn < 20; turn++) {
        await settlePromises()
        clock.advanceBy(0)
      }
      return found
    }
    const { first } = views.subscribe(view(), () => {}).take()!
    expect(await find(first, 1)).toMatchObject({ position, messageId: 301 })
    expect(await find(first + 600, -1)).toMatchObject({ position, messageId: 301 })
    expect(await find(position!, 1)).toMatchObject({ position: null, messageId: null })
    expect(await find(position!, -1)).toMatchObject({ position: null, messageId: null })
  })

  test('of a place: a message, the one next to it when it is not shown, and the nearest time', () => {
    receive(10)
    const odd = view({ filter: 'msg.id in {1, 3, 5, 7, 9}' })
    const { from } = views.rows(odd, 0, 500, [])
    expect(views.position(odd, 5)).toMatchObject({ position: from + 2, nearest: from + 2 })
    expect(views.position(odd, 6)).toMatchObject({ position: null, nearest: from + 3 })
    expect(views.position(odd, 99)).toMatchObject({ position: null, nearest: from + 4 })
    expect(views.at(odd, 52).position).toBe(from + 2)
    expect(views.at(odd, 69).position).toBe(from + 3)
    expect(views.at(odd, 0).position).toBe(from)
    expect(views.at(odd, 1e9).position).toBe(from + 4)
    expect(views.at(view({ filter: 'nothing' }), 5).position).toBeNull()
  })
})

describe('events between messages', () => {
  test('stand where they happened: a lost link, what was lost, markers, triggers, and what went to make room', () => {
    build({ messages: 4, messageSegmentRows: 2 })
    script.state('connected')
    receive(2)
    script.state('interrupted', { code: 'LINK_LOST', detail: 'unplugged' })
    script.fault({ lostBytes: 7, code: 'LSO_BAD_JSON' })
    script.fault({ lostBytes: 5 })
    receive(1)
    script.nowMs += 1000
    script.state('connected')
    script.fault({ lostBytes: 2 })
    receive(1)
    capture.noteTrigger(1, script.nowMs, 'hot')
    capture.setNote({ kind: 'marker', atMs: 15, messageId: null, text: 'here' })
    const words = () =>
      views
        .rows(view({ filter: 'msg.id != 1' }), 0, 500, [])
        .rows.map((row) => (row.row === 'event' ? `${row.kind} ${row.count} ${row.text}` : idOf(row)))
    expect(words()).toEqual([
      'marker 0 here',
      2,
      'link-down 0 unplugged',
      'loss 12 ',
      3,
      'link-up 0 ',
      'loss 2 ',
      4,
      'trigger 0 hot',
    ])
    receive(2)
    expect(words()).toEqual([
      'evicted 2 ',
      'link-down 0 unplugged',
      'loss 12 ',
      3,
      'link-up 0 ',
      'loss 2 ',
      4,
      'trigger 0 hot',
      5,
      6,
    ])
    receive(1)
    expect(words().slice(0, 3)).toEqual(['evicted 3 ', 'link-up 0 ', 'loss 2 '])
    capture.clear(script.nowMs)
    expect(words()).toEqual([])
    expect(capture.notes()).toEqual([])
  })

  test('are bounded: the oldest of very many losses go', () => {
    for (let at = 0; at < 5000; at++) {
      receive(1)
      script.nowMs += 300
      script.fault({ lostBytes: 1 })
    }
    const { end, first, shown } = views.subscribe(view(), () => {}).take()!
    expect(end - first - shown).toBe(4096)
  })
})

describe('notes', () => {
  test('stand on their message, which shows in its row and to filters', () => {
    receive(2)
    const marked = views.subscribe(view({ filter: 'marked' }), () => {})
    expect(marked.take()?.shown).toBe(0)
    const noteId = capture.setNote({ kind: 'marker', atMs: 0, messageId: 2, text: 'odd one' })
    expect(marked.take()?.shown).toBe(1)
    expect(views.rows(view(), 0, 9, []).rows).toMatchObject([
      { isMarked: false },
      { isMarked: true, note: 'odd one' },
    ])
    capture.setNote({ kind: 'note', atMs: 0, messageId: 1, text: 'moved' }, noteId)
    expect(views.rows(view(), 0, 9, []).rows).toMatchObject([
      { isMarked: false, note: 'moved' },
      { isMarked: false, note: '' },
    ])
    capture.removeNote(noteId)
    expect(capture.notes()).toEqual([])
    expect(() => capture.removeNote(noteId)).toThrow(expect.objectContaining({ code: 'NOTE_UNKNOWN' }))
    expect(() => capture.setNote({ kind: 'note', atMs: 0, messageId: 3, text: '' })).toThrow(
      expect.objectContaining({ code: 'MESSAGE_UNKNOWN' }),
    )
  })

  test('are 10,000 at most', () => {
    for (let at = 0; at < 10_000; at++) capture.setNote({ kind: 'note', atMs: at, messageId: null, text: '' })
    expect(() => capture.setNote({ kind: 'note', atMs: 0, messageId: null, text: '' })).toThrow(
      expect.objectContaining({ code: 'NOTES_TOO_MANY' }),
    )
    expect(capture.notes()).toHaveLength(10_000)
  })
})
