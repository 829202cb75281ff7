import { describe, expect, test } from 'vitest'
import { concatBytes, toHex, utf8 } from '../../../../../shared/bytes'
import { NativeLine, type NativeLineOptions, seededUnit } from '../../../../../testing/native-line'
import { eventsOf, observedStack } from '../../../../../testing/stack-wire'
import { fuzzDecoder } from '../../../../../testing/decoder-fuzz'
import { passiveNativeDialect } from './passive-codec'

type Side = 'near' | 'far'
interface Said {
  readonly route: string
  readonly kind: string
  readonly body: string
  readonly headers: Record<string, unknown>
}

/** A conversation of all kinds of messages, and the bytes of each direction with every repeat in them. */
function conversation(options: NativeLineOptions): {
  wire: Record<Side, Uint8Array>
  said: Record<Side, Said[]>
} {
  const frames: Record<Side, Uint8Array[]> = { near: [], far: [] }
  const said: Record<Side, Said[]> = { near: [], far: [] }
  const open = new Map<string, Omit<Said, 'body'>>()
  let answered = 0
  const line = new NativeLine({
    ...options,
    onFrame: (side, frame) => frames[side].push(...frame.parts),
    // What arrives at one side is what the other one said.
    onTrace: (side, event) => {
      if (event.type === 'message-opened' && event.dir === 'in') {
        const { route, kind, headers } = event
        open.set(`${side}${event.messageKey}`, { route: kind === 'response' ? '' : route, kind, headers })
      } else if (event.type === 'message-closed' && event.dir === 'in' && event.outcome === 'complete') {
        const head = open.get(`${side}${event.messageKey}`)!
        said[side === 'near' ? 'far' : 'near'].push({ ...head, body: toHex(event.body) })
        if (head.kind === 'response') answered += 1
      }
    },
  })
  const { stack } = line.far
  stack.route('echo', ({ body, headers }) => ({ body, headers }))
  stack.route('count', (request) => {
    for (const n of '123') request.reply({ body: utf8(n), hasMore: true })
    request.end()
    return undefined
  })
  stack.onUnrouted(() => undefined)
  line.plug()
  line.run(3000, () => line.near.stack.isReady && stack.isReady)
  const body = (bytes: number, seed: number) =>
    Uint8Array.from({ length: bytes }, (_, at) => (at * seed) & 255)
  for (let index = 0; index < 12; index++) {
    const headers = index % 3 === 0 ? { 'x-n': index, words: ['größe', null, 2n ** 60n] } : {}
    line.near.stack.request({ route: 'echo', body: body(index * 331, index + 3), headers }, line.nowMs)
    line.near.stack.send({ route: 'event', kind: 'event', body: body(index, 5) }, line.nowMs)
  }
  line.near.stack.subscribe(
    { route: 'count', body: utf8('?'), onAnswer: () => true, onEnd: () => undefined },
    line.nowMs,
  )
  line.near.stack.request({ route: 'nowhere', body: body(7, 1) }, line.nowMs)
  line.run(line.nowMs + 60_000, () => answered >= 15)
  line.run(line.nowMs + 500)
  return { wire: { near: concatBytes(frames.near), far: concatBytes(frames.far) }, said }
}

function read(bytes: Uint8Array, random: () => number): { said: Said[]; faults: number; wireBytes: number } {
  const { stack, events } = observedStack({
    dialect: passiveNativeDialect,
    codec: { onDamage: 'resync' },
    answersErrors: false,
  })
  stack.onUnrouted(() => undefined)
  stack.connected(0)
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + Math.floor(random() * 700)
    stack.receive(bytes.slice(at, at + length), 0)
    at += length
  }
  stack.disconnected(0, 'LINK_LOST')
  const heads = new Map(eventsOf(events, 'message-opened').map((event) => [event.messageKey, event]))
  const said = eventsOf(events, 'message-closed')
    .filter(({ outcome }) => outcome === 'complete')
    .map(({ messageKey, body }) => {
      const { route, kind, headers } = heads.get(messageKey)!
      return { route, kind, headers, body: toHex(body) }
    })
  const faults = eventsOf(events, 'fault').filter(({ code }) => code !== 'ANSWER_UNMATCHED')
  const wireBytes = eventsOf(events, 'frame').reduce((sum, frame) => sum + frame.wireBytes, 0)
  return { said, faults: faults.length, wireBytes }
}

const sorted = (said: readonly Said[]): string[] =>
  said
    .map(({ route, kind, body, headers }) =>
      JSON.stringify([kind, route, body, headers], (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    )
    .sort()

const ways: [string, NativeLineOptions][] = [
  ['a clean serial line', { seed: 3, baud: 921_600 }],
  ['a line that loses and damages bytes', { seed: 4, baud: 921_600, flip: 1e-3, drop: 1e-3 }],
  ['a socket', { seed: 5 }],
]

describe.each(ways)('a recorded direction of %s', (_name, options) => {
  test.each(['near', 'far'] as const)('is read by itself, each message once and whole (%s)', (side) => {
    const { wire, said } = conversation(options)
    const got = read(wire[side], seededUnit(9))
    expect(sorted(got.said)).toEqual(sorted(said[side]))
    expect(got.said.length).toBeGreaterThan(13)
    expect(got.faults).toBe(0)
    // Every byte is in a frame; the delimiter that opens the line is in none.
    expect(wire[side].length - got.wireBytes).toBeLessThanOrEqual(2)
  })

  test('that begins late is read from its next frame on, without inventing a message', () => {
    const { wire, said } = conversation(options)
    if (options.baud === undefined) return // lengths without a beginning can not be found again
    for (const part of [0.1, 0.5, 0.9]) {
      const got = read(wire.near.slice(Math.floor(wire.near.length * part)), seededUnit(1))
      const all = new Set(said.near.map(({ body }) => body))
      for (const message of got.said) expect(all.has(message.body)).toBe(true)
      expect(got.faults).toBeLessThanOrEqual(1)
    }
  })
})

test('damaged captures throw nothing, take no time, and leave no message open', () => {
  const captures = ways.flatMap(([, options]) => Object.values(conversation(options).wire))
  const seed = Math.floor(Math.random() * 2 ** 31)
  const inputs = 4_000
  const counts = fuzzDecoder({ dialect: passiveNativeDialect, onDamage: 'resync', captures, inputs, seed })
  expect(counts, `seed ${seed}`).toMatchObject({ uncaught: 0, slow: 0, unclosed: 0, firstFailureHex: '' })
  expect(counts.messages).toBeGreaterThan(inputs / 10)
})
