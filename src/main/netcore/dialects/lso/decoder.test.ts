import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { RecordingSink } from '../../../../testing/recording-sink'
import type { CodecOptions, EncodedFrame } from '../dialect'
import { encodeCancel, encodeData, encodeMissionHead } from './encoder'
import { createLsoCodec } from './lso-dialect'

const bytesOf = (...frames: EncodedFrame[]): Uint8Array => concatBytes(frames.flatMap((frame) => frame.parts))
const HEAD = bytesOf(encodeMissionHead('abc123', 5, { route: 'r' }))
const DATA = bytesOf(encodeData('abc123', utf8('hello')))
const NEXT_HEAD = bytesOf(encodeMissionHead('def456', 3, {}))
const NEXT_DATA = bytesOf(encodeData('def456', utf8('you')))

const int32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setInt32(0, value, true)
  return bytes
}
const packet = (extension: string | Uint8Array, meta: string | Uint8Array): Uint8Array => {
  const [left, right] = [extension, meta].map((part) => (typeof part === 'string' ? utf8(part) : part))
  return concatBytes([int32(left!.length), left!, int32(right!.length), right!])
}
const mission = (meta: string): Uint8Array => packet('{"type": "mission"}', meta)

function decode(onDamage: CodecOptions['onDamage'], ...pieces: Uint8Array[]): RecordingSink {
  const codec = createLsoCodec({ onDamage })
  const sink = new RecordingSink()
  for (const piece of pieces) codec.receive(piece, 0, sink)
  return sink
}

/** What was understood, in short: `open abc123`, `chunk abc123 68656c6c6f`, `fault LSO_RESYNCED 7`. */
function story(sink: RecordingSink): string[] {
  return sink.calls.map((call) => {
    if (call.call === 'open') return `open ${call.head.ref}`
    if (call.call === 'chunk') return `chunk ${call.ref} ${call.payloadHex}`
    if (call.call === 'fault') return `fault ${call.fault.code} ${call.fault.skippedBytes}`
    return `${call.call} ${call.ref}`
  })
}

const GOOD_NEXT = ['open def456', 'chunk def456 796f75']
const GOOD_FIRST = ['open abc123', 'chunk abc123 68656c6c6f']

describe('packets that make no sense', () => {
  const cases: [string, Uint8Array, string][] = [
    ['an extension length below 2', concatBytes([int32(1), utf8('{}{}')]), 'LSO_LENGTH_RANGE'],
    ['a zero-length extension', packet('', 'x'), 'LSO_LENGTH_RANGE'],
    ['a negative extension length', concatBytes([int32(-1), utf8('{"type')]), 'LSO_LENGTH_RANGE'],
    ['an extension above 65,536 bytes', concatBytes([int32(65_537), utf8('{')]), 'LSO_LENGTH_RANGE'],
    ['an extension that does not begin with {', packet('[1]', ''), 'LSO_BAD_JSON'],
    ['an extension that is not JSON', packet('{"type": data}', ''), 'LSO_BAD_JSON'],
    ['an extension that is not UTF-8', packet(Uint8Array.of(0x7b, 0xff, 0x7d), ''), 'LSO_BAD_JSON'],
    ['an extension with a zero byte', packet(Uint8Array.of(0x7b, 0, 0x7d), ''), 'LSO_BAD_JSON'],
    ['an extension without type', packet('{"extension": "a"}', ''), 'LSO_BAD_PACKET'],
    ['data without extension', packet('{"type": "data"}', ''), 'LSO_BAD_PACKET'],
    ['cancel without extension', packet('{"type": "cancel"}', ''), 'LSO_BAD_PACKET'],
    ['a list as id', packet('{"type": "data", "extension": ["a"]}', ''), 'LSO_BAD_PACKET'],
    [
      'a negative meta length',
      concatBytes([packet('{"type": "data", "extension": "a"}', '').subarray(0, -4), int32(-1)]),
      'LSO_LENGTH_RANGE',
    ],
    [
      'a data packet above 16 MiB',
      concatBytes([packet('{"type": "data", "extension": "a"}', '').subarray(0, -4), int32((16 << 20) + 1)]),
      'LSO_LENGTH_RANGE',
    ],
    [
      'a head above 1 MiB',
      concatBytes([mission('').subarray(0, -4), int32((1 << 20) + 1)]),
      'LSO_LENGTH_RANGE',
    ],
    ['a head that is not JSON', mission('{"extension": "a", "length": 1, "info": {}'), 'LSO_BAD_JSON'],
    ['a head that is empty', mission(''), 'LSO_BAD_JSON'],
    ['a head that is a list', mission('[]'), 'LSO_BAD_PACKET'],
    ['a head without id', mission('{"length": 1, "info": {}}'), 'LSO_BAD_PACKET'],
    ['a head without length', mission('{"extension": "a", "info": {}}'), 'LSO_BAD_PACKET'],
    ['a head without info', mission('{"extension": "a", "length": 1}'), 'LSO_BAD_PACKET'],
    ['a head whose info is null', mission('{"extension": "a", "length": 1, "info": null}'), 'LSO_BAD_PACKET'],
    ['a head whose info is a list', mission('{"extension": "a", "length": 1, "info": []}'), 'LSO_BAD_PACKET'],
    [
      'a head nested deeper than 64',
      mission(`{"extension": "a", "length": 1, "info": {"x": ${'['.repeat(63)}${']'.repeat(63)}}}`),
      'LSO_BAD_JSON',
    ],
  ]

  test.each(cases)('fatal mode gives the stream up at %s', (_name, bad, code) => {
    const sink = decode('fatal', concatBytes([HEAD, DATA, bad, NEXT_HEAD, NEXT_DATA]), NEXT_HEAD)
    expect(story(sink)).toEqual([...GOOD_FIRST, `fault ${code} 0`])
    expect(sink.faults[0]).toMatchObject({
      isFatal: true,
      losesOpenMessages: true,
      streamOffset: HEAD.length + DATA.length,
    })
  })

  test.each(cases)('resync mode finds the packets after %s', (_name, bad, code) => {
    const sink = decode('resync', concatBytes([HEAD, DATA, bad, NEXT_HEAD, NEXT_DATA]))
    expect(story(sink)).toEqual([
      ...GOOD_FIRST,
      `fault ${code} 0`,
      `fault LSO_RESYNCED ${bad.length}`,
      ...GOOD_NEXT,
    ])
    expect(sink.faults.map(({ isFatal, losesOpenMessages }) => [isFatal, losesOpenMessages])).toEqual([
      [false, true],
      [false, true],
    ])
  })
})

describe('heads that are well framed but impossible', () => {
  test.each([
    '-1',
    '1.5',
    '"5"',
    'null',
    'true',
    'NaN',
    'Infinity',
    '9007199254740992',
    '1e300',
    '[5]',
    '{}',
  ])('length %s fails that message alone', (length) => {
    const bad = mission(`{"extension": "bad", "length": ${length}, "info": {}}`)
    const sink = decode('fatal', HEAD, bad, DATA)
    expect(story(sink)).toEqual(['open abc123', 'refuse bad', 'chunk abc123 68656c6c6f'])
    expect(sink.calls[1]).toMatchObject({ code: 'MESSAGE_BAD_LENGTH' })
  })

  test.each([
    ['3.0', 3],
    ['0', 0],
    ['-0.0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('length %s counts as %d', (length, declaredBytes) => {
    const sink = decode('fatal', mission(`{"extension": "a", "length": ${length}, "info": {}}`))
    expect(sink.calls).toMatchObject([{ call: 'open', head: { declaredBytes } }])
  })
})

describe('what heads mean', () => {
  const headOf = (info: string) => {
    const [call] = decode('fatal', mission(`{"extension": "a", "length": 1, "info": ${info}}`)).calls
    return call?.call === 'open' ? call.head : undefined
  }

  test('route, message_id and is_response are taken out of info, the rest are headers', () => {
    expect(
      headOf('{"x": 1, "route": "r", "is_response": true, "message_id": "m", "pipe_safe_code": "p"}'),
    ).toEqual({
      ref: 'a',
      route: 'r',
      kind: 'response',
      priority: 3,
      correlationId: 'm',
      headers: { x: 1, pipe_safe_code: 'p' },
      declaredBytes: 1,
    })
  })

  test('values of the wrong kind mean nothing and stay visible among the headers', () => {
    expect(headOf('{"route": ["r"], "is_response": 1, "message_id": {"m": 1}}')).toMatchObject({
      route: '',
      kind: 'event',
      correlationId: '',
      headers: { route: ['r'], is_response: 1, message_id: { m: 1 } },
    })
  })

  test('a head without an id that could be answered announces an event', () => {
    expect(headOf('{"message_id": null, "is_response": false}')).toMatchObject({
      kind: 'event',
      correlationId: '',
      headers: {},
    })
  })

  test('__proto__ among the headers is data', () => {
    const headers = headOf('{"__proto__": {"route": "evil"}, "constructor": 1}')?.headers
    expect(Object.getPrototypeOf(headers)).toBeNull()
    expect(Object.keys(headers!)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['route']).toBeUndefined()
  })

  test.each([
    ['5', '5'],
    ['true', 'true'],
    ['null', 'null'],
    ['12345678901234567890', '12345678901234567890'],
    ['""', ''],
  ])('the id %s is taken as "%s"', (written, ref) => {
    const data = packet(`{"type": "data", "extension": ${written}}`, 'x')
    expect(story(decode('fatal', data))).toEqual([`chunk ${ref} 78`])
  })

  test('a type that is not a text, or too long to show, is data named data', () => {
    for (const type of ['5', 'null', `"${'x'.repeat(33)}"`]) {
      const sink = decode('fatal', packet(`{"type": ${type}, "extension": "a"}`, 'x'))
      expect(sink.calls).toMatchObject([{ call: 'chunk', ref: 'a', extent: { frameKind: 'data' } }])
    }
  })

  test('the id of a cancel is read from the extension, whatever its meta says', () => {
    expect(story(decode('fatal', packet('{"type": "cancel", "extension": "a"}', 'not json')))).toEqual([
      'cancel a',
    ])
  })
})

describe('memory', () => {
  test('the body of a packet that arrived whole is a view, not a copy', () => {
    const arrival = concatBytes([HEAD, DATA, NEXT_HEAD])
    let payload = new Uint8Array(0)
    const sink = new RecordingSink()
    sink.chunk = (_ref, bytes) => {
      payload = bytes as Uint8Array<ArrayBuffer>
    }
    createLsoCodec({ onDamage: 'fatal' }).receive(arrival, 0, sink)
    expect(payload.buffer).toBe(arrival.buffer)
  })

  test('views stay what they were while more bytes arrive, however they are cut', () => {
    const stream = concatBytes([HEAD, DATA, NEXT_HEAD, NEXT_DATA])
    const payloads: Uint8Array[] = []
    const sink = new RecordingSink()
    sink.chunk = (_ref, bytes) => {
      payloads.push(bytes)
    }
    const codec = createLsoCodec({ onDamage: 'resync' })
    for (let at = 0; at < stream.length; at += 3) codec.receive(stream.slice(at, at + 3), 0, sink)
    expect(payloads).toEqual([utf8('hello'), utf8('you')])
  })
})

describe('a packet that stalls', () => {
  const half = NEXT_DATA.subarray(0, 20)

  test.each([
    ['resync', 1_000],
    ['fatal', 10_000],
  ] as const)('is given up in %s mode after %d ms without a byte, not earlier', (onDamage, stallMs) => {
    const codec = createLsoCodec({ onDamage })
    const sink = new RecordingSink()
    codec.receive(HEAD, 0, sink)
    expect(codec.wakeAtMs).toBeNull()
    codec.receive(half.subarray(0, 10), 5, sink)
    codec.receive(half.subarray(10), 100, sink)
    expect(codec.wakeAtMs).toBe(100 + stallMs)
    codec.wake(99 + stallMs, sink)
    expect(sink.faults).toEqual([])
    codec.wake(100 + stallMs, sink)
    expect(sink.faults).toMatchObject([
      { code: 'LSO_PACKET_STALLED', isFatal: onDamage === 'fatal', streamOffset: HEAD.length },
    ])
    expect(codec.wakeAtMs).toBeNull()
  })

  test('is given up as well when the wake-up comes late, with the next bytes', () => {
    const codec = createLsoCodec({ onDamage: 'resync' })
    const sink = new RecordingSink()
    codec.receive(half, 0, sink)
    codec.receive(concatBytes([NEXT_HEAD, NEXT_DATA]), 5_000, sink)
    expect(story(sink)).toEqual(['fault LSO_PACKET_STALLED 0', 'fault LSO_RESYNCED 20', ...GOOD_NEXT])
  })

  test('gives back the packets which its wrong length had swallowed', () => {
    const swallower = bytesOf(encodeData('abc123', new Uint8Array(8000)))
    const codec = createLsoCodec({ onDamage: 'resync' })
    const sink = new RecordingSink()
    codec.receive(concatBytes([HEAD, swallower.subarray(0, 300), NEXT_HEAD, NEXT_DATA]), 0, sink)
    expect(story(sink)).toEqual(['open abc123'])
    codec.wake(1_000, sink)
    expect(story(sink).slice(1)).toEqual([
      'fault LSO_PACKET_STALLED 0',
      'fault LSO_RESYNCED 300',
      ...GOOD_NEXT,
    ])
  })
})

describe('the end of the stream', () => {
  test.each(['fatal', 'resync'] as const)('between packets is no fault in %s mode', (onDamage) => {
    const codec = createLsoCodec({ onDamage })
    const sink = new RecordingSink()
    codec.receive(concatBytes([HEAD, DATA]), 0, sink)
    codec.end(0, sink)
    expect(story(sink)).toEqual(GOOD_FIRST)
  })

  test('within a packet is reported with the bytes that are lost', () => {
    const codec = createLsoCodec({ onDamage: 'fatal' })
    const sink = new RecordingSink()
    codec.receive(HEAD.subarray(0, 30), 0, sink)
    codec.end(0, sink)
    expect(story(sink)).toEqual(['fault LSO_PACKET_STALLED 30'])
    codec.receive(HEAD, 0, sink)
    codec.end(0, sink)
    expect(sink.calls).toHaveLength(1)
  })

  test('while searching is reported with everything since the damage', () => {
    const codec = createLsoCodec({ onDamage: 'resync' })
    const sink = new RecordingSink()
    codec.receive(concatBytes([HEAD, new Uint8Array(1000).fill(0x7b)]), 0, sink)
    codec.end(0, sink)
    expect(story(sink)).toEqual(['open abc123', 'fault LSO_LENGTH_RANGE 0', 'fault LSO_LENGTH_RANGE 1000'])
  })
})

describe('finding the next packet', () => {
  const without = (bytes: Uint8Array, at: number): Uint8Array =>
    concatBytes([bytes.subarray(0, at), bytes.subarray(at + 1)])

  test('a boot banner before the first packet costs only itself', () => {
    const banner = utf8('\r\nBootROM v1.2 {"ok": true}\r\nready> ')
    expect(story(decode('resync', banner, HEAD, DATA))).toEqual([
      'fault LSO_LENGTH_RANGE 0',
      `fault LSO_RESYNCED ${banner.length}`,
      ...GOOD_FIRST,
    ])
  })

  test('a stray byte between packets costs only itself', () => {
    for (let stray = 0; stray < 256; stray++) {
      const sink = decode('resync', concatBytes([HEAD, DATA, Uint8Array.of(stray), NEXT_HEAD, NEXT_DATA]))
      expect(story(sink).slice(0, 2)).toEqual(GOOD_FIRST)
      expect(story(sink).slice(3)).toEqual(['fault LSO_RESYNCED 1', ...GOOD_NEXT])
    }
  })

  test('a byte lost anywhere in a head costs that head, and the next packets are found at once', () => {
    const filler = bytesOf(encodeData('zzzzzz', new Uint8Array(700)))
    for (let at = 0; at < HEAD.length; at++) {
      const sink = decode('resync', concatBytes([without(HEAD, at), filler, NEXT_HEAD, NEXT_DATA]))
      expect(story(sink).slice(-2)).toEqual(GOOD_NEXT)
      expect(story(sink)).toContain(`chunk zzzzzz ${'00'.repeat(700)}`)
    }
  })

  test('up to 13 bytes lost in a body cost that packet, not the next, whose start it swallowed', () => {
    const body = bytesOf(encodeData('abc123', new Uint8Array(100).fill(0x41)))
    for (let lost = 1; lost <= 13; lost++) {
      const damaged = concatBytes([body.subarray(0, 60), body.subarray(60 + lost)])
      const sink = decode('resync', concatBytes([damaged, NEXT_HEAD, NEXT_DATA]))
      expect(story(sink).slice(2)).toEqual(['fault LSO_RESYNCED 0', ...GOOD_NEXT])
      const inPieces = decode('resync', damaged, NEXT_HEAD, NEXT_DATA)
      expect(inPieces.calls).toEqual(sink.calls)
    }
  })

  test('a length of megabytes by one flipped bit is noticed when the message lacks fewer', () => {
    const flipped = DATA.slice()
    flipped[DATA.length - 5 - 4 + 2] = 0x40 // the meta length says 4 MiB more
    expect(story(decode('resync', HEAD, flipped, NEXT_HEAD, NEXT_DATA))).toEqual([
      'open abc123',
      'fault LSO_LENGTH_RANGE 0',
      `fault LSO_RESYNCED ${DATA.length}`,
      ...GOOD_NEXT,
    ])
  })

  test('a large data packet passes when its message lacks that much', () => {
    const head = bytesOf(encodeMissionHead('big111', 200_000, {}))
    const data = bytesOf(encodeData('big111', new Uint8Array(131_072)))
    expect(decode('resync', head, data).faults).toEqual([])
    expect(decode('resync', data).faults).toMatchObject([{ code: 'LSO_LENGTH_RANGE' }])
    expect(decode('fatal', data).faults).toEqual([])
  })

  test('a flipped bit in a length of a head is noticed within 256 bytes of the zero that follows', () => {
    const bits = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    for (const field of [0, 23]) {
      for (const bit of bits) {
        const flipped = HEAD.slice()
        flipped[field + (bit >> 3)]! ^= 1 << (bit & 7)
        const sink = decode('resync', concatBytes([flipped, NEXT_HEAD, NEXT_DATA, new Uint8Array(256)]))
        expect(story(sink)).toEqual(expect.arrayContaining(GOOD_NEXT))
      }
    }
  })

  test('compact packets are found as well as spaced ones', () => {
    const compact = packet('{"type":"mission"}', '{"extension":"c","length":0,"info":{}}')
    expect(story(decode('resync', utf8('noise'), compact))).toEqual([
      'fault LSO_LENGTH_RANGE 0',
      'fault LSO_RESYNCED 5',
      'open c',
    ])
  })

  test('what merely looks like a packet in noise is passed over', () => {
    const lookalike = concatBytes([int32(40), utf8('{"type": "mission"'), int32(7), utf8('{"type": ')])
    expect(story(decode('resync', utf8('noise'), lookalike, HEAD, DATA))).toEqual([
      'fault LSO_LENGTH_RANGE 0',
      `fault LSO_RESYNCED ${5 + lookalike.length}`,
      ...GOOD_FIRST,
    ])
  })

  test('cancels and refused heads end a search too', () => {
    const refused = mission('{"extension": "bad", "length": -1, "info": {}}')
    expect(
      story(decode('resync', utf8('noise'), bytesOf(encodeCancel('abc123')), utf8('noise'), refused)),
    ).toEqual([
      'fault LSO_LENGTH_RANGE 0',
      'fault LSO_RESYNCED 5',
      'cancel abc123',
      'fault LSO_LENGTH_RANGE 0',
      'fault LSO_RESYNCED 5',
      'refuse bad',
    ])
  })
})
