import { concatBytes, utf8 } from '../../../../../shared/bytes'

/** Heads and texts of MessagePack in their shortest form, to put values together that are packed already. */

export const mapHead = (count: number): Uint8Array => Uint8Array.of(0x80 | count)

export function packText(text: string): Uint8Array {
  const bytes = utf8(text)
  const { length } = bytes
  if (length < 32) return concatBytes([Uint8Array.of(0xa0 | length), bytes])
  return concatBytes([sizedHead([0xd9, 0xda, 0xdb], length), bytes])
}

/** What stands before `length` bytes of type bin. */
export const binaryHead = (length: number): Uint8Array => sizedHead([0xc4, 0xc5, 0xc6], length)

export const PACKED_NIL = Uint8Array.of(0xc0)
export const PACKED_TRUE = Uint8Array.of(0xc3)
export const EMPTY_MAP = Uint8Array.of(0x80)

function sizedHead(leads: readonly [number, number, number], length: number): Uint8Array {
  if (length < 0x100) return Uint8Array.of(leads[0], length)
  if (length < 0x1_0000) return Uint8Array.of(leads[1], length >> 8, length & 0xff)
  const head = new Uint8Array(5)
  head[0] = leads[2]
  new DataView(head.buffer).setUint32(1, length)
  return head
}
