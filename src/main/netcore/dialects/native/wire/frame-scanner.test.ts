import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex } from '../../../../../shared/bytes'
import { frameText, WireRecord } from '../../../../../testing/native-frames'
import { FrameEncoder, LINE_OPENING } from './frame-encoder'
import { FrameScanner } from './frame-scanner'
import {
  type AckFrame,
  CAPABILITY,
  type DataFrame,
  DEFAULT_SETTINGS,
  type HelloFrame,
  type NativeFrame,
  NO_OFFSET,
} from './frames'
import type { Framing, WireSink } from './wire'

const LARGEST_FRAME_BYTES = 1_100
const OPTIONS = { largestFrameBytes: LARGEST_FRAME_BYTES }

const data = (payload: Uint8Array): DataFrame => ({
  kind: 'data',
  number: 7,
  sid: 9,
  offset: 5,
  isFin: false,
  payload,
})
const hello: HelloFrame = {
  kind: 'hello',
  wantsXsafe: false,
  hasKeptState: false,
  needsPassword: false,
  hasHeard: false,
  highestMajor: 1,
  lowestMajor: 1,
  mySession: 0x7d11_137d,
  yourSession: 0,
  epoch: 0,
  settings: { ...DEFAULT_SETTINGS, capabilities: CAPABILITY.noCrc },
}

const wireOf = (framing: Framing, ...frames: NativeFrame[]): Uint8Array => {
  const encoder = new FrameEncoder(framing, { largestFrameBytes: 100_000 })
  // Joined with an empty part: a copy, since pieces of the encoder share pages.
  return concatBytes([...frames.flatMap((frame) => encoder.encode(frame).parts), new Uint8Array(0)])
}

const scan = (scanner: FrameScanner, bytes: Uint8Array): WireRecord => {
  const record = new WireRecord()
  scanner.receive(bytes, record)
  return record
}

describe('memory', () => {
  test('payloads on LEN are views into what was read, when a frame lies in one read', () => {
    const wire = wireOf('len', data(new Uint8Array(1_000).fill(9)), data(Uint8Array.of(1, 2, 3)))
    const payloads: Uint8Array[] = []
    new FrameScanner('len', OPTIONS).receive(wire, {
      frame: (frame) => payloads.push((frame as DataFrame).payload),
      fault: ({ detail }) => expect.unreachable(detail),
    })
    expect(payloads.map(({ length }) => length)).toEqual([1_000, 3])
    for (const payload of payloads) expect(payload.buffer).toBe(wire.buffer)
  })

  test('payloads stay as they are when the next read comes', () => {
    for (const framing of ['cobs', 'len'] as const) {
      const scanner = new FrameScanner(framing, OPTIONS)
      const payloads: Uint8Array[] = []
      const sink: WireSink = {
        frame: (frame) => payloads.push((frame as DataFrame).payload),
        fault: ({ detail }) => expect.unreachable(detail),
      }
      for (let index = 0; index < 200; index++) {
        const wire = wireOf(framing, data(new Uint8Array((index * 37) % 200).fill(index)))
        scanner.receive(wire.slice(0, 5), sink)
        scanner.receive(wire.slice(5), sink)
      }
      payloads.forEach((payload, index) =>
        expect(payload).toEqual(new Uint8Array((index * 37) % 200).fill(index)),
      )
      expect(payloads).toHaveLength(200)
    }
  })

  test('the frame object is the same one again: borrowed until the call returns', () => {
    const seen = new Set<NativeFrame>()
    new FrameScanner('len', OPTIONS).receive(wireOf('len', data(Uint8Array.of(1)), data(Uint8Array.of(2))), {
      frame: (frame) => void seen.add(frame),
      fault: ({ detail }) => expect.unreachable(detail),
    })
    expect(seen.size).toBe(1)
  })

  test('an endless run without delimiter holds no more than the largest frame', () => {
    const scanner = new FrameScanner('cobs', OPTIONS)
    const record = new WireRecord()
    const before = process.memoryUsage().arrayBuffers
    const chunk = new Uint8Array(4_096).fill(0x41)
    for (let count = 0; count < 2_000; count++) scanner.receive(chunk, record)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20)
    scanner.receive(concatBytes([Uint8Array.of(0), wireOf('cobs', data(Uint8Array.of(4)))]), record)
    expect(record.faults).toMatchObject([
      { code: 'NATIVE_FRAME_TOO_LONG', streamOffset: 0, skippedBytes: 2_000 * 4_096 + 1, isFatal: false },
    ])
    expect(record.frames).toHaveLength(1)
  })
})

describe('which framing it is', () => {
  test('a stream that begins with 00 is COBS, any other LEN', () => {
    const onLine = new FrameScanner('auto', OPTIONS)
    expect(onLine.framing).toBeNull()
    expect(scan(onLine, concatBytes([LINE_OPENING, wireOf('cobs', hello)])).frames).toEqual([
      frameText(hello),
    ])
    expect(onLine.framing).toBe('cobs')
    const onSocket = new FrameScanner('auto', OPTIONS)
    expect(scan(onSocket, wireOf('len', hello)).frames).toEqual([frameText(hello)])
    expect(onSocket.framing).toBe('len')
  })

  test('a line that is told needs no opening', () => {
    expect(scan(new FrameScanner('cobs', OPTIONS), wireOf('cobs', hello)).frames).toHaveLength(1)
  })

  test('delimiters between frames are no frames and no faults', () => {
    const wire = concatBytes([
      new Uint8Array(50),
      wireOf('cobs', hello),
      new Uint8Array(50),
      wireOf('cobs', hello),
    ])
    const record = scan(new FrameScanner('auto', OPTIONS), wire)
    expect(record).toMatchObject({ faults: [] })
    expect(record.frames).toHaveLength(2)
  })
})

describe('damage on COBS', () => {
  const good = wireOf('cobs', data(Uint8Array.of(1, 2, 2)))

  test('costs the frame it is in, says where and how much, and goes on', () => {
    const bad = good.slice()
    bad[8]! ^= 4 // in the payload
    const record = scan(new FrameScanner('cobs', OPTIONS), concatBytes([good, bad, good]))
    expect(record.faults).toEqual([
      {
        code: 'NATIVE_BAD_CRC',
        streamOffset: good.length,
        skippedBytes: good.length,
        detail: `${good.length} bytes dropped: the checksum does not fit`,
        isFatal: false,
      },
    ])
    expect(record.frames).toHaveLength(2)
    expect(record.wireBytes).toBe(3 * good.length)
  })

  test('a lost delimiter costs the two frames it stood between', () => {
    const record = scan(new FrameScanner('cobs', OPTIONS), concatBytes([good.slice(0, -1), good, good]))
    expect(record.faults).toMatchObject([{ streamOffset: 0, skippedBytes: 2 * good.length - 1 }])
    expect(record.frames).toHaveLength(1)
  })

  test('what no stuffing gives is named as such', () => {
    const record = scan(new FrameScanner('cobs', OPTIONS), fromHex('0911220003112200'))
    expect(record.faults.map(({ code }) => code)).toEqual(['NATIVE_BAD_STUFFING', 'NATIVE_BAD_STUFFING'])
  })

  test('a frame of one byte more than the largest is refused, the largest is not', () => {
    const fields = 5
    const largest = wireOf('cobs', data(new Uint8Array(LARGEST_FRAME_BYTES - fields)))
    const larger = wireOf('cobs', data(new Uint8Array(LARGEST_FRAME_BYTES - fields + 1)))
    const record = scan(new FrameScanner('cobs', OPTIONS), concatBytes([largest, larger, largest]))
    expect(record.faults).toMatchObject([
      { code: 'NATIVE_FRAME_TOO_LONG', streamOffset: largest.length, skippedBytes: larger.length },
    ])
    expect(record.frames).toHaveLength(2)
  })

  test('an ack is good although what rides on it makes no sense', () => {
    const ack: AckFrame = {
      kind: 'ack',
      form: 0,
      newest: 7,
      run: 0,
      bitmap: new Uint8Array(0),
      timeTicks: null,
    }
    const encoder = Object.assign(new FrameEncoder('len', OPTIONS), { hasCrc: false })
    const wire = concatBytes(encoder.encodeRiding(ack, { kind: 'probe', number: 1 }).parts)
    // Type 0, what is no ack, what must be recognised by its first byte, and a probe that is cut off.
    for (const impossible of ['00', '80', 'b0', '90', 'e0', '6']) {
      const riding = wire.slice(0, impossible.length === 1 ? 4 : 5)
      if (impossible.length === 2) riding[3] = fromHex(impossible)[0]!
      else riding[0] = 3
      const record = scan(Object.assign(new FrameScanner('len', OPTIONS), { hasCrc: false }), riding)
      expect(record.events).toHaveLength(2)
      expect(record.frames).toEqual([frameText(ack)])
      expect(record.faults).toMatchObject([{ code: 'NATIVE_BAD_FRAME', streamOffset: 2 }])
      expect(record.wireBytes).toBe(riding.length)
    }
  })

  test('the end of the stream inside a frame is told', () => {
    const scanner = new FrameScanner('cobs', OPTIONS)
    const record = scan(scanner, concatBytes([good, good.slice(0, 6)]))
    scanner.end(record)
    expect(record.faults).toMatchObject([
      { code: 'NATIVE_TRUNCATED', streamOffset: good.length, skippedBytes: 6, isFatal: false },
    ])
  })
})

describe('damage on LEN', () => {
  const good = wireOf('len', data(Uint8Array.of(1, 0, 2)))

  test('ends the connection: nothing after it is looked at', () => {
    const bad = good.slice()
    bad[6]! ^= 1
    const scanner = new FrameScanner('len', OPTIONS)
    const record = scan(scanner, concatBytes([good, bad, good]))
    expect(record.frames).toHaveLength(1)
    expect(record.faults).toMatchObject([
      { code: 'NATIVE_BAD_CRC', streamOffset: good.length, skippedBytes: good.length, isFatal: true },
    ])
    expect(scanner.isSpent).toBe(true)
    scanner.receive(good, record)
    scanner.end(record)
    expect(record.events).toHaveLength(2)
  })

  test('the end of the stream inside a frame is told', () => {
    for (const bytes of [1, 2, good.length - 1]) {
      const scanner = new FrameScanner('len', OPTIONS)
      const record = scan(scanner, concatBytes([good, good.slice(0, bytes)]))
      scanner.end(record)
      expect(record.faults).toMatchObject([
        { code: 'NATIVE_TRUNCATED', streamOffset: good.length, skippedBytes: bytes, isFatal: true },
      ])
    }
  })
})

describe('checksums left out on LEN', () => {
  test('begin with the frame after the one in which they were agreed, within one read', () => {
    const encoder = new FrameEncoder('len', OPTIONS)
    const first = encoder.encode(hello)
    encoder.hasCrc = false
    const frames = [data(Uint8Array.of(1)), hello, data(Uint8Array.of(2))]
    const wire = concatBytes(
      [first, ...frames.map((frame) => encoder.encode(frame))].flatMap(({ parts }) => parts),
    )
    for (const size of [wire.length, 1, 2, 5]) {
      const scanner = new FrameScanner('len', OPTIONS)
      const record = new WireRecord()
      const sink: WireSink = {
        frame: (frame, offset, bytes) => {
          record.frame(frame, offset, bytes)
          scanner.hasCrc = false
        },
        fault: (fault) => record.fault(fault),
      }
      for (let at = 0; at < wire.length; at += size) scanner.receive(wire.slice(at, at + size), sink)
      expect(record.faults).toEqual([])
      expect(record.frames).toEqual([hello, ...frames].map(frameText))
    }
  })

  test('never concern a hello: a damaged one is noticed', () => {
    const wire = wireOf('len', hello)
    wire[8]! ^= 1
    const scanner = new FrameScanner('len', OPTIONS)
    scanner.hasCrc = false
    expect(scan(scanner, wire).faults).toMatchObject([{ code: 'NATIVE_BAD_CRC', isFatal: true }])
  })
})

describe('XON/XOFF-safe mode', () => {
  const encoder = Object.assign(new FrameEncoder('cobs', OPTIONS), { isXsafe: true })
  const risky = data(Uint8Array.of(0x11, 0x13, 0x7d, 0))

  test('drops flow control that the line put in, inside and between frames, and takes the frame', () => {
    const wire = [...concatBytes(encoder.encode(risky).parts)]
    const strewn = Uint8Array.from([0x13, 0, ...wire.flatMap((byte) => [0x11, byte]), 0x13, 0x11, 0])
    const scanner = Object.assign(new FrameScanner('cobs', OPTIONS), { xsafe: 'escaped' })
    expect(scan(scanner, strewn)).toMatchObject({ frames: [frameText(risky)], faults: [] })
  })

  test('a side that does not know the mode understands both, also where a plain frame looks escaped', () => {
    const plain = wireOf('cobs', hello)
    expect(plain).toContain(0x7d)
    const escaped = concatBytes(encoder.encode(hello).parts)
    const scanner = Object.assign(new FrameScanner('cobs', OPTIONS), { xsafe: 'either' })
    const damaged = escaped.slice()
    damaged[3]! ^= 1
    const record = scan(scanner, concatBytes([plain, escaped, damaged, plain]))
    expect(record.frames).toEqual([hello, hello, hello].map(frameText))
    expect(record.faults).toMatchObject([{ code: 'NATIVE_BAD_CRC', skippedBytes: damaged.length }])
  })
})

test('a hello is readable although its settings are of another version', () => {
  const frozen = fromHex('b04e570902040302010000000005')
  const unreadable = ['0105', '01', '0100', '0107ffffffffffffff', '0182']
  for (const tail of unreadable) {
    const seen: NativeFrame[] = []
    const scanner = new FrameScanner('len', OPTIONS)
    scanner.receive(withLength(concatBytes([frozen, fromHex(tail)])), {
      frame: (frame) => void seen.push(frame),
      fault: ({ detail }) => expect.unreachable(detail),
    })
    expect(seen).toMatchObject([
      { highestMajor: 9, lowestMajor: 2, mySession: 0x01020304, epoch: 5, settings: null },
    ])
  }
  const unknownTag = withLength(concatBytes([frozen, fromHex('7f0301020301022c01')]))
  expect(scan(new FrameScanner('len', OPTIONS), unknownTag).frames[0]).toContain('"largestFrameBytes":300')
})

test('hands out the content of hello and login as it travelled', () => {
  const seen: Uint8Array[] = []
  new FrameScanner('len', OPTIONS).receive(wireOf('len', hello), {
    frame: (frame) => void seen.push((frame as HelloFrame).content!),
    fault: ({ detail }) => expect.unreachable(detail),
  })
  expect(seen[0]).toEqual(wireOf('len', hello).slice(1, -4))
})

/** A LEN frame around any content. */
function withLength(content: Uint8Array): Uint8Array {
  const encoder = new FrameEncoder('len', OPTIONS)
  encoder.encode({ kind: 'unknown', type: 14, flags: 0, payload: content.subarray(1) })
  const wire = concatBytes(
    encoder.encode({ kind: 'unknown', type: 14, flags: 0, payload: content.subarray(1) }).parts,
  ).slice()
  wire[1] = content[0]!
  return recheck(wire)
}

/** Puts the right checksum at the end of a LEN frame whose content was changed. */
function recheck(wire: Uint8Array): Uint8Array {
  const content = wire.subarray(1, wire.length - 4)
  new DataView(wire.buffer, wire.byteOffset).setUint32(wire.length - 4, crcOf(content), true)
  return wire
}

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 1 ? 0x82f63b78 : 0)
  }
  return ~crc >>> 0
}

test('a position that did not come is not position 0', () => {
  const seen: number[] = []
  new FrameScanner('len', OPTIONS).receive(wireOf('len', { ...data(new Uint8Array(1)), offset: NO_OFFSET }), {
    frame: (frame) => void seen.push((frame as DataFrame).offset),
    fault: ({ detail }) => expect.unreachable(detail),
  })
  expect(seen).toEqual([NO_OFFSET])
})
