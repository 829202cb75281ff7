import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CliRun } from '../../testing/cli-run'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-recording-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(...argv: string[]): Promise<{ code: number; text: string; error: string }> {
  const cli = new CliRun(argv)
  const code = await cli.exit
  return { code, text: cli.stdout.toString(), error: cli.stderr }
}

/** Records the simulator until so many entries were acknowledged; gives the numbers of all. */
async function recordAtLeast(count: number, path: string): Promise<number[]> {
  const recording = new CliRun(['record', 'sim:demo?baud=921600', '-o', path, '--ack'])
  const acknowledged = (): number[] => numbers(recording.stdout.toString(), 'ACK')
  await vi.waitFor(() => {
    expect(acknowledged().length).toBeGreaterThan(count)
  }, 15_000)
  expect(await recording.interrupt()).toBe(0)
  return acknowledged()
}

const parse = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>

const numbers = (text: string, word: string): number[] =>
  [...text.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, number]) => Number(number))

describe('record, verify and recover', () => {
  test('what was acknowledged is what is found, and the file is private, whole and in order', async () => {
    const path = join(folder, 'whole.mcap')
    const acknowledged = await recordAtLeast(15, path)
    const listed = await run('verify', path, '--list')
    expect(listed.code).toBe(0)
    expect(numbers(listed.text, 'GOT')).toEqual(acknowledged)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['whole.mcap'])
  })

  test('a duration beyond what a timer of Node holds is no end at once', async () => {
    const path = join(folder, 'long.mcap')
    const month = String(30 * 24 * 3_600_000)
    const recording = new CliRun(['record', 'sim:demo?baud=921600', '-o', path, '--ack', '--duration', month])
    const acknowledged = (): number => numbers(recording.stdout.toString(), 'ACK').length
    await expect.poll(acknowledged, { timeout: 15_000 }).toBeGreaterThan(15)
    expect(await recording.interrupt()).toBe(0)
    await rm(path)
  })

  test('a damaged file is told with its places and exit code 6, and recovered without them', async () => {
    const path = join(folder, 'damaged.mcap')
    await recordAtLeast(60, path)
    const bytes = await readFile(path)
    const before = await run('verify', path, '--jsonl')
    const middle = Math.floor(bytes.length / 3)
    bytes[middle] = bytes[middle]! ^ 0xff
    const part = `${path}.part`
    await writeFile(part, bytes.subarray(0, bytes.length - 40)) // and its end is missing
    const found = await run('verify', part, '--list')
    expect(found.code).toBe(6)
    expect(found.error).toContain('RECORDING_DAMAGED')
    const other = join(folder, 'saved.mcap')
    expect((await run('recover', part, '-o', other)).code).toBe(0)
    const saved = await run('verify', other, '--list')
    expect(numbers(saved.text, 'GOT')).toEqual(numbers(found.text, 'GOT'))
    expect(numbers(saved.text, 'GOT').length).toBeLessThan(JSON.parse(before.text.trim()).entries as number)
    expect((await readFile(part)).equals(bytes.subarray(0, bytes.length - 40))).toBe(true)
  })

  test('an export has every byte in order, a line per message, and only what a filter admits', async () => {
    const path = join(folder, 'exported.mcap')
    await recordAtLeast(120, path)
    const base = join(folder, 'out')
    for (const format of ['jsonl', 'csv', 'bin']) {
      expect((await run('export', path, '--format', format, '-o', `${base}-${format}`)).code).toBe(0)
    }
    const lines = (await readFile(`${base}-jsonl`, 'utf8')).trimEnd().split('\n').map(parse)
    const received = lines.filter(({ ch }) => ch === '/link/1/rx')
    const octets = Buffer.concat(received.map(({ bytes }) => Buffer.from(String(bytes), 'base64')))
    expect(await readFile(`${base}-bin.rx.bin`)).toEqual(octets)
    expect(octets.length).toBeGreaterThan(1000)
    const closed = lines.filter(({ type }) => type === 'message-closed')
    const rows = (await readFile(`${base}-csv`, 'utf8')).trimEnd().split('\r\n').slice(1)
    expect(rows.length).toBeGreaterThanOrEqual(closed.length)
    const filter = 'msg.route == "telemetry.imu" and msg.status == "received"'
    const filtered = await run('export', path, '--format', 'csv', '-o', `${base}-some`, '--filter', filter)
    expect(filtered.code).toBe(0)
    const some = (await readFile(`${base}-some`, 'utf8')).trimEnd().split('\r\n').slice(1)
    expect(some).toEqual(rows.filter((row) => row.includes(',telemetry.imu,') && row.includes(',complete,')))
    expect(some.length).toBeGreaterThan(2)
    expect((await run('export', path, '--format', 'csv', '-o', `${base}-csv`)).error).toContain(
      'exists already',
    )
  })

  test('a name that is taken is refused, and what has it stays', async () => {
    const path = join(folder, 'taken.mcap')
    await writeFile(path, 'mine')
    const { code, error } = await run('record', 'sim:demo', '-o', path, '--duration', '100')
    expect(code).toBe(2)
    expect(error).toContain('FILE_UNWRITABLE')
    expect(await readFile(path, 'utf8')).toBe('mine')
    expect((await run('record', 'sim:demo', '-o', 'a.pcap')).code).toBe(2)
    expect((await run('verify', join(folder, 'missing.mcap'))).code).toBe(2)
  })

  test('a link that cannot be opened ends with 3, and the recording says so', async () => {
    const path = join(folder, 'refused.mcap')
    const { code } = await run('record', 'tcp://127.0.0.1:1', '-o', path)
    expect(code).toBe(3)
    const { code: verified, text } = await run('verify', path, '--jsonl')
    expect(verified).toBe(0)
    expect(JSON.parse(text.trim())).toMatchObject({
      whole: true,
      channels: { '/link/1/event': expect.any(Number) },
    })
  })
})
