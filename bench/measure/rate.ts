import { type BenchClient, checkedRequest } from '../peers/peer'

/** Requests answered in a second. */
export interface Rates {
  readonly sequentialPerSecond: number
  readonly concurrentPerSecond: number
}

export interface RateResult {
  /** A process in its first second: code that is long or seldom the same takes its time to be compiled. */
  readonly young: Rates
  readonly warm: Rates
}

export const CONCURRENT = 64
export const REQUEST_BYTES = 100
const FIRST_REQUESTS = 200

/**
 * How many 100-byte requests are answered in a second, one at a time and 64 at a time: in a young process, after 200
 * requests, and in the same process once it is warm. Each figure takes `forMs`.
 */
export async function measureRate(client: BenchClient, forMs: number): Promise<RateResult> {
  for (let index = 0; index < FIRST_REQUESTS; index++) await checkedRequest(client, index, REQUEST_BYTES)
  const young = await rates(client, forMs)
  await ratePerSecond(client, CONCURRENT, forMs)
  return { young, warm: await rates(client, forMs) }
}

const rates = async (client: BenchClient, forMs: number): Promise<Rates> => ({
  sequentialPerSecond: await ratePerSecond(client, 1, forMs),
  concurrentPerSecond: await ratePerSecond(client, CONCURRENT, forMs),
})

async function ratePerSecond(client: BenchClient, lanes: number, forMs: number): Promise<number> {
  const startMs = performance.now()
  let index = 0
  const lane = async (): Promise<void> => {
    while (performance.now() - startMs < forMs) await checkedRequest(client, ++index, REQUEST_BYTES)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return (index * 1000) / (performance.now() - startMs)
}
