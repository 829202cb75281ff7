import { describe, expect, test } from 'vitest'
import { concatBytes, toHex } from '../../../../../shared/bytes'
import { crc32c } from '../../../../../shared/bytes/crc32c'
import { hasCode } from '../../../../../shared/errors'
import { FrameEncoder } from './frame-encoder'
import {
  type AckFrame,
  DEFAULT_SETTINGS,
  type DataFrame,
  type NativeFrame,
  NO_OFFSET,
  type OpenFrame,
} from './frames'
import type { Framing } from './wire'

const newEncoder = (framing: Framing, change: Partial<FrameEncoder> = {}): FrameEncoder =>
  Object.assign(new FrameEncoder(framing, { largestFrameBytes: 5_000 }), change)

const request = (payload: Uint8Array): OpenFrame => ({
  kind: 'req',
  number: 7,
  sid: 9,
  route: 5,
  extension: null,
  hasHeaders: false,
  isFin: true,
  payload,
})
const answer = (payload: Uint8Array): NativeFrame => ({
  kind: 'ans',
  number: 7,
  sid: 9,
  offset: NO_OFFSET,
  hasHeaders: false,
  isError: false,
  isFin: true,
  payload,
})
const data = (payload: Uint8Array, offset: number): DataFrame => ({
  kind: 'data',
  number: 7,
  sid: 9,
  offset,
  isFin: false,
  payload,
})
const cleanAck: AckFrame = {
  kind: 'ack',
  form: 0,
  newest: 7,
  run: 0,
  bitmap: new Uint8Array(0),
  timeTicks: null,
}

describe('overhead', () => {
  const body = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(0x55)
  const cases: readonly [string, NativeFrame, number, number, number][] = [
    ['a request of 20 bytes by alias', request(body(20)), 10, 9, 5],
    ['an answer of 20 bytes', answer(body(20)), 9, 8, 4],
    ['an empty request', request(body(0)), 10, 9, 5],
  ]
  test.each(cases)('%s costs what the protocol promises', (_, frame, onCobs, onLen, withoutCrc) => {
    const cost = (encoder: FrameEncoder): number => {
      const { wireBytes, payloadBytes } = encoder.encode(frame)
      return wireBytes - payloadBytes
    }
    expect(cost(newEncoder('cobs'))).toBe(onCobs)
    expect(cost(newEncoder('len'))).toBe(onLen)
    expect(cost(newEncoder('len', { hasCrc: false }))).toBe(withoutCrc)
  })

  test('4 KiB of data costs at most 0.25 % on LEN, and at most 0.7 % on COBS even as text', () => {
    const text = body(4096)
    const onLen = newEncoder('len').encode(data(text, NO_OFFSET))
    const onCobs = newEncoder('cobs').encode(data(text, 40_960))
    expect(onLen.wireBytes - 4096).toBe(9)
    expect((onLen.wireBytes - 4096) / 4096).toBeLessThanOrEqual(0.0025)
    expect(onCobs.wireBytes - 4096).toBeLessThanOrEqual(27)
    expect((onCobs.wireBytes - 4096) / 4096).toBeLessThanOrEqual(0.007)
  })

  test('a clean ack costs two bytes when it rides and eight alone', () => {
    const encoder = newEncoder('cobs')
    const rider = request(body(20))
    expect(encoder.encodeRiding(cleanAck, rider).wireBytes - encoder.encode(rider).wireBytes).toBe(2)
    expect(encoder.encode(cleanAck).wireBytes).toBe(8)
  })

  test('a probe costs eight bytes, a hello without settings twenty', () => {
    const encoder = newEncoder('cobs')
    expect(encoder.encode({ kind: 'probe', number: 1 }).wireBytes).toBe(8)
    const hello: NativeFrame = {
      kind: 'hello',
      wantsXsafe: false,
      hasKeptState: false,
      needsPassword: false,
      hasHeard: false,
      highestMajor: 1,
      lowestMajor: 1,
      mySession: 1,
      yourSession: 0,
      epoch: 0,
      settings: DEFAULT_SETTINGS,
    }
    expect(encoder.encode(hello).wireBytes).toBe(20)
  })

  test('ping and pong are equally long, whatever the times are', () => {
    const encoder = newEncoder('cobs')
    const ping = encoder.encode({ kind: 'ping', id: 0, sentTicks: 0, lastPongTicks: 0 })
    const pong = encoder.encode({ kind: 'pong', id: 255, receivedTicks: 2 ** 32 - 1, sentTicks: 0x01020304 })
    expect(ping.wireBytes).toBe(pong.wireBytes)
  })
})

describe('payloads', () => {
  test('are not copied on LEN when they are large', () => {
    const payload = new Uint8Array(4096)
    expect(newEncoder('len').encode(data(payload, NO_OFFSET)).parts[1]).toBe(payload)
    expect(newEncoder('len', { hasCrc: false }).encode(data(payload, NO_OFFSET)).parts).toHaveLength(2)
  })

  test('lie beside their head in one part when they are small, and always on COBS', () => {
    expect(newEncoder('len').encode(data(new Uint8Array(400), NO_OFFSET)).parts).toHaveLength(1)
    expect(newEncoder('cobs').encode(data(new Uint8Array(4096), 0)).parts).toHaveLength(1)
  })

  test('of earlier frames stay as they were when later frames are encoded', () => {
    for (const framing of ['cobs', 'len'] as const) {
      const encoder = newEncoder(framing)
      const encoded = Array.from({ length: 500 }, (_, index) =>
        encoder.encode(data(new Uint8Array(index * 3).fill(index), index)),
      )
      const texts = encoded.map(({ parts }) => toHex(concatBytes(parts)))
      for (let index = 0; index < 500; index++) {
        const again = newEncoder(framing).encode(data(new Uint8Array(index * 3).fill(index), index))
        expect(texts[index]).toBe(toHex(concatBytes(again.parts)))
      }
    }
  })

  test('are counted: only what the application gave, not names and texts', () => {
    const encoder = newEncoder('len')
    expect(encoder.encode(data(new Uint8Array(300), 0)).payloadBytes).toBe(300)
    expect(encoder.encode({ kind: 'bye', code: 1, text: 'because' }).payloadBytes).toBe(0)
    expect(encoder.encodeRiding(cleanAck, data(new Uint8Array(30), 0))).toMatchObject({
      frameKind: 'data',
      payloadBytes: 30,
    })
  })
})

test('COBS carries the low 16 bits of a position, and always one in data', () => {
  const encoder = newEncoder('cobs')
  const far = encoder.encode(data(Uint8Array.of(1), 0x3_1234))
  const near = encoder.encode(data(Uint8Array.of(1), 0x1234))
  expect(toHex(far.parts[0]!)).toBe(toHex(near.parts[0]!))
  expect(() => encoder.encode(data(Uint8Array.of(1), NO_OFFSET))).toThrow('offset cannot be -1')
})

test('takes the checksum that is given to it, over fields and payload in order', () => {
  const seen: number[] = []
  const encoder = new FrameEncoder('len', {
    largestFrameBytes: 5_000,
    checksum: (crc, bytes, start, end) => {
      seen.push(end - start)
      return crc32c(crc, bytes, start, end)
    },
  })
  const own = encoder.encode(data(new Uint8Array(2_000).fill(3), NO_OFFSET))
  const builtIn = newEncoder('len').encode(data(new Uint8Array(2_000).fill(3), NO_OFFSET))
  expect(seen).toEqual([3, 2_000])
  expect(toHex(concatBytes(own.parts))).toBe(toHex(concatBytes(builtIn.parts)))
})

test('tells the checksum of the last frame, for recognising an echo; 0 without one', () => {
  const encoder = newEncoder('len')
  const frame = request(Uint8Array.of(1, 2, 3))
  const wire = concatBytes(encoder.encode(frame).parts)
  expect(encoder.lastCrc).toBe(new DataView(wire.buffer, wire.byteOffset).getUint32(wire.length - 4, true))
  encoder.hasCrc = false
  encoder.encode(frame)
  expect(encoder.lastCrc).toBe(0)
})

describe('limits', () => {
  test('the largest frame is counted as content, and one more byte is refused', () => {
    for (const framing of ['cobs', 'len'] as const) {
      const encoder = newEncoder(framing, { largestFrameBytes: 100 })
      const fields = framing === 'cobs' ? 5 : 4
      expect(encoder.encode(data(new Uint8Array(100 - fields), 1)).payloadBytes).toBe(100 - fields)
      const tooLong = data(new Uint8Array(101 - fields), 1)
      expect(() => encoder.encode(tooLong)).toThrow('a frame of 101 bytes; at most 100 are allowed')
      expect(() => encoder.encodeRiding(cleanAck, data(new Uint8Array(99 - fields), 1))).toThrow('101')
    }
  })

  const base = data(new Uint8Array(1), 1)
  const about = { number: 1, sid: 1, isSendersSlot: true }
  const impossible: readonly [string, NativeFrame][] = [
    ['number', { ...base, number: 256 }],
    ['number', { ...base, number: -1 }],
    ['sid', { ...base, sid: 2 ** 35 }],
    ['sid', { ...base, sid: -1 }],
    ['sid', { ...base, sid: 1.5 }],
    ['sid', { kind: 'cancel', ...about, sid: 2 ** 34, code: 0 }],
    ['offset', { ...base, offset: -2 }],
    ['route', { ...request(new Uint8Array(0)), route: -1 }],
    ['priority', { kind: 'priority', ...about, priority: 8 as 7 }],
    [
      'totalBytes',
      {
        ...request(new Uint8Array(0)),
        extension: { priority: 1, totalBytes: 2 ** 35, deadlineMs: null, isRestartable: false },
      },
    ],
    ['bitmap', { ...cleanAck, form: 2 }],
    ['timeTicks', { ...cleanAck, timeTicks: 65_536 }],
    ['sentTicks', { kind: 'ping', id: 1, sentTicks: 2 ** 32, lastPongTicks: 0 }],
    ['clientNonce', { kind: 'auth', step: 1, clientNonce: new Uint8Array(15), user: '' }],
    ['clientProof', { kind: 'auth', step: 3, clientProof: new Uint8Array(33) }],
    ['code', { kind: 'auth', step: 4, serverSignature: null, code: 0 }],
    ['flags', { kind: 'unknown', type: 14, flags: 16, payload: new Uint8Array(0) }],
  ]
  test.each(impossible)('%s out of range is refused', (field, frame) => {
    for (const framing of ['cobs', 'len'] as const) {
      const encoder = newEncoder(framing)
      let thrown: unknown
      try {
        encoder.encode(frame)
      } catch (error) {
        thrown = error
      }
      expect(hasCode(thrown, 'NATIVE_NOT_ENCODABLE') && thrown.details).toMatchObject({ field })
      // Nothing of the refused frame is left in the next one.
      expect(toHex(concatBytes(encoder.encode(base).parts))).toBe(
        toHex(concatBytes(newEncoder(framing).encode(base).parts)),
      )
    }
  })
})
