import { createRequire } from 'node:module'
import { type Checksum, crc32c } from '../../shared/bytes/crc32c'

/**
 * Below this many bytes the call into native code costs more than it saves: between 256 and 384 bytes both take about
 * 0.2 µs, at 20 the built-in tables take a sixth, at 4096 native code takes 0.4 of the time (measured by bench/codec.ts).
 */
export const NATIVE_FROM_BYTES = 320

/** What @node-rs/crc32 offers, when it is installed. */
export interface NativeCrc {
  crc32c(bytes: Uint8Array, initial: number): number
}

/**
 * The fastest CRC-32C of this machine: the optional package @node-rs/crc32 (SIMD) for long inputs, the built-in tables for
 * short ones and where the package is missing or does not load.
 *
 * @param load - Gives the native module or throws; a test can replace it.
 */
export function fastChecksum(load: () => NativeCrc = loadNative): Checksum {
  const native = tryNative(load)
  if (native === undefined) return crc32c
  return (crc, bytes, start, end) => {
    if (end - start < NATIVE_FROM_BYTES) return crc32c(crc, bytes, start, end)
    const isWhole = start === 0 && end === bytes.length
    return native.crc32c(isWhole ? bytes : bytes.subarray(start, end), crc)
  }
}

let ofThisMachine: Checksum | undefined

/** The same for everybody who has no wish of its own; looked for once. */
export const machineChecksum = (): Checksum => (ofThisMachine ??= fastChecksum())

function loadNative(): NativeCrc {
  return createRequire(import.meta.url)('@node-rs/crc32') as NativeCrc
}

/** Taken only if it continues a checksum exactly as ours does: a wrong one would look like a broken line. */
function tryNative(load: () => NativeCrc): NativeCrc | undefined {
  try {
    const native = load()
    const probe = Uint8Array.from({ length: 300 }, (_, index) => index)
    const begun = native.crc32c(probe.subarray(0, 100), 0)
    const isRight = native.crc32c(probe.subarray(100), begun) === crc32c(0, probe, 0, probe.length)
    return isRight ? native : undefined
  } catch {
    return undefined
  }
}
