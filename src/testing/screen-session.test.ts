import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createStore, type StoreApi } from 'zustand'
import { type BuiltConsole, buildConsole } from '../main/build-console'
import { serveContract } from '../main/hosts/contract-server'
import { type AppState, createAppState } from '../renderer/store/app-store'
import { BodySource } from '../renderer/store/body-source'
import { selectActiveLink, selectSendLink } from '../renderer/store/links-slice'
import { Session } from '../renderer/store/session'
import { utf8 } from '../shared/bytes'
import { createContractClient } from '../shared/contract/contract-client'
import { createChannelPair } from './channel-pair'

/** The screen's session against the real core: contract, console, links, the simulated device. Only pixels are missing. */

/** Fast enough that nobody waits, slow enough that the pacing of the line is on. */
const DEMO = 'sim:demo?baud=8000000'

let folder: string
let core: BuiltConsole
let store: StoreApi<AppState>
let session: Session
let closeChannel: () => void
const state = (): AppState => store.getState()
const until = (claim: () => void): Promise<void> => vi.waitFor(claim, { timeout: 8000, interval: 10 })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcore-screen-'))
  core = buildConsole({
    host: 'web',
    workspaceDir: folder,
    onProblem: (problem) => {
      throw problem
    },
  })
  const [ours, theirs] = createChannelPair()
  closeChannel = () => theirs.close()
  serveContract(theirs, core.console, core.clock)
  store = createStore<AppState>()(createAppState)
  session = new Session(createContractClient(ours), store)
  session.start()
})

afterEach(async () => {
  closeChannel()
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

async function connect(url = DEMO): Promise<number> {
  session.openConnect()
  session.connect(url)
  await until(() => expect(state().isConnectOpen).toBe(false))
  return selectActiveLink(state())!.linkId
}

async function exchange(linkId: number, route: string, body: string) {
  session.sendBytes({ linkId, route, kind: 'request', body: utf8(body), priority: 0, timeoutMs: 5000 })
  await until(() => expect(state().isSending).toBe(false))
  const id = state().sent!.messageId
  const stop = session.details.watch(id, () => undefined)
  await until(() => expect(session.details.get(id)).toMatchObject({ detail: { status: 'answered' } }))
  const known = session.details.get(id)
  stop()
  if (known.kind !== 'known') throw new Error('the detail went away')
  return known.detail
}

describe('screen and core', () => {
  test('the card opens by itself when there is no link, with the ports of this computer', async () => {
    await until(() => expect(state().isConnectOpen).toBe(true))
    await until(() => expect(state().ports).not.toBeNull())
    expect(state().host.kind).toBe('ready')
    expect(state().startedAtMs).toBeGreaterThan(0)
  })

  test('connecting closes the card, chooses the link and remembers it', async () => {
    const linkId = await connect()
    expect(state().chosenLinkId).toBe(linkId)
    expect(selectSendLink(state())?.phase).toBe('connected')
    session.openConnect()
    await until(() => expect(state().recents.map(({ url }) => url)).toEqual([DEMO]))
    session.forgetRecent(DEMO)
    await until(() => expect(state().recents).toEqual([]))
  })

  test('a refused connection keeps the card open with code and remedy', async () => {
    await until(() => expect(state().isConnectOpen).toBe(true))
    session.connect('tcp://127.0.0.1:9')
    await until(() =>
      expect(state().attempt).toMatchObject({ kind: 'failed', problem: { code: 'LINK_REFUSED' } }),
    )
    expect(state().isConnectOpen).toBe(true)
    session.connect('sim:nothing')
    await until(() =>
      expect(state().attempt).toMatchObject({ kind: 'failed', problem: { code: 'DEVICE_UNKNOWN' } }),
    )
  })

  test('rows on screen come and stay fresh', async () => {
    await connect()
    await until(() => expect(state().bounds.total).toBeGreaterThan(3))
    session.rows.want(0, 5)
    await until(() =>
      expect(session.rows.get(3)).toMatchObject({ row: 'message', id: 3, status: 'received' }),
    )
    expect(await session.rows.positionOf(3)).toEqual({ position: 3, nearest: 3 })
    expect(session.rows.routes().length).toBeGreaterThan(0)
  })

  test('another view takes the place of the old one when its first rows are there, and only then', async () => {
    await connect()
    await until(() => expect(state().listed.total).toBeGreaterThan(3))
    const { listEpoch } = state()
    state().filterNarrowed('msg.route == "telemetry.imu"', false)
    await until(() => expect(state().listEpoch).toBe(listEpoch + 1))
    await until(() => expect(state().listed.shown).toBeGreaterThan(0))
    session.rows.want(state().listed.first, state().listed.end)
    await until(() => expect(session.rows.routes()).toEqual(['telemetry.imu']))
    // the bar lets none pass that is not understood: the core refuses it all the same
    store.setState({ listView: { ...state().listView, filter: 'msg.route ==' } })
    await until(() => expect(state().listProblem).toMatchObject({ code: 'FILTER_INVALID' }))
    expect(session.rows.view.filter).toBe('msg.route == "telemetry.imu"')
  })

  test('a note is on its message until it is removed', async () => {
    await connect()
    await until(() => expect(state().listed.end).toBeGreaterThan(2))
    session.rows.want(1, 3)
    session.setNote({ kind: 'note', atMs: 0, messageId: 1, text: 'look here' })
    await until(() => expect(session.rows.get(1)).toMatchObject({ note: 'look here' }))
    session.removeNotes(state().notes.map(({ noteId }) => noteId))
    await until(() => expect(session.rows.get(1)).toMatchObject({ note: '' }))
  })

  test('a request gets its answer, which is linked both ways', async () => {
    const linkId = await connect()
    const sent = await exchange(linkId, 'echo', '{"rev": 9007199254740993}')
    expect(state().selectedId).toBe(sent.id)
    expect(sent.partner?.preview).toContain('9007199254740993')
    expect(sent.partner?.partnerId).toBe(sent.id)
    expect(state().sentRoutes).toEqual(['echo'])
  })

  test('a large body comes in pages, and whole when asked for', async () => {
    const linkId = await connect()
    const sent = await exchange(linkId, 'big', '{"bytes": 200000, "seed": 7}')
    const answer = sent.partner!
    const source = new BodySource(session.client, answer.id, answer.bodyBytes, new Uint8Array(0))
    const expected = (at: number): number => (at * 31 + 7) % 256
    // a piece across two pages
    expect(source.read(65_530, 16)).toBeUndefined()
    await until(() => expect(source.read(65_530, 16)).toBeDefined())
    expect([...source.read(65_530, 16)!]).toEqual(
      Array.from({ length: 16 }, (_, at) => expected(65_530 + at)),
    )
    const whole = await source.readAll()
    expect(whole.length).toBe(200_000)
    expect(whole.every((byte, at) => byte === expected(at))).toBe(true)
  })

  test('sending over a link that is gone is told at the composer', async () => {
    session.sendBytes({
      linkId: 99,
      route: 'echo',
      kind: 'request',
      body: utf8(''),
      priority: 0,
      timeoutMs: 1000,
    })
    await until(() => expect(state().sendProblem?.code).toBe('LINK_UNKNOWN'))
    expect(state().isSending).toBe(false)
  })

  test('a waiting request can be given up', async () => {
    const linkId = await connect()
    session.sendBytes({
      linkId,
      route: 'slow',
      kind: 'request',
      body: utf8('{"ms":20000}'),
      priority: 0,
      timeoutMs: 30_000,
    })
    await until(() => expect(state().sent).not.toBeNull())
    const id = state().sent!.messageId
    session.details.watch(id, () => undefined)
    await until(() => expect(session.details.get(id)).toMatchObject({ detail: { status: 'waiting' } }))
    session.cancel(id)
    await until(() =>
      expect(session.details.get(id)).toMatchObject({ detail: { code: 'REQUEST_CANCELLED' } }),
    )
  })

  test('clearing empties the list and the selection', async () => {
    const linkId = await connect()
    await exchange(linkId, 'echo', '{}')
    session.disconnect(linkId)
    await until(() => expect(selectActiveLink(state())?.phase).toBe('closed'))
    session.clear()
    await until(() => expect(state().bounds.total).toBe(0))
    expect(state().selectedId).toBeNull()
    session.reconnect(linkId)
    await until(() => expect(state().bounds.total).toBeGreaterThan(0))
    await until(() => expect(state().listed.end).toBeGreaterThan(state().listed.first))
    session.rows.want(state().listed.first, state().listed.end)
    await until(() => expect(session.rows.get(state().listed.first)).toBeDefined())
  })

  test('the end of the core is told once and keeps what is known', async () => {
    await connect()
    closeChannel()
    await until(() => expect(state().host).toMatchObject({ kind: 'lost', error: { code: 'CHANNEL_CLOSED' } }))
    expect(state().startedAtMs).toBeGreaterThan(0)
    expect(state().notice).toBeNull()
  })
})
