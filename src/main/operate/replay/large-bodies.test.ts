import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { KeptTrace, linksWithPeer, writeRecording } from '../../../testing/replay-bench'
import { FileStore, type FileStoreOptions } from '../../link/bodies/file-store'
import type { BodySource } from '../../netcore/pipe/message-body'
import { loadScript } from './load-script'
import type { ReplayProgress } from './replay-run'
import { digestOf, type ReplayScript } from './replay-script'
import { RunDigest } from './run-digest'
import { startReplay } from './start-replay'

const MIB = 1024 * 1024
const SMALL_THRESHOLD = 256 * 1024

let folder: string
let stores: FileStore[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'large-bodies-'))
  stores = []
})
afterEach(() => {
  for (const store of stores) store.close()
  rmSync(folder, { recursive: true })
})

function storeWith(options: FileStoreOptions): FileStore {
  const store = new FileStore({ parentDir: folder, ...options })
  stores.push(store)
  return store
}

/** Bytes that say where they stand, so that a block in the wrong place is seen. */
function pattern(bytes: number): Uint8Array {
  const words = new Uint32Array(bytes / 4)
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at + 7919, 0x9e37_79b1)
  return new Uint8Array(words.buffer)
}

/** The same with one other byte, near the end: its beginning alone does not tell it apart. */
function oneOther(body: Uint8Array): Uint8Array {
  const other = body.slice()
  other[other.length - 1000]! ^= 1
  return other
}

/** All are echoed. Of those that are large the trace has the first 64 KiB. */
async function record(dialect: string, bodies: readonly Uint8Array[], store: FileStore): Promise<string> {
  const { runLinks, peerLinks } = linksWithPeer(3, store)
  const listener = peerLinks.openLink(`tcp-listen://memory:1?dialect=${dialect}&chunk=32768`).listener!
  await listener.open()
  const kept = new KeptTrace()
  runLinks.observe(kept.observe)
  const link = runLinks.openLink(`tcp://memory:1?dialect=${dialect}&chunk=32768`).link!
  await link.whenConnected()
  for (const body of bodies) {
    const answer = await link.request({ route: 'echo', body: new Outside(body) }).answer
    answer.stored?.release()
  }
  // where messages are confirmed, the last confirmation may come behind the answer
  const left = () =>
    kept.events.filter(
      ({ type, ...event }) => type === 'message-closed' && 'dir' in event && event.dir === 'out',
    )
  await expect.poll(() => left().length).toBe(bodies.length)
  await Promise.all([runLinks.closeAll(), peerLinks.closeAll()])
  const path = join(folder, 'large.mcap')
  await writeRecording(path, kept, link.address.text)
  return path
}

/** What is sent from a file is recorded with its beginning only. */
class Outside implements BodySource {
  readonly byteLength: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.byteLength = bytes.length
    this.#bytes = bytes
  }

  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length)
  }
}

/** Plays what the host said to a peer, on a link that was there before: the hash is that of the messages. */
async function play(script: ReplayScript, dialect: string, store: FileStore): Promise<ReplayProgress> {
  const { runLinks, peerLinks } = linksWithPeer(5, store)
  const listener = peerLinks.openLink(`tcp-listen://memory:1?dialect=${dialect}&chunk=32768`).listener!
  await listener.open()
  const { link, linkId } = runLinks.openLink(`tcp://memory:1?dialect=${dialect}&chunk=32768`)
  await link!.whenConnected()
  const { run, closed } = startReplay({
    links: runLinks,
    script,
    target: { kind: 'link', linkId },
    policy: 'reply',
    speed: null,
    seed: 1,
    stopAtDifference: false,
    timeoutMs: 5000,
    onChange: () => undefined,
  })
  await closed
  await Promise.all([runLinks.closeAll(), peerLinks.closeAll()])
  return run.progress
}

/** The hash of a run that sends these, each from memory. */
function hashOf(script: ReplayScript, bodies: readonly Uint8Array[]): string {
  const digest = new RunDigest({ ofBytes: false, hasTimes: false })
  for (const { message } of script.own) digest.sent({ ...message, body: bodies[message.place]! }, 0)
  return digest.end().hash
}

describe.each([
  { dialect: 'lso', size: 12 * MIB },
  { dialect: 'native', size: 12 * MIB },
  { dialect: 'native', size: MIB },
  { dialect: 'socketd', size: MIB },
])('bodies of $size bytes over $dialect', ({ dialect, size }) => {
  test('are read again from the bytes of the recording, sent from files, and count whole in the hash', async () => {
    const store = storeWith(size === MIB ? { thresholdBytes: SMALL_THRESHOLD } : {})
    const large = pattern(size)
    const bodies = size === MIB ? [large, utf8('between'), oneOther(large)] : [large, utf8('behind')]
    const largeCount = bodies.length - 1
    const script = await loadScript(await record(dialect, bodies, store), 'host', null, { store })
    expect(script.skipped).toBe(0)
    const digests = bodies.map(digestOf)
    expect(script.steps.map(({ message }) => digestOf(message.body))).toEqual(digests)
    expect(script.steps.map(({ answers }) => answers[0]?.digest)).toEqual(digests)
    expect(store.counts).toMatchObject({ files: largeCount, fileBytes: largeCount * size, heldBytes: 0 })

    // the answers are those of the recording to the last byte: so was what the peer was sent
    const progress = await play(script, dialect, store)
    const total = bodies.length
    expect(progress).toMatchObject({ phase: 'done', sent: total, total, matched: total, differences: 0 })
    expect(progress.hash).toBe(hashOf(script, bodies))
    expect(progress.hash).not.toBe(hashOf(script, [oneOther(large), ...bodies.slice(1)]))

    script.release()
    expect(store.counts).toMatchObject({ files: 0, heldBytes: 0 })
  }, 20_000)
})

test('another byte in the midst of a large answer is a difference', async () => {
  const store = storeWith({ thresholdBytes: SMALL_THRESHOLD })
  const large = pattern(MIB)
  const script = await loadScript(await record('lso', [large], store), 'host', null, { store })
  const [step] = script.steps
  const changed = { ...step!, message: { ...step!.message, body: oneOther(large) } }
  const progress = await play({ ...script, steps: [changed], own: [changed] }, 'lso', store)
  expect(progress.told).toMatchObject([
    { kind: 'changed', detail: 'answer: another body of the same length' },
  ])
})

test('without a place for them they are left out, and counted', async () => {
  const store = storeWith({ thresholdBytes: SMALL_THRESHOLD })
  const path = await record('lso', [pattern(MIB), utf8('small')], store)
  const script = await loadScript(path, 'host', null)
  expect(script).toMatchObject({ skipped: 1, own: [{ message: { body: utf8('small') } }] })
})

test('one that does not fit on the disk is left out alone', async () => {
  const large = pattern(MIB)
  const path = await record('lso', [large, large], storeWith({ thresholdBytes: SMALL_THRESHOLD }))
  const small = storeWith({ thresholdBytes: SMALL_THRESHOLD, diskBytes: 1.5 * MIB })
  const script = await loadScript(path, 'host', null, { store: small })
  expect([script.skipped, script.own.length]).toEqual([1, 1])
  script.release()
  expect(small.counts).toMatchObject({ files: 0, heldBytes: 0 })
})
