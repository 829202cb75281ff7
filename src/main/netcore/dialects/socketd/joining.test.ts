import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { faultCodes, servedSocketd, socketdFrame, socketdPair } from '../../../../testing/socketd-pair'
import { eventsOf, type ObservedStack, pullAll } from '../../../../testing/stack-wire'
import type { BodyWriter } from '../../pipe/message-body'

const MIB = 1024 * 1024

interface Served {
  readonly side: ObservedStack
  readonly got: string[]
  readonly piece: (index: number, text: string, meta?: string, sid?: string) => void
}

/** A server that keeps what its handler gets. */
function served(limits: Parameters<typeof servedSocketd>[1] = {}): Served {
  const side = servedSocketd({}, limits)
  const got: string[] = []
  side.stack.onUnrouted((request) => {
    got.push(request.text())
    return undefined
  })
  const piece = (index: number, text: string, meta = '', sid = 's'): void => {
    const metas = `Data-Fragment-Idx=${index}${meta === '' ? '' : `&${meta}`}`
    side.stack.receive(socketdFrame('message', { sid, event: 'up', meta: metas, data: utf8(text) }), 0)
  }
  return { side, got, piece }
}

const FIRST = 'Data-Length=6&Data-Fragment-Total=3'

describe('pieces', () => {
  test.each([
    [1, 2, 3],
    [1, 3, 2],
    [2, 1, 3],
    [3, 2, 1],
    [1, 1, 2, 2, 3, 3],
    [2, 2, 3, 3, 1, 1],
  ])('in the order %j %j %j … make up the message once', (...order) => {
    const { side, got, piece } = served()
    const texts = ['', 'AA', 'BB', 'CC']
    for (const index of order) piece(index, texts[index]!, index === 1 ? FIRST : 'Data-Fragment-Total=3')
    expect(got).toEqual(['AABBCC'])
    expect(faultCodes(side)).toEqual([])
  })

  test('of several messages may come in any mixture', () => {
    const { got, piece } = served()
    piece(1, 'aa', FIRST, 'a')
    piece(1, 'xx', FIRST, 'x')
    piece(2, 'yy', '', 'x')
    piece(2, 'bb', '', 'a')
    piece(3, 'zz', '', 'x')
    piece(3, 'cc', '', 'a')
    expect(got).toEqual(['xxyyzz', 'aabbcc'])
  })

  test('a message of one frame with the same sid between them is one of its own', () => {
    const { side, got, piece } = served()
    piece(1, 'AAA', 'Data-Length=6')
    side.stack.receive(socketdFrame('message', { sid: 's', event: 'up', data: utf8('whole') }), 0)
    piece(2, 'BBB')
    expect(got).toEqual(['whole', 'AAABBB'])
  })

  test('the headers are those of the first, without what belongs to pieces', () => {
    const { side, piece } = served()
    piece(1, 'AAA', 'k=v&Data-Length=6&Data-Fragment-Total=2')
    piece(2, 'BBB', 'k=other')
    expect({ ...eventsOf(side.events, 'message-opened')[0]!.headers }).toEqual({ k: 'v' })
    expect(eventsOf(side.events, 'message-opened')[0]!.declaredBytes).toBe(6)
  })

  test.each([
    ['the length is enough', 'Data-Length=6'],
    ['the number is enough', 'Data-Fragment-Total=3'],
    ['Python counts bytes', 'Data-Length=6&Data-Fragment-Total=6'],
    ['Python counts a byte more', 'Data-Length=6&Data-Fragment-Total=7'],
  ])('%s', (_, first) => {
    const { side, got, piece } = served()
    piece(1, 'AA', first)
    piece(2, 'BB')
    piece(3, 'CC')
    expect([got, faultCodes(side)]).toEqual([['AABBCC'], []])
  })

  test.each([
    ['another number of pieces than announced', 'Data-Length=6&Data-Fragment-Total=5', 'MESSAGE_BAD_LENGTH'],
    ['neither length nor number', '', 'MESSAGE_BAD_LENGTH'],
    ['more bytes than announced', 'Data-Length=5', 'MESSAGE_OVERRUN'],
    ['a length above the limit', `Data-Length=${MIB + 1}`, 'MESSAGE_TOO_LARGE'],
  ])('%s fails the message alone', (_, first, code) => {
    const { side, got, piece } = served({ limits: { messageBytes: MIB } })
    piece(1, 'AA', first)
    piece(2, 'BB')
    piece(3, 'CC')
    expect([got, faultCodes(side)]).toEqual([[], [code]])
    expect(eventsOf(side.events, 'message-closed').map(({ outcome }) => outcome)).toEqual(['failed'])
    side.stack.receive(socketdFrame('message', { sid: 'n', event: 'up', data: utf8('next') }), 0)
    expect([got, side.stack.isSpent]).toEqual([['next'], false])
  })

  test('a length of exactly the limit is taken', () => {
    const { got, piece } = served({ limits: { messageBytes: 6 } })
    piece(1, 'AAA', 'Data-Length=6')
    piece(2, 'BBB')
    expect(got).toEqual(['AAABBB'])
  })

  test('another first piece with the same sid fails the message that was open', () => {
    const { side, got, piece } = served()
    piece(1, 'AA', 'Data-Length=6')
    piece(1, 'XX', 'Data-Length=4')
    piece(2, 'YY')
    expect([got, faultCodes(side)]).toEqual([['XXYY'], ['DUPLICATE_REF']])
  })

  test('an echo that keeps the metas of its first piece is whole', () => {
    const { got, piece } = served()
    piece(1, 'AABBCC', FIRST)
    expect(got).toEqual(['AABBCC'])
  })

  test('a request that did not arrive whole is answered with an alarm', () => {
    const side = servedSocketd({}, { limits: { messageBytes: 10 } })
    const meta = 'Data-Fragment-Idx=1&Data-Length=11'
    side.stack.receive(socketdFrame('request', { sid: 'q', event: 'up', meta, data: utf8('A') }), 0)
    expect(pullAll(side.stack, 0).map(({ frameKind, ref }) => [frameKind, ref])).toEqual([['alarm', 'q']])
  })
})

describe('bounds', () => {
  test('what stalls is given up, and told', () => {
    const { side, got, piece } = served({ limits: { reassemblyIdleMs: 500 } })
    piece(1, 'AA', FIRST)
    piece(2, 'BB', '', 'headless')
    expect(side.stack.wakeAtMs).toBe(500)
    side.stack.wake(499)
    expect(faultCodes(side)).toEqual([])
    side.stack.wake(500)
    expect(faultCodes(side)).toEqual(['MESSAGE_STALLED', 'EARLY_DATA_DROPPED'])
    expect(got).toEqual([])
  })

  test('so many messages may be open, one more is refused', () => {
    const { side, piece } = served({ limits: { reassemblyMessages: 8 } })
    for (let sid = 0; sid < 8; sid++) piece(1, 'A', 'Data-Length=2', `m${sid}`)
    expect(faultCodes(side)).toEqual([])
    piece(1, 'A', 'Data-Length=2', 'more')
    expect(faultCodes(side)).toEqual(['REASSEMBLY_FULL'])
  })

  test('so many bytes may wait, then the newest goes', () => {
    const { side, got, piece } = served({ limits: { reassemblyBytes: 1000 } })
    piece(1, 'a'.repeat(400), 'Data-Length=1000', 'old')
    piece(1, 'b'.repeat(400), 'Data-Length=1000', 'new')
    piece(2, 'a'.repeat(600), '', 'old')
    expect(faultCodes(side)).toEqual(['REASSEMBLY_FULL'])
    expect(got.map(({ length }) => length)).toEqual([1000])
  })

  test('pieces without a first one take no more than the room there is', () => {
    const { side, piece } = served({ limits: { reassemblyBytes: 10_000 } })
    for (let index = 2; index < 40; index++) piece(index, 'x'.repeat(500))
    expect(faultCodes(side).filter((code) => code === 'EARLY_DATA_DROPPED').length).toBeGreaterThan(0)
    expect(side.stack.isSpent).toBe(false)
  })

  test('the end of the connection interrupts what is open', () => {
    const { side, piece } = served()
    piece(1, 'AA', FIRST)
    side.stack.disconnected(1, 'LINK_LOST')
    expect(eventsOf(side.events, 'message-closed').map(({ outcome }) => outcome)).toEqual(['interrupted'])
  })
})

test('large bodies gather where they are told to, in order, and an abandoned one lets go', () => {
  const written: number[] = []
  let abandoned = 0
  const writer = (): BodyWriter => {
    let byteLength = 0
    return {
      get byteLength() {
        return byteLength
      },
      heldBytes: 0,
      append: (payload) => {
        byteLength += payload.length
        written.push(payload[0]!)
      },
      finish: () => ({ byteLength, bytes: new Uint8Array(0), stored: null }),
      abandon: () => {
        abandoned += 1
        return new Uint8Array(0)
      },
    }
  }
  const side = servedSocketd({}, { store: { open: writer }, limits: { reassemblyBytes: 200 } })
  const piece = (sid: string, index: number, total: number): Uint8Array =>
    socketdFrame('message', {
      sid,
      meta: `Data-Fragment-Idx=${index}&Data-Fragment-Total=${total}${index === 1 ? `&Data-Length=${total * 60}` : ''}`,
      data: new Uint8Array(60).fill(index),
    })
  side.stack.receive(concatBytes([1, 2, 4, 3, 5].map((index) => piece('a', index, 5))), 0)
  expect(written).toEqual([1, 2, 3, 4, 5])
  side.stack.receive(piece('b', 1, 5), 0)
  side.stack.disconnected(1, 'LINK_LOST')
  expect(abandoned).toBe(1)
})

test('64 messages of 256 KiB interleave and arrive whole', () => {
  const { client, server, talk } = socketdPair({ both: { limits: { queuedBytes: 64 * MIB } } })
  const bodies = Array.from({ length: 64 }, (_, seed) => Buffer.alloc(256 * 1024, `body ${seed}, `))
  const got = new Map<string, boolean>()
  server.stack.onUnrouted((request) => {
    got.set(request.route, bodies[Number(request.route)]!.equals(request.body))
    return undefined
  })
  for (const [seed, body] of bodies.entries())
    client.stack.send({ route: String(seed), kind: 'event', body }, 0)
  talk(1)
  expect([...got.values()]).toEqual(Array<boolean>(64).fill(true))
  const order = eventsOf(server.events, 'frame').filter(({ payloadBytes }) => payloadBytes > 0)
  const turns = order.filter(({ messageKey }, at) => messageKey !== order[at - 1]?.messageKey).length
  expect(turns).toBe(64 * 4)
})
