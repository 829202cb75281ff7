import { type Findings, Round } from './findings'
import { MEBIBYTE } from './measure/transfer'
import {
  bulkRate,
  checkPeer,
  emptyNodeMiB,
  fairness,
  idleLatency,
  loadedLatency,
  memory,
  requestRate,
  wireBytes,
} from './pair'
import type { PeerEntry } from './peers/table'
import { type BenchOptions, sizesOf, type Topic } from './topics'

export type Say = (text: string) => void

/** Runs one measurement; a failure is written down and the others go on. */
async function attempt(
  findings: Findings,
  round: number | null,
  what: string,
  say: Say,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    findings.failures.push({ round, what, message })
    say(`FAILED ${what}: ${message}`)
  }
}

/** Does each peer deliver what was sent? Apart from all measured time. */
export async function checkPeers(findings: Findings, peers: readonly PeerEntry[], say: Say): Promise<void> {
  for (const { name } of peers) {
    say(`checking ${name}`)
    await attempt(findings, null, `check of ${name}`, say, () => checkPeer(name))
  }
}

/** Everything that is measured over TCP, peers taking turns within a topic, in another order each round. */
export async function measureRounds(
  findings: Findings,
  peers: readonly PeerEntry[],
  options: BenchOptions,
  say: Say,
): Promise<void> {
  const sizes = sizesOf(options)
  const wants = (topic: Topic): boolean => options.topics.includes(topic)
  for (let number = 0; number < options.rounds; number++) {
    const round = new Round()
    findings.rounds.push(round)
    const turn = rotated(peers, number)
    const each = async (
      topic: string,
      takesPart: (peer: PeerEntry) => boolean,
      measure: (name: string) => Promise<string>,
    ): Promise<void> => {
      for (const { name } of turn.filter(takesPart)) {
        await attempt(findings, number, `${topic} of ${name}`, say, async () => {
          const said = await measure(name)
          say(`round ${number + 1}/${options.rounds} ${topic} ${name}: ${said}`)
        })
      }
    }
    const isWatched = (peer: PeerEntry): boolean => peer.kind === 'watched'
    const isWhole = (peer: PeerEntry): boolean => peer.kind !== 'watched' && peer.kind !== 'variant'
    const isUsual = (peer: PeerEntry): boolean => isWhole(peer) && peer.name !== 'raw-4k'

    await each(
      'bulk',
      (peer) =>
        (wants('bulk') && !isWatched(peer)) ||
        (wants('observer') && (isWatched(peer) || peer.kind === 'ours')),
      async (name) => {
        const rate = await bulkRate(name, sizes.bulkMiB * MEBIBYTE)
        round.of(name).bulk = rate
        return `${rate.toFixed(0)} MB/s`
      },
    )
    await each(
      'rate',
      (peer) => wants('rate') && isUsual(peer),
      async (name) => {
        const rate = await requestRate(name, sizes.rateMs)
        round.of(name).rate = rate
        return `${rate.warm.sequentialPerSecond.toFixed(0)} and ${rate.warm.concurrentPerSecond.toFixed(0)} /s warm`
      },
    )
    await each(
      'latency',
      (peer) =>
        (wants('latency') && isUsual(peer)) ||
        (wants('observer') && (isWatched(peer) || peer.kind === 'ours')),
      async (name) => {
        const idle = await idleLatency(name, sizes.requests)
        const loaded = await loadedLatency(name, sizes.requests)
        Object.assign(round.of(name), { idle, loaded })
        return `p50 ${idle.p50Ms.toFixed(2)} -> ${loaded.p50Ms.toFixed(2)} ms`
      },
    )
    await each(
      'fairness',
      (peer) => wants('fairness') && isUsual(peer),
      async (name) => {
        const index = await fairness(name, sizes.fairMiB * MEBIBYTE)
        round.of(name).fairness = index
        return index.toFixed(3)
      },
    )
    if (wants('memory')) findings.emptyNodeMiB.push(await emptyNodeMiB())
    await each(
      'memory',
      (peer) => wants('memory') && isUsual(peer),
      async (name) => {
        const used = await memory(name, sizes.bulkMiB * MEBIBYTE)
        round.of(name).memory = used
        return `${used.clientMiB.toFixed(0)} and ${used.serverMiB.toFixed(0)} MiB`
      },
    )
    if (number === 0) {
      // the bytes of a protocol are the same every time
      await each(
        'wire',
        (peer) => wants('wire') && isWhole(peer),
        async (name) => {
          const wire = await wireBytes(name, sizes.wireMiB * MEBIBYTE)
          findings.wire.set(name, wire)
          return `${wire.upPerPayloadByte.toFixed(5)} per byte, ${wire.requestUpBytes.toFixed(1)} B`
        },
      )
    }
  }
}

const rotated = <T>(items: readonly T[], by: number): readonly T[] => {
  const at = by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}
