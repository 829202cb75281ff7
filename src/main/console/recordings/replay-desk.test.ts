import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { requestChecks } from '../../../shared/contract/contract'
import { utf8 } from '../../../shared/bytes'
import type { ReplayState } from '../../../shared/model/replay'
import { recordWithSimulator, simulatorLinks, writeRecording } from '../../../testing/replay-bench'
import { Links } from '../../link/links'
import { RecordingFolder } from '../../recording/library/recording-folder'
import { transportFor } from '../../simulator/transport-for'
import { seededRandom } from '../../transport/seeded-random'
import { SystemClock } from '../../transport/system-clock'
import { ReplayDesk } from './replay-desk'

let workspaceDir: string
let folder: RecordingFolder
let links: Links
let desk: ReplayDesk
const gone: number[] = []

beforeEach(async () => {
  workspaceDir = mkdtempSync(join(tmpdir(), 'netcore-replay-desk-'))
  folder = new RecordingFolder(workspaceDir)
  folder.make()
  const kept = await recordWithSimulator('baud=921600', async (link) => {
    for (const word of ['one', 'two']) await link.request({ route: 'echo', body: utf8(word) }).answer
  })
  await writeRecording(folder.placeOf('boot.mcap'), kept, 'sim:demo?baud=921600')
  links = simulatorLinks()
  gone.length = 0
  desk = deskOf(links)
})

const deskOf = (own: Links): ReplayDesk =>
  new ReplayDesk({
    links: own,
    folder,
    startedAtMs: Date.UTC(2026, 0, 2),
    library: 'test',
    onLinkGone: (linkId) => void gone.push(linkId),
    onProblem: (problem) => {
      throw problem
    },
  })
afterEach(async () => {
  await desk.close()
  await links.closeAll()
  rmSync(workspaceDir, { recursive: true, force: true })
})

const wish = {
  recording: 'boot.mcap',
  recordedLink: null,
  target: { kind: 'simulator' },
  policy: 'reply',
  speed: 1,
  seed: 1,
  stopAtDifference: false,
  record: true,
} as const

/** What a screen that subscribes now hears. */
function state(): ReplayState | null {
  const feed = desk.feed()
  const item = feed.take()
  feed.close()
  return item?.run ?? null
}

const ended = (): Promise<void> => vi.waitFor(() => expect(state()?.hash).toMatch(/^[0-9a-f]{64}$/))

test('a run to the simulator begins at once, is recorded, and its link is gone afterwards', async () => {
  expect(state()).toBeNull()
  const { runId } = await desk.handlers['replay.start'](wish)
  await ended()
  expect(state()).toMatchObject({ runId, phase: 'done', sent: 2, matched: 2, differences: 0 })
  await vi.waitFor(() => expect(folder.has('boot run.mcap')).toBe(true))
  expect(links.all()).toEqual([])
  expect(gone).toEqual([state()?.linkId])
})

test('a device at a port gets nothing before somebody says yes, and nothing after a no', async () => {
  const target = { kind: 'listen', url: 'serial:/dev/nothing-here' } as const
  const asked = await desk.handlers['replay.start']({ ...wish, target })
  expect(state()).toMatchObject({ phase: 'confirm', sent: 0, total: 2 })
  await expect(desk.handlers['replay.start'](wish)).rejects.toMatchObject({ code: 'REPLAY_BUSY' })
  await desk.handlers['replay.stop'](asked)
  await desk.handlers['replay.confirm'](asked) // too late
  expect(state()).toMatchObject({ phase: 'stopped', sent: 0 })
  expect(links.all()).toEqual([])
  await expect(async () => desk.handlers['replay.step']({ runId: 99 })).rejects.toMatchObject({
    code: 'REPLAY_UNKNOWN',
  })
})

test('a serial port is made for a host that wants one, named until the end, and answers as the device did', async () => {
  const realLinks = (): Links => {
    const clock = new SystemClock()
    return new Links({
      clock,
      random: seededRandom(8),
      transportFor: (address) => transportFor(address, clock),
      reconnect: { isOn: false },
    })
  }
  await links.closeAll()
  links = realLinks()
  desk = deskOf(links)
  const start = desk.handlers['replay.start']
  await expect(start({ ...wish, target: { kind: 'listen', url: 'pty:?baud=none' } })).rejects.toMatchObject({
    code: 'URL_BAD_OPTION',
  })
  await start({ ...wish, record: false, target: { kind: 'listen', url: 'pty:?baud=921600' } })
  const path = state()?.hostOpens ?? ''
  expect(path).toMatch(/^\/dev\//)
  const hosts = realLinks()
  const { linkId } = hosts.openLink(`serial:${path}?baud=921600`)
  try {
    await vi.waitFor(() => expect(hosts.link(linkId).phase).toBe('connected'))
    for (const word of ['one', 'two']) {
      const { body } = await hosts.link(linkId).request({ route: 'echo', body: utf8(word) }).answer
      expect(Buffer.from(body).toString()).toBe(word)
    }
    await ended()
    expect(state()).toMatchObject({ phase: 'done', sent: 2, differences: 0, hostOpens: path })
  } finally {
    await hosts.closeAll()
  }
  await vi.waitFor(() => expect(existsSync(path)).toBe(false))
})

test('what cannot begin says why, and leaves the way free', async () => {
  const start = desk.handlers['replay.start']
  await expect(start({ ...wish, recording: '../boot.mcap' })).rejects.toMatchObject({
    code: 'RECORDING_NAME_INVALID',
  })
  await expect(start({ ...wish, recording: 'other.mcap' })).rejects.toMatchObject({
    code: 'RECORDING_UNKNOWN',
  })
  await expect(start({ ...wish, recordedLink: 9 })).rejects.toMatchObject({ code: 'REPLAY_EMPTY' })
  await expect(start({ ...wish, target: { kind: 'link', linkId: 5 } })).rejects.toMatchObject({
    code: 'LINK_UNKNOWN',
  })
  links.setLocked(true)
  await expect(start(wish)).rejects.toMatchObject({ code: 'LISTEN_ONLY' })
  links.setLocked(false)
  await start(wish)
  await ended()
})

test.each([
  ['speed', 0.09],
  ['speed', 101],
  ['seed', -1],
  ['seed', 2 ** 32],
  ['policy', 'never'],
  ['target', { kind: 'link', linkId: 0 }],
])('the contract refuses %s %j', (field, value) => {
  expect(requestChecks['replay.start'].safeParse({ ...wish }).success).toBe(true)
  expect(requestChecks['replay.start'].safeParse({ ...wish, [field]: value }).success).toBe(false)
})
