/**
 * XON/XOFF-safe mode: after stuffing, the flow control characters 11 and 13 and the escape 7D itself travel as 7D, byte
 * XOR 20 (RFC 1662's way). A raw 11 or 13 that arrives was put there by the line, not by the peer.
 */

const XON = 0x11
const XOFF = 0x13
const ESCAPE = 0x7d
const FLIP = 0x20

const isEscaped = (byte: number): boolean => byte === XON || byte === XOFF || byte === ESCAPE

/** Bytes start … end−1, escaped, in a new array with `trailing` more bytes of room (zero). */
export function escapeXsafe(bytes: Uint8Array, start: number, end: number, trailing = 0): Uint8Array {
  let extra = 0
  for (let k = start; k < end; k++) if (isEscaped(bytes[k]!)) extra++
  const out = new Uint8Array(end - start + extra + trailing)
  for (let k = start, at = 0; k < end; k++) {
    const byte = bytes[k]!
    if (isEscaped(byte)) {
      out[at++] = ESCAPE
      out[at++] = byte ^ FLIP
    } else {
      out[at++] = byte
    }
  }
  return out
}

/**
 * Undoes it for bytes start … end−1 into `out` (room for end − start; `bytes` itself at or before `start` will do). Returns
 * how many bytes it gave, or −1: an escape stands before something that needs none, or at the end.
 */
export function unescapeXsafeInto(out: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  let at = 0
  for (let k = start; k < end; k++) {
    const byte = bytes[k]!
    if (byte === XON || byte === XOFF) continue
    if (byte !== ESCAPE) {
      out[at++] = byte
      continue
    }
    // The line may have put flow control between the two bytes.
    do k++
    while (k < end && (bytes[k] === XON || bytes[k] === XOFF))
    const plain = k < end ? bytes[k]! ^ FLIP : -1
    if (!isEscaped(plain)) return -1
    out[at++] = plain
  }
  return at
}
