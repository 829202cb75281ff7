import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { observedStack, pullAll } from '../../../../testing/stack-wire'
import { nodeCompression } from '../../../link/node-compression'
import { nodeCrypto } from '../../../link/node-crypto'
import { seededRandom } from '../../../transport/seeded-random'
import { packMap } from './content/envelope'
import { draftFrame, finishFrame } from './frame-draft'
import { netconduitDialect } from './netconduit-dialect'
import { loadVectors } from './vectors/load-vectors'
import { FLAG, FRAME_TYPE, type FrameKind, LARGEST_PAYLOAD_BYTES, writeHeader } from './wire/header'

const SEED = 20261122
const ROUNDS = 600

/** A server that somebody has logged in to. */
function served(): ReturnType<typeof observedStack> {
  const server = observedStack({
    dialect: netconduitDialect,
    session: { role: 'device', crypto: nodeCrypto },
    compression: nodeCompression,
    limits: { messageBytes: 1024 * 1024 },
  })
  server.stack.connected(0)
  server.stack.receive(bytesOf('auth-request', [packMap({ password_hash: '' })]), 0)
  pullAll(server.stack, 0)
  server.stack.route('rpc:echo', (request) => ({ body: request.body }))
  server.stack.route('msg:echo', (request) => ({ body: request.body }))
  return server
}

const bytesOf = (kind: FrameKind, parts: readonly Uint8Array[] = [], id = 0n): Uint8Array =>
  concatBytes(finishFrame(draftFrame(kind, parts), id, 0).parts)

const stream = concatBytes(
  loadVectors()
    .filter(({ name }) => name !== 'message-large-binary')
    .flatMap(({ frames }) => frames.flatMap(({ header, payload }) => [header, payload])),
)

describe('a hostile peer', () => {
  test(`${ROUNDS} damaged streams throw nothing, keep nothing, and end with one fault at most`, () => {
    console.info(`seed ${SEED}`)
    const random = seededRandom(SEED)
    let faulty = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { stack, events } = served()
      const from = random(stream.length - 2000)
      const piece = stream.slice(round % 2 === 0 ? 0 : from, from + 2000)
      for (let hits = 1 + random(4); hits > 0; hits--) piece[random(piece.length)] = random(256)
      for (let at = 0; at < piece.length; ) {
        const end = Math.min(piece.length, at + 1 + random(3000))
        stack.receive(piece.slice(at, end), 100)
        pullAll(stack, 100)
        at = end
      }
      const fatal = events.filter((event) => event.type === 'fault' && event.code.startsWith('NETCONDUIT_'))
      expect(fatal.length).toBe(stack.isSpent ? 1 : 0)
      faulty += fatal.length
      stack.disconnected(200, 'LINK_LOST')
      const opened = events.filter(({ type }) => type === 'message-opened').length
      const closed = events.filter(({ type }) => type === 'message-closed').length
      expect([opened, stack.queuedBytes]).toEqual([closed, 0])
    }
    expect(faulty).toBeGreaterThan(ROUNDS / 2)
  })

  test('random bytes behind a right header are refused or read, never thrown', () => {
    console.info(`seed ${SEED + 1}`)
    const random = seededRandom(SEED + 1)
    const kinds = Object.keys(FRAME_TYPE) as FrameKind[]
    for (let round = 0; round < ROUNDS; round++) {
      const { stack } = served()
      const payload = Uint8Array.from({ length: random(200) }, () => random(256))
      const isCompressed = random(4) === 0
      const sent = isCompressed && random(2) === 0 ? nodeCompression.deflate(payload) : payload
      const header = writeHeader({
        kind: kinds[random(kinds.length)]!,
        flags: isCompressed ? FLAG.compressed : 0,
        payloadBytes: sent.length,
        correlationId: BigInt(random(1000)),
        timestampMs: 0n,
      })
      stack.receive(concatBytes([header, sent]), 100)
      pullAll(stack, 100)
    }
  })

  test('an announced length takes no memory, and one above the limit ends it', () => {
    const before = process.memoryUsage().arrayBuffers
    const stacks = Array.from({ length: 50 }, () => served())
    for (const [index, { stack }] of stacks.entries()) {
      const payloadBytes = index % 2 === 0 ? 1024 * 1024 : LARGEST_PAYLOAD_BYTES
      stack.receive(
        writeHeader({ kind: 'message', flags: 0, payloadBytes, correlationId: 0n, timestampMs: 0n }),
        100,
      )
      expect(stack.isSpent).toBe(index % 2 === 1)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  })

  test('arrays that announce four billion members, and nesting without end, are refused in no time', () => {
    const bombs = [
      Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(0xc6, 0xff, 0xff, 0xff, 0xff),
      new Uint8Array(1_000_000).fill(0x91),
      new Uint8Array(1_000_000).fill(0x81),
    ]
    for (const bomb of bombs) {
      const { stack, events } = served()
      const startedMs = performance.now()
      stack.receive(bytesOf('message', [bomb]), 100)
      expect(performance.now() - startedMs).toBeLessThan(1000)
      expect(events.at(-1)).toMatchObject({ type: 'fault', code: 'NETCONDUIT_BAD_PAYLOAD' })
    }
  })

  test('names such as __proto__ reach no prototype', () => {
    const { stack } = served()
    const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    const seen: unknown[] = []
    stack.route('msg:names', (request) => {
      seen.push(request.json())
      return undefined
    })
    const body = concatBytes([
      Uint8Array.of(0x82, 0xa4),
      utf8('type'),
      Uint8Array.of(0xa5),
      utf8('names'),
      Uint8Array.of(0xa4),
      utf8('data'),
      Uint8Array.of(0x82, 0xa9),
      utf8('__proto__'),
      Uint8Array.of(0x81, 0xa8),
      utf8('polluted'),
      Uint8Array.of(0x01, 0xab),
      utf8('constructor'),
      Uint8Array.of(0x81, 0xa9),
      utf8('prototype'),
      Uint8Array.of(0x81, 0xa8),
      utf8('polluted'),
      Uint8Array.of(0x01),
    ])
    stack.receive(bytesOf('message', [body]), 100)
    expect(JSON.stringify(seen[0])).toBe(text)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(seen[0])).toBeNull()
  })

  test('a thousand subscriptions are taken, one more is told that it is not', () => {
    const { stack, events } = served()
    stack.onUnrouted(() => new Promise<undefined>(() => undefined))
    const ask = (id: number): void => {
      const call = packMap({ method: 'stream_subscribe', params: { stream_name: `s${id}` } })
      stack.receive(bytesOf('rpc-request', [call], BigInt(id)), 100)
      pullAll(stack, 100)
    }
    for (let id = 1; id <= 1024; id++) ask(id)
    const routes = (): string[] =>
      events.flatMap((event) => (event.type === 'message-opened' ? [event.route] : []))
    expect(routes().filter((route) => route.startsWith('stream:'))).toHaveLength(1024)
    ask(1025)
    expect(routes().at(-1)).toBe('rpc:stream_subscribe')
  })

  test('whoever asks for thousands of protocol answers without reading them is hung up on', () => {
    const { stack } = served()
    const ask = packMap({ method: 'stream_unsubscribe', params: { stream_name: 'x' } })
    stack.receive(concatBytes(Array.from({ length: 2000 }, () => bytesOf('rpc-request', [ask]))), 100)
    expect(stack.isSpent).toBe(true)
  })
})
