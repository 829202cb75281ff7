/** Uniform integers in 0 … bound-1 for bounds up to 2^32: the `RandomSource` that dialects ask for. */
export type SeededRandom = (bound: number) => number

/**
 * Repeatable random numbers: xoshiro128** seeded through splitmix32. The same seed gives the same numbers on every
 * machine. For simulation and tests, never for secrets.
 */
export function seededRandom(seed: number): SeededRandom {
  const next = xoshiro128([...splitmix32(seed, 4)] as [number, number, number, number])
  return (bound) => {
    // Numbers above the last full multiple of `bound` would make small results more likely: draw again.
    const limit = 2 ** 32 - (2 ** 32 % bound)
    let drawn = next()
    while (drawn >= limit) drawn = next()
    return drawn % bound
  }
}

/** A number from 0 (included) to 1 (excluded) in steps of 2^-32. */
export const unitInterval = (random: SeededRandom): number => random(2 ** 32) / 2 ** 32

/** Fills an array with random bytes. */
export function randomBytes(random: SeededRandom, byteCount: number): Uint8Array {
  const bytes = new Uint8Array(byteCount)
  for (let at = 0; at < byteCount; at++) bytes[at] = random(256)
  return bytes
}

function* splitmix32(seed: number, count: number): Generator<number> {
  let state = seed >>> 0
  for (let drawn = 0; drawn < count; drawn++) {
    state = (state + 0x9e37_79b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0_aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a_2d97)
    yield (mixed ^ (mixed >>> 15)) >>> 0
  }
}

/** Blackman and Vigna, xoshiro128** 1.1. `state` must not be all zero. */
export function xoshiro128(state: [number, number, number, number]): () => number {
  let [a, b, c, d] = state
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return result
  }
}

const rotateLeft = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits))
