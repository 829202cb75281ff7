import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CliRun, type Line } from '../../testing/cli-run'

const MIB = 1024 * 1024
/** Above what stays in memory. */
const image = Buffer.alloc(20 * MIB + 3)
for (let at = 0; at < image.length; at++) image[at] = (at * 31 + (at >> 11)) & 255
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

let folder: string
let file: string
let server: CliRun
let url: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'large-bodies-'))
  file = join(folder, 'image.bin')
  await writeFile(file, image)
  server = new CliRun(['listen', 'tcp-listen://127.0.0.1:0', '--jsonl'])
  url = (await server.url()).replace('tcp-listen', 'tcp')
})
afterAll(async () => {
  await server.interrupt()
  await rm(folder, { recursive: true })
})

async function send(...args: string[]): Promise<{ code: number; lines: Line[]; cli: CliRun }> {
  const cli = new CliRun(['send', url, ...args])
  const code = await cli.exit
  return { code, lines: args.includes('--jsonl') ? cli.lines : [], cli }
}

const leftBehind = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter(
    (name) => name.startsWith('netcore-bodies-') && name.includes(`-${process.pid}-`),
  )

describe('a file larger than what stays in memory', () => {
  test('is uploaded, and its checksum answered; the endpoint tells its length and shows its beginning', async () => {
    const { code, lines } = await send('/device/firmware', '--file', file, '--jsonl')
    expect([code, lines[0]]).toMatchObject([
      0,
      { ok: true, body: { json: { bytes: image.length, crc32: crc32(image) } } },
    ])
    const message = await server.line(
      ({ event, route, dir }) => [event, route, dir].join() === 'message,/device/firmware,in',
    )
    expect(message).toMatchObject({ bytes: image.length, body: { truncated: true, shownBytes: 65_536 } })
    expect(message).not.toHaveProperty('sha256')
  })

  test('comes back into a file, to standard output, and as a line with its checksum', async () => {
    const out = join(folder, 'back.bin')
    expect((await send('echo', '--file', file, '--out', out)).code).toBe(0)
    expect(sha256(await readFile(out))).toBe(sha256(image))
    const { cli } = await send('echo', '--file', file)
    expect(sha256(cli.stdout)).toBe(sha256(image))
    const { lines } = await send('echo', '--file', file, '--jsonl')
    expect(lines).toMatchObject([
      { event: 'answer', ok: true, bytes: image.length, sha256: sha256(image), body: { truncated: true } },
    ])
  })

  test('can be sent several times at once', async () => {
    const { code, lines } = await send(
      ...['/device/firmware', '--file', file, '--jsonl', '--repeat', '4', '--concurrency', '4'],
    )
    expect([code, lines.at(-1)]).toMatchObject([0, { sent: 4, answered: 4, failed: 0 }])
    for (const line of lines.slice(0, 4))
      expect(line['body']).toEqual({ json: { bytes: image.length, crc32: crc32(image) } })
  })

  test('leaves nothing behind in the folder for temporary files once it was answered', async () => {
    await send('/device/firmware', '--file', file)
    const folders = await leftBehind()
    const files = await Promise.all(folders.map((name) => readdir(join(tmpdir(), name))))
    expect([folders.length, files.flat()]).toEqual([1, []]) // that of the endpoint, which still runs
  })
})

describe('--out', () => {
  test('replaces a file by each answer, and not by an error', async () => {
    const out = join(folder, 'answer.txt')
    await send('echo', '--text', 'first', '--out', out)
    expect(await readFile(out, 'utf8')).toBe('first')
    expect((await send('fail', '--out', out)).code).toBe(5)
    expect(await readFile(out, 'utf8')).toBe('first')
    await send('count', '--json', '{"n":3}', '--out', out)
    expect(JSON.parse(await readFile(out, 'utf8'))).toEqual({ i: 3, n: 3 })
    expect((await stat(out)).mode & 0o600).toBe(0o600)
  })

  test('that can not be written is told before anything is sent', async () => {
    const before = server.lines.length
    const { code, cli } = await send('echo', '--text', 'x', '--out', join(folder, 'missing', 'answer.txt'))
    expect([code, cli.stderr]).toEqual([2, expect.stringContaining('FILE_UNWRITABLE')])
    const { code: taken } = await send('echo', '--text', 'x', '--out', folder)
    expect(taken).toBe(2)
    expect(
      server.lines.slice(before).filter(({ event, route }) => event === 'message' && route === 'missing'),
    ).toEqual([])
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

describe('--file', () => {
  test('takes what has no length of its own, to its end', async () => {
    const fifo = join(folder, 'fifo')
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0)
    const feeding = pipeline(createReadStream(file, { end: 99_999 }), createWriteStream(fifo))
    const { lines } = await send('/device/firmware', '--file', fifo, '--jsonl')
    await feeding
    expect(lines[0]).toMatchObject({
      body: { json: { bytes: 100_000, crc32: crc32(image.subarray(0, 100_000)) } },
    })
  })

  test('names what can not be read', async () => {
    const { code, cli } = await send('echo', '--file', folder)
    expect([code, cli.stderr]).toEqual([2, expect.stringContaining('FILE_UNREADABLE')])
  })
})
