import { concatBytes } from '../shared/bytes'
import { FrameEncoder, LINE_OPENING } from '../main/netcore/dialects/native/wire/frame-encoder'
import { FrameScanner } from '../main/netcore/dialects/native/wire/frame-scanner'
import type { NativeFrame } from '../main/netcore/dialects/native/wire/frames'
import type { Framing, WireFault, WireSink, XsafeMode } from '../main/netcore/dialects/native/wire/wire'
import { seededRandom, type SeededRandom, unitInterval } from '../main/transport/seeded-random'
import { frameText, randomFrame, WireRecord } from './native-frames'

const LARGEST_FRAME_BYTES = 1_100
/** Room for the fields beside the payload. */
const MAX_PAYLOAD_BYTES = 700
const STREAM_FRAMES = 500

export interface DamageCounts {
  frames: number
  /** Frames with at least one flipped bit. */
  damaged: number
  /** Frames that were not damaged and stood behind an undamaged delimiter. */
  untouched: number
  /** Of those: not delivered. */
  missing: number
  /** Delivered, but not what was sent at this place. */
  wrong: number
  /** Bytes that neither a frame nor a fault accounts for. */
  unaccountedBytes: number
}

/**
 * D6 of the reliability catalogue: COBS frames of every kind, each bit flipped so that a byte is damaged with the chance
 * given, read in pieces of random size. A frame whose own bytes and whose preceding delimiter are whole must come out, and
 * nothing else may.
 */
export function damageCobsFrames(options: {
  readonly seed: number
  readonly frames: number
  readonly damagePerByte: readonly number[]
}): DamageCounts {
  const random = seededRandom(options.seed)
  const counts: DamageCounts = {
    frames: 0,
    damaged: 0,
    untouched: 0,
    missing: 0,
    wrong: 0,
    unaccountedBytes: 0,
  }
  for (let turn = 0; counts.frames < options.frames; turn++) {
    const chance = options.damagePerByte[turn % options.damagePerByte.length]!
    damageOneStream(random, chance, turn % 4 === 3, counts)
  }
  return counts
}

function damageOneStream(random: SeededRandom, chance: number, isXsafe: boolean, counts: DamageCounts): void {
  const { bytes, frames } = encodeStream(random, 'cobs', isXsafe, STREAM_FRAMES)
  // Every flip escaped: raw 11 and 13 that damage makes are dropped, which is damage like any other.
  const damagedAt = flipBits(bytes, random, chance)
  const sink = new PlacedFrames()
  const scanner = newScanner('cobs', isXsafe ? 'escaped' : 'plain')
  feed(scanner, bytes, random, sink)
  scanner.end(sink)
  counts.unaccountedBytes += countUnaccounted(bytes, sink)
  let start = LINE_OPENING.length
  let isBehindDelimiter = !damagedAt.has(0)
  for (const { text, wireBytes } of frames) {
    counts.frames++
    const isDamaged = hasAny(damagedAt, start, start + wireBytes)
    if (isDamaged) counts.damaged++
    const isUntouched = !isDamaged && isBehindDelimiter
    if (isUntouched) {
      counts.untouched++
      if (sink.at.get(start) !== text) counts.missing++
    }
    if (!isUntouched && sink.at.has(start)) counts.wrong++
    else sink.at.delete(start)
    start += wireBytes
    isBehindDelimiter = !damagedAt.has(start - 1)
  }
  counts.wrong += sink.at.size
}

/** D2: streams of every kind of frame, cut at random; `differences` of the events from those of the whole stream. */
export function cutStreams(options: {
  readonly seed: number
  readonly streams: number
  readonly cutsPerStream: number
}): { streams: number; cuts: number; frames: number; differences: number } {
  const random = seededRandom(options.seed)
  const counts = { streams: 0, cuts: 0, frames: 0, differences: 0 }
  for (; counts.streams < options.streams; counts.streams++) {
    const framing: Framing = counts.streams % 2 === 0 ? 'cobs' : 'len'
    const isXsafe = framing === 'cobs' && counts.streams % 4 === 2
    const { bytes } = encodeStream(random, framing, isXsafe, 1 + random(30))
    // Half of the streams are damaged: faults must not depend on the cut either.
    if (random(2) === 1) flipBits(bytes, random, 1 / 300)
    const mode: XsafeMode = isXsafe ? (['escaped', 'either'] as const)[random(2)]! : 'plain'
    const whole = new WireRecord()
    const wholeScanner = newScanner(framing, mode)
    wholeScanner.receive(bytes, whole)
    wholeScanner.end(whole)
    counts.frames += whole.frames.length
    for (let cut = 0; cut < options.cutsPerStream; cut++, counts.cuts++) {
      const record = new WireRecord()
      const scanner = newScanner(framing, mode)
      if (cut === 0) for (const byte of bytes) scanner.receive(Uint8Array.of(byte), record)
      else feed(scanner, bytes, random, record)
      scanner.end(record)
      if (record.events.join('\n') !== whole.events.join('\n')) counts.differences++
    }
  }
  return counts
}

const newScanner = (framing: Framing, xsafe: XsafeMode): FrameScanner => {
  const scanner = new FrameScanner(framing, { largestFrameBytes: LARGEST_FRAME_BYTES })
  scanner.xsafe = xsafe
  return scanner
}

function encodeStream(
  random: SeededRandom,
  framing: Framing,
  isXsafe: boolean,
  frameCount: number,
): { bytes: Uint8Array; frames: { text: string; wireBytes: number }[] } {
  const encoder = new FrameEncoder(framing, { largestFrameBytes: LARGEST_FRAME_BYTES })
  encoder.isXsafe = isXsafe
  const parts: Uint8Array[] = framing === 'cobs' ? [LINE_OPENING] : []
  const frames = []
  for (let count = 0; count < frameCount; count++) {
    const frame = randomFrame(random, framing, random(8) === 0 ? MAX_PAYLOAD_BYTES : 40)
    const encoded = encoder.encode(frame)
    parts.push(...encoded.parts)
    frames.push({ text: frameText(frame), wireBytes: encoded.wireBytes })
  }
  // A copy: the encoder's pieces share pages, and bits are going to be flipped.
  return { bytes: concatBytes([...parts, new Uint8Array(0)]), frames }
}

/** Flips one bit in each byte drawn. Returns the places. */
function flipBits(bytes: Uint8Array, random: SeededRandom, chance: number): Set<number> {
  const places = new Set<number>()
  const step = (): number => 1 + Math.floor(Math.log(1 - unitInterval(random)) / Math.log(1 - chance))
  for (let at = step() - 1; at < bytes.length; at += step()) {
    bytes[at] = bytes[at]! ^ (1 << random(8))
    places.add(at)
  }
  return places
}

function hasAny(places: ReadonlySet<number>, start: number, end: number): boolean {
  if (places.size === 0) return false
  for (let at = start; at < end; at++) if (places.has(at)) return true
  return false
}

function feed(scanner: FrameScanner, bytes: Uint8Array, random: SeededRandom, sink: WireSink): void {
  const largest = [1, 7, 64, 1_000, 20_000][random(5)]!
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + random(largest)
    // A copy, as from a driver: views into it must not depend on the bytes around it.
    scanner.receive(bytes.slice(at, at + size), sink)
    at += size
  }
}

/** Delimiters between delimiters, and flow control between them, are the only bytes that need no mention. */
function countUnaccounted(bytes: Uint8Array, sink: PlacedFrames): number {
  let zeros = 0
  for (const [start, end] of sink.gaps(bytes.length)) {
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!
      if (byte !== 0 && byte !== 0x11 && byte !== 0x13) zeros++
    }
  }
  return zeros
}

class PlacedFrames implements WireSink {
  readonly at = new Map<number, string>()
  readonly #extents: [number, number][] = []

  frame(frame: NativeFrame, streamOffset: number, wireBytes: number): void {
    this.at.set(streamOffset, frameText(frame))
    this.#extents.push([streamOffset, streamOffset + wireBytes])
  }

  fault({ streamOffset, skippedBytes }: WireFault): void {
    this.#extents.push([streamOffset, streamOffset + skippedBytes])
  }

  /** What lies between the frames and faults that were reported, which come in order. */
  gaps(totalBytes: number): [number, number][] {
    const gaps: [number, number][] = []
    let after = 0
    for (const [start, end] of [...this.#extents, [totalBytes, totalBytes] as const]) {
      if (start > after) gaps.push([after, start])
      after = end
    }
    return gaps
  }
}
