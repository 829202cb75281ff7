import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { RecordingSink, type SinkCall } from '../../../../testing/recording-sink'
import type { CodecOptions } from '../dialect'
import { LsoDecoder } from './decoder'
import { encodeCancel, encodeData, encodeMissionHead } from './encoder'
import { FATAL_LIMITS, RESYNC_LIMITS } from './limits'
import { loadVectors, streamBytes } from './vectors/load-vectors'

const MODES: readonly CodecOptions['onDamage'][] = ['fatal', 'resync']

const newDecoder = (onDamage: CodecOptions['onDamage']): LsoDecoder =>
  new LsoDecoder(onDamage, onDamage === 'fatal' ? FATAL_LIMITS : RESYNC_LIMITS)

/** Feeds the bytes in pieces whose sizes repeat, and ends the stream. */
function decode(onDamage: CodecOptions['onDamage'], bytes: Uint8Array, cuts: readonly number[]): SinkCall[] {
  const decoder = newDecoder(onDamage)
  const sink = new RecordingSink()
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = cuts[turn % cuts.length]!
    decoder.receive(bytes.slice(at, at + size), 0, sink)
    at += size
  }
  decoder.end(sink)
  return sink.calls
}

const WHOLE = [Number.MAX_SAFE_INTEGER]
const refs = fc.constantFrom('abc123', 'DEF456', 'é', 'x"y')
const packets = fc.oneof(
  fc
    .tuple(refs, fc.nat(2000), fc.string({ unit: 'binary', maxLength: 40 }))
    .map(([ref, length, route]) => encodeMissionHead(ref, length, { route })),
  fc.tuple(refs, fc.uint8Array({ minLength: 1, maxLength: 300 })).map(([ref, body]) => encodeData(ref, body)),
  refs.map(encodeCancel),
)
const packetBytes = packets.map(({ parts }) => concatBytes(parts))
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom('{"type": "mission"}', '{"type": "data", "extension": "', '{', '\r\nready> ').map(utf8),
  packetBytes.chain((bytes) => fc.nat(bytes.length).map((end) => bytes.subarray(0, end))),
  fc.constantFrom(
    ...[0, 2, 10, 19, 255, 5000, 65_536, -1].map((value) => new Uint8Array(Int32Array.of(value).buffer)),
  ),
)
const cuts = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 8 })
const captures = loadVectors()
  .flatMap(({ sent, fed }) => [sent.stream, ...(fed === undefined ? [] : [fed.stream])])
  .filter((stream) => stream.total_bytes > 0)
  .map(streamBytes)

test.each(MODES)('gives the same calls however the wire is cut, noise included (%s)', (mode) => {
  const streams = fc.array(fc.oneof({ weight: 3, arbitrary: packetBytes }, noise), { maxLength: 12 })
  fc.assert(
    fc.property(streams.map(concatBytes), cuts, (bytes, sizes) => {
      const whole = decode(mode, bytes, WHOLE)
      expect(decode(mode, bytes, sizes)).toEqual(whole)
      expect(decode(mode, bytes, [1])).toEqual(whole)
    }),
    { numRuns: 500 },
  )
})

test.each(MODES)('never throws on random bytes and never delivers more than it got (%s)', (mode) => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(noise, fc.uint8Array({ maxLength: 400 }))).map(concatBytes),
      cuts,
      (bytes, sizes) => {
        let delivered = 0
        for (const call of decode(mode, bytes, sizes)) {
          if ('extent' in call) delivered += call.extent.wireBytes
          if (call.call === 'fault') expect(call.fault.skippedBytes).toBeLessThanOrEqual(bytes.length)
        }
        expect(delivered).toBeLessThanOrEqual(bytes.length)
      },
    ),
    { numRuns: 500 },
  )
})

describe('mutated captures of the real peer', () => {
  const mutations = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      kind: fc.constantFrom('set', 'insert', 'delete', 'cut'),
      byte: fc.nat(255),
    }),
    { minLength: 1, maxLength: 5 },
  )
  const mutated = fc.tuple(fc.constantFrom(...captures), mutations).map(([capture, changes]) => {
    let bytes: Uint8Array = capture.slice(0, 9000)
    for (const { at, kind, byte } of changes) {
      const index = Math.floor(at * bytes.length)
      if (kind === 'set') bytes[index] = byte
      else {
        const middle = kind === 'insert' ? Uint8Array.of(byte) : new Uint8Array(0)
        const from = kind === 'insert' ? index : kind === 'delete' ? index + 1 : index + byte
        bytes = concatBytes([bytes.subarray(0, index), middle, bytes.subarray(from)])
      }
    }
    return bytes
  })

  test('never throw, and in fatal mode end with at most one fault', () => {
    fc.assert(
      fc.property(mutated, (bytes) => {
        const faults = decode('fatal', bytes, [1448]).filter((call) => call.call === 'fault')
        expect(faults.length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 300 },
    )
  })

  test('in resync mode the message after a pause is understood, whatever was before', () => {
    const next = concatBytes([
      ...encodeMissionHead('Next01', 4, { route: 'n' }).parts,
      ...encodeData('Next01', utf8('next')).parts,
    ])
    fc.assert(
      fc.property(mutated, (bytes) => {
        const decoder = newDecoder('resync')
        const sink = new RecordingSink()
        decoder.receive(bytes, 0, sink)
        decoder.wake(1_000, sink)
        decoder.receive(next, 2_000, sink)
        expect(sink.calls.slice(-2)).toMatchObject([
          { call: 'open', head: { ref: 'Next01', route: 'n', declaredBytes: 4 } },
          { call: 'chunk', ref: 'Next01', payloadHex: '6e657874' },
        ])
      }),
      { numRuns: 300 },
    )
  })
})

describe('resynchronisation', () => {
  const told = (calls: readonly SinkCall[]): string[] =>
    calls.flatMap((call) => {
      if (call.call === 'open') return [`open ${JSON.stringify(call.head)}`]
      if (call.call === 'chunk') return [`chunk ${call.ref} ${call.payloadHex}`]
      return call.call === 'cancel' ? [`cancel ${call.ref}`] : []
    })

  /** True when all of `wanted` occurs in `got`, in this order. */
  const isWithin = (wanted: readonly string[], got: readonly string[]): boolean => {
    let at = 0
    for (const each of got) if (each === wanted[at]) at += 1
    return at === wanted.length
  }

  const isData = (bytes: Uint8Array): boolean => bytes[4 + '{"type": "'.length] === 'd'.charCodeAt(0)
  const extensionEnd = (bytes: Uint8Array): number => 4 + bytes[0]!

  test('loses only the packet in which a byte was lost, added or changed', () => {
    const runs = fc.record({
      before: fc.array(packetBytes, { maxLength: 4 }),
      victim: packetBytes,
      after: fc.array(packetBytes, { minLength: 1, maxLength: 4 }),
      at: fc.nat(500),
      kind: fc.constantFrom('set', 'insert', 'delete'),
      byte: fc.nat(255),
    })
    fc.assert(
      fc.property(runs, ({ before, victim, after, at, kind, byte }) => {
        const index = at % victim.length
        const lengthAt = extensionEnd(victim)
        // A changed data length below 8 KiB cannot be told from a large chunk: what it covers is lost with it.
        fc.pre(!isData(victim) || kind === 'delete' || index < lengthAt || index > lengthAt + 3)
        const rest = victim.subarray(kind === 'insert' ? index : index + 1)
        const put = kind === 'delete' ? new Uint8Array(0) : Uint8Array.of(byte)
        const damaged = concatBytes([victim.subarray(0, index), put, rest])
        const untouched = [...before, ...after].flatMap((each) => told(decode('resync', each, WHOLE)))
        const idle = concatBytes([
          ...encodeMissionHead('Idle01', 1, {}).parts,
          new Uint8Array(600).fill(0x20),
        ])
        const got = told(decode('resync', concatBytes([...before, damaged, ...after, idle]), WHOLE))
        expect(isWithin(untouched, got)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  const hostile: [string, (turn: number) => Uint8Array][] = [
    ['braces', () => Uint8Array.of(0x7b)],
    ['lookalikes that end soon', () => Uint8Array.of(19, 0, 0, 0, ...utf8('{"type": "'))],
    ['lookalikes that want 2 KiB', () => Uint8Array.of(0, 8, 0, 0, ...utf8('{"type": "'))],
    [
      'packets that want 1 MiB of head',
      () => Uint8Array.of(19, 0, 0, 0, ...utf8('{"type": "mission"}'), 0, 0, 16, 0),
    ],
    [
      'heads that are bad at their end',
      () => concatBytes([...encodeMissionHead('a', 1, {}).parts]).subarray(0, -1),
    ],
    [
      'good packets with a stray byte between',
      (turn) => concatBytes([...encodeCancel('a').parts, Uint8Array.of(turn & 255)]),
    ],
  ]

  test.each(hostile)('tries at most one place per byte in a stream of %s', (_name, part) => {
    const bytes = concatBytes(Array.from({ length: 2000 }, (_, turn) => part(turn)))
    for (const pieceBytes of [7, 4096, bytes.length]) {
      const decoder = newDecoder('resync')
      const sink = new RecordingSink()
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        decoder.receive(bytes.subarray(at, at + pieceBytes), 0, sink)
      }
      decoder.wake(10_000, sink)
      expect(decoder.searchSteps).toBeGreaterThan(0)
      expect(decoder.searchSteps).toBeLessThanOrEqual(bytes.length)
    }
  })
})

test('takes no memory for bytes that are only announced', () => {
  const announced = encodeMissionHead('big111', 16 << 20, {}).parts[0]!
  const data = encodeData('big111', new Uint8Array(16 << 20)).parts[0]!
  const before = process.memoryUsage().arrayBuffers
  const decoders = Array.from({ length: 20 }, () => {
    const decoder = newDecoder('fatal')
    const sink = new RecordingSink()
    decoder.receive(announced, 0, sink)
    for (const byte of concatBytes([data, new Uint8Array(100)])) decoder.receive(Uint8Array.of(byte), 0, sink)
    return decoder
  })
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20)
  expect(decoders.every((decoder) => decoder.wakeAtMs === FATAL_LIMITS.stalledAfterMs)).toBe(true)
})
