import type { RandomSource } from './dialect'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** An id as Python Netcore draws them: `length` characters of a–z, A–Z, 0–9, with replacement. Not a secret. */
export function drawId(random: RandomSource, length: number): string {
  let id = ''
  for (let at = 0; at < length; at++) id += ALPHABET[random(ALPHABET.length)] ?? ''
  return id
}
