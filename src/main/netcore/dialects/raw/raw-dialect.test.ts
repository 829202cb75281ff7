import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex, toHex, utf8 } from '../../../../shared/bytes'
import { RecordingSink } from '../../../../testing/recording-sink'
import { MAX_RAW_PIECE_BYTES, rawDialect } from './raw-dialect'

const newCodec = () => rawDialect.createCodec({ onDamage: 'resync' })
const NO_HEAD = {
  ref: 'x',
  route: '',
  kind: 'bytes',
  priority: 3,
  correlationId: '',
  headers: {},
  bodyBytes: 2,
} as const

const bodies = (sink: RecordingSink): string[] =>
  sink.calls.flatMap((call) =>
    call.call === 'chunk' ? [Buffer.from(call.payloadHex, 'hex').toString('latin1')] : [],
  )

function receive(bytes: Uint8Array, cuts: readonly number[]): RecordingSink {
  const codec = newCodec()
  const sink = new RecordingSink()
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = cuts[turn % cuts.length]!
    codec.receive(bytes.slice(at, at + size), 0, sink)
    at += size
  }
  codec.end(0, sink)
  return sink
}

describe('receiving', () => {
  test.each<[string, string[]]>([
    ['a\nb\n', ['a\n', 'b\n']],
    ['a\r\nb\r\n', ['a\r\n', 'b\r\n']],
    ['a\rb\r', ['a\r', 'b\r']],
    ['a\r\r\n\n\rb', ['a\r', '\r\n', '\n', '\r', 'b']],
    ['no end', ['no end']],
    ['', []],
  ])('%j becomes one message for each line, line ends kept', (text, lines) => {
    expect(bodies(receive(utf8(text), [1]))).toEqual(lines)
    expect(bodies(receive(utf8(text), [1000]))).toEqual(lines)
  })

  test('a message is opened and ended in one go, without route, as bytes', () => {
    const sink = receive(utf8('one\ntwo\n'), [100])
    expect(sink.calls).toMatchObject([
      { call: 'open', head: { ref: 'in0', route: '', kind: 'bytes', declaredBytes: null } },
      {
        call: 'chunk',
        ref: 'in0',
        isLast: true,
        extent: { frameKind: 'bytes', streamOffset: 0, wireBytes: 4 },
      },
      { call: 'open', head: { ref: 'in1' } },
      {
        call: 'chunk',
        ref: 'in1',
        isLast: true,
        extent: { frameKind: 'bytes', streamOffset: 4, wireBytes: 4 },
      },
    ])
  })

  test('a line longer than 4,096 bytes comes in pieces', () => {
    expect(MAX_RAW_PIECE_BYTES).toBe(4096)
    const sink = receive(new Uint8Array(10_000).fill(0x41), [1000])
    expect(bodies(sink).map((body) => body.length)).toEqual([4096, 4096, 1808])
  })

  test('what has no line end is delivered after 50 ms without a byte, not earlier', () => {
    const codec = newCodec()
    const sink = new RecordingSink()
    expect(codec.wakeAtMs).toBeNull()
    codec.receive(utf8('log'), 100, sink)
    codec.receive(utf8('in: '), 140, sink)
    expect(codec.wakeAtMs).toBe(190)
    codec.wake(189, sink)
    expect(bodies(sink)).toEqual([])
    codec.wake(190, sink)
    expect(bodies(sink)).toEqual(['login: '])
    expect(codec.wakeAtMs).toBeNull()
  })

  test('a late wake-up does not join what the pause had parted', () => {
    const codec = newCodec()
    const sink = new RecordingSink()
    codec.receive(utf8('a'), 0, sink)
    codec.receive(utf8('b\n'), 51, sink)
    expect(bodies(sink)).toEqual(['a', 'b\n'])
  })

  test('a lone return at the end of an arrival ends its line once it is clear that no line feed follows', () => {
    const codec = newCodec()
    const sink = new RecordingSink()
    codec.receive(utf8('ok\r'), 0, sink)
    expect(bodies(sink)).toEqual([])
    codec.wake(50, sink)
    expect(bodies(sink)).toEqual(['ok\r'])
  })

  test('any cut gives the same messages, and no byte is lost, changed or doubled', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.constantFrom('\r', '\n', '\r\n', 'x'.repeat(4095), 'y'.repeat(4096)).map(utf8),
          fc.uint8Array(),
        ),
      )
      .map(concatBytes)
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(text, cuts, (bytes, sizes) => {
        const whole = receive(bytes, [Number.MAX_SAFE_INTEGER])
        expect(receive(bytes, sizes).calls).toEqual(whole.calls)
        const pieces = whole.calls.flatMap((call) =>
          call.call === 'chunk' ? [fromHex(call.payloadHex)] : [],
        )
        expect(toHex(concatBytes([...pieces, new Uint8Array(0)]))).toBe(toHex(bytes))
        expect(pieces.every((piece) => piece.length > 0 && piece.length <= MAX_RAW_PIECE_BYTES)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

describe('sending', () => {
  test('writes the body and nothing else', () => {
    const codec = newCodec()
    const body = utf8('AT\r')
    expect(codec.encodeChunk('x', body, true).parts).toEqual([body])
    for (const frame of [
      codec.encodeOpen(NO_HEAD),
      codec.encodeCancel('x'),
      codec.encodeChunk('x', utf8(''), true),
    ]) {
      expect(frame).toMatchObject({ parts: [], wireBytes: 0, payloadBytes: 0 })
    }
  })

  test.each([0, -1, 1.5, (1 << 20) + 1])('refuses chunks of %d bytes', (chunkBytes) => {
    expect(() => rawDialect.checkChunkBytes(chunkBytes)).toThrow(
      expect.objectContaining({ code: 'CHUNK_SIZE_RANGE' }),
    )
  })

  test.each([1, 5000, 1 << 20])('allows chunks of %d bytes', (chunkBytes) => {
    expect(() => rawDialect.checkChunkBytes(chunkBytes)).not.toThrow()
  })
})
