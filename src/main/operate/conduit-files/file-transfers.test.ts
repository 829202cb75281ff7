import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/bytes'
import { connect, createEndpoint, listen } from '../../library'
import { SystemClock } from '../../transport/system-clock'
import { FileFolder } from './file-folder'
import { FileTransfers } from './file-transfers'

let outside: string
let dir: string
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'netcore-conduit-'))
  dir = join(outside, 'shared')
  await mkdir(dir)
})
afterEach(() => rm(outside, { recursive: true, force: true }))

/** A server that has one folder, and what it answers to a call. */
async function serving(options: { mostBytes?: number; mostTransfers?: number } = {}) {
  const transfers = new FileTransfers({ dir, clock: new SystemClock(), ...options })
  const server = await listen('tcp-listen://127.0.0.1:0?dialect=netconduit', {
    endpoint: createEndpoint().register(transfers.blueprint),
  })
  const endpoint = createEndpoint()
  const link = await connect(server.peerUrl, { endpoint })
  closing.push(async () => {
    await link.close()
    await server.close()
    await transfers.close()
  })
  const call = async (method: string, params: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { body } = await endpoint.send(`rpc:file_${method}`, params).catch(toldOf)
    return JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>
  }
  return { call }
}

/** What a refused call says, as its caller sees it. */
const toldOf = (error: { readonly details?: unknown }): { body: Uint8Array } => ({
  body: utf8(JSON.stringify({ refused: error.details })),
})

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const content = utf8('The quick brown fox jumps over the lazy dog\n')
const checksum = createHash('sha256').update(content).digest('hex')
const base64 = Buffer.from(content).toString('base64')

describe('a name from the line', () => {
  test.each([
    ['fw.bin', 'fw.bin'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['/absolute/path.txt', 'path.txt'],
    ['größe 😀.txt', 'größe 😀.txt'],
    ['..', undefined],
    ['.', undefined],
    ['', undefined],
    ['folder/', undefined],
    ['.hidden', undefined],
    ['a\u0000b', undefined],
    ['c:stream', undefined],
    ['x.part', undefined],
    ['x'.repeat(201), undefined],
    [7, undefined],
  ])('%j is %j', (given, name) => {
    expect(new FileFolder(dir).safeName(given)).toBe(name)
  })
})

describe('an upload', () => {
  test('that is whole gets its name, a second one another, and neither leads out of the folder', async () => {
    const { call } = await serving()
    for (const name of ['fox.txt', 'fox (2).txt']) {
      const start = await call('upload_start', { filename: '../../fox.txt', size: content.length, checksum })
      await call('upload_chunk', { transfer_id: start['transfer_id'], chunk_index: 0, data_b64: base64 })
      const done = await call('upload_complete', { transfer_id: start['transfer_id'] })
      expect(done).toMatchObject({ success: true, filename: name, path: name, size: content.length })
      expect(await readFile(join(dir, name), 'utf8')).toBe(new TextDecoder().decode(content))
    }
    expect(await readdir(dir)).toEqual(['fox (2).txt', 'fox.txt'])
    expect(await readdir(outside)).toEqual(['shared'])
  })

  test('with another checksum, or in another order, leaves nothing behind', async () => {
    const { call } = await serving()
    const wrong = await call('upload_start', {
      filename: 'a',
      size: content.length,
      checksum: '0'.repeat(64),
    })
    await call('upload_chunk', { transfer_id: wrong['transfer_id'], chunk_index: 0, data_b64: base64 })
    const told = await call('upload_complete', { transfer_id: wrong['transfer_id'] })
    expect(told).toEqual({ error: 'Checksum mismatch', expected: '0'.repeat(64), got: checksum })
    const skips = await call('upload_start', { filename: 'b', size: content.length, checksum })
    const refused = await call('upload_chunk', {
      transfer_id: skips['transfer_id'],
      chunk_index: 1,
      data_b64: base64,
    })
    expect(refused).toHaveProperty('refused')
    const gone = await call('upload_complete', { transfer_id: skips['transfer_id'] })
    expect(gone).toEqual({ error: 'Transfer not found' })
    expect(await readdir(dir)).toEqual([])
  })

  test('of more bytes than announced, or than are allowed, is refused', async () => {
    const { call } = await serving({ mostBytes: 100 })
    expect(await call('upload_start', { filename: 'a', size: 101, checksum })).toHaveProperty('refused')
    const small = await call('upload_start', { filename: 'a', size: 10, checksum })
    const more = await call('upload_chunk', {
      transfer_id: small['transfer_id'],
      chunk_index: 0,
      data_b64: base64,
    })
    expect(more).toHaveProperty('refused')
    expect(await readdir(dir)).toEqual([])
  })

  test('too many at a time end the oldest, and what it left', async () => {
    const { call } = await serving({ mostTransfers: 2 })
    const starts = []
    for (const filename of ['a', 'b', 'c'])
      starts.push(await call('upload_start', { filename, size: 1, checksum }))
    expect(await readdir(dir)).toHaveLength(2)
    const ended = await call('upload_complete', { transfer_id: starts[0]!['transfer_id'] })
    expect(ended).toEqual({ error: 'Transfer not found' })
  })
})

describe('a download', () => {
  test('gives plain files of the folder, and neither links nor what lies outside', async () => {
    const { call } = await serving()
    await writeFile(join(outside, 'secret.txt'), 'secret')
    await writeFile(join(dir, 'fox.txt'), content)
    await symlink(join(outside, 'secret.txt'), join(dir, 'link.txt'))
    expect(await call('list', {})).toEqual({ files: [{ name: 'fox.txt', size: content.length }] })
    for (const filename of ['link.txt', '../secret.txt', 'missing', '', '.']) {
      expect(await call('download_start', { filename })).toEqual({ error: 'File not found' })
    }
    const start = await call('download_start', { filename: 'fox.txt' })
    expect(start).toMatchObject({ size: content.length, total_chunks: 1 })
    const chunk = await call('download_chunk', { transfer_id: start['transfer_id'], chunk_index: 0 })
    expect(chunk).toEqual({ chunk_index: 0, data_b64: base64, size: content.length })
  })
})
