import { createHash, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ConsoleError } from '../../../shared/errors'
import { utf8 } from '../../../shared/bytes'
import { VirtualClock } from '../../../testing/virtual-clock'
import { connect, createEndpoint, listen } from '../../library'
import type { Link } from '../../link/link'
import type { Endpoint } from '../../netcore/endpoint/endpoint'
import { SystemClock } from '../../transport/system-clock'
import { IDLE_MS } from './file-words'
import { FileTransfers } from './file-transfers'
import { OpenTransfers } from './open-transfers'
import { FilePusher } from './push-file'
import { PushedFiles, type PushedFileOptions } from './pushed-files'
import type { ReceivedFile } from './receiving-file'
import { ServerFiles } from './server-files'

let outside: string
let [ours, theirs] = ['', '']
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'netcore-conduit-'))
  ;[ours, theirs] = [join(outside, 'ours'), join(outside, 'theirs')]
  await mkdir(ours)
  await mkdir(theirs)
})
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  await rm(outside, { recursive: true, force: true })
})

interface Joined {
  readonly pusher: FilePusher
  /** The server's link to its client. */
  readonly link: Link
  readonly client: Endpoint
  readonly received: ReceivedFile[]
  readonly failed: { name: string; error: ConsoleError }[]
}

/** A server that pushes and has a folder, and a client that takes into `theirs`. */
async function joined(options: Partial<PushedFileOptions> & { takes?: boolean } = {}): Promise<Joined> {
  const clock = new SystemClock()
  const pusher = new FilePusher(clock, randomUUID)
  const transfers = new FileTransfers({ dir: ours, clock })
  let came: (link: Link) => void = () => {}
  const peer = new Promise<Link>((resolve) => {
    came = resolve
  })
  const server = await listen('tcp-listen://127.0.0.1:0?dialect=netconduit', {
    endpoint: createEndpoint().register(pusher.blueprint).register(transfers.blueprint),
    onPeer: (link) => came(link),
  })
  const received: ReceivedFile[] = []
  const failed: { name: string; error: ConsoleError }[] = []
  const client = createEndpoint()
  const pushed = new PushedFiles(client, {
    dir: theirs,
    clock,
    onReceived: (file) => received.push(file),
    onFailed: (name, error) => failed.push({ name, error }),
    ...options,
  })
  if (options.takes !== false) client.register(pushed.blueprint)
  const own = await connect(server.peerUrl, { endpoint: client })
  const link = await peer
  await link.whenConnected()
  closing.push(async () => {
    await own.close()
    await server.close()
    await pushed.close()
    await transfers.close()
  })
  return { pusher, link, client, received, failed }
}

const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 0xff)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function fileOf(content: Uint8Array, name = 'fw.bin'): Promise<string> {
  const path = join(ours, name)
  await writeFile(path, content)
  return path
}

/** The words of a server that does as it likes. */
function say(link: Link, type: string, words: Record<string, unknown>): void {
  link.send({ route: `msg:file_${type}`, kind: 'event', body: utf8(JSON.stringify(words)) })
}

describe('a file that is pushed to a client', () => {
  test('comes whole, tells how far it is at both ends, and a second one of its name replaces nothing', async () => {
    const there: number[] = []
    const here: number[] = []
    const { pusher, link, received } = await joined({ onProgress: (_name, done) => there.push(done) })
    const content = pattern(200_000)
    const path = await fileOf(content)
    for (const name of ['fw.bin', 'fw (2).bin']) {
      await pusher.push(link, path, { onProgress: (done) => here.push(done) })
      await expect.poll(() => received.at(-1)?.filename).toBe(name)
    }
    expect(received.map((file) => file.sha256)).toEqual([sha256(content), sha256(content)])
    expect(sha256(await readFile(join(theirs, 'fw (2).bin')))).toBe(sha256(content))
    const steps = [65_536, 131_072, 196_608, 200_000]
    expect(here).toEqual([...steps, ...steps])
    expect(there).toEqual([...steps, ...steps])
  })

  test('and is empty has no pieces, and comes too', async () => {
    const { pusher, link, received } = await joined()
    await pusher.push(link, await fileOf(new Uint8Array(0), 'empty'))
    await expect
      .poll(() => received)
      .toEqual([{ filename: 'empty', size: 0, sha256: sha256(new Uint8Array(0)) }])
  })

  test('and is stopped on the way leaves nothing that has a name, and nothing at all after the end', async () => {
    const { pusher, link } = await joined()
    const stop = new AbortController()
    const path = await fileOf(pattern(400_000))
    const pushing = pusher.push(link, path, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })
    await expect(pushing).rejects.toThrow('enough')
    expect((await readdir(theirs)).filter((name) => !name.startsWith('.'))).toEqual([])
    for (const close of closing.splice(0)) await close()
    expect(await readdir(theirs)).toEqual([])
  })

  test('and is larger than the client takes is not sent at all', async () => {
    const { pusher, link, failed } = await joined({ mostBytes: 1000 })
    const done: number[] = []
    const pushing = pusher.push(link, await fileOf(pattern(1001)), {
      onProgress: (bytes) => done.push(bytes),
    })
    await expect(pushing).rejects.toMatchObject({ code: 'FILE_TRANSFER_FAILED', message: /1000 bytes/ })
    expect([done, failed.map(({ name }) => name)]).toEqual([[], ['fw.bin']])
    await pusher.push(link, await fileOf(pattern(1000)))
  })

  test('and has nobody who takes it fails as soon as the client is gone', async () => {
    const { pusher, link } = await joined({ takes: false })
    const path = await fileOf(pattern(10))
    const left = new Promise<void>((resolve) => {
      link.observe(({ type }) => type === 'message-closed' && resolve())
    })
    const refused = expect(pusher.push(link, path)).rejects.toMatchObject({ code: 'FILE_TRANSFER_FAILED' })
    await left
    await link.close()
    await refused
  })
})

describe('a server that means no good', () => {
  const content = pattern(100)
  const claim = { filename: 'a', size: 100, checksum: sha256(content), total_chunks: 1 }
  const data_b64 = Buffer.from(content).toString('base64')

  test('writes nothing outside the folder, and nothing under a name that is none', async () => {
    const { link, received, failed } = await joined()
    const names = ['../../a', '..\\b', '/tmp/c', '..', '.hidden', 'x.part', '', 7]
    for (const [at, filename] of names.entries()) {
      const transfer_id = `t${at}`
      say(link, 'incoming', { ...claim, filename, transfer_id })
      say(link, 'chunk', { transfer_id, chunk_index: 0, data_b64 })
      say(link, 'complete', { transfer_id, checksum: claim.checksum })
    }
    await expect.poll(() => failed.length + received.length).toBe(names.length)
    expect((await readdir(theirs)).toSorted()).toEqual(['a', 'b', 'c'])
    expect((await readdir(outside)).toSorted()).toEqual(['ours', 'theirs'])
    expect(failed).toHaveLength(5)
  })

  test.each([
    ['another order', { chunk_index: 1, data_b64 }],
    ['more than announced', { chunk_index: 0, data_b64: Buffer.alloc(101).toString('base64') }],
    ['no bytes', { chunk_index: 0, data_b64: 7 }],
    ['other bytes', { chunk_index: 0, data_b64: Buffer.alloc(100).toString('base64') }],
    ['too few bytes', { chunk_index: 0, data_b64: '' }],
  ])('and sends %s leaves nothing behind', async (_what, chunk) => {
    const { link, received, failed } = await joined()
    say(link, 'incoming', { ...claim, transfer_id: 't' })
    say(link, 'chunk', { transfer_id: 't', ...chunk })
    say(link, 'complete', { transfer_id: 't', checksum: claim.checksum })
    await expect.poll(() => failed.length).toBe(1)
    expect(received).toEqual([])
    await expect.poll(() => readdir(theirs)).toEqual([])
  })

  test('and begins without end has the oldest of them ended, and what it left', async () => {
    const { link, failed } = await joined({ mostTransfers: 2 })
    for (let at = 0; at < 5; at++) say(link, 'incoming', { ...claim, transfer_id: `t${at}` })
    await expect.poll(() => failed.length).toBe(3)
    await expect.poll(async () => (await readdir(theirs)).length).toBe(2)
    say(link, 'incoming', { ...claim, transfer_id: 't4' })
    await expect.poll(() => failed.length).toBe(4) // its id is in use
    expect(await readdir(theirs)).toHaveLength(2)
  })

  test('and falls silent has the transfer ended after a while', async () => {
    const clock = new VirtualClock()
    const dropped: string[] = []
    const open = new OpenTransfers(clock, 8, (id) => dropped.push(id))
    const transfer = { drop: async () => {} }
    await open.begin('a', transfer)
    await open.begin('b', transfer)
    clock.advanceTo(IDLE_MS - 1)
    expect(open.find('a')).toBe(transfer)
    clock.advanceTo(IDLE_MS)
    await expect.poll(() => dropped).toEqual(['b'])
    clock.advanceTo(2 * IDLE_MS - 1)
    await expect.poll(() => dropped).toEqual(['b', 'a'])
  })
})

describe('the files of a server', () => {
  test('are listed, gotten and put by calls, with how far they are', async () => {
    const { client } = await joined()
    const files = new ServerFiles(client, new SystemClock())
    const content = pattern(150_000)
    await fileOf(content)
    expect(await files.list()).toEqual([{ name: 'fw.bin', size: 150_000 }])
    const steps: number[] = []
    const got = await files.get('fw.bin', theirs, { onProgress: (done) => steps.push(done) })
    expect(got).toEqual({ filename: 'fw.bin', size: 150_000, sha256: sha256(content) })
    const put = await files.put(join(theirs, 'fw.bin'), { onProgress: (done) => steps.push(done) })
    expect(put).toEqual({ filename: 'fw (2).bin', size: 150_000, sha256: sha256(content) })
    expect(steps).toEqual([65_536, 131_072, 150_000, 65_536, 131_072, 150_000])
    expect(sha256(await readFile(join(ours, 'fw (2).bin')))).toBe(sha256(content))
  })

  test('that are missing, too large or stopped leave nothing', async () => {
    const { client } = await joined()
    const files = new ServerFiles(client, new SystemClock())
    await fileOf(pattern(150_000))
    await expect(files.get('nothing', theirs)).rejects.toMatchObject({ code: 'FILE_TRANSFER_FAILED' })
    await expect(files.get('..', theirs)).rejects.toMatchObject({ code: 'REQUEST_BODY_INVALID' })
    await expect(files.get('fw.bin', theirs, { mostBytes: 149_999 })).rejects.toMatchObject({
      code: 'REQUEST_BODY_INVALID',
    })
    await expect(files.put(join(ours, 'none'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    const stop = new AbortController()
    const getting = files.get('fw.bin', theirs, { signal: stop.signal, onProgress: () => stop.abort() })
    await expect(getting).rejects.toMatchObject({ code: 'REQUEST_CANCELLED' })
    expect(await readdir(theirs)).toEqual([])
  })
})
