import { type BenchClient, checkedBulk } from '../peers/peer'

export const MEBIBYTE = 1024 * 1024
const WARM_BYTES = 4 * MEBIBYTE

/**
 * Megabytes (10^6) per second of one transfer, code and buffers warm: the median of three in the same process, because a
 * fast peer is through before a machine has settled. A slow one has had its time after the first.
 */
export async function measureBulk(client: BenchClient, byteCount: number): Promise<number> {
  client.prepare?.(WARM_BYTES)
  client.prepare?.(byteCount)
  await checkedBulk(client, WARM_BYTES)
  const rates: number[] = []
  for (let totalMs = 0; rates.length < 3 && totalMs < 1000; ) {
    const startMs = performance.now()
    await checkedBulk(client, byteCount)
    const tookMs = performance.now() - startMs
    totalMs += tookMs
    rates.push(byteCount / 1e3 / tookMs)
  }
  return rates.sort((a, b) => a - b)[Math.floor((rates.length - 1) / 2)]!
}

export const FAIR_TRANSFERS = 8

/** Transfers of equal length side by side. What each had at half of all bytes, the server knows. */
export async function runSideBySide(client: BenchClient, bytesEach: number): Promise<void> {
  client.prepare?.(bytesEach)
  const transfers = Array.from({ length: FAIR_TRANSFERS }, (_, index) => index + 1)
  await Promise.all(transfers.map((transfer) => checkedBulk(client, bytesEach, transfer)))
}

/** One transfer and nothing before it: for memory, wire bytes and correctness. */
export async function runOnce(client: BenchClient, byteCount: number): Promise<void> {
  client.prepare?.(byteCount)
  await checkedBulk(client, byteCount, 1)
}
