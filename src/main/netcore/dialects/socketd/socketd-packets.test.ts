import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import {
  faultCodes,
  servedSocketd,
  sessionPhases,
  socketdFrame,
  socketdPair,
  socketdSide,
  type SocketdOptions,
} from '../../../../testing/socketd-pair'
import { eventsOf, pullAll } from '../../../../testing/stack-wire'
import { CONNECT_AGAIN_MS, CONNECT_TIMEOUT_MS, CONNECT_TRIES } from './session/handshake'
import { LARGEST_LOSSY_BYTES } from './message-drafts'

const UDP: SocketdOptions = {
  codec: { onDamage: 'resync', isPackets: true },
  line: { latencyTargetMs: 40, packetBytes: 1400 },
}
const WS: SocketdOptions = { codec: { onDamage: 'fatal', isPackets: true } }

const CONNECT = socketdFrame('connect', { sid: 'c1', event: 'udp://h:1/' })

describe('packets that may get lost', () => {
  test('the Connect is said three times with one sid, then given up', () => {
    const client = socketdSide({}, UDP)
    client.stack.connected(0)
    const said: [number, string][] = []
    for (let nowMs = 0; nowMs <= CONNECT_TIMEOUT_MS; nowMs += 100) {
      client.stack.wake(nowMs)
      for (const { frameKind, ref } of pullAll(client.stack, nowMs)) {
        said.push([nowMs, frameKind === 'connect' ? ref : frameKind])
      }
    }
    const sid = said[0]![1]
    expect(sid).toMatch(/^[\da-f]{32}$/)
    expect(said).toEqual([
      ...Array.from({ length: CONNECT_TRIES }, (_, at) => [at * CONNECT_AGAIN_MS, sid]),
      [CONNECT_TIMEOUT_MS, 'close'],
    ])
    client.stack.wake(CONNECT_TIMEOUT_MS)
    expect(client.stack.isSpent).toBe(true)
  })

  test('the same Connect is answered with the same Connack, and the session goes on', () => {
    const server = socketdSide({ role: 'device' }, UDP)
    server.stack.connected(0)
    const answers = [0, 1].map((nowMs) => {
      server.stack.receive(CONNECT, nowMs)
      return pullAll(server.stack, nowMs).map(({ parts }) => Buffer.from(concatBytes(parts)).toString('hex'))
    })
    expect(answers[0]).toHaveLength(1)
    expect(answers[1]).toEqual(answers[0])
    expect(sessionPhases(server)).toEqual(['handshake', 'ready'])
  })

  test('another Connect from there is a client that began anew', async () => {
    const server = servedSocketd({}, UDP)
    const { answer } = server.stack.request({ route: 'ask', body: utf8('') }, 0)
    pullAll(server.stack, 0)
    server.stack.receive(CONNECT, 1)
    await expect(answer).rejects.toMatchObject({ code: 'PEER_RESTARTED' })
    expect(pullAll(server.stack, 1).map(({ frameKind }) => frameKind)).toEqual(['connack'])
  })

  test('a packet that is too short, too long or no frame is a fault of its own', () => {
    const server = servedSocketd({}, UDP)
    const got: string[] = []
    server.stack.onUnrouted((request) => {
      got.push(request.route)
      return undefined
    })
    const good = socketdFrame('message', { sid: 'm', event: 'good' })
    const packets = [
      good.subarray(0, 5),
      good.subarray(0, good.length - 1),
      concatBytes([good, good]),
      new Uint8Array(0),
      new Uint8Array(200).fill(7),
      Uint8Array.of(0, 0, 0, 20, 0, 0, 0, 40, ...new Uint8Array(12).fill(65)),
    ]
    for (const packet of packets) server.stack.receive(packet, 0)
    server.stack.receive(good, 0)
    expect(got).toEqual(['good'])
    expect(faultCodes(server)).toEqual([...Array<string>(5).fill('SOCKETD_BAD_LENGTH'), 'SOCKETD_BAD_FRAME'])
    const offsets = eventsOf(server.events, 'fault').map(({ streamOffset }) => streamOffset)
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
  })

  test.each([1, 1000, 1275, 1276, 5000, 100_000, 1_048_576])(
    'no frame of a body of %d bytes is larger than a packet',
    (byteCount) => {
      const { client, server, talk } = socketdPair({ both: UDP })
      let got = -1
      server.stack.onUnrouted((request) => {
        got = request.bodyBytes
        return undefined
      })
      client.stack.send(
        { route: '/r', kind: 'event', body: new Uint8Array(byteCount), headers: { k: 'v' } },
        0,
      )
      talk(1)
      const sizes = eventsOf(server.events, 'frame').map(({ wireBytes }) => wireBytes)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(1400)
      expect(got).toBe(byteCount)
    },
  )

  test('what can not be sent is refused in plain words', () => {
    const { client } = socketdPair({ both: UDP })
    const send = (headers: Record<string, string>, byteCount: number) => (): unknown =>
      client.stack.send({ route: 'r', kind: 'event', body: new Uint8Array(byteCount), headers }, 0)
    expect(send({}, LARGEST_LOSSY_BYTES + 1)).toThrow(expect.objectContaining({ code: 'MESSAGE_TOO_LARGE' }))
    expect(send({ k: 'v'.repeat(1300) }, 100)).toThrow(expect.objectContaining({ code: 'HEAD_TOO_LARGE' }))
    expect(send({ k: 'v'.repeat(1300) }, 0)).not.toThrow()
  })

  test('a Message of somebody who never connected is answered with a Close, and seen by nobody', () => {
    const server = socketdSide({ role: 'device' }, UDP)
    let calls = 0
    server.stack.onUnrouted(() => {
      calls += 1
      return undefined
    })
    server.stack.connected(0)
    server.stack.receive(socketdFrame('message', { sid: 'm', event: 'x' }), 0)
    expect(pullAll(server.stack, 0).map(({ frameKind }) => frameKind)).toEqual(['close'])
    expect(calls).toBe(0)
  })
})

describe('packets that come twice', () => {
  const sent = (kind: 'message' | 'request' | 'subscribe', sid: string, text = 'x'): Uint8Array =>
    socketdFrame(kind, { sid, event: 'x', data: utf8(text) })

  test.each(['message', 'request', 'subscribe'] as const)(
    'a %s runs once, and is shown as a repeat',
    (kind) => {
      for (const [form, runs] of [
        [UDP, 1],
        [WS, 2], // does not double: a sid once more is the doing of the peer
      ] as const) {
        const server = servedSocketd({}, form)
        let calls = 0
        server.stack.onUnrouted(() => {
          calls += 1
          return { body: utf8('done') }
        })
        for (const nowMs of [1, 2]) server.stack.receive(sent(kind, 'one'), nowMs)
        expect([form === UDP, calls]).toEqual([form === UDP, runs])
        const frames = eventsOf(server.events, 'frame').filter(({ frameKind }) => frameKind === kind)
        expect(frames.map(({ isRepeat = false }) => isRepeat)).toEqual([false, runs === 1])
        expect(new Set(frames.map(({ messageKey }) => messageKey)).size).toBe(runs)
        expect(eventsOf(server.events, 'message-opened').filter(({ dir }) => dir === 'in')).toHaveLength(runs)
      }
    },
  )

  test('a message in pieces runs once, whichever of its pieces come again', () => {
    const server = servedSocketd({}, UDP)
    const bodies: string[] = []
    server.stack.onUnrouted(({ body }) => {
      bodies.push(Buffer.from(body).toString())
      return undefined
    })
    const piece = (index: number): Uint8Array =>
      socketdFrame('message', {
        sid: 'p',
        event: 'x',
        meta: `${index === 1 ? 'Data-Length=4&' : ''}Data-Fragment-Idx=${index}&Data-Fragment-Total=2`,
        data: utf8(index === 1 ? 'ab' : 'cd'),
      })
    for (const index of [1, 1, 2, 2, 1, 2, 1]) server.stack.receive(piece(index), 1)
    server.stack.wake(60_000)
    expect([bodies, faultCodes(server)]).toEqual([['abcd'], []])
  })

  test('answers to a subscription have one sid, and each of them counts', () => {
    const { client, server, talk } = socketdPair({ both: UDP })
    const got: string[] = []
    let sid = ''
    server.stack.onUnrouted(({ ref }) => {
      sid = ref
      return new Promise(() => undefined) // it goes on
    })
    client.stack.subscribe(
      {
        route: 'count',
        body: utf8(''),
        onAnswer: ({ body }) => got.push(Buffer.from(body).toString()) > 0,
        onEnd: () => undefined,
      },
      1,
    )
    talk(1)
    for (let n = 0; n < 2; n++) {
      client.stack.receive(socketdFrame('reply', { sid, event: 'count', data: utf8('same') }), 2)
    }
    expect(got).toEqual(['same', 'same'])
  })

  test('4095 messages later it is still known, one more and it is forgotten; a new session knows nothing', () => {
    const server = servedSocketd({}, UDP)
    let calls = 0
    server.stack.onUnrouted(({ route }) => {
      if (route === 'x') calls += 1
      return undefined
    })
    const others = (from: number, count: number): void => {
      for (let n = from; n < from + count; n++) {
        server.stack.receive(socketdFrame('message', { sid: `o${n}`, event: 'other' }), 1)
      }
    }
    server.stack.receive(sent('message', 'one'), 1)
    others(0, 4095)
    server.stack.receive(sent('message', 'one'), 1)
    expect(calls).toBe(1)
    others(4095, 1)
    server.stack.receive(sent('message', 'one'), 1)
    expect(calls).toBe(2)
    server.stack.receive(sent('message', 'one'), 1)
    expect(calls).toBe(2)
    server.stack.receive(CONNECT, 2)
    server.stack.receive(sent('message', 'one'), 2)
    expect(calls).toBe(3)
  })
})

describe('packets that arrive', () => {
  test('one frame in each, of up to 16 MiB of data', () => {
    const { client, server, talk } = socketdPair({
      both: { ...WS, policy: { chunkBytes: 16 * 1024 * 1024 } },
    })
    let got = 0
    server.stack.onUnrouted((request) => {
      got = request.bodyBytes
      return undefined
    })
    client.stack.send({ route: 'r', kind: 'event', body: new Uint8Array(16 * 1024 * 1024) }, 0)
    talk(1)
    expect([got, faultCodes(server)]).toEqual([16 * 1024 * 1024, []])
  })

  test.each([
    ['two frames in one', concatBytes([CONNECT, CONNECT])],
    ['half a frame', CONNECT.subarray(0, 12)],
    ['three bytes', Uint8Array.of(0, 0, 0)],
    ['nothing', new Uint8Array(0)],
  ])('%s end the connection with a word', (_, packet) => {
    const server = servedSocketd({}, WS)
    server.stack.receive(packet, 0)
    expect(pullAll(server.stack, 0).map(({ frameKind }) => frameKind)).toEqual(['close'])
    server.stack.wake(0)
    expect([server.stack.isSpent, faultCodes(server)]).toEqual([true, ['SOCKETD_BAD_LENGTH']])
  })
})
