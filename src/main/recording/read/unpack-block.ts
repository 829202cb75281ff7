import type * as zstdLibrary from '@foxglove/wasm-zstd'
import type { Decompress } from './plain-block'

/**
 * Most bytes that may come out of one byte. A few bytes may claim to be very many: with this, reading a file costs at most
 * so many times its length. What we pack ourselves stays below, or is left as it is.
 */
export const MAX_INFLATION = 1000

type Zstd = typeof zstdLibrary

let loading: Promise<Zstd> | undefined

/** The library is loaded when it is needed first: most sessions never pack or unpack. */
export function loadZstd(): Promise<Zstd> {
  loading ??= import('@foxglove/wasm-zstd').then(async (zstd) => {
    await zstd.isLoaded
    return zstd
  })
  return loading
}

/** Unpacks blocks packed with zstd, as ours are; knows no other compression. What cannot be unpacked is a RangeError. */
export async function loadDecompress(): Promise<Decompress> {
  const zstd = await loadZstd()
  return (compression, packed, plainBytes) => {
    if (compression !== 'zstd') return null
    if (plainBytes > packed.length * MAX_INFLATION) {
      throw new RangeError(`a block of ${packed.length} bytes claims to be ${plainBytes} when unpacked`)
    }
    try {
      return zstd.decompress(packed, plainBytes)
    } catch {
      throw new RangeError('a block cannot be unpacked')
    }
  }
}
