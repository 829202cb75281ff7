import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex } from '../../../../../shared/bytes'
import { crc32c } from '../../../../../shared/bytes/crc32c'
import { cutStreams, damageCobsFrames } from '../../../../../testing/native-damage'
import { frameText, randomFrame, WireRecord } from '../../../../../testing/native-frames'
import { randomBytes, seededRandom } from '../../../../transport/seeded-random'
import { stuff } from './cobs'
import { FrameEncoder } from './frame-encoder'
import { FrameScanner } from './frame-scanner'
import { FRAME_TYPE, type NativeFrame } from './frames'
import { writeVarint } from './varint'
import type { Framing } from './wire'

/** Once with a seed that stays, once with one that is printed when it fails. */
const SEEDS = [1, Date.now() % 2 ** 31]
const LIMIT = 1_100
const OPTIONS = { largestFrameBytes: LIMIT }

function encodeMany(
  seed: number,
  framing: Framing,
  count: number,
): { wires: Uint8Array[]; frames: NativeFrame[] } {
  const random = seededRandom(seed)
  const encoder = new FrameEncoder(framing, OPTIONS)
  const frames = Array.from({ length: count }, () => randomFrame(random, framing, 60))
  return { frames, wires: frames.map((frame) => concatBytes(encoder.encode(frame).parts)) }
}

describe.each(SEEDS)('seed %i', (seed) => {
  test('D2 the same frames and faults come out however the bytes are cut', () => {
    const counts = cutStreams({ seed, streams: 40, cutsPerStream: 20 })
    expect(counts).toMatchObject({ streams: 40, cuts: 800, differences: 0 })
    expect(counts.frames).toBeGreaterThan(100)
  })

  test.each(['cobs', 'len'] as const)(
    'D3 %s cut off at any byte gives the frames that were complete',
    (framing) => {
      const { wires, frames } = encodeMany(seed, framing, 100)
      const bytes = concatBytes(wires)
      const texts = frames.map(frameText)
      let complete = 0
      let completeBytes = 0
      for (let length = 0; length <= bytes.length; length++) {
        while (complete < 100 && completeBytes + wires[complete]!.length <= length) {
          completeBytes += wires[complete]!.length
          complete++
        }
        const record = new WireRecord()
        const scanner = new FrameScanner(framing, OPTIONS)
        // From the last boundaries on is enough: what is before does not depend on the end.
        const from =
          complete < 3 ? 0 : completeBytes - wires[complete - 1]!.length - wires[complete - 2]!.length
        scanner.receive(bytes.slice(from, length), record)
        scanner.end(record)
        expect(record.frames).toEqual(texts.slice(from === 0 ? 0 : complete - 2, complete))
        expect(record.faults.length).toBe(length === completeBytes ? 0 : 1)
        expect(record.wireBytes).toBe(length - from)
      }
    },
  )

  test('D6 with 1e-5 to 1e-2 of the bytes damaged nothing wrong comes out and nothing untouched is missing', () => {
    const counts = damageCobsFrames({ seed, frames: 20_000, damagePerByte: [1e-5, 1e-4, 1e-3, 1e-2] })
    expect(counts).toMatchObject({ frames: 20_000, missing: 0, wrong: 0, unaccountedBytes: 0 })
    expect(counts.damaged).toBeGreaterThan(500)
    expect(counts.untouched).toBeGreaterThan(15_000)
  })

  test('any content with a right checksum gives a frame, or one fault, and never an exception', () => {
    const random = seededRandom(seed)
    let faults = 0
    for (let count = 0; count < 20_000; count++) {
      const content = randomBytes(random, 1 + random(random(4) === 0 ? 60 : 14))
      // Every other hello has its word, so that its settings are looked at.
      if (content[0]! >> 4 === FRAME_TYPE.hello && count % 2 === 0)
        content.set(fromHex('4e57').subarray(0, content.length - 1), 1)
      const checked = new Uint8Array(content.length + 4)
      checked.set(content)
      new DataView(checked.buffer).setUint32(content.length, crc32c(0, content, 0, content.length), true)
      const wire = concatBytes([stuff(checked), Uint8Array.of(0)])
      const record = new WireRecord()
      new FrameScanner('cobs', OPTIONS).receive(wire, record)
      expect(record.wireBytes).toBe(wire.length)
      faults += record.faults.length
      if (record.faults.length > 0) expect(record.faults).toMatchObject([{ code: 'NATIVE_BAD_FRAME' }])
    }
    expect(faults).toBeGreaterThan(5_000)
    expect(faults).toBeLessThan(19_000)
  })

  test('D7 after 1 to 4096 bytes of garbage at most one good frame is lost', () => {
    const random = seededRandom(seed)
    const { wires, frames } = encodeMany(seed, 'cobs', 4)
    const good = concatBytes(wires)
    const texts = frames.map(frameText)
    const lost = [0, 0]
    for (let count = 1; count <= 4_096; count += 3) {
      const garbage = randomBytes(random, count)
      // Every other time without a delimiter in it, as from a line at the wrong speed.
      if (count % 2 === 0) garbage.forEach((byte, at) => (garbage[at] = byte === 0 ? 1 : byte))
      const record = new WireRecord()
      new FrameScanner('cobs', OPTIONS).receive(concatBytes([good, garbage, good]), record)
      const after = record.frames.slice(4)
      expect(record.frames.slice(0, 4)).toEqual(texts)
      expect(after).toEqual(texts.slice(4 - after.length))
      expect(after.length).toBeGreaterThanOrEqual(3)
      lost[4 - after.length]! += 1
    }
    expect(lost[1]).toBeGreaterThan(500)
  })
})

describe('D7 scanning is linear', () => {
  const MIB = 1 << 20
  const inputs: readonly [string, Uint8Array][] = [
    ['delimiters', new Uint8Array(MIB)],
    ['bytes without a delimiter', new Uint8Array(MIB).fill(1)],
    ['the shortest pieces', new Uint8Array(MIB).map((_, at) => (at % 2 === 0 ? 1 : 0))],
    ['pieces of the largest size', new Uint8Array(MIB).map((_, at) => (at % LIMIT === 0 ? 0 : 255))],
  ]
  const timeOf = (bytes: Uint8Array, readBytes: number): number => {
    const scanner = Object.assign(new FrameScanner('cobs', OPTIONS), { xsafe: 'either' })
    let calls = 0
    const sink = { frame: () => calls++, fault: () => calls++ }
    const startMs = performance.now()
    for (let at = 0; at < bytes.length; at += readBytes) {
      scanner.receive(bytes.subarray(at, at + readBytes), sink)
    }
    expect(calls).toBeLessThanOrEqual(bytes.length / 2)
    return performance.now() - startMs
  }
  test.each(inputs)('four times as much of %s takes four times as long, also in small reads', (_, bytes) => {
    for (const readBytes of [MIB, 16]) {
      let least = Number.POSITIVE_INFINITY
      // a busy machine may stop us in the middle: only what is out of proportion every time is not linear (16 times)
      for (let attempt = 0; attempt < 8 && least >= 10; attempt++) {
        const quarterMs = timeOf(bytes.subarray(0, MIB / 4), readBytes)
        least = Math.min(least, timeOf(bytes, readBytes) / quarterMs)
      }
      expect(least).toBeLessThan(10)
    }
  })
})

describe('D4 declared sizes', () => {
  const varint = (value: number): Uint8Array => {
    const out = new Uint8Array(5)
    return out.slice(0, writeVarint(out, 0, value))
  }
  /** As a two's complement sender would write them: 32 bits, and sign-extended to 64. */
  const sizes: readonly [string, Uint8Array][] = [
    ['-2^31', varint(2 ** 31)],
    ['-2^31 of 64 bits', fromHex('80808080f8ffffffff01')],
    ['-1 of 64 bits', fromHex('ffffffffffffffffff01')],
    ['0', varint(0)],
    ['limit + 1', varint(LIMIT + 1)],
    ['2^31 - 1', varint(2 ** 31 - 1)],
    ['2^32 - 1', varint(2 ** 32 - 1)],
    ['2^35 - 1', varint(2 ** 35 - 1)],
  ]

  const scanMeasured = (framing: Framing, bytes: Uint8Array): WireRecord => {
    const record = new WireRecord()
    const scanner = Object.assign(new FrameScanner(framing, OPTIONS), { hasCrc: false })
    const before = process.memoryUsage().arrayBuffers
    scanner.receive(bytes, record)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20)
    return record
  }

  test.each(sizes)('a frame of %s bytes is refused when its length has come', (_, size) => {
    const record = scanMeasured('len', concatBytes([size, new Uint8Array(20)]))
    expect(record.faults).toMatchObject([{ isFatal: true, streamOffset: 0 }])
    expect(['NATIVE_BAD_LENGTH', 'NATIVE_FRAME_TOO_LONG']).toContain(record.faults[0]!.code)
    expect(record.frames).toEqual([])
  })

  test('a frame of exactly the limit is waited for and taken', () => {
    const content = concatBytes([fromHex('500709'), new Uint8Array(LIMIT - 3)])
    expect(scanMeasured('len', concatBytes([varint(LIMIT), content.slice(0, 5)])).events).toEqual([])
    expect(scanMeasured('len', concatBytes([varint(LIMIT), content])).frames).toHaveLength(1)
  })

  test.each(sizes)(
    'a name or setting of %s bytes takes no memory and breaks no frame but its own',
    (label, size) => {
      const frameOf = (...content: Uint8Array[]): Uint8Array => {
        const joined = concatBytes(content)
        return concatBytes([varint(joined.length), joined])
      }
      const name = scanMeasured('len', frameOf(fromHex('150709'), size, fromHex('616263')))
      if (label === '0') expect(name.frames[0]).toContain('"route":""')
      else expect(name.faults).toMatchObject([{ code: 'NATIVE_BAD_FRAME' }])
      const stated = scanMeasured('len', frameOf(fromHex('1907090508'), size))
      const isVarint = size.length <= 5
      expect(stated.frames.length).toBe(isVarint ? 1 : 0)
      expect(stated.faults.length).toBe(isVarint ? 0 : 1)
    },
  )
})
