/**
 * Consistent Overhead Byte Stuffing (Cheshire & Baker): bytes without 00, so that 00 can end a frame. A code byte n says:
 * n−1 bytes follow, then a zero that was left out; 255 says: 254 bytes follow and no zero. At most one byte in 254 is added.
 */

const FULL_CODE = 255
/** Input is looked at in pieces of this size; each is copied at once and then corrected where zeros were. */
const WINDOW_BYTES = 2_048
/** With more zeros than one in this many bytes, looking at each byte is faster than looking for the next zero. */
const DENSE_ONE_IN = 12
/** Shorter pieces are not worth the view that reading words needs. */
const WORDS_FROM_BYTES = 64
const SAMPLES = 16
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** The most bytes that stuffing `byteLength` bytes can give (the delimiter is not counted). */
export const maxStuffedBytes = (byteLength: number): number => byteLength + 1 + Math.floor(byteLength / 254)

/**
 * Stuffs one frame out of several pieces into `out`, from `start` on. `out` must have room for `maxStuffedBytes` of all
 * pieces together. Call `finish` once.
 */
export class CobsWriter {
  readonly #out: Uint8Array
  #codeAt: number
  #at: number
  #zeros = 0

  constructor(out: Uint8Array, start = 0) {
    this.#out = out
    this.#codeAt = start
    this.#at = start + 1
  }

  /** Bytes start … end−1 of `bytes`. */
  write(bytes: Uint8Array, start: number, end: number): void {
    let isDense = end - start < WORDS_FROM_BYTES || looksDense(bytes, start, end)
    for (let from = start; from < end; ) {
      const to = end - from <= WINDOW_BYTES ? end : from + WINDOW_BYTES
      this.#zeros = 0
      if (isDense) this.#writeByBytes(bytes, from, to)
      else this.#writeByWords(bytes, from, to)
      isDense = !IS_LITTLE_ENDIAN || this.#zeros * DENSE_ONE_IN > to - from
      from = to
    }
  }

  /** Closes the last block. Returns the index after the last byte written. */
  finish(): number {
    this.#out[this.#codeAt] = this.#at - this.#codeAt
    return this.#at
  }

  #writeByBytes(bytes: Uint8Array, from: number, to: number): void {
    const out = this.#out
    let codeAt = this.#codeAt
    let at = this.#at
    let zeros = 0
    for (let k = from; k < to; ) {
      const room = FULL_CODE - (at - codeAt)
      // A full block is closed only when another byte follows: at the very end it needs no successor.
      if (room === 0) {
        out[codeAt] = FULL_CODE
        codeAt = at++
        continue
      }
      const stop = Math.min(to, k + room)
      for (; k < stop; k++) {
        const byte = bytes[k]!
        out[at] = byte
        if (byte === 0) {
          out[codeAt] = at - codeAt
          codeAt = at
          zeros++
        }
        at++
      }
    }
    this.#codeAt = codeAt
    this.#at = at
    this.#zeros = zeros
  }

  /** Copies the window at once, then puts codes where zeros are; a full block moves the rest of the window by one. */
  #writeByWords(bytes: Uint8Array, from: number, to: number): void {
    const out = this.#out
    const aligned = from + (-(bytes.byteOffset + from) & 3)
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, Math.max(0, to - aligned) >> 2)
    let codeAt = this.#codeAt
    let zeros = 0
    let shift = this.#at - from
    let fullAt = codeAt + FULL_CODE - shift
    out.set(bytes.subarray(from, to), this.#at)
    for (let k = from; k < to; ) {
      if (k === fullAt) {
        out[codeAt] = FULL_CODE
        codeAt = k + shift
        shift++
        out.set(bytes.subarray(k, to), k + shift)
        fullAt = codeAt + FULL_CODE - shift
      }
      if (((k - aligned) & 3) === 0 && k >= aligned) {
        const end = Math.min(words.length, (fullAt - aligned) >> 2)
        let w = (k - aligned) >> 2
        while (w < end && ((words[w]! - 0x01010101) & ~words[w]! & 0x80808080) === 0) w++
        k = aligned + (w << 2)
        if (k === fullAt || k >= to) continue
      }
      // A word with a zero in it, or what is left before alignment, block end and window end.
      const stop = Math.min(k + 4 - ((k - aligned) & 3), fullAt, to)
      for (; k < stop; k++) {
        if (bytes[k] !== 0) continue
        out[codeAt] = k + shift - codeAt
        codeAt = k + shift
        fullAt = codeAt + FULL_CODE - shift
        zeros++
      }
    }
    this.#codeAt = codeAt
    this.#at = to + shift
    this.#zeros = zeros
  }
}

/** A guess for the first window, by a few bytes far apart (an odd number, so that records of even size do not fool it). */
function looksDense(bytes: Uint8Array, start: number, end: number): boolean {
  if (!IS_LITTLE_ENDIAN) return true
  const stride = Math.floor((end - start) / SAMPLES) | 1
  let zeros = 0
  for (let k = start; k < end; k += stride) if (bytes[k] === 0) zeros++
  return zeros * DENSE_ONE_IN > SAMPLES
}

/** Stuffs bytes start … end−1 into a new array, without delimiter. */
export function stuff(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
  const out = new Uint8Array(maxStuffedBytes(end - start))
  const writer = new CobsWriter(out)
  writer.write(bytes, start, end)
  return out.subarray(0, writer.finish())
}

/**
 * Undoes stuffing: bytes start … end−1 (without delimiter, none of them 00) into `out`, which must have room for
 * end − start − 1. Returns how many bytes it gave, or −1 when no stuffing can have given these bytes.
 */
export function unstuffInto(out: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  let at = 0
  let k = start
  while (k < end) {
    const code = bytes[k++]!
    const next = k + code - 1
    if (code === 0 || next > end) return -1
    if (code > COPY_FROM_CODE) {
      out.set(bytes.subarray(k, next), at)
      at += code - 1
      k = next
    } else {
      while (k < next) out[at++] = bytes[k++]!
    }
    if (code !== FULL_CODE && k < end) out[at++] = 0
  }
  return end > start ? at : -1
}

/** Longer runs are copied as a piece, shorter ones byte by byte. */
const COPY_FROM_CODE = 24
