import { type BenchClient, checkedRequest } from '../peers/peer'

export interface RateResult {
  readonly sequentialPerSecond: number
  readonly concurrentPerSecond: number
}

export const CONCURRENT = 64
export const REQUEST_BYTES = 100
const WARM_REQUESTS = 200

/** How many 100-byte requests are answered in a second, one at a time and 64 at a time, each for `forMs`. */
export async function measureRate(client: BenchClient, forMs: number): Promise<RateResult> {
  for (let index = 0; index < WARM_REQUESTS; index++) await checkedRequest(client, index, REQUEST_BYTES)
  return {
    sequentialPerSecond: await ratePerSecond(client, 1, forMs),
    concurrentPerSecond: await ratePerSecond(client, CONCURRENT, forMs),
  }
}

async function ratePerSecond(client: BenchClient, lanes: number, forMs: number): Promise<number> {
  const startMs = performance.now()
  let index = 0
  const lane = async (): Promise<void> => {
    while (performance.now() - startMs < forMs) await checkedRequest(client, ++index, REQUEST_BYTES)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return (index * 1000) / (performance.now() - startMs)
}
