import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hasCode } from '../../shared/errors'
import type { TraceEvent } from '../../shared/model/trace'
import { encodeMissionHead } from '../netcore/dialects/lso/encoder'
import { DEFAULT_LIMITS, LARGEST_MESSAGE_BYTES } from '../netcore/pipe/limits'
import { bodyBlocks, type MessageStore } from '../netcore/pipe/message-body'
import { transportFor } from '../simulator/transport-for'
import { seededRandom } from '../transport/seeded-random'
import { SystemClock } from '../transport/system-clock'
import { FailingDisk } from '../../testing/failing-disk'
import { fileBody } from './bodies/file-body'
import { FileStore } from './bodies/file-store'
import type { Link } from './link'
import { Links } from './links'

const MIB = 1024 * 1024

let folder: string
let opened: Links[]
let stores: FileStore[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'large-messages-'))
  opened = []
  stores = []
})
afterEach(async () => {
  for (const links of opened) await links.closeAll()
  for (const store of stores) store.close()
  rmSync(folder, { recursive: true })
})

function storeWith(options: ConstructorParameters<typeof FileStore>[0] = {}): FileStore {
  const store = new FileStore({ parentDir: folder, thresholdBytes: MIB, ...options })
  stores.push(store)
  return store
}

function linksWith(
  store: MessageStore | undefined,
  onLink: (link: Link) => void,
  trace: TraceEvent[] = [],
): Links {
  const clock = new SystemClock()
  const links = new Links({
    clock,
    random: seededRandom(opened.length + 5), // two sides with the same one would take each other for an echo
    transportFor: (address) => transportFor(address, clock),
    reconnect: { isOn: false },
    onTrace: (event) => {
      if (event.type !== 'bytes') trace.push(event) // a trace of the bytes would keep them all
    },
    onLink,
    ...(store && { store }),
  })
  opened.push(links)
  return links
}

/** A caller and an endpoint over TCP; whoever is asked answers with the checksum, or with what came. */
async function pair(store: FileStore, dialect: string): Promise<{ near: Link; trace: TraceEvent[] }> {
  const trace: TraceEvent[] = []
  const server = linksWith(
    store,
    ({ stack }) => {
      stack.route('digest', ({ body, stored }) => {
        const hash = createHash('sha256')
        for (const block of bodyBlocks(stored ?? body)) hash.update(block)
        return { body: hash.digest() }
      })
      stack.route('echo', ({ body, stored }) => ({ body: stored ?? body }))
    },
    trace,
  )
  const handle = server.openLink(`tcp-listen://127.0.0.1:0?chunk=32768&dialect=${dialect}`)
  await handle.listener!.open()
  const client = linksWith(store, () => undefined, trace)
  const near = client.openLink(handle.address.text.replace('tcp-listen', 'tcp')).link!
  await near.whenConnected()
  return { near, trace }
}

/** Made piece by piece: its memory must not be part of what is measured. */
function randomFile(bytes: number): { path: string; digest: string } {
  const path = join(folder, 'body.bin')
  const hash = createHash('sha256')
  writeFileSync(path, '')
  for (let at = 0; at < bytes; at += MIB) {
    const piece = randomBytes(Math.min(MIB, bytes - at))
    hash.update(piece)
    appendFileSync(path, piece)
  }
  return { path, digest: hash.digest('hex') }
}

const filesInStore = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('netcore-bodies-'))
    .flatMap((name) => readdirSync(join(folder, name)))

describe.each(['lso', 'native'])('a message of dialect %s larger than what stays in memory', (dialect) => {
  test('of 64 MiB goes out of a file, into a file and back with less than 24 MiB of memory', {
    timeout: 60_000,
  }, async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const usedBytes = (): number => {
      collect()
      collect() // what the first one found is given back in the background
      const { heapUsed, external } = process.memoryUsage() // array buffers are part of `external`
      return heapUsed + external
    }
    const { path, digest } = randomFile(64 * MIB)
    const store = storeWith()
    const { near, trace } = await pair(store, dialect)
    const before = usedBytes()
    let most = 0
    let framesUntilLook = 0
    const { push } = trace
    trace.push = (...events) => {
      // What was traced would be held by this test alone.
      if (events[0]?.type !== 'frame' && events[0]?.type !== 'queue') return push.apply(trace, events)
      if (--framesUntilLook <= 0) {
        framesUntilLook = 2500
        most = Math.max(most, usedBytes() - before)
      }
      return 0
    }
    const body = fileBody(path)
    const { answer } = near.request({ route: 'echo', body })
    const { bodyBytes, stored } = await answer
    const hash = createHash('sha256')
    for (const block of bodyBlocks(stored!)) hash.update(block)
    expect([bodyBytes, hash.digest('hex')]).toEqual([64 * MIB, digest])
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(24 * MIB)
    stored!.release()
    body.release()
    // Where the peer acknowledges, the endpoint holds its answer until then.
    while (store.counts.files > 0) await new Promise((resolve) => setImmediate(resolve))
    expect(filesInStore()).toEqual([])
    expect(store.counts).toMatchObject({ stored: 2, storedBytes: 128 * MIB, files: 0, heldBytes: 0 })
  })

  test('does not hold up a small one that comes after it', async () => {
    const { path, digest } = randomFile(16 * MIB)
    const { near } = await pair(storeWith(), dialect)
    const body = fileBody(path)
    const order: string[] = []
    const large = near.request({ route: 'digest', body, priority: 6 }).answer.then((answer) => {
      order.push('large')
      return answer
    })
    const small = near.request({ route: 'digest', body: new Uint8Array(100), priority: 1 }).answer
    await small.then(() => order.push('small'))
    expect(Buffer.from((await large).body).toString('hex')).toBe(digest)
    expect(order).toEqual(['small', 'large'])
    body.release()
  })

  test('fails alone when the disk of the receiver fails; the link goes on', async () => {
    const { path, digest } = randomFile(4 * MIB)
    const disk = new FailingDisk(4)
    const store = storeWith({ disk })
    const { near, trace } = await pair(store, dialect)
    const body = fileBody(path)
    await expect(near.request({ route: 'digest', body }).answer).rejects.toMatchObject({
      code: 'REQUEST_CANCELLED',
    })
    expect(trace.filter((event) => event.type === 'fault' && event.dir === 'in')).toMatchObject([
      { code: 'BODY_NOT_STORED', detail: expect.stringContaining('the disk is full') as string },
    ])
    expect([filesInStore(), store.counts.fileBytes]).toEqual([[], 0])
    const again = await near.request({ route: 'digest', body }).answer
    expect(Buffer.from(again.body).toString('hex')).toBe(digest)
    body.release()
  })

  test('fails alone when its file changes while it is sent', async () => {
    const { path } = randomFile(8 * MIB)
    const { near, trace } = await pair(storeWith(), dialect)
    const body = fileBody(path)
    const { answer } = near.request({ route: 'digest', body })
    writeFileSync(path, 'replaced')
    await expect(answer).rejects.toMatchObject({ code: 'BODY_UNREADABLE' })
    expect((await near.request({ route: 'echo', body: new Uint8Array(3) }).answer).bodyBytes).toBe(3)
    const closed = trace.filter((event) => event.type === 'message-closed')
    const whole = closed.filter(({ dir, outcome }) => dir === 'in' && outcome === 'complete')
    expect(closed).toContainEqual(
      expect.objectContaining({ dir: 'out', outcome: 'failed', code: 'BODY_UNREADABLE' }),
    )
    expect(whole.every(({ bodyBytes }) => bodyBytes === 3)).toBe(true)
    body.release()
  })
})

describe('the largest message', () => {
  /** What the link says when a peer announces so many bytes and sends none. */
  async function announced(store: FileStore | undefined, bytes: number): Promise<string | undefined> {
    const trace: TraceEvent[] = []
    const server = linksWith(store, () => undefined, trace)
    const handle = server.openLink('tcp-listen://127.0.0.1:0')
    await handle.listener!.open()
    const address = handle.address
    const socket = connect({ host: '127.0.0.1', port: 'port' in address ? address.port : 0 })
    for (const part of encodeMissionHead('abcdef', bytes, { route: 'r' }).parts) socket.write(part)
    while (!trace.some(({ type }) => type === 'frame')) await new Promise((resolve) => setImmediate(resolve))
    const fault = trace.find((event) => event.type === 'fault')
    socket.destroy()
    return fault?.type === 'fault' ? fault.code : undefined
  }

  test.each([
    ['with a store, 2 GiB', true, LARGEST_MESSAGE_BYTES, 2 ** 31],
    ['without one, 256 MiB', false, DEFAULT_LIMITS.messageBytes, 2 ** 28],
  ])('may be %s, announced or sent, and one byte more is refused', async (_, hasStore, limit, bytes) => {
    expect(limit).toBe(bytes)
    const store = hasStore ? storeWith() : undefined
    expect(await announced(store, limit)).toBeUndefined()
    expect(await announced(store, limit + 1)).toBe('MESSAGE_TOO_LARGE')

    const links = linksWith(store, () => undefined)
    const handle = links.openLink('tcp-listen://127.0.0.1:0')
    await handle.listener!.open()
    const near = linksWith(store, () => undefined).openLink(handle.address.text.replace('tcp-listen', 'tcp'))
      .link!
    await near.whenConnected()
    const body = (byteLength: number) => ({
      byteLength,
      read: (_: number, length: number) => new Uint8Array(length),
    })
    const { messageKey } = near.send({ route: 'r', kind: 'event', body: body(limit) })
    expect(near.cancel(messageKey)).toBe(true)
    try {
      near.send({ route: 'r', kind: 'event', body: body(limit + 1) })
      expect.unreachable('it was taken')
    } catch (error) {
      expect(hasCode(error, 'MESSAGE_TOO_LARGE')).toBe(true)
    }
  })
})
