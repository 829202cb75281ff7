import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lenientUtf8, utf8 } from '../../../shared/bytes'
import { type PeerError, peerErrorOf } from '../../../shared/model/peer-error'
import type { TraceEvent } from '../../../shared/model/trace'
import { settlePromises, VirtualClock } from '../../../testing/virtual-clock'
import type { Answer, IncomingRequest } from '../../netcore/stack-types'
import { createMemoryNetwork } from '../../transport/memory'
import { seededRandom } from '../../transport/seeded-random'
import type { Link } from '../link'
import { Links } from '../links'
import { Broker } from './broker'
import { parseBrokerTarget } from './broker-target'
import { NamedSessions } from './named-sessions'

let clock: VirtualClock
let network: ReturnType<typeof createMemoryNetwork>
let server: Links
let made: Links[]

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) {
    await settlePromises()
    clock.advanceBy(0.01)
  }
}

beforeEach(async () => {
  clock = new VirtualClock()
  network = createMemoryNetwork()
  made = []
  server = links(({ stack }) => stack.route('own', () => ({ body: utf8('of the listener') })))
  await server.openLink('tcp-listen://broker:1?dialect=socketd&broker=yes').listener!.open()
})

afterEach(async () => {
  await Promise.all(made.map((each) => each.closeAll()))
})

function links(onLink: (link: Link) => void = () => undefined, onTrace?: (event: TraceEvent) => void): Links {
  const all = new Links({
    clock,
    random: seededRandom(made.length + 1),
    transportFor: ({ scheme }) => (scheme === 'tcp-listen' ? network.listening : network.transport),
    onLink,
    ...(onTrace && { onTrace }),
  })
  made.push(all)
  return all
}

interface Player {
  readonly link: Link
  /** `event: text` of the messages that came. */
  readonly heard: string[]
  /** Codes of alarms that answer nothing. */
  readonly alarms: string[]
}

/** A session of this name; a request is answered with the name and what came. */
async function player(name: string, serve?: (request: IncomingRequest) => void): Promise<Player> {
  const heard: string[] = []
  const alarms: string[] = []
  const all = links(
    ({ stack }) =>
      stack.onUnrouted((request) => {
        heard.push(`${request.route}: ${request.text()}`)
        if (request.isAnswerable && serve === undefined) {
          return { body: utf8(`${name} got ${request.text()}`), headers: { by: name } }
        }
        serve?.(request)
        return undefined
      }),
    (event) => {
      if (event.type === 'fault' && event.code === 'SOCKETD_ALARM') alarms.push(event.detail)
    },
  )
  const link = all.openLink(`sd:tcp://broker:1/${name === '' ? '' : `?@=${name}`}`).link!
  await settle()
  await link.whenConnected()
  return { link, heard, alarms }
}

const say = (from: Player, to: string | undefined, text: string): void => {
  from.link.send({
    route: 'say',
    kind: 'event',
    body: utf8(text),
    ...(to !== undefined && { headers: { '@': to } }),
  })
}

const ask = async (
  from: Player,
  to: string,
  text: string,
  more: Record<string, string> = {},
): Promise<string> => {
  const { answer } = from.link.request({ route: 'ask', body: utf8(text), headers: { '@': to, ...more } })
  await settle()
  return said(await answer)
}

const said = (answer: Answer): string => {
  const error: PeerError | undefined = peerErrorOf(answer)
  return error === undefined ? lenientUtf8(answer.body) : `${error.code}: ${error.message}`
}

describe('a message goes', () => {
  test('to one of a name after the other, in the order in which it was sent', async () => {
    const [sender, a, b] = [await player('s'), await player('x'), await player('x')]
    for (const text of ['1', '2', '3', '4']) say(sender, 'x', text)
    await settle()
    expect([a.heard, b.heard]).toEqual([
      ['say: 1', 'say: 3'],
      ['say: 2', 'say: 4'],
    ])
  })

  test('to all of a name, or all that have one, but never back to who sent it', async () => {
    const [sender, twin, other, nameless] = [
      await player('x'),
      await player('x'),
      await player('y'),
      await player(''),
    ]
    say(sender, 'x*', 'namesakes')
    say(sender, '*', 'everybody')
    await settle()
    expect(twin.heard).toEqual(['say: namesakes', 'say: everybody'])
    expect(other.heard).toEqual(['say: everybody'])
    expect([sender.heard, nameless.heard]).toEqual([[], []])
  })

  test('to the same one of a name for the same hash', async () => {
    const sender = await player('')
    const players = [await player('x'), await player('x'), await player('x')]
    for (const hash of ['k1', 'k2', 'k3', 'k4', 'k5', 'k6']) {
      const headers = { '@': 'x!', 'X-Hash': hash }
      for (let at = 0; at < 3; at++)
        sender.link.send({ route: hash, kind: 'event', body: utf8('.'), headers })
    }
    await settle()
    const keys = players.map(({ heard }) => new Set(heard))
    expect(keys.reduce((sum, { size }) => sum + size, 0)).toBe(6)
    expect(players.reduce((sum, { heard }) => sum + heard.length, 0)).toBe(18)
    expect(keys.filter(({ size }) => size > 0).length).toBeGreaterThan(1)
  })

  test('nowhere where it names nobody, nobody is there or they are gone: an alarm says so', async () => {
    const [sender, gone] = [await player('s'), await player('x')]
    say(sender, undefined, 'no address')
    say(sender, 'y', 'no such name')
    say(sender, 's*', 'alone of this name')
    await settle()
    expect(sender.alarms).toEqual([
      "400: require '@' meta",
      "404: don't have '@y' session",
      "404: don't have '@s*' session",
    ])
    await gone.link.close()
    await settle()
    say(sender, 'x', 'gone')
    await settle()
    expect(sender.alarms[3]).toBe("404: don't have '@x' session")
  })
})

describe('a request', () => {
  test('is asked again under an id of its own, and its answer given back', async () => {
    const [sender, x] = [await player('s'), await player('x')]
    expect(await ask(sender, 'x', 'hello')).toBe('x got hello')
    expect(x.heard).toEqual(['ask: hello'])
    expect(await ask(x, 's', 'back')).toBe('s got back')
  })

  test('is answered by the listener itself where it names nobody', async () => {
    const sender = await player('s')
    const { answer } = sender.link.request({ route: 'own', body: new Uint8Array(0) })
    await settle()
    expect(said(await answer)).toBe('of the listener')
    const { answer: none } = sender.link.request({ route: 'nothing', body: new Uint8Array(0) })
    await settle()
    expect(said(await none)).toBe("BROKER_NO_ADDRESS: require '@' meta")
  })

  test('brings the alarm of who was asked, or of the broker', async () => {
    const sender = await player('s')
    await player('x', () => {
      throw new Error('broken')
    })
    expect(await ask(sender, 'x', '?')).toMatch(/^HANDLER_FAILED: .*broken/)
    expect(await ask(sender, 'nobody', '?')).toBe("BROKER_NO_TARGET: don't have '@nobody' session")
  })

  test('fails as soon as who was asked is gone', async () => {
    const sender = await player('s')
    const x = await player('x', () => undefined)
    x.link.stack.onUnrouted(() => new Promise<undefined>(() => undefined))
    const { answer } = sender.link.request({ route: 'ask', body: utf8('?'), headers: { '@': 'x' } })
    await settle()
    await x.link.close()
    await settle()
    expect(said(await answer)).toMatch(/^(PEER_CLOSED|LINK_LOST):/)
  })

  test('to several brings the first answer, and no alarm of one that failed', async () => {
    const sender = await player('s')
    await player('x', () => {
      throw new Error('broken')
    })
    await player('x')
    expect(await ask(sender, 'x*', 'who')).toBe('x got who')
  })

  test('that subscribes brings the answers of all, and ends when all have ended', async () => {
    const sender = await player('s')
    for (const name of ['a', 'b']) {
      await player(name, (request) => {
        for (const number of [1, 2]) request.reply({ body: utf8(`${name}${number}`), hasMore: true })
        request.end()
      })
    }
    const answers: string[] = []
    let ended: unknown
    sender.link.subscribe({
      route: 'count',
      body: new Uint8Array(0),
      headers: { '@': '*' },
      onAnswer: (answer) => {
        answers.push(said(answer))
        return true
      },
      onEnd: (error) => {
        ended = error
      },
    })
    await settle()
    expect(ended).toBeNull()
    expect(answers.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2'])
    for (const name of ['a', 'b'])
      expect(answers.filter((text) => text.startsWith(name))).toEqual([`${name}1`, `${name}2`])
  })
})

test('a large body passes unchanged, and what follows it passes it by only to others', async () => {
  const [sender, x] = [await player('s'), await player('x')]
  const body = new Uint8Array(300_000).map((_, at) => at % 251)
  let got: Uint8Array | undefined
  x.link.stack.onUnrouted((request) => {
    got = request.body
    return undefined
  })
  sender.link.send({ route: 'big', kind: 'event', body, headers: { '@': 'x' } })
  await settle()
  expect(Buffer.compare(got!, body)).toBe(0)
})

test('the words of an address mean what the library means by them', () => {
  expect(['x', 'x!', 'x*', '*', '', '!'].map(parseBrokerTarget)).toEqual([
    { kind: 'in-turn', name: 'x' },
    { kind: 'by-hash', name: 'x' },
    { kind: 'all', name: 'x' },
    { kind: 'everybody' },
    undefined,
    undefined,
  ])
})

test('a message for more sessions than allowed goes to none', () => {
  const broker = new Broker({ maxFanOut: 2 })
  const seats = [1, 2, 3].map(() => {
    const seat = broker.seat()
    seat.learnName({ url: '', path: '/', params: new Map([['@', 'x']]), metas: new Map() })
    return seat
  })
  for (const seat of seats.slice(0, 2)) broker.enter(seat)
  const sender = broker.seat()
  const request = { headers: {} } as IncomingRequest
  expect(broker.targetsOf('x*', request, sender)).toEqual(seats.slice(0, 2))
  broker.enter(seats[2]!)
  expect(() => broker.targetsOf('x*', request, sender)).toThrow(
    expect.objectContaining({ code: 'BROKER_FAN_OUT' }) as Error,
  )
  expect(broker.targetsOf('x', request, sender)).toHaveLength(1)
})

test('a name that nobody has any more leaves nothing behind', () => {
  const sessions = new NamedSessions<number>()
  const target = { kind: 'in-turn', name: 'x' } as const
  for (const session of [1, 2, 3]) sessions.add('x', session)
  sessions.add('x', 1)
  expect([1, 2, 3, 4].map(() => sessions.choose(target, 0, '')[0])).toEqual([1, 2, 3, 1])
  for (const session of [1, 2, 3]) sessions.remove('x', session)
  expect(sessions.choose(target, 0, '')).toEqual([])
  sessions.add('x', 9)
  expect(sessions.choose(target, 0, '')).toEqual([9])
})
