import { afterEach, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { SessionEvent, TraceEvent } from '../../shared/model/trace'
import { VirtualClock } from '../../testing/virtual-clock'
import { Link } from '../link/link'
import { seededRandom } from '../transport/seeded-random'
import { createSimTransport, type SimAddress } from './sim-transport'

let host: Link | undefined
afterEach(() => host?.close())

function connect(url: string, hostUrl = url) {
  const clock = new VirtualClock()
  const events: TraceEvent[] = []
  const link = new Link({
    id: 1,
    address: parseLinkUrl(hostUrl),
    transport: createSimTransport(parseLinkUrl(url) as SimAddress, clock),
    clock,
    random: seededRandom(3),
    onTrace: (event) => events.push(event),
  })
  host = link
  link.open()
  const sessions = (): SessionEvent[] => events.filter((event) => event.type === 'session')
  return { clock, link, events, sessions }
}

test('a native device shakes hands under its name, talks then, and answers over a line that damages bytes', async () => {
  const { clock, link, events, sessions } = connect('sim:demo?dialect=native&flip=1e-3&drop=1e-3')
  await clock.advanceToAsync(2000)
  expect(sessions().at(-1)).toMatchObject({ phase: 'ready', peerIdentity: 'simulated demo' })
  const readyAtMs = sessions().find(({ phase }) => phase === 'ready')!.atMs
  const opened = events.filter((event) => event.type === 'message-opened')
  expect(opened.length).toBeGreaterThan(2)
  expect(opened[0]!.atMs).toBeGreaterThan(readyAtMs)
  const { answer } = link.request({ route: 'echo', body: utf8('over there') })
  await clock.advanceToAsync(6000)
  expect((await answer).body).toEqual(utf8('over there'))
})

test('a native device with a password lets in who knows it', async () => {
  const { clock, link } = connect('sim:demo?dialect=native&password=open')
  // keys are derived beside the virtual time
  const isReady = async (): Promise<boolean> => {
    await clock.advanceToAsync(clock.nowMs() + 100)
    return link.stack.isReady
  }
  await expect.poll(isReady, { timeout: 10_000 }).toBe(true) // keys are derived, and the machine may be busy
})

test('a native device with a password refuses who does not know it, and starts nothing', async () => {
  const { clock, link, events } = connect('sim:demo?dialect=native&password=open', 'sim:demo?dialect=native')
  await clock.advanceToAsync(3000)
  expect(link.phase).toBe('closed')
  expect(link.problem).toMatchObject({ code: 'AUTH_REQUIRED' })
  expect(events.some(({ type }) => type === 'message-opened')).toBe(false)
})
