import { toHex } from '../shared/bytes'
import {
  CAPABILITY,
  DEFAULT_SETTINGS,
  type FrameKind,
  type NativeFrame,
  NO_OFFSET,
  type OpenExtension,
} from '../main/netcore/dialects/native/wire/frames'
import type { Framing, WireFault, WireSink } from '../main/netcore/dialects/native/wire/wire'
import { randomBytes, type SeededRandom } from '../main/transport/seeded-random'
import type { Priority } from '../shared/model/trace'

/** A frame as text, byte fields in hex: equal texts are equal frames. Leaves out `content`, which repeats the rest. */
export const frameText = (frame: NativeFrame): string =>
  JSON.stringify(frame, (key, value: unknown) =>
    key === 'content' ? undefined : value instanceof Uint8Array ? toHex(value) : value,
  )

/** Keeps what a scanner says, in order. Frames are borrowed, so they are kept as texts. */
export class WireRecord implements WireSink {
  readonly events: string[] = []
  readonly frames: string[] = []
  readonly faults: WireFault[] = []
  /** Bytes of everything reported so far. */
  wireBytes = 0

  frame(frame: NativeFrame, streamOffset: number, wireBytes: number): void {
    const text = frameText(frame)
    this.frames.push(text)
    this.events.push(`${streamOffset}+${wireBytes} ${text}`)
    this.wireBytes += wireBytes
  }

  fault(fault: WireFault): void {
    this.faults.push(fault)
    this.events.push(JSON.stringify(fault))
    this.wireBytes += fault.skippedBytes
  }
}

const KINDS: readonly FrameKind[] = [
  'req',
  'sub',
  'evt',
  'ans',
  'data',
  'back',
  'probe',
  'credit',
  'cancel',
  'end',
  'alias',
  'priority',
  'unknown-control',
  'ack',
  'ping',
  'pong',
  'hello',
  'auth',
  'bye',
  'unknown',
]

const BITMAP_BYTES = [0, 0, 2, 7] as const
const NAMES = ['sensor/read', '', 'é', 'log/line/'.repeat(9), '\u0000', '}\u0011\u0013']

/** Any frame, every kind as often as another, with bodies of up to `maxPayloadBytes`. */
export function randomFrame(random: SeededRandom, framing: Framing, maxPayloadBytes: number): NativeFrame {
  const kind = KINDS[random(KINDS.length)]!
  const isTrue = (): boolean => random(2) === 1
  // Small and large numbers alike, up to what a varint holds.
  const whole = (bits: number): number => Math.floor(random(2 ** 32) * 2 ** (random(bits + 1) - 32))
  const payload = (): Uint8Array => randomPayload(random, random(maxPayloadBytes + 1))
  const offset = (): number => (framing === 'cobs' ? random(65_536) : whole(35))
  const number = random(256)
  const sid = whole(20)
  const priority = random(8) as Priority
  const about = { number, sid, isSendersSlot: isTrue() }
  switch (kind) {
    case 'req':
    case 'sub':
    case 'evt':
      return {
        kind,
        number,
        sid,
        route: isTrue() ? whole(20) : NAMES[random(NAMES.length)]!,
        extension: isTrue() ? randomExtension(random, whole, priority) : null,
        hasHeaders: isTrue(),
        isFin: isTrue(),
        payload: payload(),
      }
    case 'ans':
      return {
        kind,
        number,
        sid,
        offset: isTrue() ? offset() : NO_OFFSET,
        hasHeaders: isTrue(),
        isError: isTrue(),
        isFin: isTrue(),
        payload: payload(),
      }
    case 'data':
    case 'back':
      return {
        kind,
        number,
        sid,
        offset: framing === 'cobs' || isTrue() ? offset() : NO_OFFSET,
        isFin: isTrue(),
        payload: payload(),
      }
    case 'probe':
      return { kind, number }
    case 'credit':
      return { kind, ...about, limit: whole(35) }
    case 'cancel':
      return { kind, ...about, code: whole(10) }
    case 'end':
      return { kind, ...about, finalPosition: whole(35), code: whole(10) }
    case 'alias':
      return { kind, number, alias: whole(10), priority, name: NAMES[random(NAMES.length)]! }
    case 'priority':
      return { kind, ...about, priority }
    case 'unknown-control':
      return { kind, number, subtype: 6 + random(10), payload: payload() }
    case 'ack': {
      const form = random(4) as 0 | 1 | 2 | 3
      const bitmap = randomBytes(random, BITMAP_BYTES[form])
      const run = form === 0 ? 0 : random(256)
      return { kind, form, newest: number, run, bitmap, timeTicks: isTrue() ? random(65_536) : null }
    }
    case 'ping':
      return { kind, id: number, sentTicks: random(2 ** 32), lastPongTicks: random(2 ** 32) }
    case 'pong':
      return { kind, id: number, receivedTicks: random(2 ** 32), sentTicks: random(2 ** 32) }
    case 'hello':
      return {
        kind,
        wantsXsafe: isTrue(),
        hasKeptState: isTrue(),
        needsPassword: isTrue(),
        hasHeard: isTrue(),
        highestMajor: random(256),
        lowestMajor: random(256),
        mySession: random(2 ** 32),
        yourSession: random(2 ** 32),
        epoch: random(256),
        settings: {
          ...DEFAULT_SETTINGS,
          largestFrameBytes: whole(24),
          capabilities: random(2) * CAPABILITY.resume,
          tickNs: whole(32),
          largestMessageBytes: whole(40),
          identity: NAMES[random(NAMES.length)]!,
        },
      }
    case 'auth':
      return randomAuth(random)
    case 'bye':
      return { kind, code: whole(10), text: NAMES[random(NAMES.length)]! }
    case 'unknown':
      return { kind, type: isTrue() ? 14 : 15, flags: random(16), payload: payload() }
  }
}

/** Noise, text without zeros, mostly zeros, or what XON/XOFF-safe mode must escape. */
export function randomPayload(random: SeededRandom, byteCount: number): Uint8Array {
  const bytes = new Uint8Array(byteCount)
  const alphabet = [256, 90, 2, 3][random(4)]!
  for (let at = 0; at < byteCount; at++) {
    const drawn = random(alphabet)
    bytes[at] = alphabet === 90 ? drawn + 33 : alphabet === 3 ? [0x11, 0x13, 0x7d][drawn]! : drawn
  }
  return bytes
}

function randomExtension(
  random: SeededRandom,
  whole: (bits: number) => number,
  priority: Priority,
): OpenExtension {
  return {
    priority,
    totalBytes: random(2) === 1 ? whole(35) : null,
    deadlineMs: random(2) === 1 ? whole(24) : null,
    isRestartable: random(2) === 1,
  }
}

function randomAuth(random: SeededRandom): NativeFrame {
  const bytes = (count: number): Uint8Array => randomBytes(random, count)
  switch (random(5)) {
    case 0:
      return { kind: 'auth', step: 1, clientNonce: bytes(16), user: NAMES[random(NAMES.length)]! }
    case 1:
      return {
        kind: 'auth',
        step: 2,
        serverNonce: bytes(16),
        salt: bytes(16),
        iterations: random(2 ** 32),
      }
    case 2:
      return { kind: 'auth', step: 3, clientProof: bytes(32) }
    case 3:
      return { kind: 'auth', step: 4, serverSignature: bytes(32), code: 0 }
    default:
      return { kind: 'auth', step: 4, serverSignature: null, code: 1 + random(200) }
  }
}
