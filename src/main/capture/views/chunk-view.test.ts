import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { ListChunk, ListRow, ListView } from '../../../shared/model/list-view'
import { TraceScript } from '../../../testing/trace-script'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../capture'
import { ListViews } from './list-views'
import { viewLanguage } from './view-language'

let clock: VirtualClock
let capture: Capture
let script: TraceScript
let views: ListViews

function build(limits: ConstructorParameters<typeof Capture>[0] = {}): void {
  clock = new VirtualClock()
  capture = new Capture(limits)
  script = new TraceScript(capture.observe)
  const source = capture.subjectSource({ linkOf: () => undefined, nowMs: () => clock.nowMs(), dayStartMs: 0 })
  views = new ListViews(capture.viewSource, clock, viewLanguage(source))
}
beforeEach(() => build())

const asked = (filter: string, marks: string[] = []): ListView => ({ filter, marks, order: 'time' })
const rowsOf = (filter: string, fields: string[] = []): ListRow[] =>
  views.rows(asked(filter), 0, 500, fields).rows
const chunksOf = (filter: string): ListChunk[] => rowsOf(filter).filter((row) => row.row === 'chunk')
/** `message.chunk`, as a person would write it down. */
const names = (filter: string): string[] => chunksOf(filter).map((row) => `${row.messageId}.${row.seq}`)

/** Two messages whose chunks take turns, each 10 ms long and 10 ms after the other's; the second has a damaged chunk. */
function interleaved(): void {
  for (const messageKey of [1, 2])
    script.opened({ messageKey, dir: 'in', route: `r${messageKey}`, ref: `m${messageKey}` })
  for (let seq = 0; seq < 4; seq++) {
    for (const messageKey of [1, 2]) {
      const startMs = script.nowMs
      script.nowMs += 10
      const payloadBytes = seq === 3 ? 50 : 100
      script.frame({
        messageKey,
        ref: `m${messageKey}`,
        dir: 'in',
        chunkIndex: seq,
        bodyOffset: seq * 100,
        payloadBytes,
        isLast: seq === 3,
        startMs,
        endMs: script.nowMs,
      })
      if (messageKey === 2 && seq === 1) script.fault({ dir: 'in', ref: 'm2', lostBytes: 0 })
    }
  }
  for (const messageKey of [1, 2]) script.closed({ messageKey, dir: 'in' })
}

describe('a filter that speaks of chunks', () => {
  test('lists the chunks it holds for, each with its place in its message', () => {
    interleaved()
    expect(names('chunk.size == 50')).toEqual(['1.3', '2.3'])
    expect(names('chunk.crc_ok == false')).toEqual(['2.1'])
    expect(names('chunk.seq >= 2 and msg.route == "r1"')).toEqual(['1.2', '1.3'])
    expect(names('chunk.last')).toEqual(['1.3', '2.3'])
    expect(names('chunk.gap == 10ms and msg.id == 2')).toEqual(['2.1', '2.2', '2.3'])
    expect(names('not chunk.crc_ok or chunk.seq == 0')).toEqual(['1.0', '2.0', '2.1'])
    const [damaged] = chunksOf('chunk.crc_ok == false')
    expect(damaged).toMatchObject({
      route: 'r2',
      bodyOffset: 100,
      bytes: 100,
      gapMs: 10,
      isDamaged: true,
      dir: 'in',
    })
  })

  test('counts chunks, and every other filter messages', () => {
    interleaved()
    const told = (filter: string) => {
      const watch = views.subscribe(asked(filter), () => {})
      const { unit, shown, total } = watch.take()!
      watch.close()
      return { unit, shown, total }
    }
    expect(told('chunk.size == 100')).toEqual({ unit: 'chunk', shown: 6, total: 8 })
    expect(told('msg.dir == "in"')).toEqual({ unit: 'message', shown: 2, total: 2 })
  })

  test('gives further columns the values of the chunk, and its marks those of the message', () => {
    interleaved()
    const { rows } = views.rows(asked('chunk.seq == 2', ['msg.route == "r2"']), 0, 9, [
      'chunk.seq',
      'msg.ref',
    ])
    expect(rows.map((row) => row.row === 'chunk' && [row.cells, row.matches])).toEqual([
      [['2', 'm1'], 0],
      [['2', 'm2'], 1],
    ])
  })

  test('shows what happened between them whatever it is', () => {
    script.state('connected')
    interleaved()
    script.nowMs += 50
    script.fault({ lostBytes: 7 })
    interleaved()
    const kinds = rowsOf('chunk.seq == 0').map((row) => (row.row === 'event' ? row.kind : row.row))
    expect(kinds).toEqual(['chunk', 'chunk', 'loss', 'chunk', 'chunk'])
  })

  test('leads from a message to its first chunk, and from rows to the messages that are copied', () => {
    interleaved()
    const view = asked('chunk.seq >= 1')
    const [first, second] = [1, 2].map((id) => views.position(view, id).position!)
    expect([first, second].map((at) => views.rows(view, at!, 1, []).rows[0])).toMatchObject([
      { messageId: 1, seq: 1 },
      { messageId: 2, seq: 1 },
    ])
    expect(views.current(view).rowsBetween(first!, first! + 5)).toEqual([1, 2])
  })

  test('holds a message that ends against it again', () => {
    script.opened({ messageKey: 1, dir: 'in', route: 'slow' })
    script.frame({ messageKey: 1, dir: 'in', chunkIndex: 0 })
    const filter = 'chunk.seq == 0 and msg.status == "received"'
    expect(names(filter)).toEqual([])
    script.closed({ messageKey: 1, dir: 'in' })
    expect(names(filter)).toEqual(['1.0'])
    expect(names('chunk.seq == 0 and msg.status == "receiving"')).toEqual([])
  })

  test('forgets what was cleared and what made room', () => {
    build({ chunks: 16, chunkSegmentRows: 8 })
    for (let at = 0; at < 5; at++) interleaved()
    const kept = names('chunk.size > 0').length
    expect(kept).toBe(16)
    capture.clear(script.nowMs)
    expect(names('chunk.size > 0')).toEqual([])
    interleaved()
    expect(names('chunk.size > 0').length).toBe(8)
  })

  test('finds the same, however often somebody looked in between', () => {
    const steps = fc.array(
      fc.record({
        key: fc.integer({ min: 1, max: 4 }),
        what: fc.constantFrom('open', 'chunk', 'chunk', 'chunk', 'damage', 'close', 'look', 'look'),
        bytes: fc.integer({ min: 1, max: 200 }),
      }),
      { minLength: 10, maxLength: 120 },
    )
    const filters = [
      'chunk.size > 100',
      'chunk.crc_ok == false',
      'chunk.seq > 0 and msg.status == "received"',
    ]
    fc.assert(
      fc.property(steps, fc.constantFrom(...filters), (script_, filter) => {
        const run = (looks: boolean): unknown => {
          build({ chunks: 48, chunkSegmentRows: 16, messages: 32 })
          const open = new Map<number, { key: number; chunks: number }>()
          let keys = 0
          for (const { key, what, bytes } of script_) {
            script.nowMs += 5
            const at = open.get(key)
            if (what === 'open' && at === undefined) {
              open.set(key, { key: (keys += 1), chunks: 0 })
              script.opened({ messageKey: keys, dir: 'in', ref: `m${keys}` })
            } else if ((what === 'chunk' || what === 'damage') && at !== undefined) {
              script.frame({
                messageKey: at.key,
                ref: `m${at.key}`,
                dir: 'in',
                chunkIndex: at.chunks++,
                payloadBytes: bytes,
              })
              if (what === 'damage') script.fault({ dir: 'in', ref: `m${at.key}`, lostBytes: 0 })
            } else if (what === 'close' && at !== undefined) {
              script.closed({ messageKey: at.key, dir: 'in' })
              open.delete(key)
            } else if (what === 'look' && looks) rowsOf(filter)
          }
          return chunksOf(filter)
        }
        expect(run(true)).toEqual(run(false))
      }),
      { numRuns: 60 },
    )
  })
})
