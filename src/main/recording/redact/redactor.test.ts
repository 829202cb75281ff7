import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../shared/model/trace'
import { MemoryDisk } from '../../../testing/memory-disk'
import { simulatedRecording } from '../../../testing/simulated-recording'
import { memorySource } from '../read/byte-source'
import { noDecompression } from '../read/plain-block'
import { RecordingTrace } from '../read/recording-trace'
import { loadDecompress } from '../read/unpack-block'
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
      told: new Map([['redaction', new Map([['rules', '1']])]]),
    })
    const file = disk.bytesOf('b.mcap')
    const text = Buffer.from(file).toString('latin1')
    expect(text).toContain('redaction')
    const after = await eventsOf(file)
    expect(written(after) + text).not.toContain(SECRET.slice(0, 6))
    expect(after.length).toBe(events.length)
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

  test('that make no sense are refused with their place', () => {
    expect(() => parseRedaction('rules:\n  - route: 5\n', 'r.yaml')).toThrow(/^r\.yaml:2/)
    expect(() => parseRedaction('rules: [{ route: a }]', 'r.yaml')).toThrow('leaves nothing out')
    expect(() => parseRedaction('rules: [{ pattern: "(" }]', 'r.yaml')).toThrow('r.yaml')
    expect(() => parseRedaction('', 'r.yaml')).toThrow('r.yaml')
  })
})

const differing = (left: Uint8Array, right: Uint8Array): number =>
  left.reduce((sum, byte, at) => sum + (byte === right[at] ? 0 : 1), 0)
