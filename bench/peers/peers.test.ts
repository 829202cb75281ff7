import { afterEach, describe, expect, test } from 'vitest'
import { BulkLedger } from '../bulk-ledger'
import { runSideBySide } from '../measure/transfer'
import { patternSha256 } from '../pattern'
import { peers } from './available'
import { type BenchClient, checkedBulk, checkedRequest, type ServeOptions } from './peer'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function joined(name: string, options: ServeOptions): Promise<BenchClient> {
  const peer = await peers.find((entry) => entry.name === name)!.load()
  const server = await peer.serve(options)
  const client = await peer.connect(server.port)
  ends.push(async () => {
    await client.close()
    await server.close()
  })
  return client
}

/** A screen is a built thread; the rest of such a peer is the same. */
const names = peers.filter(({ kind }) => kind !== 'watched').map(({ name }) => name)
const BYTES = 300_001

describe.each(names)('%s', (name) => {
  test('delivers exactly the bytes that were sent, and says how many', async () => {
    const ledger = new BulkLedger(true)
    const client = await joined(name, { ledger, echo: (body) => body })
    client.prepare?.(BYTES)
    await checkedBulk(client, BYTES, 3)
    expect(ledger.takeSha256(3)).toBe(patternSha256(BYTES))
  })

  test('answers many requests at once, each with its own body', async () => {
    const client = await joined(name, { ledger: new BulkLedger(false), echo: (body) => body })
    await Promise.all(Array.from({ length: 64 }, (_, index) => checkedRequest(client, index, 100)))
  })

  test('fails the measurement when an echo is not what was sent', async () => {
    const lie = (body: Uint8Array): Uint8Array =>
      body.map((byte, at) => (at === body.length - 1 ? byte ^ 1 : byte))
    const client = await joined(name, { ledger: new BulkLedger(false), echo: lie })
    await expect(checkedRequest(client, 1, 100)).rejects.toThrow('wrong echo')
  })

  test('runs eight transfers side by side and keeps them apart', async () => {
    const ledger = new BulkLedger(true)
    const client = await joined(name, { ledger, echo: (body) => body })
    ledger.watchHalf(8 * BYTES)
    await runSideBySide(client, BYTES)
    for (let transfer = 1; transfer <= 8; transfer++) {
      expect(ledger.takeSha256(transfer)).toBe(patternSha256(BYTES))
    }
    expect(ledger.atHalf.reduce((sum, share) => sum + share, 0)).toBeGreaterThanOrEqual(4 * BYTES)
  })
})
