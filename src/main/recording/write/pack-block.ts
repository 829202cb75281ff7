import { loadZstd, MAX_INFLATION } from '../read/unpack-block'
import type { EncoderOptions } from './mcap-encoder'

/** Below this a block is left as it is: there is little to gain. */
export const PACKED_FROM_BYTES = 64 * 1024
const LEVEL = 3
/** Not worth unpacking for less than this share. */
const LEAST_GAIN = 0.05

/** Packs blocks with zstd where that makes them smaller, and never so small that a reader takes them for a trap. */
export async function loadCompress(): Promise<NonNullable<EncoderOptions['compress']>> {
  const zstd = await loadZstd()
  return (block) => {
    if (block.length < PACKED_FROM_BYTES) return null
    const bytes = zstd.compress(block, LEVEL)
    if (bytes.length > block.length * (1 - LEAST_GAIN)) return null
    return bytes.length * MAX_INFLATION < block.length ? null : { compression: 'zstd', bytes }
  }
}
