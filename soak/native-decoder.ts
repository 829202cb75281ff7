import { cutStreams, damageCobsFrames } from '../src/testing/native-damage'
import type { SoakCounts, SoakOptions } from './job'

/** D2 of the reliability catalogue in full: 500 streams of every frame kind × 200 cuts, and no event depends on the cut. */
export function soakNativeCuts({ seed, scale }: SoakOptions): SoakCounts {
  const counts = cutStreams({ seed, streams: Math.ceil(500 * scale), cutsPerStream: 200 })
  if (counts.differences > 0) throw new Error(`${counts.differences} cuts gave other events`)
  return counts
}

/** D6 in full: a million frames at 1e-5 … 1e-2 damaged bytes. None wrong, none missing that was not touched. */
export function soakNativeDamage({ seed, scale }: SoakOptions): SoakCounts {
  const counts = damageCobsFrames({
    seed,
    frames: Math.ceil(1_000_000 * scale),
    damagePerByte: [1e-5, 1e-4, 1e-3, 1e-2],
  })
  const { wrong, missing, unaccountedBytes } = counts
  if (wrong + missing + unaccountedBytes > 0) {
    throw new Error(`${wrong} wrong, ${missing} missing frames, ${unaccountedBytes} bytes unaccounted for`)
  }
  return { ...counts }
}
