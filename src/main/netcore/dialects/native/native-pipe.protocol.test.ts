import { describe, expect, test } from 'vitest'
import { concatBytes, utf8 } from '../../../../shared/bytes'
import { HandPeer, type HandOptions, type Unnumbered } from '../../../../testing/hand-peer'
import { packHeaders } from './arq/header-block'
import { type AnswerFrame, CAPABILITY, NATIVE_CODE, NO_OFFSET, type OpenFrame, sidOf } from './wire/frames'

const NOTHING = new Uint8Array(0)
const opening = (
  kind: 'req' | 'sub' | 'evt',
  slot: number,
  more: Partial<Unnumbered<OpenFrame>> = {},
): Unnumbered => ({
  kind,
  sid: sidOf(slot, 0),
  route: 'route',
  extension: null,
  hasHeaders: false,
  isFin: true,
  payload: utf8('body'),
  ...more,
})
const data = (slot: number, offset: number, payload: Uint8Array, isFin: boolean): Unnumbered => ({
  kind: 'data',
  sid: sidOf(slot, 0),
  offset,
  isFin,
  payload,
})
const answer = (
  sid: number,
  payload: Uint8Array,
  more: Partial<Unnumbered<AnswerFrame>> = {},
): Unnumbered => ({
  kind: 'ans',
  sid,
  offset: NO_OFFSET,
  hasHeaders: false,
  isError: false,
  isFin: true,
  payload,
  ...more,
})

function peer(options: HandOptions = {}): HandPeer & { bodies: string[] } {
  const hand = new HandPeer(options) as HandPeer & { bodies: string[] }
  hand.bodies = []
  hand.stack.onUnrouted(({ body }) => {
    hand.bodies.push(Buffer.from(body).toString())
    return undefined
  })
  return hand
}

describe('messages of the peer', () => {
  test('arrive with route, headers and priority; an error answer is told by a flag', () => {
    const hand = peer()
    hand.stack.route('greet', ({ headers, priority }) => ({
      body: utf8(`${headers['who'] as string} ${priority}`),
    }))
    hand.stack.route('fail', () => {
      throw new Error('no')
    })
    const payload = concatBytes([packHeaders({ who: 'me' }), utf8('x')])
    const extension = { priority: 2, totalBytes: null, deadlineMs: null, isRestartable: false } as const
    hand.say(opening('req', 0, { route: 'greet', hasHeaders: true, payload, extension }))
    hand.say(opening('req', 1, { route: 'fail' }))
    const [good, bad] = hand.heard('ans')
    expect(Buffer.from(good!.payload).toString()).toBe('me 2')
    expect([good!.isError, good!.hasHeaders, bad!.isError, bad!.hasHeaders]).toEqual([
      false,
      false,
      true,
      false,
    ])
  })

  test('come together from pieces in any order, over each other and twice', () => {
    const hand = peer()
    hand.say(data(0, 6, utf8('ghi'), true))
    hand.say(data(0, 2, utf8('cdef'), false))
    hand.say(data(0, 3, utf8('defg'), false))
    expect(hand.bodies).toEqual([])
    hand.say(opening('evt', 0, { isFin: false, payload: utf8('abc') }))
    expect(hand.bodies).toEqual(['abcdefghi'])
    hand.say(data(0, 6, utf8('ghi'), true))
    hand.say(opening('evt', 0, { isFin: false, payload: utf8('abc') }))
    expect(hand.bodies).toEqual(['abcdefghi'])
    const copies = hand.events.filter((event) => event.type === 'frame' && event.isRepeat === true)
    expect(copies).toHaveLength(2)
    expect(hand.faultCodes).toEqual([])
  })

  test('of a former generation are ignored, and the next generation ends what was before', () => {
    const hand = peer()
    let declined = false
    hand.stack.route('slow', (request) => {
      request.signal.addEventListener('abort', () => (declined = true))
      return new Promise(() => undefined)
    })
    hand.say(opening('req', 0, { route: 'slow' }))
    hand.say(opening('evt', 0, { sid: sidOf(0, 1) }))
    expect(declined).toBe(true)
    hand.say(opening('evt', 0, { sid: sidOf(0, 0), payload: utf8('old') }))
    hand.say(opening('evt', 0, { sid: sidOf(0, 3), payload: utf8('far') }))
    expect(hand.bodies).toEqual(['body'])
  })

  test('that are cancelled before they were heard of end in silence', () => {
    const hand = peer()
    hand.say({ kind: 'cancel', sid: sidOf(3, 0), isSendersSlot: true, code: NATIVE_CODE.cancelled })
    hand.say(opening('evt', 3))
    hand.say(opening('evt', 3, { sid: sidOf(3, 1), payload: utf8('next') }))
    expect(hand.bodies).toEqual(['next'])
  })

  test('in a slot that was not offered are told to stop', () => {
    const hand = peer({ stack: { limits: { reassemblyMessages: 4 } } })
    hand.say(opening('evt', 11))
    expect(hand.bodies).toEqual(['body'])
    hand.say(opening('evt', 12))
    expect(hand.heard('cancel')).toMatchObject([
      { sid: sidOf(12, 0), isSendersSlot: false, code: NATIVE_CODE.busy },
    ])
    expect(hand.faultCodes).toEqual(['REASSEMBLY_FULL'])
  })

  test('with an alias that nobody declared fail alone', () => {
    const hand = peer()
    hand.say(opening('req', 0, { route: 5 }))
    expect(hand.heard('cancel')).toMatchObject([{ sid: 0, code: NATIVE_CODE.noRoute }])
    expect(hand.faultCodes).toEqual(['ROUTE_UNKNOWN'])
    hand.say({ kind: 'alias', alias: 5, priority: 1, name: 'known' })
    hand.say(opening('evt', 1, { route: 5 }))
    expect(hand.bodies).toEqual(['body'])
    const last = hand.events.findLast((event) => event.type === 'message-opened')
    expect(last).toMatchObject({ route: 'known', priority: 1 })
  })

  test('that go beyond what was allowed fail alone, and no earlier', () => {
    const limits = { reassemblyBytes: 2_097_152 }
    const hand = peer({ stack: { limits }, settings: { largestFrameBytes: 5_000 } })
    const credit = 4_096
    hand.say(opening('evt', 0, { isFin: false, payload: new Uint8Array(1) }))
    hand.say(data(0, credit - 10, new Uint8Array(10), false))
    expect(hand.faultCodes).toEqual([])
    hand.say(opening('evt', 1, { isFin: false, payload: new Uint8Array(1) }))
    hand.say(data(1, credit - 10, new Uint8Array(10), true))
    expect(hand.faultCodes).toEqual(['MESSAGE_OVERRUN'])
    expect(hand.heard('cancel')).toMatchObject([{ sid: sidOf(1, 0), isSendersSlot: false }])
  })

  test.each([
    ['announced more than may be', { totalBytes: 101 }, 'MESSAGE_TOO_LARGE'],
    ['announced as much as may be', { totalBytes: 100 }, null],
  ])('%s', (_name, { totalBytes }, code) => {
    const hand = peer({ stack: { limits: { messageBytes: 100 } } })
    const extension = { priority: 3, totalBytes, deadlineMs: null, isRestartable: false } as const
    hand.say(opening('evt', 0, { isFin: false, payload: new Uint8Array(50), extension }))
    hand.say(data(0, 50, new Uint8Array(totalBytes - 50), true))
    expect(hand.faultCodes).toEqual(code === null ? [] : [code])
    expect(hand.bodies).toHaveLength(code === null ? 1 : 0)
    expect(hand.heard('cancel').map((frame) => frame.code)).toEqual(code === null ? [] : [NATIVE_CODE.tooBig])
  })

  test.each([
    [4, 'MESSAGE_BAD_LENGTH'],
    [6, null],
    [7, 'MESSAGE_OVERRUN'],
  ])('announced with 6 bytes that end after %i', (bytes, code) => {
    const hand = peer()
    const extension = { priority: 3, totalBytes: 6, deadlineMs: null, isRestartable: false } as const
    hand.say(opening('evt', 0, { isFin: false, payload: new Uint8Array(3), extension }))
    hand.say(data(0, 3, new Uint8Array(bytes - 3), true))
    expect(hand.faultCodes).toEqual(code === null ? [] : [code])
  })

  test('whose headers make no sense fail alone', () => {
    const hand = peer()
    hand.say(opening('evt', 0, { hasHeaders: true, payload: Uint8Array.of(2, 0xc1, 0) }))
    hand.say(opening('evt', 1, { hasHeaders: true, payload: Uint8Array.of(9, 0x81) }))
    hand.say(opening('evt', 2))
    expect(hand.faultCodes).toEqual(['NATIVE_BAD_FRAME', 'NATIVE_BAD_FRAME'])
    expect(hand.bodies).toEqual(['body'])
  })

  test('of which no byte comes for half a minute are given up, and the peer is told', () => {
    const hand = peer({ stack: { limits: { reassemblyIdleMs: 300 } } })
    hand.say(opening('evt', 0, { isFin: false }))
    hand.pass(299)
    expect(hand.faultCodes).toEqual([])
    hand.pass(2)
    expect(hand.faultCodes).toEqual(['MESSAGE_STALLED'])
    expect(hand.heard('cancel')).toMatchObject([{ code: NATIVE_CODE.timeout }])
  })

  test('too many pieces out of order are not acknowledged, so that they come again', () => {
    const hand = peer({ stack: { limits: { reassemblyBytes: 1_000 } } })
    hand.say(data(0, 100, new Uint8Array(800), false))
    const before = hand.heard('ack').length
    hand.say(data(0, 900, new Uint8Array(300), false))
    hand.pass(20)
    const newest = hand.heard('ack').at(-1)!.newest
    expect(hand.heard('ack').length).toBeGreaterThanOrEqual(before)
    expect(newest).toBe(0)
  })
})

describe('damage under LEN', () => {
  test('a number that was skipped ends the connection: the transport is not what it was taken for', () => {
    const hand = peer({ framing: 'len' })
    hand.say(opening('evt', 0))
    expect(hand.stack.isSpent).toBe(false)
    hand.skip(1)
    hand.say(opening('evt', 1))
    expect(hand.stack.isSpent).toBe(true)
    expect(hand.faultCodes).toEqual(['NATIVE_BAD_FRAME'])
  })
})

describe('messages of ours', () => {
  test('go by name first, by alias when the peer is known to have it, and say only what is unusual', () => {
    const hand = peer()
    const send = (priority: 2 | 3): void => {
      hand.stack.send({ route: 'telemetry', kind: 'event', body: new Uint8Array(20), priority }, hand.nowMs)
      hand.settle()
    }
    hand.acknowledges = false
    for (let k = 0; k < 3; k++) send(2)
    expect(hand.heard('evt').map(({ route, extension }) => [route, extension?.priority])).toEqual([
      ['telemetry', 2],
      ['telemetry', 2],
      ['telemetry', 2],
    ])
    expect(hand.heard('alias')).toMatchObject([{ alias: 0, priority: 2, name: 'telemetry' }])
    hand.sayAck({ newest: 3 })
    send(2)
    send(3)
    expect(
      hand
        .heard('evt')
        .slice(3)
        .map(({ route, extension }) => [route, extension]),
    ).toEqual([
      [0, null],
      [0, { priority: 3, totalBytes: null, deadlineMs: null, isRestartable: false }],
    ])
    const costs = hand.seen.flatMap(({ frame, wireBytes }) => (frame.kind === 'evt' ? [wireBytes - 20] : []))
    expect(costs[3]).toBe(10)
  })

  test('whose alias got lost still arrive: by name, until it is declared', () => {
    const hand = peer({ acknowledges: false })
    const send = (): void => {
      hand.stack.send({ route: 'r', kind: 'event', body: NOTHING }, hand.nowMs)
      hand.settle()
    }
    send()
    send()
    // 0 evt, 1 alias, 2 evt: the alias did not arrive.
    expect(hand.seen.map(({ frame }) => frame.kind)).toEqual(['evt', 'alias', 'evt'])
    hand.sayAck({ newest: 2, form: 1, run: 0 })
    expect(hand.seen.map(({ frame }) => frame.kind)).toEqual(['evt', 'alias', 'evt', 'alias'])
    send()
    expect(hand.heard('evt').map(({ route }) => route)).toEqual(['r', 'r', 'r'])
    hand.sayAck({ newest: 4, form: 1, run: 2 })
    send()
    expect(hand.heard('evt').at(-1)!.route).toBe(0)
  })

  test('wait for their alias when the peer takes no names', () => {
    const hand = peer({
      acknowledges: false,
      settings: { capabilities: CAPABILITY.alias | CAPABILITY.credit },
    })
    hand.stack.send({ route: 'r', kind: 'event', body: NOTHING }, hand.nowMs)
    hand.settle()
    expect(hand.seen.map(({ frame }) => frame.kind)).toEqual(['alias'])
    hand.sayAck({ newest: 0 })
    expect(hand.heard('evt')).toMatchObject([{ route: 0 }])
  })

  test.each([
    ['a subscription', { capabilities: CAPABILITY.name }, 'REQUESTS_UNSUPPORTED'],
    ['a large message', { largestMessageBytes: 10 }, 'MESSAGE_TOO_LARGE'],
    [
      'a message beyond the only credit',
      { firstCreditBytes: 10, capabilities: CAPABILITY.name | CAPABILITY.sub },
      'MESSAGE_TOO_LARGE',
    ],
    ['any route', { capabilities: CAPABILITY.sub }, 'HEAD_TOO_LARGE'],
  ])('fail alone where the peer can not take them: %s', async (_name, settings, code) => {
    const hand = peer({ settings })
    const failed = await new Promise<string | undefined>((resolve) => {
      hand.stack.subscribe(
        {
          route: 'r',
          body: new Uint8Array(20),
          onAnswer: () => true,
          onEnd: (error) => resolve(error?.code),
        },
        0,
      )
      hand.settle()
    })
    expect(failed).toBe(code)
    expect(hand.seen).toEqual([])
  })

  test('that the peer gives up end with its reason', async () => {
    const hand = peer()
    const ask = (): Promise<unknown> => {
      const { answer: promise } = hand.stack.request({ route: 'r', body: NOTHING }, hand.nowMs)
      hand.settle()
      return promise.then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      )
    }
    const outcomes = [ask(), ask(), ask()]
    const codes = [NATIVE_CODE.cancelled, NATIVE_CODE.busy, NATIVE_CODE.noRoute]
    hand.heard('req').forEach(({ sid }, index) => {
      hand.say({ kind: 'cancel', sid, isSendersSlot: false, code: codes[index]! })
    })
    expect(await Promise.all(outcomes)).toEqual(['REQUEST_CANCELLED', 'REASSEMBLY_FULL', 'ROUTE_UNKNOWN'])
    // The slots are free again, each with its next generation.
    const again = ask()
    const { sid } = hand.heard('req').at(-1)!
    expect([0, 1, 2].map((slot) => sidOf(slot, 1))).toContain(sid)
    hand.say(answer(sid, utf8('ok')))
    expect(await again).toBe('answered')
  })

  test('a request that times out frees its slot when the peer knows that', async () => {
    const hand = peer({ settings: { slots: 1, urgentSlots: 0 } })
    const { answer: promise } = hand.stack.request({ route: 'r', body: NOTHING, timeoutMs: 50 }, 0)
    const outcome = promise.catch((error: unknown) => (error as { code: string }).code)
    hand.settle()
    hand.acknowledges = false
    hand.stack.send({ route: 'next', kind: 'event', body: NOTHING }, 0)
    hand.pass(60)
    expect(await outcome).toBe('REQUEST_TIMEOUT')
    expect(hand.heard('cancel')[0]).toMatchObject({ isSendersSlot: true, code: NATIVE_CODE.timeout })
    expect(hand.heard('evt')).toEqual([])
    hand.sayAck({ newest: 1 })
    expect(hand.heard('evt')).toHaveLength(1)
  })

  test('urgent ones have slots of their own', () => {
    const hand = peer({ settings: { slots: 2, urgentSlots: 1 } })
    hand.acknowledges = false
    const send = (route: string, priority: 1 | 5): void => {
      hand.stack.send({ route, kind: 'event', body: NOTHING, priority }, 0)
    }
    for (let k = 0; k < 4; k++) send(`bulk ${k}`, 5)
    hand.settle()
    send('alarm', 1)
    send('second alarm', 1)
    hand.settle()
    const routes = (): unknown[] => hand.heard('evt').map(({ route }) => route)
    expect(routes()).toEqual(['bulk 0', 'bulk 1', 'alarm'])
    hand.sayAck({ newest: 0 })
    expect(routes().slice(3)).toEqual(['second alarm'])
    hand.sayAck({ newest: 3 })
    expect(routes().slice(4)).toEqual(['bulk 2', 'bulk 3'])
  })
})

describe('a damaged frame', () => {
  test('costs what is told, and nothing else', () => {
    const hand = peer()
    hand.sayBytes(Uint8Array.of(5, 1, 2, 3, 4, 0))
    hand.say(opening('evt', 0))
    const fault = hand.events.find((event) => event.type === 'fault')
    expect(fault).toMatchObject({ code: 'NATIVE_BAD_STUFFING', lostBytes: 0 })
    expect(fault).toHaveProperty('detail', expect.stringContaining('6 bytes dropped'))
    expect(hand.bodies).toEqual(['body'])
  })
})
