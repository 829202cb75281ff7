import { runManyRequests } from '../src/testing/many-requests'
import type { SoakCounts, SoakOptions } from './job'

const ROUNDS = 20

/** M6, twenty times in other orders. @throws when a request ended otherwise than once, as it had to. */
export async function soakManyRequests({ seed, scale }: SoakOptions): Promise<SoakCounts> {
  const counts = { requests: 0, answered: 0, timedOut: 0, mostOffMs: 0 }
  for (let round = 0; round < Math.max(1, Math.round(ROUNDS * scale)); round++) {
    const { answered, timedOut, wrong, mostOffMs, leftOver } = await runManyRequests(seed + round)
    if (wrong.length > 0)
      throw new Error(`seed ${seed + round}: ${wrong.length} ended wrongly, first ${wrong[0]}`)
    if (mostOffMs > 50 || leftOver > 0) {
      throw new Error(`seed ${seed + round}: time-outs ${mostOffMs} ms off, ${leftOver} requests left over`)
    }
    counts.requests += answered + timedOut
    counts.answered += answered
    counts.timedOut += timedOut
    counts.mostOffMs = Math.max(counts.mostOffMs, mostOffMs)
  }
  return counts
}
