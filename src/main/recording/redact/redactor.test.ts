import fc from 'fast-check'
import { Packr, Unpackr } from 'msgpackr'
import { beforeAll, describe, expect, test } from 'vitest'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode } from '../../../shared/body/body-types'
import type { TraceEvent } from '../../../shared/model/trace'
import { VirtualClock } from '../../../testing/virtual-clock'
import { MemoryDisk } from '../../../testing/memory-disk'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { RecordingTrace } from '../read/recording-trace'
import { loadDecompress } from '../read/unpack-block'
import { SessionTime } from '../format/session-time'
import { verifyRecording } from '../read/verify'
import { Recorder } from '../write/recorder'
import { changeRecording } from '../write/change-recording'
import { redactBody } from './redact-body'
import { parseRedaction } from './redaction-rules'
import { Redactor } from './redactor'

const SECRET = 'hunter2-4711'
const RULES = parseRedaction('rules:\n  - route: add\n    body: [note, deep.*.key]\n', 'redact.yaml')

let recording: Uint8Array
let events: TraceEvent[] = []
beforeAll(async () => {
  recording = await simulatedRecording({ requests: [`{"a":1,"b":2,"note":"${SECRET}"}`], lengthMs: 1400 })
  events = await eventsOf(recording)
})

async function eventsOf(file: Uint8Array): Promise<TraceEvent[]> {
  const found: TraceEvent[] = []
  for await (const { event } of new RecordingTrace(memorySource(file), await loadDecompress()).entries())
    if (event !== undefined) found.push(event)
  return found
}

/** Every byte that would be written of these events. */
function written(trace: readonly TraceEvent[]): string {
  const bodies = trace.flatMap((event) => (event.type === 'message-closed' ? [event.body] : []))
  const streams = (['in', 'out'] as const).map((dir) =>
    Buffer.concat(
      trace.flatMap((event) => (event.type === 'bytes' && event.dir === dir ? [event.bytes] : [])),
    ),
  )
  const texts = trace.map((event) => JSON.stringify({ ...event, bytes: undefined, body: undefined }))
  return (
    [...bodies, ...streams].map((each) => Buffer.from(each).toString('latin1')).join('\n') + texts.join('\n')
  )
}

/** The same trace with its bytes cut elsewhere. */
function recut(trace: readonly TraceEvent[], sizes: readonly number[]): TraceEvent[] {
  let at = 0
  return trace.flatMap((event) => {
    if (event.type !== 'bytes') return [event]
    const pieces: TraceEvent[] = []
    for (let from = 0; from < event.byteCount; ) {
      const bytes = event.bytes.slice(from, from + Math.max(1, sizes[at++ % sizes.length]!))
      pieces.push({ ...event, bytes, byteCount: bytes.length, streamOffset: event.streamOffset + from })
      from += bytes.length
    }
    return pieces
  })
}

function redacted(trace: readonly TraceEvent[]): TraceEvent[] {
  const redactor = new Redactor(RULES)
  return [...trace.flatMap((event) => redactor.take(event)), ...redactor.end()]
}

describe('a redactor', () => {
  test('leaves no part of a secret, however the stream is cut, and every event in its place', () => {
    expect(written(events)).toContain(SECRET)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        const cut = recut(events, sizes)
        const after = redacted(cut)
        const text = written(after)
        for (let at = 0; at + 6 <= SECRET.length; at++) expect(text).not.toContain(SECRET.slice(at, at + 6))
        expect(after.map(({ type, atMs, linkId }) => `${type} ${atMs} ${linkId}`)).toEqual(
          cut.map(({ type, atMs, linkId }) => `${type} ${atMs} ${linkId}`),
        )
      }),
      { numRuns: 30 },
    )
  })

  test('keeps all else: bytes of other messages, lengths, places, and the rest of the body', () => {
    const after = redacted(events)
    const body = after.find((event) => event.type === 'message-closed' && event.dir === 'out')
    const text = body?.type === 'message-closed' ? Buffer.from(body.body).toString() : ''
    expect(JSON.parse(text)).toEqual({ a: 1, b: 2, note: '*'.repeat(SECRET.length) })
    const lengths = (trace: readonly TraceEvent[]): string[] =>
      trace.flatMap((event) =>
        event.type === 'bytes' ? [`${event.dir} ${event.streamOffset} ${event.bytes.length}`] : [],
      )
    expect(lengths(after)).toEqual(lengths(events))
    expect(written(after).match(/telemetry\.imu/g)!.length).toBe(
      written(events).match(/telemetry\.imu/g)!.length,
    )
    const maskedIn = after.reduce(
      (sum, event, at) =>
        sum + (event.type === 'bytes' ? differing(event.bytes, (events[at] as typeof event).bytes) : 0),
      0,
    )
    expect(maskedIn).toBeGreaterThan(SECRET.length)
    expect(maskedIn).toBeLessThan(600) // the chunks of the exchange, and what was cut off at the end
  })

  test('offline: the file has no part of it, and says that it was redacted', async () => {
    const disk = new MemoryDisk()
    await changeRecording({
      source: memorySource(recording),
      decompress: noDecompression,
      disk,
      path: 'b.mcap',
      library: 'test',
      transform: new Redactor(RULES),
    })
    const file = disk.bytesOf('b.mcap')
    const text = Buffer.from(file).toString('latin1')
    const trace = new RecordingTrace(memorySource(file), noDecompression)
    await trace.entries().next()
    expect(trace.redaction).toEqual(
      new Map([
        ['rules', '1'],
        ['rule.1', 'add | body: note, deep.*.key'],
      ]),
    )
    const after = await eventsOf(file)
    expect(written(after) + text).not.toContain(SECRET.slice(0, 6))
    expect(after.length).toBe(events.length)
  })

  test('live: no part of a recording that is split has a part of it, each says so, also after being trimmed', async () => {
    const disk = new MemoryDisk()
    const recorder = new Recorder({
      disk,
      clock: new VirtualClock(),
      time: new SessionTime(0),
      path: 'live.mcap',
      library: 'test',
      sessionId: 'live',
      splitBytes: 20_000,
      transform: new Redactor(RULES),
    })
    for (const event of events) recorder.observe(event)
    recorder.operation(1, 'message.send', { route: 'add', note: SECRET })
    const paths = await recorder.end()
    expect(paths.length).toBeGreaterThan(1)
    for (const path of paths) {
      const file = disk.bytesOf(path)
      const text = Buffer.from(file).toString('latin1')
      expect(written(await eventsOf(file)) + text).not.toContain(SECRET.slice(0, 6))
      expect((await verifyRecording(memorySource(file), noDecompression)).redaction?.get('rule.1')).toBe(
        'add | body: note, deep.*.key',
      )
    }
    const library = 'test'
    const source = memorySource(disk.bytesOf(paths[0]!))
    await changeRecording({ source, decompress: noDecompression, disk, path: 'trimmed.mcap', library })
    const trimmed = await verifyRecording(memorySource(disk.bytesOf('trimmed.mcap')), noDecompression)
    expect(trimmed.redaction?.get('rules')).toBe('1')
  })

  test('holds no more than it may: bytes that no frame explains are masked', () => {
    const redactor = new Redactor(RULES)
    const bytes = new Uint8Array(1024 * 1024).fill(0x41)
    const base = { type: 'bytes', linkId: 1, dir: 'in', atMs: 1, byteCount: bytes.length, bytes } as const
    const out = Array.from({ length: 8 }, (_, at) =>
      redactor.take({ ...base, streamOffset: at * bytes.length }),
    ).flat()
    expect(out.length).toBeGreaterThan(2)
    expect(out.length).toBeLessThan(8)
    const all = [...out, ...redactor.end()]
    expect(all.length).toBe(8)
    expect(all.every((event) => event.type === 'bytes' && event.bytes.every((byte) => byte === 0x2a))).toBe(
      true,
    )
  })
})

describe('rules', () => {
  const masked = (body: string, yaml: string): string =>
    Buffer.from(redactBody(Buffer.from(body), parseRedaction(`rules: [${yaml}]`, 'a.yaml'))).toString()

  test('mask values by their paths, also in lists, and whole bodies by a pattern or where they cannot be read', () => {
    expect(masked('{"deep":[{"key":"a\\"b"},{"key":-12.5}],"x":1}', '{ body: [deep.*.key] }')).toBe(
      '{"deep":[{"key":"****"},{"key":-11.1}],"x":1}',
    )
    expect(masked('{"key":{"a":["b",true]}}', '{ body: [key] }')).toBe('{"key":{"a":["*",true]}}')
    expect(masked('{"key":"a"', '{ body: [key] }')).toBe('**********')
    expect(masked('token sk-42', '{ pattern: "sk-[0-9]+" }')).toBe('***********')
    expect(masked('token', '{ pattern: "sk-[0-9]+" }')).toBe('token')
    expect(masked('abc', '{ body: all }')).toBe('***')
  })

  test('mask single values of MessagePack, which stays MessagePack of the same length and types', () => {
    const rules = parseRedaction('rules: [{ body: [secret, deep.*.key] }]', 'a.yaml')
    const value = { a: 'open', secret: 'hunter2', deep: [{ key: 70_000, x: 1 }, { key: -3 }, { key: 2.5 }] }
    const body = new Packr({ useRecords: false }).pack(value)
    const masked = redactBody(body, rules)
    expect(masked.length).toBe(body.length)
    expect(new Unpackr({ useRecords: false }).unpack(masked)).toEqual({
      a: 'open',
      secret: '*******',
      deep: [{ key: 0x2a2a2a2a, x: 1 }, { key: -1 }, { key: expect.any(Number) }],
    })
  })

  test('keep the type and the length of every MessagePack value, whatever it is', () => {
    const rules = parseRedaction('rules: [{ body: [k] }]', 'a.yaml')
    const shapeOf = (node: BodyNode): unknown => [node.kind, node.from, node.to, node.children?.map(shapeOf)]
    const value = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.string({ maxLength: 400 }),
      fc.uint8Array({ maxLength: 400 }),
      fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n),
      fc.array(fc.string(), { maxLength: 40 }),
    )
    fc.assert(
      fc.property(value, (k) => {
        const body = new Packr({ useRecords: false }).pack({ before: 1, k, after: 'x' })
        const masked = redactBody(body, rules)
        expect(shapeOf(bodyTree(masked).root!)).toEqual(shapeOf(bodyTree(body).root!))
        expect(bodyTree(masked).format).toBe('msgpack')
      }),
    )
  })

  test('mask what the operator did as a body of its route, and leave out what cannot be read', () => {
    const redactor = new Redactor(
      parseRedaction(
        'rules: [{ route: "auth.*", body: [user.token] }, { pattern: "sk-[0-9]+" }, { route: cfg, body: all }]',
        'a.yaml',
      ),
    )
    const told = (entry: unknown): unknown => {
      const text = redactor.text('op', Buffer.from(typeof entry === 'string' ? entry : JSON.stringify(entry)))
      return text && (JSON.parse(Buffer.from(text).toString()) as unknown)
    }
    expect(
      told({ operation: 'draft.send', detail: { route: 'auth.in', user: { token: 'abc', id: 7 } } }),
    ).toEqual({
      operation: 'draft.send',
      detail: { route: 'auth.in', user: { token: '***', id: 7 } },
    })
    expect(told({ operation: 'message.send', detail: { route: 'cfg', name: 'x' } })).toEqual({
      operation: 'message.send',
      detail: null,
    })
    expect(told({ operation: 'snippet.run', detail: { name: 'sk-42' } })).toEqual({
      operation: 'snippet.run',
      detail: null,
    })
    const pulse = { operation: 'link.pulse', detail: { linkId: 1 } }
    expect(told(pulse)).toEqual(pulse)
    expect(told('no JSON')).toBe(null)
    expect(redactor.text('other', Buffer.from('{}'))).toBe(null)
  })

  test('say what they mask in words, and no pattern among them', () => {
    const rules = parseRedaction(
      'rules: [{ route: a, body: all }, { pattern: hunter2, headers: [Key] }]',
      'a.yaml',
    )
    expect(new Redactor(rules).told.get('redaction')).toEqual(
      new Map([
        ['rules', '2'],
        ['rule.1', 'a | body: all'],
        ['rule.2', '* | bodies with a pattern | headers: key'],
      ]),
    )
  })

  test('that make no sense are refused with their place', () => {
    expect(() => parseRedaction('rules:\n  - route: 5\n', 'r.yaml')).toThrow(/^r\.yaml:2/)
    expect(() => parseRedaction('rules: [{ route: a }]', 'r.yaml')).toThrow('leaves nothing out')
    expect(() => parseRedaction('rules: [{ pattern: "(" }]', 'r.yaml')).toThrow('r.yaml')
    expect(() => parseRedaction('', 'r.yaml')).toThrow('r.yaml')
  })
})

const differing = (left: Uint8Array, right: Uint8Array): number =>
  left.reduce((sum, byte, at) => sum + (byte === right[at] ? 0 : 1), 0)
