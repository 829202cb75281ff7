import { concatBytes } from '../shared/bytes'
import type { StackEvent } from '../shared/model/trace'
import type { Dialect } from '../main/netcore/dialects/dialect'
import { createStack } from '../main/netcore/stack'
import { seededRandom, type SeededRandom } from '../main/transport/seeded-random'

export interface DecoderFuzz {
  readonly dialect: Dialect
  readonly onDamage: 'resync' | 'fatal'
  /** Real streams of the dialect. */
  readonly captures: readonly Uint8Array[]
  readonly inputs: number
  readonly seed: number
}

export interface FuzzCounts {
  inputs: number
  bytes: number
  /** Inputs that made something throw. */
  uncaught: number
  /** Inputs that took the processor longer than `SLOW_INPUT_MS`, also the second and third time. */
  slow: number
  /** Messages opened, and how many of them were not closed exactly once when the stream had ended. */
  messages: number
  unclosed: number
  faults: number
  /** The first input that failed, for the corpus. */
  firstFailureHex: string
}

export const SLOW_INPUT_MS = 50
const MAX_INPUT_BYTES = 3_000

/**
 * D1 of the reliability catalogue: real captures, damaged in a few places, cut anywhere, into a whole stack. Judged by
 * counts: nothing thrown, nothing slow, and every message that was opened is closed once.
 */
export function fuzzDecoder({ dialect, onDamage, captures, inputs, seed }: DecoderFuzz): FuzzCounts {
  const random = seededRandom(seed)
  const counts: FuzzCounts = {
    inputs,
    bytes: 0,
    uncaught: 0,
    slow: 0,
    messages: 0,
    unclosed: 0,
    faults: 0,
    firstFailureHex: '',
  }
  for (let count = 0; count < inputs; count++) {
    const bytes = mutate(captures[random(captures.length)]!, random)
    const pieces = cut(bytes, random)
    counts.bytes += bytes.length
    let isSlow = true
    let hasThrown = false
    // A busy machine may stop us in the middle, and the collector may fall into one of the tries: what took long by the clock is
    // tried again by processor time, which is no less than a third of all to ask for.
    for (let attempt = 0; attempt < 3 && isSlow; attempt++) {
      const spentMs = attempt === 0 ? stopwatch() : processorTime()
      try {
        feed(dialect, onDamage, pieces, attempt === 0 ? counts : undefined)
      } catch {
        hasThrown = true
      }
      isSlow = spentMs() > SLOW_INPUT_MS
    }
    if (isSlow) counts.slow += 1
    if (hasThrown) counts.uncaught += 1
    if ((isSlow || hasThrown) && counts.firstFailureHex === '') {
      counts.firstFailureHex = Buffer.from(bytes).toString('hex')
    }
  }
  return counts
}

function stopwatch(): () => number {
  const startedMs = performance.now()
  return () => performance.now() - startedMs
}

function processorTime(): () => number {
  const started = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(started)
    return (user + system) / 1000
  }
}

function feed(
  dialect: Dialect,
  onDamage: 'resync' | 'fatal',
  pieces: readonly Uint8Array[],
  counts: FuzzCounts | undefined,
): void {
  const open = new Set<number>()
  const stack = createStack({
    dialect,
    codec: { onDamage },
    random: () => 0,
    answersErrors: false,
    onTrace: (event: StackEvent) => {
      if (counts === undefined || !('dir' in event) || event.dir === 'out') return
      if (event.type === 'fault') counts.faults += 1
      else if (event.type === 'message-opened') {
        counts.messages += 1
        open.add(event.messageKey)
      } else if (event.type === 'message-closed' && !open.delete(event.messageKey)) counts.unclosed += 1
    },
    onWork: () => undefined,
  })
  stack.onUnrouted(() => undefined)
  stack.connected(0)
  let nowMs = 0
  for (const piece of pieces) {
    stack.receive(piece, nowMs)
    nowMs += 1
  }
  stack.wake(nowMs + 100_000)
  stack.disconnected(nowMs + 100_001, 'LINK_LOST')
  stack.stop(nowMs + 100_002, 'LINK_LOST')
  if (counts !== undefined) counts.unclosed += open.size
}

/** One to eight changes anywhere: a byte set or flipped, a range lost, doubled, filled with noise, or moved. */
export function mutate(capture: Uint8Array, random: SeededRandom): Uint8Array {
  const start = capture.length > MAX_INPUT_BYTES ? random(capture.length - MAX_INPUT_BYTES) : 0
  let bytes: Uint8Array = capture.slice(start, start + MAX_INPUT_BYTES)
  for (let changes = 1 + random(8); changes > 0; changes--) {
    const at = random(bytes.length + 1)
    const length = 1 + random([4, 64, 2048][random(3)]!)
    const before = bytes.subarray(0, at)
    const range = bytes.slice(at, at + length)
    const after = bytes.subarray(at + length)
    switch (random(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = [0, 1, 0x7f, 0x80, 0xff, random(256)][random(6)]!
        break
      case 1:
        if (at < bytes.length) bytes[at]! ^= 1 << random(8)
        break
      case 2:
        bytes = concatBytes([before, after])
        break
      case 3:
        bytes = concatBytes([before, range, range, after])
        break
      case 4:
        bytes = concatBytes([before, range.map(() => random(256)), after])
        break
      default:
        bytes = concatBytes([after, before, range])
    }
  }
  return bytes
}

function cut(bytes: Uint8Array, random: SeededRandom): Uint8Array[] {
  const pieces: Uint8Array[] = []
  const largest = [7, 64, 1448, 65_536][random(4)]!
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random(largest)
    // Copies: a decoder that reads beyond its piece must not find the next one there.
    pieces.push(bytes.slice(at, at + length))
    at += length
  }
  return pieces
}
