import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandRequest, requestChecks } from '../../shared/contract/contract'
import { decodeMessage, encodeMessage } from '../../shared/contract/message-codec'
import type { CommandReply } from '../../shared/contract/replies'
import { MAX_PASSWORD_LENGTH, parseLinkUrl, secretLinkUrl } from '../../shared/model/link-url'
import type { LaneBatch, LinkStatus, MessageRow, RecentLink, StatusSnapshot } from '../../shared/model/views'
import { LANE_IN } from '../../shared/model/views'
import { testConsole } from '../../testing/test-console'
import { VirtualClock } from '../../testing/virtual-clock'
import { createSimTransport } from '../simulator/sim-transport'
import { createMemoryNetwork, type MemoryNetwork } from '../transport/memory'
import type { Console } from './console'
import type { Feed } from './console-types'
import { MAX_CLOSED_LINKS } from './operator-links'

const APP: CommandReply<'app.info'> = {
  name: 'Netcore Console',
  version: '1.2.3',
  host: 'web',
  runtime: 'Node',
  platform: 'test',
  startedAtIso: '2026-11-21T10:00:00.000Z',
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

let clock: VirtualClock
let network: MemoryNetwork
let saved: readonly RecentLink[]
let core: Console

beforeEach(() => {
  clock = new VirtualClock()
  network = createMemoryNetwork()
  saved = []
  core = testConsole({
    dir: join(tmpdir(), 'netcore-no-workspace'),
    clock,
    transportFor: (address) =>
      address.scheme === 'sim'
        ? createSimTransport(address, clock)
        : address.scheme === 'tcp-listen'
          ? network.listening
          : network.transport,
    app: APP,
    recents: {
      load: () => Promise.resolve([]),
      save: (links) => {
        saved = links
        return Promise.resolve()
      },
    },
  })
})
afterEach(() => core.close())

const passMs = (ms: number): Promise<void> => clock.advanceToAsync(clock.nowMs() + ms)

async function open(url: string): Promise<LinkStatus> {
  const { link } = await core.call('link.open', { url })
  await passMs(1)
  return link
}

function send(
  linkId: number,
  given: Partial<CommandRequest<'message.send'>> = {},
): Promise<CommandReply<'message.send'>> {
  return core.call('message.send', {
    linkId,
    route: 'echo',
    kind: 'request',
    body: utf8('hello'),
    headers: {},
    priority: 3,
    timeoutMs: 5000,
    ...given,
  })
}

const rows = async (): Promise<MessageRow[]> =>
  (await core.call('messages.rows', { from: 0, count: 500 })).rows
const row = async (id: number): Promise<MessageRow> => (await rows()).find((each) => each.id === id)!

/** Takes whatever a feed gives during `ms`, as a host does: when told. */
async function collect<T>(feed: Feed<T>, ms: number): Promise<T[]> {
  const items: T[] = []
  const takeAll = (): void => {
    for (let item = feed.take(); item !== undefined; item = feed.take()) items.push(item)
  }
  feed.onNews(takeAll)
  takeAll()
  await passMs(ms)
  return items
}

describe('a message sent from the screen', () => {
  test('gets its answer: status, round trip and partner, over a real stack and a simulated line', async () => {
    const { linkId } = await open('sim:demo')
    const { messageId } = await send(linkId, { body: utf8('ping') })
    await passMs(200)
    const request = await row(messageId)
    expect(request).toMatchObject({
      route: 'echo',
      dir: 'out',
      kind: 'request',
      status: 'answered',
      preview: 'ping',
      bodyBytes: 4,
      doneBytes: 4,
    })
    expect(request.roundTripMs).toBeGreaterThan(10)
    const answer = await row(request.partnerId)
    expect(answer).toMatchObject({
      dir: 'in',
      kind: 'response',
      status: 'received',
      route: 'echo',
      preview: 'ping',
      hue: request.hue,
      partnerId: messageId,
    })
    const { detail } = await core.call('message.detail', { messageId })
    expect(detail.partner).toEqual(answer)
    expect(detail.timing.wireMs).toBeGreaterThan(0)
    expect(detail.overheadBytes).toBeGreaterThan(0)
    expect(detail.body).toEqual(utf8('ping'))
  })

  test('to a route without a handler is answered with an error', async () => {
    const { linkId } = await open('sim:demo')
    const { messageId } = await send(linkId, { route: 'no.such.route' })
    await passMs(300)
    const { partnerId } = await row(messageId)
    expect((await row(partnerId)).preview).toContain('ROUTE_UNKNOWN')
  })

  test('whose answer never comes is timed out, and nothing is rejected unseen', async () => {
    const { linkId } = await open('sim:demo')
    const { messageId } = await send(linkId, { route: 'slow', body: utf8('{"ms":60000}'), timeoutMs: 300 })
    await passMs(200)
    expect(await row(messageId)).toMatchObject({ status: 'waiting' })
    await passMs(300)
    expect(await row(messageId)).toMatchObject({
      status: 'timeout',
      code: 'REQUEST_TIMEOUT',
      roundTripMs: null,
    })
    const { detail } = await core.call('message.detail', { messageId })
    expect(detail.remedy).toMatch(/No answer came in time/)
  })

  test('can be cancelled while it is on its way, once', async () => {
    const { linkId } = await open('sim:demo')
    const { messageId } = await send(linkId, { route: '/device/firmware', body: new Uint8Array(100_000) })
    await passMs(200)
    expect(await row(messageId)).toMatchObject({ status: 'sending' })
    expect(await core.call('message.cancel', { messageId })).toEqual({ wasCancelled: true })
    await passMs(100)
    expect(await row(messageId)).toMatchObject({ status: 'cancelled' })
    expect(await core.call('message.cancel', { messageId })).toEqual({ wasCancelled: false })
  })

  test('is interrupted when the link closes', async () => {
    const { linkId } = await open('sim:demo')
    const { messageId } = await send(linkId, { body: new Uint8Array(100_000) })
    await passMs(100)
    await core.call('link.close', { linkId })
    expect(await row(messageId)).toMatchObject({ status: 'interrupted' })
  })

  test('as an event is sent, and nothing is awaited', async () => {
    const { linkId } = await open('sim:demo')
    const { messageId } = await send(linkId, { kind: 'event', headers: { unit: 'kPa' } })
    await passMs(100)
    expect(await row(messageId)).toMatchObject({ status: 'sent', kind: 'event', partnerId: 0 })
    const { detail } = await core.call('message.detail', { messageId })
    expect(detail.headers).toEqual({ unit: 'kPa' })
  })

  test('is refused with a code when the link is closed, unknown, or only listens', async () => {
    const { linkId } = await open('sim:demo')
    await core.call('link.close', { linkId })
    await expect(send(linkId)).rejects.toMatchObject({ code: 'LINK_NOT_CONNECTED' })
    await expect(send(99)).rejects.toMatchObject({ code: 'LINK_UNKNOWN' })
    const listener = await open('tcp-listen://127.0.0.1:4000')
    await expect(send(listener.linkId)).rejects.toMatchObject({ code: 'LINK_NOT_CONNECTED' })
    expect(await rows()).toEqual([])
  })

  test('gives its body in pieces', async () => {
    const { linkId } = await open('sim:demo?baud=10000000')
    const body = Uint8Array.from({ length: 1000 }, (_, index) => index & 255)
    const { messageId } = await send(linkId, { body })
    await passMs(200)
    const { partnerId } = await row(messageId)
    const piece = await core.call('message.body', { messageId: partnerId, offset: 900, count: 500 })
    expect(piece).toEqual({ offset: 900, totalBytes: 1000, bytes: body.slice(900) })
    expect(await core.call('message.body', { messageId: partnerId, offset: 2000, count: 5 })).toEqual({
      offset: 2000,
      totalBytes: 1000,
      bytes: new Uint8Array(0),
    })
    await expect(core.call('message.body', { messageId: 9999, offset: 0, count: 1 })).rejects.toMatchObject({
      code: 'MESSAGE_UNKNOWN',
    })
  })
})

describe('links', () => {
  test('are told with title, speed and state', async () => {
    await open('sim:demo')
    const [status] = await collect(core.subscribe('status', {}), 0)
    expect(status!.links).toEqual([
      expect.objectContaining({
        linkId: 1,
        url: 'sim:demo?baud=115200',
        title: 'demo · 115 200 8N1',
        scheme: 'sim',
        dialect: 'lso',
        phase: 'connected',
        peerName: 'simulated demo',
        baud: 115_200,
        problem: null,
        peers: 0,
      }),
    ])
  })

  test('that cannot be opened tell why and what to do', async () => {
    const { linkId } = await open('tcp://127.0.0.1:4000')
    await passMs(100)
    const [status] = await collect(core.subscribe('status', {}), 0)
    const link = status!.links.find((each) => each.linkId === linkId)!
    expect(link.problem).toMatchObject({ code: 'LINK_REFUSED' })
    expect(link.problem?.remedy).not.toBe('')
  })

  test('with a wrong address are refused, and there is no link', async () => {
    await expect(core.call('link.open', { url: 'nonsense' })).rejects.toMatchObject({ code: 'URL_INVALID' })
    await expect(core.call('link.open', { url: 'sim:nobody' })).rejects.toMatchObject({
      code: 'DEVICE_UNKNOWN',
    })
    const [status] = await collect(core.subscribe('status', {}), 0)
    expect(status!.links).toEqual([])
  })

  test('that are closed are opened again by the same address, under their number', async () => {
    const first = await open('sim:demo')
    await core.call('link.close', { linkId: first.linkId })
    const again = await open('sim:demo?baud=115200')
    expect(again.linkId).toBe(first.linkId)
    await send(again.linkId)
    const other = await open('sim:demo')
    expect(other.linkId).not.toBe(first.linkId)
  })

  test('reopen after closing', async () => {
    const { linkId } = await open('sim:demo')
    await core.call('link.close', { linkId })
    await core.call('link.reopen', { linkId })
    await passMs(1)
    const { messageId } = await send(linkId)
    expect(messageId).toBeGreaterThan(0)
    await expect(core.call('link.reopen', { linkId: 42 })).rejects.toMatchObject({ code: 'LINK_UNKNOWN' })
  })

  test('that are closed stay listed up to a limit', async () => {
    for (let link = 0; link < MAX_CLOSED_LINKS + 5; link++) {
      const { linkId } = await open(`sim:demo?seed=${link}`)
      await core.call('link.close', { linkId })
    }
    await open('sim:demo?seed=99')
    const [status] = await collect(core.subscribe('status', {}), 0)
    expect(status!.links.filter(({ phase }) => phase === 'closed')).toHaveLength(MAX_CLOSED_LINKS)
    expect(status!.links.at(-1)!.phase).toBe('connected')
  })

  test('that were connected are remembered, those that never were are not', async () => {
    await open('sim:demo')
    await open('tcp://127.0.0.1:4000')
    await passMs(10)
    const { links } = await core.call('recent.list', {})
    expect(links).toEqual([
      { url: 'sim:demo?baud=115200', title: 'demo · 115 200 8N1', lastUsedIso: '2026-11-21T12:00:00.000Z' },
    ])
    expect(saved).toEqual(links)
    await core.call('recent.forget', { url: 'sim:demo?baud=115200' })
    expect(await core.call('recent.list', {})).toEqual({ links: [] })
  })

  test('of peers are listed while they are there, and leave their messages', async () => {
    const listener = await open('tcp-listen://127.0.0.1:4000')
    const caller = await open('tcp://127.0.0.1:4000')
    await passMs(10)
    const before = (await collect(core.subscribe('status', {}), 0))[0]!
    expect(before.links.map(({ phase, peers }) => [phase, peers])).toEqual([
      ['listening', 1],
      ['connected', 0],
      ['connected', 0],
    ])
    const { messageId } = await send(caller.linkId, { kind: 'event' })
    await passMs(10)
    await core.call('link.close', { linkId: caller.linkId })
    await passMs(10)
    const after = (await collect(core.subscribe('status', {}), 0))[0]!
    expect(after.links.map(({ linkId, peers }) => [linkId, peers])).toEqual([
      [listener.linkId, 0],
      [caller.linkId, 0],
    ])
    const [{ gaps } = { gaps: [] }] = await collect(core.subscribe('lanes', { backlogMs: 1000 }), 0)
    expect(gaps.filter(({ toMs }) => toMs === null).map(({ linkId }) => linkId)).toEqual([caller.linkId])
    const seen = await rows()
    expect(seen.map(({ dir, status }) => [dir, status])).toEqual([
      ['out', 'sent'],
      ['in', 'received'],
    ])
    expect(seen[0]!.id).toBe(messageId)
    const { links } = await core.call('recent.list', {})
    expect(links).toHaveLength(2) // not the peer's own link
  })
})

describe('a link that shakes hands', () => {
  const statusOf = (linkId: number): LinkStatus => {
    const { links } = core.subscribe('status', {}).take()!
    return links.find((each) => each.linkId === linkId)!
  }
  const recents = async (): Promise<string[]> =>
    (await core.call('recent.list', {})).links.map(({ url }) => url)
  /** Keys are derived beside the virtual time. */
  const poll = (read: () => unknown) =>
    expect.poll(
      async () => {
        await passMs(100)
        return read()
      },
      { timeout: 15_000 },
    )

  test('tells of its session, its peer and the clock of the peer', async () => {
    const { linkId } = await open('sim:demo?dialect=native')
    expect(statusOf(linkId)).toMatchObject({ phase: 'connected', session: { phase: 'handshake' } })
    expect(await recents()).toEqual([])
    await passMs(1000)
    const { session, clock: peerClock, problem } = statusOf(linkId)
    expect(session).toEqual({
      phase: 'ready',
      sinceMs: expect.any(Number),
      peerIdentity: 'simulated demo',
      isResumed: false,
      code: null,
      detail: '',
    })
    expect(peerClock!.uncertaintyMs).toBeLessThan(10)
    expect(problem).toBeNull()
    expect(await recents()).toEqual(['sim:demo?baud=115200&dialect=native'])
    const plain = await open('sim:demo')
    expect(statusOf(plain.linkId)).toMatchObject({ session: null, clock: null })
  })

  test('is refused with a wrong password, and gives way to the one with the right password', async () => {
    await open('tcp-listen://127.0.0.1:4000?dialect=native&password=right')
    const address = 'tcp://127.0.0.1:4000?dialect=native'
    const { linkId } = await open(`${address}&password=wrong`)
    await poll(() => statusOf(linkId).phase).toBe('closed')
    expect(statusOf(linkId).problem).toMatchObject({
      code: 'AUTH_FAILED',
      remedy: expect.stringContaining('password'),
    })
    expect(await recents()).toEqual(['tcp-listen://127.0.0.1:4000?dialect=native'])

    // The device lets nobody try at once again: told meanwhile, and tried again by itself.
    const next = await open(`${address}&password=right`)
    expect(next.linkId).not.toBe(linkId)
    await poll(() => statusOf(next.linkId).session?.phase).toBe('ready')
    expect(statusOf(linkId)).toBeUndefined()
    expect((await recents())[0]).toBe(address)
    const snapshot = core.subscribe('status', {}).take()
    expect(JSON.stringify([snapshot, saved])).not.toMatch(/right|wrong/)
  })

  test('that closed is opened again as the same link with the same password', async () => {
    const url = 'sim:demo?dialect=native&password=p'
    const { linkId } = await open(url)
    await core.call('link.close', { linkId })
    expect((await open(url)).linkId).toBe(linkId)
  })
})

test('an address with the longest password there is passes the contract', () => {
  const password = '\u{10ffff}'.repeat(MAX_PASSWORD_LENGTH / 2)
  const address = parseLinkUrl('tcp://127.0.0.1:4000?dialect=native')
  const url = secretLinkUrl({ ...address, password })
  expect(requestChecks['link.open'].parse({ url })).toEqual({ url })
  expect(parseLinkUrl(url).password).toBe(password)
})

describe('the status feed', () => {
  test('gives one snapshot at once, then at most five a second while there is traffic', async () => {
    await open('sim:demo')
    await passMs(2000)
    const items = await collect(core.subscribe('status', {}), 3000)
    expect(items.length).toBeGreaterThan(10)
    expect(items.length).toBeLessThanOrEqual(16)
    const gaps = items.slice(1).map((item, index) => item.nowMs - items[index]!.nowMs)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(200)
    const link = items.at(-1)!.links[0]!
    expect(link.rateInBytesPerSecond).toBeGreaterThan(0)
    expect(link.utilisation).toBeGreaterThan(0)
    expect(link.utilisation).toBeLessThanOrEqual(1)
    expect(link.bytesIn).toBeGreaterThan(1000)
    expect(items.at(-1)!.chunks).toBeGreaterThan(10)
  })

  test('falls silent when nothing happens, with rates at zero', async () => {
    const { linkId } = await open('sim:demo')
    await passMs(3000)
    const feed = core.subscribe('status', {})
    await core.call('link.close', { linkId })
    const items: StatusSnapshot[] = await collect(feed, 5000)
    expect(items.at(-1)!.links[0]).toMatchObject({ rateInBytesPerSecond: 0, phase: 'closed' })
    expect(await collect(feed, 5000)).toEqual([])
  })
})

describe('the messages feed', () => {
  test('tells of changes at most every 50 ms, and names the first row that changed', async () => {
    const feed = core.subscribe('messages', {})
    const { linkId } = await open('sim:demo')
    const { messageId } = await send(linkId)
    const items = await collect(feed, 1000)
    expect(items.length).toBeGreaterThan(2)
    expect(items.length).toBeLessThanOrEqual(21)
    expect(items[0]).toMatchObject({ firstId: 1, evicted: 0, changedFromId: messageId })
    expect(items.at(-1)!.total).toBe((await rows()).length)
    feed.close()
    await send(linkId)
    expect(feed.take()).toBeUndefined()
  })
})

describe('the lanes feed', () => {
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)
  const bytesIn = (batches: readonly LaneBatch[]): number =>
    sum(batches.flatMap((batch) => [...batch.wireBytes].filter((_, at) => batch.flags[at]! & LANE_IN)))

  test('shows two messages that interleave within two seconds of connecting to the demo device', async () => {
    const { linkId } = await open('sim:demo')
    const feed = core.subscribe('lanes', { backlogMs: 0 })
    await passMs(1200)
    await send(linkId)
    const batches = await collect(feed, 800)
    const ids = batches.flatMap((batch) => [...batch.messageIds])
    const interrupted = ids.filter((id, at) => id !== ids[at - 1] && ids.lastIndexOf(id, at - 2) >= 0)
    expect(interrupted.length).toBeGreaterThan(0)
    expect(batches[0]!.isReset).toBe(true)
    expect(batches.slice(1).some(({ isReset }) => isReset)).toBe(false)
    for (const id of ids) {
      const told = batches.some(({ messages }) => messages.some((message) => message.id === id))
      expect(told).toBe(true)
    }
  })

  test('covers every byte that the line carried, for quick and for slow screens', async () => {
    const quick = core.subscribe('lanes', { backlogMs: 0 })
    const slow = core.subscribe('lanes', { backlogMs: 0 })
    await open('sim:demo')
    const batches = await collect(quick, 6000)
    const late = await collect(slow, 0)
    const figures = core.capture.figures(1, clock.nowMs(), null)
    expect(bytesIn(batches)).toBe(bytesIn(late))
    expect(figures.bytesIn - bytesIn(batches)).toBeGreaterThanOrEqual(0)
    expect(figures.bytesIn - bytesIn(batches)).toBeLessThan(400) // a frame that is still coming
  })

  test('reaches back as far as asked', async () => {
    await open('sim:demo')
    await passMs(5000)
    const [recent] = await collect(core.subscribe('lanes', { backlogMs: 500 }), 0)
    const [all] = await collect(core.subscribe('lanes', { backlogMs: 60_000 }), 0)
    expect(Math.min(...recent!.startMs)).toBeGreaterThanOrEqual(4400)
    expect(Math.min(...all!.startMs)).toBeLessThan(1000)
  })

  test('starts anew after clearing', async () => {
    await open('sim:demo')
    await passMs(3000)
    const feed = core.subscribe('lanes', { backlogMs: 60_000 })
    await collect(feed, 0)
    await core.call('capture.clear', {})
    const [batch] = await collect(feed, 20)
    expect(batch!.isReset).toBe(true)
    expect((await rows()).every(({ status }) => status === 'receiving')).toBe(true)
  })
})

test('the overview shows the bytes of the whole session', async () => {
  await open('sim:demo')
  await passMs(4000)
  const { overview } = await core.call('capture.overview', { bins: 64 })
  const figures = core.capture.figures(1, clock.nowMs(), null)
  const total = overview.bytesIn.reduce((sum, value) => sum + value, 0)
  expect(overview.toMs).toBe(clock.nowMs())
  expect(total).toBeGreaterThan(figures.bytesIn - 400)
  expect(total).toBeLessThanOrEqual(figures.bytesIn + 0.01)
})

test('everything that goes to a screen fits the codec of the contract', async () => {
  const { linkId, ...rest } = await open('sim:demo?flip=0.0005&seed=3')
  const { messageId } = await send(linkId)
  await passMs(8000)
  const values: unknown[] = [
    { linkId, ...rest },
    await core.call('app.info', {}),
    await core.call('ports.list', {}),
    await core.call('recent.list', {}),
    await core.call('messages.rows', { from: 0, count: 500 }),
    await core.call('message.detail', { messageId }),
    await core.call('capture.overview', { bins: 32 }),
    ...(await collect(core.subscribe('status', {}), 500)),
    ...(await collect(core.subscribe('messages', {}), 500)),
    ...(await collect(core.subscribe('lanes', { backlogMs: 60_000 }), 500)),
  ]
  expect(core.capture.totals().faults).toBeGreaterThan(0)
  for (const value of values) expect(decodeMessage(encodeMessage(value))).toEqual(value)
})

test('tells about the program and the ports of the machine', async () => {
  expect(await core.call('app.info', {})).toEqual(APP)
  expect(await core.call('ports.list', {})).toEqual({ ports: [] })
})
