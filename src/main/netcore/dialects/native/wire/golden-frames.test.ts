import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex, toHex } from '../../../../../shared/bytes'
import { frameText, WireRecord } from '../../../../../testing/native-frames'
import { type FrameVector, loadFrames } from '../vectors/load-vectors'
import { encodeContent } from './content-writer'
import { FrameEncoder } from './frame-encoder'
import { FrameScanner } from './frame-scanner'
import type { AckFrame, FrameKind, NumberedFrame } from './frames'
import type { Framing } from './wire'

const { frames, riding, refused } = loadFrames()
const OPTIONS = { largestFrameBytes: 1_100 }

const encoderOf = (framing: Framing, change: Partial<FrameEncoder> = {}): FrameEncoder =>
  Object.assign(new FrameEncoder(framing, OPTIONS), change)

const encode = (encoder: FrameEncoder, { frame }: FrameVector): string => {
  const { parts, wireBytes } = encoder.encode(frame)
  const bytes = concatBytes(parts)
  expect(wireBytes).toBe(bytes.length)
  return toHex(bytes)
}

function scan(hex: string, framing: Framing, change: Partial<FrameScanner> = {}): WireRecord {
  const record = new WireRecord()
  const scanner = Object.assign(new FrameScanner(framing, OPTIONS), change)
  scanner.receive(fromHex(hex), record)
  scanner.end(record)
  return record
}

test('there is a vector for every kind of frame', () => {
  const kinds: Record<FrameKind, true> = {
    req: true,
    sub: true,
    evt: true,
    ans: true,
    data: true,
    back: true,
    probe: true,
    credit: true,
    cancel: true,
    end: true,
    alias: true,
    priority: true,
    'unknown-control': true,
    ack: true,
    ping: true,
    pong: true,
    hello: true,
    auth: true,
    bye: true,
    unknown: true,
  }
  expect(new Set(frames.map(({ frame }) => frame.kind))).toEqual(new Set(Object.keys(kinds)))
})

describe.each(frames)('$name', (vector) => {
  const text = frameText(vector.frame)

  test('has its recorded bytes on both framings, and comes back', () => {
    expect(toHex(encodeContent(vector.frame, 'cobs'))).toBe(vector.content)
    expect(encode(encoderOf('cobs'), vector)).toBe(vector.cobs)
    expect(encode(encoderOf('cobs', { isXsafe: true }), vector)).toBe(vector.xsafe)
    expect(encode(encoderOf('len'), vector)).toBe(vector.len)
    expect(scan(vector.cobs, 'cobs')).toMatchObject({ frames: [text], faults: [] })
    expect(scan(vector.xsafe, 'cobs', { xsafe: 'escaped' })).toMatchObject({ frames: [text], faults: [] })
    expect(scan(vector.len, 'len')).toMatchObject({ frames: [text], faults: [] })
  })

  test('goes without checksum on LEN unless agreements are made of it', () => {
    const wire = vector.lenWithoutCrc ?? vector.len
    expect(encode(encoderOf('len', { hasCrc: false }), vector)).toBe(wire)
    expect(scan(wire, 'len', { hasCrc: false })).toMatchObject({ frames: [text], faults: [] })
  })

  test('passes in both modes before the handshake', () => {
    for (const wire of [vector.cobs, vector.xsafe]) {
      expect(scan(wire, 'cobs', { xsafe: 'either' })).toMatchObject({ frames: [text], faults: [] })
    }
  })
})

describe.each(riding)('$name', (vector) => {
  const named = (name: string): FrameVector => frames.find((frame) => frame.name === name)!
  const ack = named(vector.ack).frame as AckFrame
  const rider = named(vector.rider).frame as NumberedFrame
  const variants = [
    ['cobs', true, vector.cobs],
    ['len', true, vector.len],
    ['len', false, vector.lenWithoutCrc],
  ] as const

  test.each(variants)(
    'has its recorded bytes on %s, checksum %s, and comes back as two',
    (framing, hasCrc, wire) => {
      const encoded = encoderOf(framing, { hasCrc }).encodeRiding(ack, rider)
      expect(toHex(concatBytes(encoded.parts))).toBe(wire)
      const record = scan(wire, framing, { hasCrc })
      expect(record).toMatchObject({ frames: [frameText(ack), frameText(rider)], faults: [] })
      expect(record.wireBytes).toBe(wire.length / 2)
    },
  )
})

describe.each(refused)('$name', (vector) => {
  test('is reported as a bad frame, which only LEN does not survive', () => {
    const good = frames[0]!
    const wireBytes = vector.cobs.length / 2
    const onCobs = scan(vector.cobs + good.cobs, 'cobs')
    expect(onCobs.faults).toMatchObject([{ code: 'NATIVE_BAD_FRAME', isFatal: false, streamOffset: 0 }])
    expect(onCobs.frames).toEqual([frameText(good.frame)])
    expect(onCobs.wireBytes).toBe(wireBytes + good.cobs.length / 2)
    const onLen = scan(vector.len + good.len, 'len')
    expect(onLen.faults).toMatchObject([{ code: 'NATIVE_BAD_FRAME', isFatal: true }])
    expect(onLen.frames).toEqual([])
  })
})
