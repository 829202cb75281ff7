import { BulkLedger } from './bulk-ledger'
import type { JobName, Jobs, Order, ProcessReport, Reply } from './jobs'
import { measureLatency } from './measure/latency'
import { peakRssMiB } from './measure/memory'
import { measureRate } from './measure/rate'
import { measureBulk, runOnce, runSideBySide } from './measure/transfer'
import { peerNamed } from './peers/table'
import { type BenchClient, type BenchServer, checkedRequest } from './peers/peer'

/** One side of a measured pair. Does what it is told, one order after the other, and answers each. */
let server: BenchServer | undefined
let client: BenchClient | undefined
let ledger = new BulkLedger(false)

const jobs: { readonly [N in JobName]: (args: Jobs[N]['args']) => Promise<Jobs[N]['result']> } = {
  bulk: async ({ byteCount }) => ({ megabytesPerSecond: await measureBulk(client!, byteCount) }),
  rate: ({ forMs }) => measureRate(client!, forMs),
  latency: ({ requests, isUnderBulk, bulkBytes }) =>
    measureLatency(client!, requests, isUnderBulk, bulkBytes),
  async sideBySide({ bytesEach }) {
    await runSideBySide(client!, bytesEach)
    return null
  },
  async once({ byteCount }) {
    await runOnce(client!, byteCount)
    return null
  },
  async requests({ count, byteCount }) {
    for (let index = 0; index < count; index++) await checkedRequest(client!, index, byteCount)
    return null
  },
}

async function obey(order: Order): Promise<unknown> {
  switch (order.type) {
    case 'serve': {
      ledger = new BulkLedger(order.isHashing)
      const peer = await peerNamed(order.peer).load()
      server = await peer.serve({ ledger, echo: (body) => body })
      return server.port
    }
    case 'connect': {
      const peer = await peerNamed(order.peer).load()
      client = await peer.connect(order.port)
      return null
    }
    case 'run':
      return jobs[order.name](order.args as never)
    case 'watch-half':
      ledger.watchHalf(order.totalBytes)
      return null
    case 'report': {
      const report: ProcessReport = {
        peakRssMiB: peakRssMiB(),
        countedBytes: ledger.countedBytes,
        atHalf: ledger.atHalf,
        sha256: order.sha256Of === undefined ? '' : ledger.takeSha256(order.sha256Of),
      }
      return report
    }
    case 'end':
      await client?.close()
      await server?.close()
      setImmediate(() => process.exit(0))
      return null
  }
}

const answer = (reply: Reply): void => void process.send!(reply)
let previous: Promise<unknown> = Promise.resolve()
process.on('message', (order: Order) => {
  previous = previous
    .then(() => obey(order))
    .then(
      (value) => answer({ ok: true, value }),
      (error: unknown) =>
        answer({ ok: false, error: error instanceof Error ? error.message : String(error) }),
    )
})
process.on('disconnect', () => process.exit(0))
