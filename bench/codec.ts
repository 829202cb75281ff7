import { createRequire } from 'node:module'
import { CobsWriter, maxStuffedBytes, unstuffInto } from '../src/main/netcore/dialects/native/wire/cobs'
import { FrameEncoder } from '../src/main/netcore/dialects/native/wire/frame-encoder'
import { FrameScanner } from '../src/main/netcore/dialects/native/wire/frame-scanner'
import { type DataFrame, NO_OFFSET } from '../src/main/netcore/dialects/native/wire/frames'
import type { WireSink } from '../src/main/netcore/dialects/native/wire/wire'
import { fastChecksum } from '../src/main/link/fast-checksum'
import { seededRandom } from '../src/main/transport/seeded-random'
import { concatBytes } from '../src/shared/bytes'
import { type Checksum, crc32c } from '../src/shared/bytes/crc32c'
import type { CodecFigure } from './findings'
import { CODEC_FIGURES } from './targets'

/**
 * The native wire layer alone: no sockets, no queues (targets 12 and 13 of performance.md, and from which size on a native
 * checksum pays). Each figure is the best of several short runs of one round, so that a neighbour on the machine shows up
 * in the spread between rounds and not in the figure. Every answer is checked before it is timed.
 */
export async function measureCodec({
  rounds,
  isQuick,
}: {
  readonly rounds: number
  readonly isQuick: boolean
}): Promise<CodecFigure[]> {
  const forMs = isQuick ? 4 : 20
  const measures = [
    decoding(CODEC_FIGURES.viewsGigabytes, 'GB/s', 4_096, false),
    decoding(CODEC_FIGURES.smallFrames, 'M frames/s', 20, false),
    decoding('decode 4 KiB with checksum', 'GB/s', 4_096, true),
    encoding('encode 4 KiB, LEN', 4_096, false),
    encoding('encode 20 B, LEN', 20, false),
    stuffing(CODEC_FIGURES.cobsRandom, RANDOM),
    stuffing(CODEC_FIGURES.cobsZeros, new Uint8Array(4_096)),
    stuffing('COBS encode text', RANDOM.map(noZero)),
    stuffing(
      'COBS encode, every other byte zero',
      RANDOM.map((byte, at) => (at % 2 === 0 ? 0 : noZero(byte))),
    ),
    plainStuffing('COBS encode random, byte by byte', RANDOM),
    plainStuffing('COBS encode zeros, byte by byte', new Uint8Array(4_096)),
    unstuffing('COBS decode random', RANDOM),
    ...CRC_SIZES.map((size) => summing(`CRC-32C built-in ${size} B`, crc32c, size)),
    ...CRC_SIZES.map((size) => summing(`CRC-32C chosen ${size} B`, fastChecksum(), size)),
  ]
  const native = nativeCrc()
  if (native !== undefined) {
    measures.push(...CRC_SIZES.map((size) => summing(`CRC-32C native ${size} B`, native, size)))
  }
  const values = measures.map(() => [] as number[])
  for (let round = 0; round < rounds; round++) {
    for (const [index, { run, rate }] of measures.entries()) {
      values[index]!.push(rate(bestPerSecond(run, forMs)))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const figures = measures.map(
    ({ name, unit }, index): CodecFigure => ({ name, unit, values: values[index]! }),
  )
  return native === undefined ? figures : [...figures, crossover(figures, rounds)]
}

interface Measure {
  readonly name: string
  readonly unit: string
  readonly run: () => void
  /** From runs per second to the unit. */
  readonly rate: (perSecond: number) => number
}

const noZero = (byte: number): number => (byte === 0 ? 1 : byte)
const CRC_SIZES = [20, 64, 128, 192, 256, 384, 512, 1_024, 4_096] as const
const LIMIT = { largestFrameBytes: 8_192 }
const READ_BYTES = 65_536
const random = seededRandom(20)
const RANDOM = Uint8Array.from({ length: 4_096 }, () => random(256))

/** Runs per second in the best of seven runs of about `forMs`. */
function bestPerSecond(run: () => void, forMs: number): number {
  let count = 1
  let best = 0
  // The first runs also warm up; their length settles the count.
  for (let repeat = 0; repeat < 14; repeat++) {
    const startMs = performance.now()
    for (let turn = 0; turn < count; turn++) run()
    const tookMs = Math.max(performance.now() - startMs, 0.001)
    if (repeat >= 7) best = Math.max(best, (count * 1_000) / tookMs)
    else count = Math.max(1, Math.ceil((count * forMs) / tookMs))
  }
  return best
}

const frameOf = (payload: Uint8Array): DataFrame => ({
  kind: 'data',
  number: 7,
  sid: 9,
  offset: NO_OFFSET,
  isFin: false,
  payload,
})

function decoding(name: string, unit: 'GB/s' | 'M frames/s', payloadBytes: number, hasCrc: boolean): Measure {
  const encoder = Object.assign(new FrameEncoder('len', LIMIT), { hasCrc })
  const wire = concatBytes(encoder.encode(frameOf(RANDOM.subarray(0, payloadBytes))).parts)
  const frames = Math.floor(READ_BYTES / wire.length)
  const read = new Uint8Array(frames * wire.length)
  for (let at = 0; at < read.length; at += wire.length) read.set(wire, at)
  const scanner = Object.assign(new FrameScanner('len', LIMIT), { hasCrc })
  let seenFrames = 0
  let seenBytes = 0
  const sink: WireSink = {
    frame(frame) {
      seenFrames++
      seenBytes += (frame as DataFrame).payload.length
    },
    fault: ({ detail }) => {
      throw new Error(detail)
    },
  }
  scanner.receive(read, sink)
  check(name, seenFrames === frames && seenBytes === frames * payloadBytes)
  return {
    name,
    unit,
    run: () => scanner.receive(read, sink),
    rate: (perSecond) => perSecond * frames * (unit === 'GB/s' ? payloadBytes / 1e9 : 1e-6),
  }
}

function encoding(name: string, payloadBytes: number, hasCrc: boolean): Measure {
  const encoder = Object.assign(new FrameEncoder('len', LIMIT), { hasCrc })
  const frame = frameOf(RANDOM.subarray(0, payloadBytes))
  check(name, encoder.encode(frame).payloadBytes === payloadBytes)
  return { name, unit: 'ns', run: () => void encoder.encode(frame), rate: (perSecond) => 1e9 / perSecond }
}

function stuffing(name: string, bytes: Uint8Array): Measure {
  const out = new Uint8Array(maxStuffedBytes(bytes.length))
  const run = (): void => {
    const writer = new CobsWriter(out)
    writer.write(bytes, 0, bytes.length)
    writer.finish()
  }
  run()
  const expected = new Uint8Array(out.length)
  const count = stuffByBytes(expected, bytes)
  check(name, Buffer.compare(out.subarray(0, count), expected.subarray(0, count)) === 0)
  return { name, unit: 'MB/s', run, rate: megabytes(bytes.length) }
}

/** The baseline: what everybody writes first. */
function plainStuffing(name: string, bytes: Uint8Array): Measure {
  const out = new Uint8Array(maxStuffedBytes(bytes.length))
  return { name, unit: 'MB/s', run: () => void stuffByBytes(out, bytes), rate: megabytes(bytes.length) }
}

function stuffByBytes(out: Uint8Array, bytes: Uint8Array): number {
  let codeAt = 0
  let at = 1
  for (const byte of bytes) {
    if (at - codeAt === 255) {
      out[codeAt] = 255
      codeAt = at++
    }
    out[at] = byte
    if (byte === 0) {
      out[codeAt] = at - codeAt
      codeAt = at
    }
    at++
  }
  out[codeAt] = at - codeAt
  return at
}

function unstuffing(name: string, bytes: Uint8Array): Measure {
  const stuffed = new Uint8Array(maxStuffedBytes(bytes.length))
  const end = stuffByBytes(stuffed, bytes)
  const out = new Uint8Array(end)
  const run = (): number => unstuffInto(out, stuffed, 0, end)
  check(name, run() === bytes.length && Buffer.compare(out.subarray(0, bytes.length), bytes) === 0)
  return { name, unit: 'MB/s', run: () => void run(), rate: megabytes(bytes.length) }
}

function summing(name: string, checksum: Checksum, size: number): Measure {
  check(name, checksum(0, RANDOM, 0, size) === crc32c(0, RANDOM, 0, size))
  return { name, unit: 'MB/s', run: () => void checksum(0, RANDOM, 0, size), rate: megabytes(size) }
}

const megabytes =
  (bytes: number) =>
  (perSecond: number): number =>
    (perSecond * bytes) / 1e6

/** From which of the sizes on native code is the faster one, round by round. */
function crossover(figures: readonly CodecFigure[], rounds: number): CodecFigure {
  const at = (name: string, round: number): number =>
    figures.find((figure) => figure.name === name)!.values[round]!
  const values = Array.from({ length: rounds }, (_, round) => {
    const slower = CRC_SIZES.filter(
      (size) => at(`CRC-32C native ${size} B`, round) < at(`CRC-32C built-in ${size} B`, round),
    )
    const largestSlower = slower.length === 0 ? -1 : CRC_SIZES.indexOf(slower.at(-1)!)
    return CRC_SIZES[largestSlower + 1] ?? Number.POSITIVE_INFINITY
  })
  return { name: 'CRC-32C native pays from', unit: 'B', values }
}

function nativeCrc(): Checksum | undefined {
  try {
    const native = createRequire(import.meta.url)('@node-rs/crc32') as {
      crc32c(bytes: Uint8Array, initial: number): number
    }
    return (crc, bytes, start, end) => native.crc32c(bytes.subarray(start, end), crc)
  } catch {
    return undefined
  }
}

function check(name: string, isRight: boolean): void {
  if (!isRight) throw new Error(`${name}: the answer is wrong before it is timed`)
}
