import { randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { lsoCaptures, socketdCaptures } from '../../testing/captures'
import { fuzzDecoder } from '../../testing/decoder-fuzz'
import { lsoDialect, rawDialect, socketdDialect } from './dialects'

const FIXED_SEED = 20_261_121
const RANDOM_SEED = randomInt(2 ** 31)
const INPUTS = 50_000

/** The decoders of the reliability catalogue (D1 to D10), each dialect by its own promises; more beside each codec. */
describe('D1: damaged captures of real peers', () => {
  const captures = lsoCaptures()

  test.each([
    ['lso', 'resync', FIXED_SEED],
    ['lso', 'resync', RANDOM_SEED],
    ['lso', 'fatal', FIXED_SEED],
    ['lso', 'fatal', RANDOM_SEED],
    ['raw', 'resync', RANDOM_SEED],
  ] as const)(
    'throw nothing, take no time, and leave no message open (%s, %s, seed %d)',
    (name, onDamage, seed) => {
      const dialect = name === 'lso' ? lsoDialect : rawDialect
      const inputs = name === 'lso' ? INPUTS : INPUTS / 5
      const counts = fuzzDecoder({ dialect, onDamage, captures, inputs, seed })
      expect(counts).toMatchObject({ inputs, uncaught: 0, slow: 0, unclosed: 0, firstFailureHex: '' })
      // The inputs were worth it: some were understood, some were not.
      expect(counts.messages).toBeGreaterThan(inputs / 10)
      if (name === 'lso') expect(counts.faults).toBeGreaterThan(inputs / 10)
    },
    60_000,
  )

  test.each([
    ['fatal', FIXED_SEED],
    ['resync', RANDOM_SEED],
  ] as const)(
    'throw nothing, take no time, and leave no message open (socketd read along, %s, seed %d)',
    (onDamage, seed) => {
      const dialect = socketdDialect.reader!
      const inputs = INPUTS / 5
      const counts = fuzzDecoder({ dialect, onDamage, captures: socketdCaptures(), inputs, seed })
      expect(counts).toMatchObject({ inputs, uncaught: 0, slow: 0, unclosed: 0, firstFailureHex: '' })
      expect(counts.messages).toBeGreaterThan(inputs / 10)
      expect(counts.faults).toBeGreaterThan(inputs / 10)
    },
    60_000,
  )
})
