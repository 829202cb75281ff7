import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ListMessage, ListRow, ListView } from '../../../shared/model/list-view'
import type { Direction } from '../../../shared/model/trace'
import type { MessageRow } from '../../../shared/model/views'
import { TraceScript } from '../../../testing/trace-script'
import { Capture } from '../capture'
import type { CaptureLimits } from '../capture-limits'
import { STATUSES } from '../message-words'
import type { RowFilter } from './row-filter'
import { View, type ViewSource } from './view'
import type { ViewWatch } from './view-watch'

/** A filter twice: over columns, and over rows as anybody would write it. */
interface Rule {
  readonly name: string
  readonly columns: RowFilter['admits']
  readonly rows: (row: MessageRow) => boolean
  readonly isSlow?: boolean
}

const RULES: readonly Rule[] = [
  { name: 'route', columns: (c, at) => c.routes[at] === 'b', rows: ({ route }) => route === 'b' },
  { name: 'has begun', columns: (c, at) => c.doneBytes[at]! > 50, rows: (row) => row.doneBytes > 50 },
  { name: 'id', columns: (_, __, id) => id % 3 !== 0, rows: ({ id }) => id % 3 !== 0, isSlow: true },
  { name: 'has partner', columns: (c, at) => c.partnerIds[at] !== 0, rows: (row) => row.partnerId !== 0 },
  {
    name: 'status',
    columns: (c, at) => c.statuses[at] === STATUSES.number('received'),
    rows: ({ status }) => status === 'received',
  },
]

const view = fc.record({
  order: fc.constantFrom<ListView['order']>('time', 'exchange'),
  filter: fc.option(fc.constantFrom(...RULES), { nil: null }),
  marks: fc.subarray([...RULES], { maxLength: 2 }),
  /** How far one turn comes: looks at the clock. */
  turn: fc.integer({ min: 1, max: 30 }),
  /** Steps before anybody looks. */
  created: fc.nat(60),
})
const step = fc.record({
  what: fc.constantFrom(
    'open',
    'open',
    'request',
    'answer',
    'answer',
    'settle',
    'frame',
    'close',
    'close',
    'loss',
    'down',
    'up',
    'note',
    'marker',
    'unnote',
    'clear',
    'sync',
  ),
  link: fc.integer({ min: 1, max: 2 }),
  pick: fc.nat(1000),
  route: fc.constantFrom('a', 'b', 'c'),
})

interface Open {
  readonly link: number
  readonly key: number
  readonly dir: Direction
}

/** Everything that a script did to a capture, through trace events and notes only. */
class Session {
  readonly capture: Capture
  readonly source: ViewSource
  readonly #writers: TraceScript[]
  #open: Open[] = []
  readonly #requests: Open[] = []
  #answered: { readonly request: Open; readonly answer: Open }[] = []
  #nextKey = 1
  #nowMs = 0

  constructor(limits: Partial<CaptureLimits>) {
    this.capture = new Capture(limits)
    this.source = this.capture.viewSource
    this.#writers = [1, 2].map((link) => new TraceScript(this.capture.observe, link))
  }

  run({ what, link, pick, route }: { what: string; link: number; pick: number; route: string }): void {
    this.#nowMs += (pick % 7) * 40
    const writer = this.#writers[link - 1]!
    writer.nowMs = this.#nowMs
    const target = this.#open[pick % Math.max(1, this.#open.length)]
    const request = this.#requests[pick % Math.max(1, this.#requests.length)]
    switch (what) {
      case 'open':
        this.#opened(writer, { link, key: this.#nextKey++, dir: 'in' }, { route })
        return
      case 'request': {
        const opened: Open = { link, key: this.#nextKey++, dir: 'out' }
        this.#requests.push(opened)
        this.#opened(writer, opened, { route, kind: 'request', correlationId: `c${opened.key}` })
        return
      }
      case 'answer': {
        if (request === undefined) return
        const opened: Open = { link: request.link, key: this.#nextKey++, dir: 'in' }
        const answering = this.#writers[request.link - 1]!
        answering.nowMs = this.#nowMs
        // Some dialects know the request only when the answer is complete.
        const answersKey = pick % 2 === 0 ? request.key : 0
        this.#opened(answering, opened, { route: '', kind: 'response', answersKey })
        this.#answered.push({ request, answer: opened })
        return
      }
      case 'settle': {
        const settled = this.#answered[pick % Math.max(1, this.#answered.length)]
        if (settled === undefined) return
        this.#answered = this.#answered.filter(({ request: other }) => other !== settled.request)
        const { key: requestKey, link: on } = settled.request
        this.#writers[on - 1]!.nowMs = this.#nowMs
        this.#writers[on - 1]!.settled({ requestKey, answerKey: settled.answer.key, roundTripMs: 5 })
        return
      }
      case 'frame':
        if (target === undefined) return
        this.#writers[target.link - 1]!.nowMs = this.#nowMs
        this.#writers[target.link - 1]!.frame({ messageKey: target.key, dir: target.dir, payloadBytes: 30 })
        return
      case 'close':
        if (target === undefined) return
        this.#open = this.#open.filter((other) => other !== target)
        this.#writers[target.link - 1]!.closed({ messageKey: target.key, dir: target.dir }, 'x'.repeat(60))
        return
      case 'loss':
        writer.fault({ lostBytes: 3 })
        return
      case 'down':
        writer.state('interrupted', { code: 'LINK_LOST' })
        return
      case 'up':
        writer.state('connected')
        return
      case 'note':
      case 'marker': {
        const rows = this.capture.rows(0, 1000)
        const on = pick % 2 === 0 ? rows[pick % Math.max(1, rows.length)] : undefined
        const atMs = on?.openedMs ?? (this.#nowMs * (pick % 100)) / 100
        this.capture.setNote({ kind: what, atMs, messageId: on?.id ?? null, text: `n${pick}` })
        return
      }
      case 'unnote': {
        const note = this.capture.notes()[pick % Math.max(1, this.capture.notes().length)]
        if (note !== undefined) this.capture.removeNote(note.noteId)
        return
      }
      case 'clear':
        if (pick % 4 === 0) this.capture.clear(this.#nowMs)
        return
    }
  }

  #opened(writer: TraceScript, open: Open, more: Partial<Parameters<TraceScript['opened']>[0]>): void {
    this.#open.push(open)
    writer.opened({ messageKey: open.key, dir: open.dir, ...more })
  }

  /** What the list must be, from all messages and all events, sorted anew. */
  naive(
    order: ListView['order'],
    filter: Rule | null,
    marks: readonly Rule[],
  ): { rows: ListRow[]; marked: number[] } {
    const all = this.capture.rows(0, 10_000)
    const byId = new Map(all.map((row) => [row.id, row]))
    const passes = (rule: Rule, row: MessageRow): boolean => rule.rows(row)
    const shown = all.filter((row) => filter === null || passes(filter, row))
    const place = (row: MessageRow): number =>
      order === 'exchange' && row.kind === 'response' && row.partnerId !== 0 ? row.partnerId : row.id
    const placed = [
      ...shown.map((row) => ({ key: [place(row), 1, row.id, 0], row })),
      ...this.source.journal
        .events()
        .map(({ anchor, event }) => ({ key: [anchor, 0, event.atMs, event.eventId], event })),
    ].sort((one, other) => compare(one.key, other.key))
    let previous: MessageRow | undefined
    const rows = placed.map((item): ListRow => {
      if ('event' in item) return item.event
      const { row } = item
      const request = row.kind === 'response' ? byId.get(row.partnerId) : undefined
      const notes = this.capture.notes().filter(({ messageId }) => messageId === row.id)
      const message: ListMessage = {
        row: 'message',
        ...row,
        depth: place(row) !== row.id && shown.some(({ id }) => id === place(row)) ? 1 : 0,
        matches: marks.reduce((bits, mark, index) => bits | (passes(mark, row) ? 1 << index : 0), 0),
        deltaMs: previous === undefined ? null : row.openedMs - previous.openedMs,
        deltaRequestMs: request === undefined ? null : row.openedMs - request.openedMs,
        queuedMs: this.capture.detail(row.id).timing.queuedMs,
        isMarked: notes.some(({ kind }) => kind === 'marker'),
        note: notes
          .map(({ text }) => text)
          .sort()
          .join(' · '),
        cells: [],
      }
      previous = row
      return message
    })
    const marked = marks.map((mark) => shown.filter((row) => passes(mark, row)).length)
    return { rows, marked }
  }
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index])
  return at < 0 ? 0 : one[at]! - other[at]!
}

/** A slow one reads so much of every message that the clock is looked at after each. */
function filterOf(rule: Rule): RowFilter {
  let readBytes = 0
  return {
    isSlow: rule.isSlow ?? false,
    looksAtPartner: false,
    dependsOnNow: false,
    get readBytes() {
      return readBytes
    },
    admits: (columns, at, id) => {
      readBytes += 100_000
      return rule.columns(columns, at, id)
    },
  }
}

/** Several notes of a message come in the order in which they were written: nothing that this test is about. */
const plain = (row: ListRow): string =>
  JSON.stringify(row.row === 'message' ? { ...row, note: row.note.split(' · ').sort().join(' · ') } : row)

test('shows the same as a list made anew after every step, and tells of every row that looks different', () => {
  const bounds = fc.record({
    messages: fc.integer({ min: 1, max: 40 }),
    messageSegmentRows: fc.integer({ min: 1, max: 16 }),
  })
  fc.assert(
    fc.property(
      bounds,
      view,
      fc.array(step, { maxLength: 120, size: 'max' }),
      (limits, { order, filter, marks, turn, created }, script) => {
        const session = new Session(limits)
        let looks = 0
        let subject: View | undefined
        let watch: ViewWatch | undefined
        let known = new Map<number, string>()
        let generation = 0
        script.forEach((each, index) => {
          session.run(each)
          if (index < created) return
          subject ??= new View(
            session.source,
            () => looks++,
            order,
            filter === null ? null : filterOf(filter),
            marks.map(filterOf),
          )
          watch ??= subject.watch()
          if (each.what !== 'sync') while (subject.hasWork) subject.sync(looks + turn)
          subject.sync(looks + turn)
          if (subject.hasWork) return

          const state = subject.state()
          const wanted = session.naive(order, filter, marks)
          const { rows } = subject.rows(0, 10_000, [])
          expect(rows.map(plain)).toEqual(wanted.rows.map(plain))
          expect(state.marked).toEqual(wanted.marked)
          expect(state.end - state.first).toBe(rows.length)
          expect(state.scan).toBeNull()

          const told = watch.take(state)
          if (told === undefined || told.generation === generation) {
            const changedFrom = told?.changedFrom ?? state.end
            rows.slice(0, changedFrom - state.first).forEach((row, at) => {
              expect(known.get(state.first + at)).toBe(plain(row))
            })
          }
          known = new Map(rows.map((row, at) => [state.first + at, plain(row)]))
          generation = state.generation
          for (const [position, text] of known) {
            const [row] = subject.rows(position, 1, []).rows
            expect(plain(row!)).toBe(text)
            if (row!.row === 'message') expect(subject.positionOf(row!.id)).toBe(position)
          }
        })
      },
    ),
    { numRuns: 50 },
  )
})
