import { lenientUtf8, tryUtf8 } from '../../../../../shared/bytes/text'
import {
  type AuthFrame,
  type ByeFrame,
  DEFAULT_SETTINGS,
  FRAME_TYPE,
  HELLO_FLAG,
  HELLO_FROZEN_BYTES,
  type HelloFrame,
  type HelloSettings,
  type PingFrame,
  type PongFrame,
} from './frames'
import { HELLO_MAGIC, MAX_SETTING_NUMBER_BYTES, SETTING_TAG } from './layout'
import { MalformedFrame } from './malformed-frame'
import { readVarint, varintBytes } from './varint'

/** Readers of the frames that belong to the link and not to a message: rare, so each is an object of its own. */

const PING_BYTES = 10
const NONCE_BYTES = 16
const DIGEST_BYTES = 32

export function readPing(bytes: Uint8Array, start: number, end: number): PingFrame | PongFrame {
  if (end - start !== PING_BYTES) throw new MalformedFrame(`a ping of ${end - start} bytes`)
  const id = bytes[start + 1]!
  const one = readUnsigned(bytes, start + 2, 4)
  const two = readUnsigned(bytes, start + 6, 4)
  return bytes[start]! >> 4 === FRAME_TYPE.ping
    ? { kind: 'ping', id, sentTicks: one, lastPongTicks: two }
    : { kind: 'pong', id, receivedTicks: one, sentTicks: two }
}

export function readHello(bytes: Uint8Array, start: number, end: number): HelloFrame {
  const isHello = bytes[start + 1] === HELLO_MAGIC[0] && bytes[start + 2] === HELLO_MAGIC[1]
  if (end - start < HELLO_FROZEN_BYTES || !isHello) throw new MalformedFrame('a hello without its fixed part')
  const flags = bytes[start]!
  return {
    kind: 'hello',
    wantsXsafe: (flags & HELLO_FLAG.xsafe) !== 0,
    hasKeptState: (flags & HELLO_FLAG.keptState) !== 0,
    needsPassword: (flags & HELLO_FLAG.password) !== 0,
    hasHeard: (flags & HELLO_FLAG.heard) !== 0,
    highestMajor: bytes[start + 3]!,
    lowestMajor: bytes[start + 4]!,
    mySession: readUnsigned(bytes, start + 5, 4),
    yourSession: readUnsigned(bytes, start + 9, 4),
    epoch: bytes[start + 13]!,
    settings: readSettings(bytes, start + HELLO_FROZEN_BYTES, end),
    content: bytes.subarray(start, end),
  }
}

const SETTING_OF_TAG = new Map<number, keyof HelloSettings>(
  Object.entries(SETTING_TAG).map(([key, tag]) => [tag, key as keyof HelloSettings]),
)

/** Null when the bytes are no settings of this version: the frozen part must stay readable all the same. */
function readSettings(bytes: Uint8Array, start: number, end: number): HelloSettings | null {
  const settings: { -readonly [K in keyof HelloSettings]: HelloSettings[K] } = { ...DEFAULT_SETTINGS }
  for (let at = start; at < end; ) {
    const key = SETTING_OF_TAG.get(bytes[at]!)
    const length = readVarint(bytes, at + 1, end)
    const from = at + 1 + varintBytes(length)
    if (length < 0 || length > end - from) return null
    at = from + length
    if (key === undefined) continue
    if (key === 'identity') settings.identity = lenientUtf8(bytes.subarray(from, at))
    else if (length === 0 || length > MAX_SETTING_NUMBER_BYTES) return null
    else settings[key] = readUnsigned(bytes, from, length)
  }
  return settings
}

export function readAuth(bytes: Uint8Array, start: number, end: number): AuthFrame {
  const from = start + 2
  const byteLength = end - from
  const content = bytes.subarray(start, end)
  const step = byteLength < 0 ? 0 : bytes[start + 1]!
  if (step === 1 && byteLength >= NONCE_BYTES) {
    const user = tryUtf8(bytes.subarray(from + NONCE_BYTES, end))
    if (user === undefined) throw new MalformedFrame('a user name that is not UTF-8')
    return { kind: 'auth', step, clientNonce: bytes.subarray(from, from + NONCE_BYTES), user, content }
  }
  if (step === 2 && byteLength === 2 * NONCE_BYTES + 4) {
    const saltAt = from + NONCE_BYTES
    return {
      kind: 'auth',
      step,
      serverNonce: bytes.subarray(from, saltAt),
      salt: bytes.subarray(saltAt, saltAt + NONCE_BYTES),
      iterations: readUnsigned(bytes, saltAt + NONCE_BYTES, 4),
      content,
    }
  }
  if (step === 3 && byteLength === DIGEST_BYTES) {
    return { kind: 'auth', step, clientProof: bytes.subarray(from, end), content }
  }
  if (step === 4 && byteLength === DIGEST_BYTES) {
    return { kind: 'auth', step, serverSignature: bytes.subarray(from, end), code: 0, content }
  }
  if (step === 4) {
    const code = readVarint(bytes, from, end)
    if (code > 0 && from + varintBytes(code) === end) {
      return { kind: 'auth', step, serverSignature: null, code, content }
    }
  }
  throw new MalformedFrame(`step ${step} of a login with ${Math.max(0, byteLength)} bytes`)
}

export function readBye(bytes: Uint8Array, start: number, end: number): ByeFrame {
  const code = readVarint(bytes, start + 1, end)
  if (code < 0) throw new MalformedFrame('a goodbye without a code')
  const textAt = start + 1 + varintBytes(code)
  return { kind: 'bye', code, text: lenientUtf8(bytes.subarray(textAt, end)) }
}

/** Little-endian; up to six bytes, hence exact. */
function readUnsigned(bytes: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let k = count - 1; k >= 0; k--) value = value * 256 + bytes[at + k]!
  return value
}
