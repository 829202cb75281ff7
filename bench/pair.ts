import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { CountingProxy } from './counting-proxy'
import type { JobName, Jobs, ProcessReport } from './jobs'
import { MeasuredProcess } from './measured-process'
import { LATENCY_WARM_BYTES, type LatencyResult } from './measure/latency'
import { FAIR_TRANSFERS } from './measure/transfer'
import { patternSha256 } from './pattern'
import { jainIndex } from './statistics'

/** The built programs lie side by side. */
const program = (name: string): string => join(dirname(process.argv[1]!), name)

interface Pair {
  readonly server: MeasuredProcess
  readonly client: MeasuredProcess
}

/** Runs something with a fresh pair of processes, both gone afterwards. */
async function withPair<T>(
  peer: string,
  use: (pair: Pair) => Promise<T>,
  { isHashing = false, portOf = (port: number): Promise<number> => Promise.resolve(port) } = {},
): Promise<T> {
  const server = new MeasuredProcess(program('process.js'), `${peer} server`)
  const client = new MeasuredProcess(program('process.js'), `${peer} client`)
  try {
    await client.connect(peer, await portOf(await server.serve(peer, isHashing)))
    return await use({ server, client })
  } finally {
    client.kill()
    server.kill()
  }
}

const runJob = <N extends JobName>(
  peer: string,
  name: N,
  args: Jobs[N]['args'],
): Promise<Jobs[N]['result']> => withPair(peer, ({ client }) => client.run(name, args))

/** Megabytes per second. */
export const bulkRate = async (peer: string, byteCount: number): Promise<number> =>
  (await runJob(peer, 'bulk', { byteCount })).megabytesPerSecond

export const requestRate = (peer: string, forMs: number): Promise<Jobs['rate']['result']> =>
  runJob(peer, 'rate', { forMs })

export const idleLatency = (peer: string, requests: number): Promise<LatencyResult> =>
  runJob(peer, 'latency', { requests, isUnderBulk: false })

export interface LoadedLatency extends LatencyResult {
  readonly bulkMegabytesPerSecond: number
}

export const loadedLatency = (
  peer: string,
  requests: number,
  transferBytes?: number,
): Promise<LoadedLatency> =>
  withPair(peer, async ({ server, client }) => {
    const latency = await client.run('latency', {
      requests,
      isUnderBulk: true,
      ...(transferBytes !== undefined && { bulkBytes: transferBytes }),
    })
    const { countedBytes } = await server.report()
    const bulkBytes = Math.max(0, countedBytes - LATENCY_WARM_BYTES)
    return { ...latency, bulkMegabytesPerSecond: bulkBytes / 1e3 / latency.bulkMs }
  })

/** Jain's index of 8 transfers side by side when half of all bytes have arrived. */
export const fairness = (peer: string, bytesEach: number): Promise<number> =>
  withPair(peer, async ({ server, client }) => {
    await server.watchHalf(FAIR_TRANSFERS * bytesEach)
    await client.run('sideBySide', { bytesEach })
    const { atHalf } = await server.report()
    const notBegun = new Array<number>(FAIR_TRANSFERS - atHalf.length).fill(0)
    return jainIndex([...atHalf, ...notBegun])
  })

export interface MemoryResult {
  readonly clientMiB: number
  readonly serverMiB: number
}

/** Peak memory of both sides after one transfer and nothing else. */
export const memory = (peer: string, byteCount: number): Promise<MemoryResult> =>
  withPair(peer, async ({ server, client }) => {
    await client.run('once', { byteCount })
    const [ofClient, ofServer] = await Promise.all([client.report(), server.report()])
    return { clientMiB: ofClient.peakRssMiB, serverMiB: ofServer.peakRssMiB }
  })

/** Peak memory of a Node process that does nothing but tell it. */
export async function emptyNodeMiB(): Promise<number> {
  const child = spawn(process.execPath, [program('empty.js')], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [peakMiB] = (await once(child, 'message')) as [number]
  return peakMiB
}

export interface WireResult {
  /** Bytes that went up per byte of a transfer. */
  readonly upPerPayloadByte: number
  /** Bytes of one 20-byte request, up and down, once the connection is in use. */
  readonly requestUpBytes: number
  readonly requestDownBytes: number
}

export const SMALL_REQUEST_BYTES = 20
const SMALL_REQUESTS = 200

/** Bytes on the wire, counted between the two processes. Requests one at a time. */
export async function wireBytes(peer: string, byteCount: number): Promise<WireResult> {
  const proxy = new CountingProxy()
  try {
    return await withPair(
      peer,
      async ({ client }) => {
        await client.run('requests', { count: 20, byteCount: SMALL_REQUEST_BYTES })
        const before = proxy.counts()
        await client.run('requests', { count: SMALL_REQUESTS, byteCount: SMALL_REQUEST_BYTES })
        const between = proxy.counts()
        await client.run('once', { byteCount })
        const after = proxy.counts()
        return {
          upPerPayloadByte: (after.upBytes - between.upBytes) / byteCount,
          requestUpBytes: (between.upBytes - before.upBytes) / SMALL_REQUESTS,
          requestDownBytes: (between.downBytes - before.downBytes) / SMALL_REQUESTS,
        }
      },
      { portOf: (port) => proxy.listenFor(port) },
    )
  } finally {
    proxy.close()
  }
}

const CHECKED_BYTES = 3 * 1024 * 1024 + 4321

/**
 * Proves, outside all measured time, that a peer delivers what was sent: the digest of a transfer, and echoes of several
 * sizes.
 *
 * @throws Error when it does not.
 */
export const checkPeer = (peer: string): Promise<void> =>
  withPair(
    peer,
    async ({ server, client }) => {
      for (const byteCount of [20, 100, 5000]) await client.run('requests', { count: 50, byteCount })
      await client.run('once', { byteCount: CHECKED_BYTES })
      const report: ProcessReport = await server.report(1)
      if (report.sha256 !== patternSha256(CHECKED_BYTES)) throw new Error(`${peer} delivered other bytes`)
      await client.end()
    },
    { isHashing: true },
  )
