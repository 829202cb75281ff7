import { createHash } from 'node:crypto'

/** Byte i is (i × 31 + seed) mod 256: the body of the demo route `big`, made alike by every peer. */
export function pattern(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + seed) & 255
  return bytes
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
