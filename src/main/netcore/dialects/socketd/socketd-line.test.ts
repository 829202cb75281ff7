import { describe, expect, test } from 'vitest'
import { concatBytes, toHex, utf8 } from '../../../../shared/bytes'
import {
  faultCodes,
  sessionPhases,
  socketdFrame,
  socketdPair,
  socketdSide,
  type SocketdOptions,
} from '../../../../testing/socketd-pair'
import { eventsOf, exchange, pullAll, seededRandom } from '../../../../testing/stack-wire'
import { DEFAULT_HEARTBEAT_MS } from './session/session'
import { EnvelopeDecoder, wrapFrame } from './wire/envelope'
import { GuessingDecoder } from './wire/guessing-decoder'
import type { FrameDecoder } from './wire/frame-decoder'

const LINE: SocketdOptions = {
  codec: { onDamage: 'resync' },
  line: { latencyTargetMs: 40, rate: { baud: 115_200, bitsPerByte: 10 } },
}
const SEED = 20261122

interface Read {
  readonly frames: string[]
  readonly codes: string[]
  readonly places: [number, number][]
}

function readWith(decoder: FrameDecoder, pieces: readonly Uint8Array[]): Read {
  const read: Read = { frames: [], codes: [], places: [] }
  for (const piece of pieces) {
    decoder.receive(piece, 0, {
      frame: ({ frame, streamOffset, wireBytes }) => {
        read.frames.push(`${frame.kind} ${frame.sid} ${toHex(frame.data)}`)
        read.places.push([streamOffset, wireBytes])
      },
      fault: ({ code, streamOffset, lostBytes }) => {
        read.codes.push(code)
        read.places.push([streamOffset, lostBytes])
      },
    })
  }
  return read
}

const frames = Array.from({ length: 60 }, (_, at) =>
  socketdFrame('message', { sid: `s${at}`, event: 'e', data: new Uint8Array((at * 37) % 700).fill(at % 3) }),
)

describe('the envelope', () => {
  const wire = concatBytes(frames.map((frame) => wrapFrame([frame])))

  test('any cut gives the same frames, and every byte belongs to one', () => {
    console.info(`seed ${SEED}`)
    const random = seededRandom(SEED)
    const whole = readWith(new EnvelopeDecoder(), [wire])
    expect(whole.frames).toHaveLength(frames.length)
    expect(whole.places.reduce((sum, [, byteCount]) => sum + byteCount, 0)).toBe(wire.length)
    for (let round = 0; round < 30; round++) {
      const pieces: Uint8Array[] = []
      for (let at = 0; at < wire.length; ) {
        const end = Math.min(wire.length, at + 1 + random(round === 0 ? 1 : 200))
        pieces.push(wire.slice(at, end))
        at = end
      }
      expect(readWith(new EnvelopeDecoder(), pieces)).toEqual(whole)
    }
  })

  test('damage costs the frames it touches and one neighbour at most, and nothing wrong is read', () => {
    console.info(`seed ${SEED}`)
    const random = seededRandom(SEED)
    const good = new Set(readWith(new EnvelopeDecoder(), [wire]).frames)
    for (let round = 0; round < 200; round++) {
      const damaged = wire.slice()
      const at = random(damaged.length - 8)
      for (let byte = 0; byte < 1 + random(8); byte++) damaged[at + byte] = random(256)
      const { frames: got } = readWith(new EnvelopeDecoder(), [damaged])
      expect(got.filter((frame) => !good.has(frame))).toEqual([])
      expect(got.length).toBeGreaterThanOrEqual(frames.length - 2)
    }
  })

  test('4096 bytes of rubbish, and a megabyte without an end, cost no good frame behind them', () => {
    const random = seededRandom(SEED)
    for (const rubbish of [
      Uint8Array.from({ length: 4096 }, () => random(256)),
      new Uint8Array(1024 * 1024).fill(1),
    ]) {
      const { frames: got } = readWith(new EnvelopeDecoder(), [rubbish, wire])
      expect(got).toHaveLength(frames.length)
    }
  })

  test('a reader tells it from frames back to back by the first bytes', () => {
    expect(readWith(new GuessingDecoder(undefined), [wire]).frames).toHaveLength(frames.length)
    const plain = concatBytes(frames)
    for (const size of [1, 7, plain.length]) {
      const pieces = Array.from({ length: Math.ceil(plain.length / size) }, (_, at) =>
        plain.slice(at * size, (at + 1) * size),
      )
      const read = readWith(new GuessingDecoder(undefined), pieces)
      expect([read.frames.length, read.codes]).toEqual([frames.length, []])
    }
  })
})

describe('a line', () => {
  test('carries requests both ways, in fragments that suit its speed', async () => {
    const { client, server, talk } = socketdPair({ both: LINE })
    server.stack.route('echo', (request) => ({ body: request.body }))
    const body = new Uint8Array(5000).fill(9)
    const { answer } = client.stack.request({ route: 'echo', body }, 1)
    talk(1)
    expect(Buffer.compare((await answer).body, body)).toBe(0)
    const sizes = eventsOf(server.events, 'frame').map(({ payloadBytes }) => payloadBytes)
    expect(Math.max(...sizes)).toBe(256)
    expect([...faultCodes(client), ...faultCodes(server)]).toEqual([])
  })

  test('garbage between frames costs nothing but a fault', () => {
    const { client, server } = socketdPair({ both: LINE })
    let calls = 0
    server.stack.onUnrouted(() => {
      calls += 1
      return undefined
    })
    for (let turn = 0; turn < 20; turn++) {
      server.stack.receive(Uint8Array.of(3, 1, 4, 1, 5), 1)
      client.stack.send({ route: 'r', kind: 'event', body: utf8('x') }, 1)
      exchange(client.stack, server.stack, 1)
    }
    expect(calls).toBe(20)
    expect(new Set(faultCodes(server))).toEqual(new Set(['SOCKETD_DAMAGED']))
  })

  test('a client whose server began anew connects again, and what waited fails at once', async () => {
    const { client, server, talk } = socketdPair({ both: LINE })
    server.stack.disconnected(10, 'PORT_LOST')
    server.stack.connected(10)
    server.stack.route('echo', (request) => ({ body: request.body }))
    const lost = client.stack.request({ route: 'echo', body: utf8('1') }, 10)
    talk(11)
    await expect(lost.answer).rejects.toMatchObject({ code: 'SOCKETD_PROTOCOL' })
    talk(12)
    expect(client.stack.isReady).toBe(false)
    talk(client.stack.wakeAtMs!)
    expect(sessionPhases(client).slice(-2)).toEqual(['handshake', 'ready'])
    const { answer } = client.stack.request({ route: 'echo', body: utf8('2') }, 1100)
    talk(1100)
    expect(new TextDecoder().decode((await answer).body)).toBe('2')
    expect(client.stack.isSpent).toBe(false)
  })

  test('a server whose client began anew answers the new one', () => {
    const { client, server, talk } = socketdPair({ both: LINE })
    client.stack.disconnected(10, 'PORT_LOST')
    client.stack.connected(11)
    talk(11)
    expect([client.stack.isReady, server.stack.isReady]).toEqual([true, true])
    expect(sessionPhases(server)).toEqual(['handshake', 'ready', 'handshake', 'ready'])
  })

  test('a dead line is noticed, and used again when it lives', () => {
    const { client, talk } = socketdPair({ both: LINE })
    let nowMs = 0
    const ticks = (untilMs: number): void => {
      for (; nowMs < untilMs; nowMs += 500) {
        client.stack.wake(nowMs)
        pullAll(client.stack, nowMs)
      }
    }
    ticks(3 * DEFAULT_HEARTBEAT_MS + 1)
    expect(faultCodes(client)).toEqual(['SOCKETD_SILENT'])
    expect(client.stack.isReady).toBe(false)
    ticks(5 * DEFAULT_HEARTBEAT_MS)
    expect(client.stack.isSpent).toBe(false)
    for (const untilMs = nowMs + 30_000; nowMs < untilMs && !client.stack.isReady; nowMs += 500) talk(nowMs)
    expect(client.stack.isReady).toBe(true)
  })

  test('a server that serves a line waits for ever, and asks for nothing', () => {
    const server = socketdSide({ role: 'device' }, LINE)
    server.stack.connected(0)
    expect([server.stack.wakeAtMs, pullAll(server.stack, 0)]).toEqual([null, []])
  })

  test('an echo of our own words opens nothing and ends nothing', () => {
    const client = socketdSide({}, LINE)
    client.stack.connected(0)
    for (const { parts } of pullAll(client.stack, 0)) client.stack.receive(concatBytes(parts), 0)
    expect([client.stack.isReady, client.stack.isSpent]).toEqual([false, false])
    expect(faultCodes(client)).toEqual(['SOCKETD_HANDSHAKE'])
  })

  test('the same draws give the same bytes', () => {
    const bytes = [0, 1].map(() => {
      const client = socketdSide({}, { ...LINE, random: seededRandom(5) })
      client.stack.connected(0)
      return toHex(concatBytes(pullAll(client.stack, 0).flatMap(({ parts }) => parts)))
    })
    expect(bytes[0]).toBe(bytes[1])
  })
})
