import { sessionStorm } from '../src/testing/session-storm'
import type { SoakCounts, SoakOptions } from './job'

/** 20,000 storms of cuts, reboots, damage and goodbyes: every time both sides find each other, and nobody goes on alone. */
export async function soakNativeSessions({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const { failures, ...counts } = await sessionStorm({ seed, runs: Math.ceil(20_000 * scale) })
  if (failures.length > 0) throw new Error(`${failures.length} storms broke a promise, first: ${failures[0]}`)
  return counts
}
