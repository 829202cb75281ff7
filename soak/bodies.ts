import { type BodyStormCounts, bodyStorm } from '../src/testing/body-storm'
import type { SoakCounts, SoakOptions } from './job'

/** A quarter of a million steps times `scale`, in storms of their own seeds: a failure is repeated by one short storm. */
export function soakBodies({ seed, scale }: SoakOptions): SoakCounts {
  const total = { operations: 0, whole: 0, stored: 0, abandoned: 0, notStored: 0 }
  const storms = Math.max(1, Math.round(50 * scale))
  for (let storm = 0; storm < storms; storm++) {
    const counts = stormOf(seed + storm)
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += counts[key]
  }
  return total
}

function stormOf(seed: number): BodyStormCounts {
  try {
    return bodyStorm({ seed, operations: 5000 })
  } catch (error) {
    throw new Error(`storm of seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
