import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../shared/model/trace'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Links } from '../../link/links'
import { transportFor } from '../../simulator/transport-for'
import { seededRandom } from '../../transport/seeded-random'
import { linkChannelId, MAX_RECORDED_LINKS } from './channels'
import { parseLossless, printLossless } from './lossless-json'
import { SessionTime } from './session-time'
import { TraceEntries, TraceReader } from './trace-entries'

/** Two seconds of the simulated device, which is asked something meanwhile. Bodies and bytes are copied: they are borrowed. */
async function traceOfSimulator(): Promise<TraceEvent[]> {
  const clock = new VirtualClock()
  const events: TraceEvent[] = []
  const links = new Links({
    clock,
    random: seededRandom(7),
    transportFor: (address) => transportFor(address, clock),
    onTrace: (event) => events.push(kept(event)),
  })
  const { linkId } = links.openLink('sim:demo?seed=3&flip=1e-5')
  await clock.advanceToAsync(500)
  const { answer } = links
    .link(linkId)
    .request({ route: 'add', body: new TextEncoder().encode('{"a":1,"b":2}') })
  answer.catch(() => undefined)
  await clock.advanceToAsync(2000)
  await links.closeAll()
  return events
}

function kept(event: TraceEvent): TraceEvent {
  if (event.type === 'bytes') return { ...event, bytes: event.bytes.slice() }
  if (event.type === 'message-closed') return { ...event, body: event.body.slice() }
  return event
}

function thereAndBack(events: readonly TraceEvent[]): { back: TraceEvent[]; misread: number } {
  const time = new SessionTime(1_790_000_000_123)
  const entries = new TraceEntries()
  const reader = new TraceReader()
  const back = events.flatMap((event) =>
    entries.of(event).flatMap(({ channelId, data }) => {
      const read = reader.read(channelId, time.toMs(time.toNs(event.atMs)), data)
      return read === undefined ? [] : [read]
    }),
  )
  return { back, misread: reader.misread }
}

const rounded = (event: TraceEvent): unknown => ({ ...event, atMs: Math.round(event.atMs * 1e6) })

describe('a trace', () => {
  test('of a session with requests, interleaved chunks and faults comes back as it was, event by event', async () => {
    const events = await traceOfSimulator()
    const kinds = new Set(events.map(({ type }) => type))
    for (const type of [
      'bytes',
      'frame',
      'message-opened',
      'message-closed',
      'request-settled',
      'queue',
      'link-state',
    ])
      expect(kinds).toContain(type)
    const { back, misread } = thereAndBack(events)
    expect(misread).toBe(0)
    expect(back.length).toBe(events.length)
    expect(back.map(rounded)).toEqual(events.map(rounded))
  })

  test('that begins in the midst of a stream says where, and goes on there', () => {
    const bytes = (streamOffset: number): TraceEvent => ({
      type: 'bytes',
      linkId: 2,
      atMs: 1,
      dir: 'in',
      streamOffset,
      byteCount: 3,
      bytes: Uint8Array.of(1, 2, 3),
    })
    const events = [bytes(1000), bytes(1003), bytes(5000)]
    expect(thereAndBack(events).back).toEqual(events)
  })

  test('of more links than a recording can number is written for those it can', () => {
    const state = (linkId: number): TraceEvent => ({
      type: 'link-state',
      linkId,
      atMs: 0,
      phase: 'opening',
      url: 'sim:demo',
      code: null,
      detail: '',
    })
    expect(new TraceEntries().of(state(MAX_RECORDED_LINKS)).length).toBe(1)
    expect(new TraceEntries().of(state(MAX_RECORDED_LINKS + 1))).toEqual([])
  })

  test('in a hostile file is refused where it makes no sense, and never throws', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0xffff }),
        fc.oneof(fc.json(), fc.string()),
        (channelId, text) => {
          const reader = new TraceReader()
          const read = reader.read(channelId, 1, new TextEncoder().encode(text))
          expect(read === undefined || ['bytes', 'lines'].includes(read.type)).toBe(true)
        },
      ),
    )
    const reader = new TraceReader()
    const fault = {
      type: 'fault',
      dir: 'in',
      code: 'X',
      streamOffset: null,
      lostBytes: 0,
      ref: '',
      detail: '',
    }
    expect(
      reader.read(linkChannelId(1, 'event'), 1, new TextEncoder().encode(JSON.stringify(fault))),
    ).toBeUndefined()
    expect(reader.misread).toBe(1)
  })
})

test('JSON that loses nothing gives back integers of any size, odd numbers and hostile keys', () => {
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, false, Number.NaN, Number.POSITIVE_INFINITY, -0, 1.5),
      fc.bigInt(),
      fc.string(),
      fc.double(),
      fc.array(tie('value')),
      fc
        .array(
          fc.tuple(fc.oneof(fc.string(), fc.constantFrom('$int', '$map', '__proto__', '$')), tie('value')),
        )
        .map(bare),
    ),
  })).value
  fc.assert(
    fc.property(value, (given) => {
      expect(parseLossless(printLossless(given))).toEqual(given)
    }),
  )
})

function bare(entries: readonly (readonly [string, unknown])[]): object {
  const made = Object.create(null) as Record<string, unknown>
  for (const [key, each] of entries)
    Object.defineProperty(made, key, { value: each, enumerable: true, configurable: true, writable: true })
  return made
}
