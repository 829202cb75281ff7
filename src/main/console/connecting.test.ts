import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import type { LinkStatus, PortInfo, StatusSnapshot } from '../../shared/model/views'
import { listedPort } from '../../testing/listed-port'
import { testConsole } from '../../testing/test-console'
import { VirtualClock } from '../../testing/virtual-clock'
import { PortWatch } from '../link/port-watch'
import { createSimTransport } from '../simulator/sim-transport'
import { createMemoryNetwork, type MemoryNetwork } from '../transport/memory'
import { ProfileFolder } from '../workspace/profile-folder'
import type { Console } from './console'
import type { Feed } from './console-types'

let clock: VirtualClock
let network: MemoryNetwork
let plugged: PortInfo[]
let folder: string
let heardBytes: number
let core: Console

beforeEach(async () => {
  clock = new VirtualClock()
  network = createMemoryNetwork()
  heardBytes = 0
  plugged = [listedPort('/dev/ttyACM0', 'A')]
  folder = await mkdtemp(join(tmpdir(), 'netcore-connecting-'))
  const ports = new PortWatch({
    clock,
    list: () => Promise.resolve(plugged),
    realPath: (path) => Promise.resolve(path),
  })
  await network.listening.listen(() => ({
    onBytes: (bytes) => {
      heardBytes += bytes.length
    },
    onWritable: () => {},
    onClosed: () => {},
  }))
  core = testConsole({
    dir: folder,
    clock,
    directory: ports,
    transportFor: (address) =>
      address.scheme === 'sim' ? createSimTransport(address, clock) : network.transport,
    ports,
    checkMachine: () =>
      Promise.resolve([{ id: 'loopback', title: 'Network', ok: true, message: 'fine', remedy: '' }]),
    profiles: new ProfileFolder(folder),
  })
})
afterEach(async () => {
  await core.close()
  await rm(folder, { recursive: true })
})

const pass = (ms: number): Promise<void> => clock.advanceToAsync(clock.nowMs() + ms)
const open = async (url: string): Promise<LinkStatus> => {
  const { link } = await core.call('link.open', { url })
  await pass(1)
  return link
}
const send = (linkId: number) =>
  core.call('message.send', {
    linkId,
    route: 'x',
    kind: 'event',
    body: utf8('x') as Uint8Array<ArrayBuffer>,
    headers: {},
    priority: 3,
    timeoutMs: 1000,
  })

/** The next item of a feed, once there is one. */
async function next<T>(feed: Feed<T>): Promise<T> {
  await pass(500)
  const item = feed.take()
  if (item === undefined) throw new Error('nothing is new')
  return item
}

const status = async (): Promise<StatusSnapshot> => {
  const feed = core.subscribe('status', {})
  const snapshot = await next(feed)
  feed.close()
  return snapshot
}

describe('the ports as a screen sees them', () => {
  test('come by subscription, again when one is plugged in, with when it was last used', async () => {
    await open('serial:/dev/ttyACM0?dialect=raw')
    const feed = core.subscribe('ports', {})
    expect((await next(feed)).ports).toEqual([{ ...plugged[0], lastUsedIso: '2026-11-21T12:00:00.000Z' }])
    await pass(5000)
    expect(feed.take()).toBeUndefined()
    plugged = [...plugged, listedPort('/dev/ttyACM1', 'B')]
    const { ports } = await next(feed)
    expect(ports.map(({ path, lastUsedIso }) => [path, lastUsedIso !== null])).toEqual([
      ['/dev/ttyACM0', true],
      ['/dev/ttyACM1', false],
    ])
    expect(ports[1]!.appearedMs).toBeGreaterThan(5000)
    feed.close()
    expect((await core.call('ports.list', {})).ports).toEqual(ports)
  })

  test('carry the identity to the link that is open on one', async () => {
    await open('serial:/dev/ttyACM0?dialect=raw')
    expect((await status()).links).toMatchObject([
      { identity: 'usb:0483:374b:A:02', otherDevice: null, lines: null, isListenOnly: false },
    ])
  })

  test('show the different board that is in the way, and use it when told so', async () => {
    const { linkId } = await open('serial:/dev/ttyACM0?dialect=raw')
    plugged = [listedPort('/dev/ttyACM0', 'B')]
    network.cut()
    await pass(10_000)
    expect((await status()).links).toMatchObject([
      {
        phase: 'waiting',
        problem: { code: 'PORT_OTHER_DEVICE' },
        otherDevice: { title: 'Board B', identity: 'usb:0483:374b:B:02' },
      },
    ])
    await core.call('link.accept', { linkId })
    await pass(1)
    expect((await status()).links).toMatchObject([
      { phase: 'connected', identity: 'usb:0483:374b:B:02', otherDevice: null },
    ])
  })
})

describe('the lock', () => {
  test('is shown at once, refuses everything an operator starts, and lets go again', async () => {
    const { linkId } = await open('tcp://h:1')
    const feed = core.subscribe('status', {})
    await next(feed)
    expect(await core.call('lock.set', { isLocked: true })).toEqual({ isLocked: true })
    expect(await next(feed)).toMatchObject({ isListenOnly: true, links: [{ isListenOnly: true }] })
    const refused = { code: 'LISTEN_ONLY' }
    await expect(send(linkId)).rejects.toMatchObject(refused)
    await expect(core.call('link.pulse', { linkId, steps: [] })).rejects.toMatchObject(refused)
    await expect(core.call('link.lines', { linkId, dtr: true })).rejects.toMatchObject(refused)
    await expect(core.call('link.break', { linkId, ms: 10 })).rejects.toMatchObject(refused)
    await pass(1000)
    expect(heardBytes).toBe(0)
    await core.call('lock.set', { isLocked: false })
    expect(await next(feed)).toMatchObject({ isListenOnly: false, links: [{ isListenOnly: false }] })
    await send(linkId)
    await pass(1)
    expect(heardBytes).toBeGreaterThan(0)
    feed.close()
  })

  test('makes a link that is opened under it listen only, until that is opened again without it', async () => {
    await core.call('lock.set', { isLocked: true })
    const { linkId } = await open('tcp://h:1?dialect=native')
    await core.call('lock.set', { isLocked: false })
    await expect(send(linkId)).rejects.toMatchObject({ code: 'LISTEN_ONLY' })
    expect(heardBytes).toBe(0)
    await core.call('link.reopen', { linkId })
    await pass(1)
    const { links } = await status()
    expect(links).toMatchObject([
      { url: 'tcp://h:1?dialect=native', phase: 'connected', isListenOnly: false },
    ])
    expect(heardBytes).toBeGreaterThan(0) // it shakes hands now
  })

  test('holds for one link by its address', async () => {
    const quiet = await open('tcp://h:1?listen=only')
    const other = await open('tcp://h:1')
    expect((await status()).links.map(({ isListenOnly }) => isListenOnly)).toEqual([true, false])
    await expect(send(quiet.linkId)).rejects.toMatchObject({ code: 'LISTEN_ONLY' })
    await send(other.linkId)
  })
})

describe('lines of a link', () => {
  test('that is no serial port are refused with a code, and the link goes on', async () => {
    const { linkId } = await open('tcp://h:1')
    const refused = { code: 'LINE_CONTROL_UNSUPPORTED' }
    await expect(core.call('link.lines', { linkId, dtr: true })).rejects.toMatchObject(refused)
    await expect(core.call('link.break', { linkId, ms: 5 })).rejects.toMatchObject(refused)
    await core.call('link.close', { linkId })
    await expect(core.call('link.pulse', { linkId, steps: [] })).rejects.toMatchObject({
      code: 'LINK_NOT_CONNECTED',
    })
  })
})

describe('profiles', () => {
  test('are saved, listed, told of to whoever subscribed, and removed', async () => {
    const feed = core.subscribe('profiles', {})
    expect(await next(feed)).toEqual({ profiles: [] })
    const { profile } = await core.call('profile.save', {
      name: 'Bench A',
      url: 'tcp://h:1?dialect=native&password=s3cret',
      note: 'mine',
    })
    expect(profile).toMatchObject({ name: 'Bench A', url: 'tcp://h:1?dialect=native', tags: [] })
    expect(await next(feed)).toEqual({ profiles: [profile] })
    expect(await core.call('profiles.list', {})).toEqual({ profiles: [profile] })
    await writeFile(profile.file, 'broken by hand')
    expect((await core.call('profiles.list', {})).profiles[0]?.problem).toMatchObject({
      code: 'PROFILE_INVALID',
    })
    await core.call('profile.remove', { name: 'bench-a' }) // a broken file goes by its own name
    expect(await core.call('profiles.list', {})).toEqual({ profiles: [] })
    feed.close()
  })
})

test('the checks of the computer come as they were found', async () => {
  expect((await core.call('machine.check', {})).checks).toMatchObject([{ id: 'loopback', ok: true }])
})

test('several links live side by side on one clock, each with its own state and its own rows', async () => {
  const one = await open('sim:demo?seed=1')
  const two = await open('sim:demo?seed=2&dialect=native')
  const three = await open('tcp://h:1?dialect=raw')
  await pass(3000)
  const { links, messages, nowMs } = await status()
  expect(links.map(({ linkId, phase, dialect }) => [linkId, phase, dialect])).toEqual([
    [one.linkId, 'connected', 'lso'],
    [two.linkId, 'connected', 'native'],
    [three.linkId, 'connected', 'raw'],
  ])
  const { rows } = await core.call('messages.rows', { from: 0, count: Math.min(messages, 500) })
  expect(new Set(rows.map(({ linkId }) => linkId))).toEqual(new Set([one.linkId, two.linkId]))
  // One clock: rows of both links are in one order of time, and none is of the future.
  const times = rows.map(({ openedMs }) => openedMs)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(times.at(-1)).toBeLessThanOrEqual(nowMs)
  await core.call('link.close', { linkId: one.linkId })
  await send(three.linkId)
  await pass(1000)
  expect((await status()).links.map(({ phase }) => phase)).toEqual(['closed', 'connected', 'connected'])
  expect(heardBytes).toBe(1)
})

describe('a profile with a snippet', () => {
  test('runs it whenever its link is ready', async () => {
    const profile = 'name = Bench\nurl = sim:demo?baud=921600\nsnippet = hello\n'
    await writeFile(join(folder, 'bench.profile'), profile)
    await mkdir(join(folder, 'snippets'))
    await writeFile(
      join(folder, 'snippets', 'hello.yaml'),
      'steps:\n  - send: {route: add, body: {json: {a: 1, b: 2}}}\n  - expect: body.sum == 3\n',
    )
    const runs = core.subscribe('snippet-runs', { runId: null, name: '' })
    const { link } = await core.call('link.open', { url: 'sim:demo?baud=921600' })
    await clock.advanceToAsync(3000)
    const first = {
      name: 'hello',
      origin: 'connect',
      originName: 'Bench',
      linkId: link.linkId,
      state: 'passed',
    }
    expect(runs.take()!.runs).toMatchObject([first])
    await core.call('link.close', { linkId: link.linkId })
    await core.call('link.reopen', { linkId: link.linkId })
    await clock.advanceToAsync(6000)
    expect(runs.take()!.runs).toMatchObject([first, first])
    runs.close()
  })

  test('keeps it when only its note is saved', async () => {
    const profile = 'name = Bench\nurl = sim:demo\nsnippet = hello\n'
    await writeFile(join(folder, 'bench.profile'), profile)
    await core.call('profile.save', { name: 'Bench', url: 'sim:demo', note: 'left rack' })
    const { profiles } = await core.call('profiles.list', {})
    expect(profiles).toMatchObject([{ name: 'Bench', note: 'left rack', snippet: 'hello' }])
  })
})

describe('a profile that is recorded', () => {
  test('says so in its file, keeps it when only its note is saved, and leaves it when told so', async () => {
    const save = async (more: { isRecorded?: boolean }): Promise<unknown> => {
      const { profile } = await core.call('profile.save', {
        name: 'Bench',
        url: 'sim:demo',
        note: 'n',
        ...more,
      })
      return profile.isRecorded
    }
    expect(await save({ isRecorded: true })).toBe(true)
    expect(await readFile(join(folder, 'bench.profile'), 'utf8')).toContain('\nrecord = yes\n')
    expect(await save({})).toBe(true)
    expect(await save({ isRecorded: false })).toBeUndefined()
    await writeFile(join(folder, 'bench.profile'), 'url = sim:demo\nrecord = maybe\n')
    expect((await core.call('profiles.list', {})).profiles[0]?.problem?.message).toContain('record = maybe')
  })

  test('is recorded from before its link opens until it is closed', async () => {
    await core.call('profile.save', { name: 'Bench', url: 'sim:demo', note: '', isRecorded: true })
    const recorder = core.subscribe('recorder', {})
    const { link } = await core.call('link.open', { url: 'sim:demo' })
    expect(recorder.take()?.now).toMatchObject({ by: 'profile', entries: 1 })
    await core.call('link.close', { linkId: link.linkId })
    await expect
      .poll(async () => {
        await clock.advanceToAsync(clock.nowMs() + 500)
        return recorder.take()?.outcomes.map(({ became }) => became)
      })
      .toEqual(['recorded'])
    recorder.close()
  })
})
