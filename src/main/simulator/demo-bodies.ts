import type { BodySource, MessageBody } from '../netcore/pipe/message-body'

/** Up to here a body is made as a whole, so that all of it can be looked at. */
const WHOLE_BYTES = 8 * 1024 * 1024
const STRETCH_BYTES = 64 * 1024
const PERIOD_BYTES = 256

/** Byte i = (i × 31 + seed) mod 256. A large one is made as it is sent. */
export function bigBody(bytes: number, seed: number): MessageBody {
  const pattern = patternOf(Math.min(bytes, STRETCH_BYTES + PERIOD_BYTES), seed)
  return bytes <= WHOLE_BYTES ? stretch(pattern, 0, bytes) : new PatternBody(bytes, pattern)
}

class PatternBody implements BodySource {
  readonly byteLength: number
  readonly #pattern: Uint8Array

  constructor(byteLength: number, pattern: Uint8Array) {
    this.byteLength = byteLength
    this.#pattern = pattern
  }

  read(offset: number, length: number): Uint8Array {
    return stretch(this.#pattern, offset, length)
  }
}

function patternOf(bytes: number, seed: number): Uint8Array {
  const pattern = new Uint8Array(bytes)
  for (let at = 0; at < bytes; at++) pattern[at] = (at * 31 + seed) & 255
  return pattern
}

/** `length` bytes of a pattern without end, from `offset` on: a view where the pattern is long enough. */
function stretch(pattern: Uint8Array, offset: number, length: number): Uint8Array {
  const phase = offset % PERIOD_BYTES
  if (phase + length <= pattern.length) return pattern.subarray(phase, phase + length)
  const bytes = new Uint8Array(length)
  const part = pattern.subarray(phase, phase + STRETCH_BYTES)
  for (let at = 0; at < length; at += part.length) bytes.set(part.subarray(0, length - at), at)
  return bytes
}
