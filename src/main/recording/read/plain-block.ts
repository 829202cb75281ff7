import { crc32 } from 'node:zlib'
import type { FieldReader } from './field-reader'

/** Most bytes a block may have when it is unpacked: a small one may claim to be a very large one. */
const MAX_PLAIN_BLOCK_BYTES = 64 * 1024 * 1024

/**
 * Unpacks a block.
 *
 * @param plainBytes - How many bytes must come out.
 * @returns null when this compression is not known here.
 */
export type Decompress = (compression: string, packed: Uint8Array, plainBytes: number) => Uint8Array | null

/** The records within a block, after its checksum was compared. @throws RangeError with the reason. */
export function plainBlock(read: FieldReader, decompress: Decompress): Uint8Array {
  read.u64()
  read.u64()
  const plainBytes = read.u64()
  const crc = read.u32()
  const compression = read.text()
  const packed = read.bytes(Number(read.u64()))
  if (!read.isAtEnd) throw new RangeError('a block claims to be longer than what is in it')
  if (plainBytes > BigInt(MAX_PLAIN_BLOCK_BYTES)) {
    throw new RangeError(`a block claims to have ${plainBytes} bytes, ${MAX_PLAIN_BLOCK_BYTES} are allowed`)
  }
  const plain = compression === '' ? packed : decompress(compression, packed, Number(plainBytes))
  if (plain === null)
    throw new RangeError(`a block is packed with ${JSON.stringify(compression)}, which is not known`)
  if (plain.length !== Number(plainBytes)) {
    throw new RangeError(`a block has ${plain.length} bytes, not the ${plainBytes} it claims`)
  }
  if (crc !== 0 && crc32(plain) !== crc) throw new RangeError('a block is not what was written')
  return plain
}

/** Knows none: for recordings whose blocks are as they were taken. */
export const noDecompression: Decompress = () => null
