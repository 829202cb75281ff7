import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BLOCK } from '../src/main/recording/export/pcapng-writer'
import { SessionTime } from '../src/main/recording/format/session-time'
import { Recorder } from '../src/main/recording/write/recorder'
import { systemDisk } from '../src/main/recording/write/recording-disk'
import { Links } from '../src/main/link/links'
import { transportFor } from '../src/main/simulator/transport-for'
import { seededRandom } from '../src/main/transport/seeded-random'
import { VirtualClock } from '../src/testing/virtual-clock'

const NETCORE = 'out/cli/netcore.js'
const TSHARK = process.env['TSHARK'] ?? ''
const run = promisify(execFile)

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-wireshark-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Two seconds of the simulated device, which is asked to add. */
async function recordAnswer(path: string, note?: string): Promise<void> {
  const clock = new VirtualClock()
  const links = new Links({
    clock,
    random: seededRandom(1),
    transportFor: (address) => transportFor(address, clock),
  })
  const time = new SessionTime(1_790_000_000_000)
  const recorder = new Recorder({ disk: systemDisk, clock, time, path, library: 'test', sessionId: 's' })
  links.observe(recorder.observe)
  const { linkId } = links.openLink('sim:demo?seed=2')
  await clock.advanceToAsync(600)
  const { answer } = links
    .link(linkId)
    .request({ route: 'add', body: new TextEncoder().encode('{"a":1,"b":2}') })
  await clock.advanceToAsync(3000)
  await answer
  if (note !== undefined)
    recorder.note(clock.nowMs(), { noteId: 1, kind: 'note', atMs: 1000, messageId: null, text: note }, null)
  await links.closeAll()
  await recorder.end()
}

const FIELDS = [
  'kind',
  'route',
  'size',
  'have',
  'length',
  'is_response',
  'rtt',
  'response_to',
  'noise',
  'ref',
] as const
type Row = Readonly<Record<(typeof FIELDS)[number], string>>

async function dissect(file: string): Promise<Row[]> {
  const fields = FIELDS.flatMap((field) => ['-e', `netcore.${field}`])
  const script = 'lua_script:resources/wireshark/netcore.lua'
  const { stdout } = await run(TSHARK, [
    '-r',
    file,
    '-X',
    script,
    '-2',
    '-T',
    'fields',
    '-E',
    'separator=|',
    ...fields,
  ])
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const cells = line.split('|')
      return Object.fromEntries(FIELDS.map((field, at) => [field, cells[at] ?? ''])) as unknown as Row
    })
}

describe.skipIf(TSHARK === '')('tshark with our dissector', () => {
  test('shows each frame with its route, how much of the body is there, and the answer with its time', async () => {
    const recording = join(folder, 'a.mcap')
    await recordAnswer(recording)
    const seen: Row[][] = []
    for (const options of [[], ['--upper-pdu']]) {
      const out = join(folder, `a${options.join('')}.pcapng`)
      await run(process.execPath, [NETCORE, 'export', recording, '--format', 'pcapng', '-o', out, ...options])
      seen.push(await dissect(out))
    }
    const [rows] = seen
    expect(seen[1]).toEqual(rows)
    const heads = rows!.filter(({ kind }) => kind === 'mission')
    expect(heads.map(({ route }) => route)).toContain('log.dump')
    // frames that were on their way at the end, one in each direction at most
    expect(rows!.slice(0, -2).every(({ noise }) => noise === '')).toBe(true)
    const asked = heads.find(
      ({ route, is_response }) => route === 'add' && is_response !== '1' && is_response !== 'True',
    )
    expect(asked).toMatchObject({ length: '13' })
    const answered = heads.filter(({ rtt }) => rtt !== '')
    expect(answered.length).toBe(1)
    expect(Number(answered[0]!.rtt)).toBeGreaterThan(1)
    expect(Number(answered[0]!.response_to)).toBe(rows!.indexOf(asked!) + 1)
    // the first log is cut in chunks, between which others pass
    const log = rows!.filter(({ kind, route }) => kind === 'data' && route === 'log.dump')
    let have = 0
    for (const { size, have: said } of log) expect(Number(said)).toBe((have += Number(size)))
    expect(rows!.map(({ route }) => route).join(' ')).toMatch(
      /log\.dump telemetry\.imu (telemetry\.imu )?log\.dump/,
    )
  })

  test('reads past our own blocks, and shows a note and a fault as comments of their packets', async () => {
    const path = join(folder, 'b.mcap')
    await recordAnswer(path, 'what is this?')
    const out = join(folder, 'b.pcapng')
    await run(process.execPath, [NETCORE, 'export', path, '--format', 'pcapng', '-o', out])
    // the same file without what only we read
    const bytes = await readFile(out)
    const kept: Uint8Array[] = []
    let own = 0
    for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
      if (bytes.readUInt32LE(at) === BLOCK.own) own += 1
      else kept.push(bytes.subarray(at, at + bytes.readUInt32LE(at + 4)))
    }
    expect(own).toBeGreaterThan(2)
    const bare = join(folder, 'bare.pcapng')
    await writeFile(bare, Buffer.concat(kept))
    expect(await dissect(out)).toEqual(await dissect(bare))
    const { stdout, stderr } = await run(TSHARK, ['-r', out, '-T', 'fields', '-e', 'frame.comment'])
    expect(stdout.split('\n').filter((line) => line !== '')).toEqual([
      'what is this?',
      'LSO_PACKET_STALLED: the stream ended within a packet', // the recording was ended in the midst of one
    ])
    expect(stderr).not.toMatch(/error|malformed|corrupt|unsupported/i)
  })
})
