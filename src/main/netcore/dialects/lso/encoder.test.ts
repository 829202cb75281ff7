import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, lenientUtf8, utf8 } from '../../../../shared/bytes'
import { DEFAULT_PRIORITY, type Headers } from '../../../../shared/model/trace'
import { RecordingSink } from '../../../../testing/recording-sink'
import type { EncodedFrame, OutgoingHead } from '../dialect'
import { DataHeads, encodeCancel, encodeData, encodeOpen } from './encoder'
import { lsoDialect } from './lso-dialect'

const head = (part: Partial<OutgoingHead> = {}): OutgoingHead => ({
  ref: 'abc123',
  route: 'r',
  kind: 'request',
  priority: DEFAULT_PRIORITY,
  correlationId: 'ABCD1234',
  headers: {},
  bodyBytes: 5,
  ...part,
})

const metaText = (frame: EncodedFrame): string => lenientUtf8(concatBytes(frame.parts).subarray(27))
const withHeadBytes = (bytes: number): OutgoingHead => {
  const overhead = metaText(encodeOpen(head({ headers: { x: '' } }))).length
  return head({ headers: { x: 'x'.repeat(bytes - overhead) } })
}
const failsWith = (code: string): unknown => expect.objectContaining({ code })

describe('info on the wire', () => {
  test.each<[string, Partial<OutgoingHead>, string]>([
    ['a request', {}, '{"route": "r", "message_id": "ABCD1234"}'],
    ['an event', { kind: 'event' }, '{"route": "r", "message_id": "ABCD1234"}'],
    ['a response', { kind: 'response' }, '{"route": "r", "is_response": true, "message_id": "ABCD1234"}'],
    [
      'a response without route',
      { kind: 'response', route: '' },
      '{"is_response": true, "message_id": "ABCD1234"}',
    ],
    [
      'a response to nothing',
      { kind: 'response', route: '', correlationId: '' },
      '{"is_response": true, "message_id": null}',
    ],
    [
      'headers',
      { headers: { b: 1, a: [2n ** 60n] } },
      '{"route": "r", "message_id": "ABCD1234", "b": 1, "a": [1152921504606846976]}',
    ],
    ['nothing at all', { route: '', correlationId: '' }, '{}'],
  ])('of %s is what Python writes', (_name, part, info) => {
    expect(metaText(encodeOpen(head(part)))).toBe(`{"extension": "abc123", "length": 5, "info": ${info}}`)
  })

  test.each(['route', 'message_id', 'is_response'])('does not let a header pose as %s', (key) => {
    expect(() => encodeOpen(head({ headers: { [key]: 'x' } }))).toThrow(failsWith('HEAD_NOT_ENCODABLE'))
  })

  test('refuses headers that are not JSON', () => {
    expect(() => encodeOpen(head({ headers: { x: Number.NaN } }))).toThrow(failsWith('HEAD_NOT_ENCODABLE'))
    expect(() => encodeOpen(head({ headers: { x: undefined } as unknown as Headers }))).toThrow(
      failsWith('HEAD_NOT_ENCODABLE'),
    )
  })
})

describe('sizes Python can take', () => {
  test('a head of 4,096 bytes goes as it is, one more is filled with spaces to 6,144', () => {
    expect(metaText(encodeOpen(withHeadBytes(4096)))).toHaveLength(4096)
    const padded = metaText(encodeOpen(withHeadBytes(4097)))
    expect(padded).toHaveLength(6144)
    expect(padded.trimEnd()).toHaveLength(4097)
  })

  test('a head of 64 KiB is sent, one more byte is refused', () => {
    expect(metaText(encodeOpen(withHeadBytes(65_536)))).toHaveLength(65_536)
    expect(() => encodeOpen(withHeadBytes(65_537))).toThrow(failsWith('HEAD_TOO_LARGE'))
  })

  test('an id is refused when a packet with it would have more than 2,048 extension bytes', () => {
    const overhead = '{"type": "cancel", "extension": ""}'.length
    expect(() => encodeOpen(head({ ref: 'x'.repeat(2048 - overhead) }))).not.toThrow()
    expect(() => encodeOpen(head({ ref: 'x'.repeat(2049 - overhead) }))).toThrow(failsWith('HEAD_TOO_LARGE'))
    expect(() => encodeOpen(head({ ref: 'é'.repeat(400) }))).toThrow(failsWith('HEAD_TOO_LARGE'))
  })

  test.each([-1, 0.5, 2 ** 53, Number.NaN])('a body of %d bytes cannot be announced', (bodyBytes) => {
    expect(() => encodeOpen(head({ bodyBytes }))).toThrow(failsWith('MESSAGE_TOO_LARGE'))
  })

  test('an empty data packet is never written', () => {
    expect(encodeData('abc123', new Uint8Array(0))).toMatchObject({ parts: [], wireBytes: 0 })
  })

  test.each([1, 100, 4095, 4096, 6144, 8192, 16 << 20])('chunks of %d bytes are allowed', (chunkBytes) => {
    expect(() => lsoDialect.checkChunkBytes(chunkBytes)).not.toThrow()
  })

  test.each([0, -1, -2048, 1.5, 4097, 5000, 10_000, (16 << 20) + 2048, Number.NaN, Number.POSITIVE_INFINITY])(
    'chunks of %d bytes are refused',
    (chunkBytes) => {
      expect(() => lsoDialect.checkChunkBytes(chunkBytes)).toThrow(failsWith('CHUNK_SIZE_RANGE'))
    },
  )
})

describe('ids', () => {
  test('have 6 and 8 characters of the 62, drawn one after another', () => {
    const codec = lsoDialect.createCodec({ onDamage: 'fatal' })
    const draws = [0, 25, 26, 51, 52, 61, 0, 25, 26, 51, 52, 61, 1, 2]
    const bounds: number[] = []
    const random = (bound: number): number => {
      bounds.push(bound)
      return draws[bounds.length - 1]!
    }
    expect(codec.drawRef(random)).toBe('azAZ09')
    expect(codec.drawCorrelationId(random)).toBe('azAZ09bc')
    expect(new Set(bounds)).toEqual(new Set([62]))
  })
})

describe('round trip', () => {
  test('what is encoded decodes to the same heads, chunks and cancels', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 })
    const heads = fc.record({
      ref: text,
      route: text,
      kind: fc.constantFrom('request' as const, 'response' as const),
      correlationId: text,
      headers: fc.dictionary(
        text.filter((key) => !['route', 'message_id', 'is_response'].includes(key)),
        fc.oneof(text, fc.integer(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }), fc.constant(null)),
      ),
      bodyBytes: fc.maxSafeNat(),
    })
    fc.assert(
      fc.property(heads, fc.uint8Array({ minLength: 1, maxLength: 300 }), (sent, payload) => {
        const sink = new RecordingSink()
        const codec = lsoDialect.createCodec({ onDamage: 'fatal' })
        const out = head(sent)
        const frames = [encodeOpen(out), encodeData(out.ref, payload), encodeCancel(out.ref)]
        for (const { parts, wireBytes } of frames) {
          expect(concatBytes(parts).length).toBe(wireBytes)
          codec.receive(concatBytes(parts), 0, sink)
        }
        const { bodyBytes, ...rest } = out
        // Without an id there is nothing to answer: it comes out as an event.
        const isEvent = rest.kind === 'request' && rest.correlationId === ''
        const same = isEvent ? { ...rest, kind: 'event' } : rest
        expect(sink.calls).toMatchObject([
          { call: 'open', head: { ...same, declaredBytes: bodyBytes } },
          { call: 'chunk', ref: out.ref, payloadHex: Buffer.from(payload).toString('hex'), isLast: false },
          { call: 'cancel', ref: out.ref },
        ])
      }),
      { numRuns: 300 },
    )
  })

  test('the payload is handed on, not copied', () => {
    const payload = utf8('hello')
    expect(encodeData('abc123', payload).parts[1]).toBe(payload)
  })
})

test('chunks of equal length share a head, whatever other messages come in between', () => {
  const heads = new DataHeads()
  const chunks: readonly (readonly [string, number])[] = [
    ['abc123', 4096],
    ['abc123', 4096],
    ['def456', 4096],
    ['abc123', 4096],
    ['abc123', 17],
    ['def456', 17],
  ]
  const frames = chunks.map(([ref, size]) => encodeData(ref, new Uint8Array(size), heads))
  expect(frames).toEqual(chunks.map(([ref, size]) => encodeData(ref, new Uint8Array(size))))
  expect(frames[1]!.parts[0]).toBe(frames[0]!.parts[0])
})
