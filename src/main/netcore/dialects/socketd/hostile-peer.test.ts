import { randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { nodeCrypto } from '../../../link/node-crypto'
import {
  faultCodes,
  servedSocketd,
  socketdFrame,
  type SocketdOptions,
} from '../../../../testing/socketd-pair'
import { eventsOf, type ObservedStack, observedStack, pullAll } from '../../../../testing/stack-wire'
import { seededRandom, type SeededRandom } from '../../../transport/seeded-random'
import { socketdDialect } from './socketd-dialect'
import { loadVectors } from './vectors/load-vectors'
import { wrapFrame } from './wire/envelope'
import { FLAG, type FrameKind } from './wire/flags'
import { LARGEST_FRAME_BYTES } from './wire/frame'

const SEED = 20261122
const RANDOM_SEED = randomInt(2 ** 31)
const ROUNDS = 120

const LINE: SocketdOptions = { codec: { onDamage: 'resync' } }
const UDP: SocketdOptions = { codec: { onDamage: 'resync', isPackets: true } }

const captured = loadVectors()
  .flatMap(({ frames }) => frames)
  .filter(({ decoded: { flag } }) => flag !== FLAG.connect && flag !== FLAG.connack && flag !== FLAG.close)
  .map(({ bytes }) => bytes)

const served = (options: SocketdOptions = {}): ObservedStack => {
  const server = servedSocketd({ crypto: nodeCrypto }, { limits: { messageBytes: 1024 * 1024 }, ...options })
  server.stack.onUnrouted((request) => (request.isAnswerable ? { body: request.body } : undefined))
  return server
}

const cut = (bytes: Uint8Array, random: SeededRandom, most: number): Uint8Array[] => {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + random(most))
    pieces.push(bytes.slice(at, end))
    at = end
  }
  return pieces
}

/** Every message that was opened is closed once, and nothing is kept, when the connection has ended. */
function expectClean({ stack, events }: ObservedStack): void {
  stack.disconnected(200, 'LINK_LOST')
  stack.stop(200, 'LINK_LOST')
  const keysOf = (type: 'message-opened' | 'message-closed'): number[] =>
    eventsOf(events, type)
      .map(({ messageKey }) => messageKey)
      .toSorted((a, b) => a - b)
  expect(keysOf('message-closed')).toEqual(keysOf('message-opened'))
  expect([stack.queuedBytes, stack.wakeAtMs]).toEqual([0, null])
}

describe('a hostile peer', () => {
  test.each([SEED, RANDOM_SEED])(
    'damaged captures of real peers throw nothing, keep nothing, and end with one word (seed %d)',
    (seed) => {
      const random = seededRandom(seed)
      let ended = 0
      for (let round = 0; round < ROUNDS; round++) {
        const server = served()
        const order = Array.from({ length: 12 }, () => captured[random(captured.length)]!)
        const piece = concatBytes(order).slice(0, 3000)
        for (let hits = 1 + random(4); hits > 0; hits--) piece[random(piece.length)] = random(256)
        const said: string[] = []
        for (const bytes of cut(piece, random, 700)) {
          server.stack.receive(bytes, 100)
          said.push(...pullAll(server.stack, 100).map(({ frameKind }) => frameKind))
        }
        server.stack.wake(100)
        expect(said.filter((kind) => kind === 'close')).toHaveLength(server.stack.isSpent ? 1 : 0)
        if (server.stack.isSpent) ended += 1
        expectClean(server)
      }
      expect(ended).toBeGreaterThan(ROUNDS / 10)
      expect(ended).toBeLessThan(ROUNDS)
    },
  )

  test.each([
    ['packets', UDP],
    ['a line', LINE],
  ] as const)('damage in %s never ends the connection', (name, options) => {
    console.info(`seed ${SEED}`)
    const random = seededRandom(SEED)
    let messages = 0
    for (let round = 0; round < ROUNDS / 4; round++) {
      const server = name === 'a line' ? onLine(options) : served(options)
      for (let packet = 0; packet < 30; packet++) {
        const frame = captured[random(captured.length)]!
        const bytes = name === 'a line' ? wrapFrame([frame]).slice() : frame.slice()
        if (random(3) === 0) bytes[random(bytes.length)] = random(256)
        if (random(10) === 0) server.stack.receive(bytes.subarray(0, random(bytes.length)), 100)
        else server.stack.receive(bytes, 100)
        pullAll(server.stack, 100)
      }
      messages += eventsOf(server.events, 'message-opened').length
      expect(server.stack.isSpent).toBe(false)
      expectClean(server)
    }
    expect(messages).toBeGreaterThan(ROUNDS)
  })

  /** Somebody has connected over the line, in envelopes. */
  const onLine = (options: SocketdOptions): ObservedStack => {
    const server = observedStack({ dialect: socketdDialect, ...options, session: { role: 'device' } })
    server.stack.connected(0)
    server.stack.receive(wrapFrame([socketdFrame('connect', { sid: 'c', event: 'tcp://line/' })]), 0)
    pullAll(server.stack, 0)
    server.stack.onUnrouted((request) => (request.isAnswerable ? { body: request.body } : undefined))
    return server
  }

  test('random bytes behind a right length and flag are refused or read, never thrown', () => {
    console.info(`seed ${SEED + 1}`)
    const random = seededRandom(SEED + 1)
    const kinds = Object.keys(FLAG) as FrameKind[]
    for (let round = 0; round < ROUNDS; round++) {
      const server = served()
      const content = Uint8Array.from({ length: 6 + random(300) }, () => (random(5) === 0 ? 0 : random(12)))
      const bytes = concatBytes([new Uint8Array(8), content])
      new DataView(bytes.buffer).setInt32(0, bytes.length)
      new DataView(bytes.buffer).setInt32(4, FLAG[kinds[random(kinds.length)]!])
      server.stack.receive(bytes, 100)
      pullAll(server.stack, 100)
      expectClean(server)
    }
  })

  test.each([-2147483648, -1, 0, 4, 7, 9, 13, LARGEST_FRAME_BYTES + 1, 2147483647])(
    'a length of %d is refused by its four bytes',
    (length) => {
      const server = served()
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setInt32(0, length)
      server.stack.receive(bytes, 0)
      expect(faultCodes(server)).toEqual(['SOCKETD_BAD_LENGTH'])
      expect(pullAll(server.stack, 0).map(({ frameKind }) => frameKind)).toEqual(['close'])
    },
  )

  test('an announced length takes no memory', () => {
    const before = process.memoryUsage().arrayBuffers
    const stacks = Array.from({ length: 50 }, () => served())
    for (const { stack } of stacks) stack.receive(Uint8Array.of(1, 16, 0, 0, 0), 0)
    expect(stacks.every(({ stack }) => !stack.isSpent)).toBe(true)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  })

  test('a frame that comes byte by byte takes little more memory than its bytes', () => {
    const { stack } = served()
    stack.receive(Uint8Array.of(0, 32, 0, 0), 0)
    const before = process.memoryUsage().arrayBuffers
    const drop = new Uint8Array(1)
    for (let at = 0; at < 200_000; at++) stack.receive(drop.slice(), 0)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024)
  })

  test('200 bytes without a separator end the connection, in no time', () => {
    const server = served()
    const bytes = new Uint8Array(200).fill(65)
    bytes.set([0, 0, 0, 200, 0, 0, 0, FLAG.message])
    const startedMs = performance.now()
    server.stack.receive(bytes, 0)
    expect(performance.now() - startedMs).toBeLessThan(1000)
    expect(faultCodes(server)).toEqual(['SOCKETD_BAD_FRAME'])
  })

  test.each([
    ['a sid of 65 bytes', { sid: 's'.repeat(65) }, { sid: 's'.repeat(64) }],
    ['an event of 513 bytes', { event: 'e'.repeat(513) }, { event: 'e'.repeat(512) }],
    ['metas of 4097 bytes', { meta: 'm'.repeat(4097) }, { meta: 'm'.repeat(4096) }],
  ])('%s are one too many', (_, tooLong, longest) => {
    const server = served()
    server.stack.receive(socketdFrame('message', longest), 0)
    expect(faultCodes(server)).toEqual([])
    server.stack.receive(socketdFrame('message', tooLong), 0)
    expect(faultCodes(server)).toEqual(['SOCKETD_BAD_FRAME'])
  })

  test('whoever asks for thousands of answers without reading them is hung up on', () => {
    const server = served()
    const ping = Uint8Array.of(0, 0, 0, 8, 0, 0, 0, FLAG.ping)
    server.stack.receive(concatBytes(Array.from({ length: 5000 }, () => ping)), 0)
    expect(pullAll(server.stack, 0)).toHaveLength(64)
    const meta = 'Data-Fragment-Idx=1'
    const bad = Array.from({ length: 1100 }, (_, at) =>
      socketdFrame('request', { sid: `r${at}`, event: 'x', meta }),
    )
    server.stack.receive(concatBytes(bad), 0)
    expect(pullAll(server.stack, 0).map(({ frameKind }) => frameKind)).toEqual(['close'])
    expect(faultCodes(server).at(-1)).toBe('QUEUE_FULL')
  })

  test('10 000 requests that nobody answers are let go of with their connection', () => {
    const server = servedSocketd({}, { limits: { pendingRequests: 1000 } })
    server.stack.onUnrouted(() => new Promise(() => undefined))
    const one = (at: number): Uint8Array =>
      socketdFrame('request', { sid: `r${at}`, event: 'x', data: utf8('y') })
    for (let round = 0; round < 100; round++) {
      server.stack.receive(concatBytes(Array.from({ length: 100 }, (_, at) => one(round * 100 + at))), 0)
    }
    expectClean(server)
  })

  test('names such as __proto__ reach no prototype', () => {
    const server = served()
    const meta = '__proto__=polluted&constructor=polluted&toString=polluted'
    server.stack.receive(
      socketdFrame('request', { sid: '__proto__', event: 'constructor', meta, data: utf8('x') }),
      0,
    )
    const { headers } = eventsOf(server.events, 'message-opened')[0]!
    expect(Object.getPrototypeOf(headers)).toBeNull()
    expect(Object.keys(headers)).toEqual(['__proto__', 'constructor', 'toString'])
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
    expect(pullAll(server.stack, 0)[0]).toMatchObject({ frameKind: 'reply', ref: '__proto__' })
  })

  test('a stream of 3001 holds nothing for longer than a moment after the last one', () => {
    const server = served()
    server.stack.send({ route: 'x', kind: 'event', body: utf8('') }, 0)
    for (let nowMs = 0; nowMs < 5000; nowMs += 50) {
      server.stack.receive(socketdFrame('pressure', { meta: 'code=3001' }), nowMs)
    }
    server.stack.wake(5050)
    expect(pullAll(server.stack, 5050).map(({ frameKind }) => frameKind)).toEqual(['message'])
  })
})

describe('any cut of a session', () => {
  const said = concatBytes(captured)

  const eventsFor = (pieces: readonly Uint8Array[]): string[] => {
    const server = served()
    server.stack.onUnrouted(() => undefined)
    for (const piece of pieces) server.stack.receive(piece, 100)
    return server.events.map((event) =>
      JSON.stringify('body' in event ? { ...event, body: event.body.length } : event),
    )
  }

  test('gives the same events', () => {
    console.info(`seed ${SEED}`)
    const random = seededRandom(SEED)
    const whole = eventsFor([said])
    expect(whole.length).toBeGreaterThan(100)
    for (const most of [1, 2, 7, 100, 1000, 5000]) {
      const got = eventsFor(cut(said, random, most))
      expect(got.findIndex((event, at) => event !== whole[at])).toBe(-1)
      expect(got).toHaveLength(whole.length)
    }
  })

  test('never gives more messages than whole frames', () => {
    const ends: number[] = []
    let at = 0
    for (const bytes of captured) ends.push((at += bytes.length))
    for (let end = 0; end <= said.length; end += 97) {
      const server = served()
      server.stack.receive(said.slice(0, end), 100)
      const frames = eventsOf(server.events, 'frame').filter(
        ({ dir, streamOffset }) => dir === 'in' && streamOffset > 0,
      )
      const whole = ends.filter((frameEnd) => frameEnd <= end).length
      expect(frames.length).toBe(whole)
      expect(faultCodes(server).filter((code) => code.startsWith('SOCKETD_BAD'))).toEqual([])
    }
  })
})
