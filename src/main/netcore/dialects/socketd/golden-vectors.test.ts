import { describe, expect, test } from 'vitest'
import { concatBytes, toHex, utf8 } from '../../../../shared/bytes'
import { AnswerError } from '../../endpoint/told-error'
import { observedStack, pullAll } from '../../../../testing/stack-wire'
import type { IncomingRequest } from '../../stack-types'
import { CLOSE } from './session/close-codes'
import { ControlLine } from './control-line'
import { socketdDialect } from './socketd-dialect'
import { loadVectors, pattern, saidBy, type VectorFrame } from './vectors/load-vectors'
import { FLAG, type FrameKind, kindOfFlag } from './wire/flags'
import { bareFrame, frameHead, frameNames, readFrame } from './wire/frame'
import type { WireFrame } from './wire/frame-decoder'
import { formatMeta, parseMeta } from './wire/meta'
import { StreamDecoder } from './wire/stream-decoder'

const vectors = loadVectors()
const frames = vectors.flatMap((vector) =>
  vector.frames.map((frame, at) => ({ ...frame, name: `${vector.name} ${at}` })),
)
const vectorNamed = (name: string) => vectors.find((vector) => vector.name === name)!

/** Whatever a decoder gives for these pieces. */
function decoded(pieces: readonly Uint8Array[]): WireFrame[] {
  const got: WireFrame[] = []
  const decoder = new StreamDecoder()
  for (const piece of pieces) {
    decoder.receive(piece, 0, {
      frame: (frame) => got.push(frame),
      fault: ({ detail }) => {
        throw new Error(detail)
      },
    })
  }
  expect(decoder.pendingBytes).toBe(0)
  return got
}

const cut = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.slice(at * size, (at + 1) * size))

test('there are 27 exchanges', () => {
  expect(vectors).toHaveLength(27)
})

describe.each(frames)('$name', ({ bytes, decoded: wanted }) => {
  test('is read as the real peers meant it', () => {
    const frame = readFrame(bytes)
    if (typeof frame === 'string') throw new Error(frame)
    expect(frame).toMatchObject({ flag: wanted.flag, hasMessage: wanted.sid !== undefined })
    expect(kindOfFlag(frame.flag)).toBe(frame.kind)
    expect(frame.kind.replaceAll('-', '')).toBe(wanted.flagName.toLowerCase())
    if (wanted.sid === undefined) return
    const { sid, event, metaString: meta, meta: pairs, dataLength } = wanted
    expect(frame).toMatchObject({ sid, event, meta })
    expect([...parseMeta(frame.meta)]).toEqual(pairs)
    expect(frame.data).toHaveLength(dataLength!)
    if (wanted.dataText !== undefined) expect(new TextDecoder().decode(frame.data)).toBe(wanted.dataText)
    if (wanted.dataHex !== undefined) expect(toHex(frame.data)).toBe(wanted.dataHex)
  })

  test('is written byte for byte as the real peers wrote it', () => {
    const frame = readFrame(bytes)
    if (typeof frame === 'string') throw new Error(frame)
    const kind = frame.kind as FrameKind
    const written = frame.hasMessage
      ? concatBytes([
          frameHead(kind, frameNames(frame.sid, frame.event), formatMeta(wanted.meta!), frame.data.length),
          frame.data,
        ])
      : bareFrame(kind)
    expect(toHex(written)).toBe(toHex(bytes))
  })

  test.each([1, 2, 3, 5, 7])('is the same in pieces of %d', (size) => {
    const [got, ...others] = decoded(cut(bytes, size))
    expect(others).toEqual([])
    expect({ ...got!.frame, data: toHex(got!.frame.data) }).toEqual({
      ...(readFrame(bytes) as WireFrame['frame']),
      data: toHex((readFrame(bytes) as WireFrame['frame']).data),
    })
  })
})

test('all frames glued together are all frames', () => {
  const glued = concatBytes(frames.map(({ bytes }) => bytes))
  const whole = decoded([glued]).map(({ frame, streamOffset }) => [frame.kind, frame.sid, streamOffset])
  expect(whole).toHaveLength(frames.length)
  expect(
    decoded(cut(glued, 11)).map(({ frame, streamOffset }) => [frame.kind, frame.sid, streamOffset]),
  ).toEqual(whole)
})

const connected = (): ReturnType<typeof observedStack> => {
  const server = observedStack({
    dialect: socketdDialect,
    session: { role: 'device' },
    policy: { chunkBytes: 1024 },
  })
  server.stack.connected(0)
  server.stack.receive(saidBy(vectorNamed('tcp-handshake'), 'c2s')[0]!.bytes, 0)
  pullAll(server.stack, 0)
  return server
}

/** What our side writes after the handshake, frame by frame. */
const written = ({ stack }: ReturnType<typeof observedStack>): string[] =>
  pullAll(stack, 0).map(({ parts }) => toHex(concatBytes(parts)))

/** The same frame with its metas in one order: that of the peers is by hash. */
const sorted = (hex: string): string => {
  const frame = readFrame(Uint8Array.from(Buffer.from(hex, 'hex')))
  if (typeof frame === 'string') throw new Error(frame)
  return `${frame.kind} ${frame.sid} ${frame.event} ${frame.meta.split('&').toSorted().join('&')} ${toHex(frame.data)}`
}

describe('our server, asked what the real client asked', () => {
  const answerTo = (
    name: string,
    serve: (
      request: IncomingRequest,
    ) => ReturnType<Parameters<ReturnType<typeof observedStack>['stack']['onUnrouted']>[0]>,
  ): void => {
    const vector = vectorNamed(name)
    const server = connected()
    const seen: IncomingRequest[] = []
    server.stack.onUnrouted((request) => {
      seen.push(request)
      return serve(request)
    })
    server.stack.receive(concatBytes(saidBy(vector, 'c2s').map(({ bytes }) => bytes)), 0)
    expect(seen).toHaveLength(1)
    expect(written(server).map(sorted)).toEqual(
      saidBy(vector, 's2c').map(({ bytes }) => sorted(toHex(bytes))),
    )
  }

  test('answers a request', () => {
    const data = vectorNamed('tcp-request-reply').frames.at(-1)!.decoded.dataText!
    answerTo('tcp-request-reply', () => ({ body: utf8(data) }))
  })

  test('answers a subscription with three answers and an end', () => {
    answerTo('tcp-subscribe-3', (request) => {
      for (const text of ['r1', 'r2', 'r3']) request.reply({ body: utf8(text), hasMore: true })
      return { body: utf8('bye') }
    })
  })

  test('raises an alarm that repeats the metas of the request', () => {
    answerTo('tcp-alarm-for-request', () => {
      throw new AnswerError('4003', 'denied')
    })
  })

  test('gives back in pieces what came in pieces', () => {
    answerTo('tcp-fragments-request-reply', (request) => {
      expect(Buffer.compare(request.body, pattern(1025))).toBe(0)
      return { body: request.body }
    })
  })
})

describe('our client, told what the real client was told', () => {
  test.each([
    'tcp-message-empty',
    'tcp-message-with-meta',
    'tcp-message-binary',
    'tcp-utf8',
    'tcp-at-name',
    'tcp-file-entity',
    'tcp-request-reply',
    'tcp-fragments-message',
    'tcp-exact-fragment-size',
  ])('says the same (%s)', (name) => {
    const vector = vectorNamed(name)
    const asked = saidBy(vector, 'c2s')
    const client = connected()
    for (const group of messagesOf(asked)) {
      const { sid, event, meta, flag } = group[0]!.decoded
      const headers = Object.fromEntries(meta!.filter(([key]) => !/^Data-(Fragment|Length)/.test(key)))
      const body = concatBytes(group.map(({ bytes }) => (readFrame(bytes) as WireFrame['frame']).data))
      const kind = flag === FLAG.message ? 'event' : 'request'
      client.stack.send({ route: event!, kind, body, headers, ref: sid! }, 0)
    }
    expect(written(client).map(sorted)).toEqual(asked.map(({ bytes }) => sorted(toHex(bytes))))
  })

  const messagesOf = (said: readonly VectorFrame[]): VectorFrame[][] => {
    const bySid = new Map<string, VectorFrame[]>()
    for (const frame of said) bySid.set(frame.decoded.sid!, [...(bySid.get(frame.decoded.sid!) ?? []), frame])
    return [...bySid.values()]
  }
})

test('Close, Ping and Pong are theirs', () => {
  const control = new ControlLine()
  control.close(CLOSE.command)
  control.close(CLOSE.soon)
  control.bare('ping')
  control.bare('pong')
  const hexes = Array.from({ length: 4 }, () => toHex(concatBytes(control.next()!.parts)))
  const hexOf = (name: string, at = 0): string => toHex(vectorNamed(name).frames[at]!.bytes)
  expect(hexes).toEqual([hexOf('tcp-close'), hexOf('tcp-preclose'), hexOf('tcp-ping'), hexOf('tcp-ping', 1)])
})
