import { peers } from './peers'
import type { BenchClient } from './peers/peer'
import { quantile } from './statistics'

/**
 * One side of a measured pair: `process.js serve PEER` prints its port and stays; `process.js measure PEER PORT CASE
 * BYTES` prints one JSON line and ends.
 */
export interface BulkResult {
  readonly megabytesPerSecond: number
  readonly rssMiB: number
}

export interface LatencyResult {
  readonly p50Ms: number
  readonly p99Ms: number
  /** From the time the request was due, which shows a blocked event loop too. */
  readonly dueP99Ms: number
  readonly asked: number
  readonly answered: number
  readonly bulkMegabytesPerSecond: number
}

const REQUEST_EVERY_MS = 5
const REQUESTS = 400
const MEBIBYTE = 1024 * 1024

async function measureBulk(client: BenchClient, bytes: number): Promise<BulkResult> {
  await client.bulk(4 * MEBIBYTE) // warm code and buffers
  const startedMs = performance.now()
  await client.bulk(bytes)
  const seconds = (performance.now() - startedMs) / 1000
  return { megabytesPerSecond: bytes / 1e6 / seconds, rssMiB: process.memoryUsage.rss() / MEBIBYTE }
}

/** Requests at fixed times (open loop); one that was never answered counts with its age. */
async function measureLatency(client: BenchClient, isUnderBulk: boolean): Promise<LatencyResult> {
  for (let warm = 0; warm < 50; warm++) await client.request()
  let bulkBytes = 0
  let isRunning = true
  const bulkStartedMs = performance.now()
  const bulk = async (): Promise<void> => {
    while (isRunning) {
      await client.bulk(16 * MEBIBYTE)
      bulkBytes += 16 * MEBIBYTE
    }
  }
  const bulkDone = isUnderBulk ? bulk() : Promise.resolve()
  const startMs = performance.now() + 100
  const fromCall: (number | undefined)[] = []
  const fromDue: (number | undefined)[] = []
  const called: number[] = []
  await new Promise<void>((resolve) => {
    const tick = (): void => {
      const nowMs = performance.now()
      while (called.length < REQUESTS && startMs + called.length * REQUEST_EVERY_MS <= nowMs) {
        const index = called.length
        const dueMs = startMs + index * REQUEST_EVERY_MS
        const callMs = performance.now()
        called.push(callMs)
        void client.request().then(() => {
          const answeredMs = performance.now()
          fromCall[index] = answeredMs - callMs
          fromDue[index] = answeredMs - dueMs
        })
      }
      if (called.length === REQUESTS) setTimeout(resolve, 500)
      else setTimeout(tick, 1)
    }
    tick()
  })
  const endMs = performance.now()
  isRunning = false
  const answered = fromCall.filter((sample) => sample !== undefined).length
  const aged = (samples: readonly (number | undefined)[]): number[] =>
    called.map((callMs, index) => samples[index] ?? endMs - callMs)
  const result = {
    p50Ms: quantile(aged(fromCall), 0.5),
    p99Ms: quantile(aged(fromCall), 0.99),
    dueP99Ms: quantile(aged(fromDue), 0.99),
    asked: called.length,
    answered,
    bulkMegabytesPerSecond: bulkBytes / 1e6 / ((endMs - bulkStartedMs) / 1000),
  }
  await Promise.race([bulkDone, new Promise((resolve) => setTimeout(resolve, 2000))])
  return result
}

async function main(): Promise<void> {
  const [role, name, port, measurement, bytes] = process.argv.slice(2)
  const peer = peers.find((candidate) => candidate.name === name)
  if (peer === undefined) throw new Error(`no peer is called ${String(name)}`)
  if (role === 'serve') {
    const server = await peer.serve()
    process.on('SIGTERM', () => process.exit(0))
    console.log(server.port)
    return
  }
  const client = await peer.connect(Number(port))
  const result =
    measurement === 'bulk'
      ? await measureBulk(client, Number(bytes))
      : await measureLatency(client, measurement === 'latency-under-bulk')
  console.log(JSON.stringify(result))
  await client.close()
  process.exit(0)
}

void main()
