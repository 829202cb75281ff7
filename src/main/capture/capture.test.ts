import { describe, expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import type { LaneBatch } from '../../shared/model/views'
import { LANE_FAULT, LANE_MERGED, LANE_REPEAT } from '../../shared/model/views'
import { TraceScript } from '../../testing/trace-script'
import { Capture } from './capture'
import type { CaptureLimits } from './capture-limits'

function made(limits: Partial<CaptureLimits> = {}): { capture: Capture; script: TraceScript } {
  const capture = new Capture(limits)
  return { capture, script: new TraceScript(capture.observe) }
}

const onlyRow = (capture: Capture) => capture.rows(0, 1)[0]!

describe('a message', () => {
  test('goes from queued over sending to sent', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 7, declaredBytes: 200 })
    expect(onlyRow(capture)).toMatchObject({ id: 1, status: 'queued', bodyBytes: 200, doneBytes: 0 })
    script.frame({ messageKey: 7, payloadBytes: 0 })
    script.frame({ messageKey: 7, payloadBytes: 150 })
    expect(onlyRow(capture)).toMatchObject({ status: 'sending', doneBytes: 150, chunks: 1 })
    script.frame({ messageKey: 7, payloadBytes: 50, chunkIndex: 1, isLast: true })
    script.closed({ messageKey: 7 }, 'x'.repeat(200))
    expect(onlyRow(capture)).toMatchObject({
      status: 'sent',
      doneBytes: 200,
      chunks: 2,
      preview: 'x'.repeat(159) + '…',
    })
  })

  test('that comes in without an announced length grows until it is received', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, dir: 'in', kind: 'bytes' })
    script.frame({ messageKey: 1, dir: 'in', payloadBytes: 30 })
    expect(onlyRow(capture)).toMatchObject({ status: 'receiving', bodyBytes: 30 })
    script.closed({ messageKey: 1, dir: 'in' }, 'a'.repeat(30))
    expect(onlyRow(capture)).toMatchObject({ status: 'received', bodyBytes: 30, code: null })
  })

  test('that fails keeps its code, its remedy and what came of its body', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, dir: 'in', declaredBytes: 500 })
    script.frame({ messageKey: 1, dir: 'in', payloadBytes: 3 })
    script.closed({ messageKey: 1, dir: 'in', outcome: 'failed', code: 'MESSAGE_STALLED' }, 'abc')
    const detail = capture.detail(1)
    expect(detail).toMatchObject({
      status: 'failed',
      code: 'MESSAGE_STALLED',
      hasBody: true,
      declaredBytes: 500,
    })
    expect(detail.remedy).toMatch(/No byte came/)
    expect(detail.body).toEqual(utf8('abc'))
  })

  test('whose body passed through a file has its whole length, and tells how much of the body is kept', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, dir: 'in', declaredBytes: 600_000_000 })
    script.frame({ messageKey: 1, dir: 'in', payloadBytes: 600_000_000 })
    script.closed({ messageKey: 1, dir: 'in', bodyBytes: 600_000_000 }, 'a'.repeat(70_000))
    expect(onlyRow(capture)).toMatchObject({
      bodyBytes: 600_000_000,
      doneBytes: 600_000_000,
      status: 'received',
    })
    expect(capture.detail(1)).toMatchObject({ hasBody: true, keptBytes: 70_000, doneBytes: 600_000_000 })
    expect(capture.detail(1).body).toHaveLength(65_536)
    expect(capture.body(1)).toHaveLength(70_000)
    expect(capture.memory.heldBytes).toBeLessThan(71_000)
  })

  test('sent again in part counts its bytes once, and what is repeated as overhead', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, declaredBytes: 200 })
    const piece = (bodyOffset: number, payloadBytes: number, isRepeat = false): void =>
      script.frame({ messageKey: 1, bodyOffset, payloadBytes, isRepeat })
    piece(0, 100)
    piece(100, 60)
    piece(0, 50, true)
    expect(onlyRow(capture)).toMatchObject({ doneBytes: 160, chunks: 2, status: 'sending' })
    piece(120, 80, true) // goes on beyond what was there before
    expect(onlyRow(capture)).toMatchObject({ doneBytes: 200, chunks: 3 })
    const { flags } = capture.readLanes(0).take(0)!
    expect([...flags].map((bits) => (bits & LANE_REPEAT) !== 0)).toEqual([false, false, true, false])
    expect(capture.detail(1).overheadBytes).toBe(4 * 10 + 50 + 40)
    expect(capture.figures(1, 0, null).repeatedFrames).toBe(2)
    expect(capture.totals().repeatedFrames).toBe(2)
  })

  test('that is through before its last frame was handed over counts that frame once', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, declaredBytes: 13 })
    script.closed({ messageKey: 1 }, '{"a":1,"b":2}')
    script.frame({ messageKey: 1, payloadBytes: 13, isLast: true })
    expect(onlyRow(capture)).toMatchObject({ doneBytes: 13, bodyBytes: 13, chunks: 1 })
  })

  test('received out of order is whole in the end, whatever its frames said of it', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, dir: 'in', declaredBytes: 200 })
    script.frame({ messageKey: 1, dir: 'in', bodyOffset: 0, payloadBytes: 100 })
    script.frame({ messageKey: 1, dir: 'in', payloadBytes: 0, wireBytes: 110, isRepeat: true })
    expect(onlyRow(capture)).toMatchObject({ doneBytes: 100, chunks: 1 })
    script.closed({ messageKey: 1, dir: 'in' }, new Uint8Array(200))
    expect(onlyRow(capture)).toMatchObject({ doneBytes: 200, bodyBytes: 200, status: 'received' })
  })

  test('with an empty body has a body', () => {
    const { capture, script } = made()
    script.message({ messageKey: 1 }, '')
    expect(capture.detail(1)).toMatchObject({ hasBody: true, body: new Uint8Array(0) })
    expect(capture.body(1)).toEqual(new Uint8Array(0))
  })

  test('tells its head in the details', () => {
    const { capture, script } = made()
    const headers = { unit: 'kPa', n: 2n ** 60n }
    script.opened({ messageKey: 3, ref: 'a1B2', correlationId: 'c9', headers, priority: 0, route: 'r' })
    script.frame({ messageKey: 3, payloadBytes: 40, wireBytes: 87 })
    expect(capture.detail(1)).toMatchObject({
      ref: 'a1B2',
      correlationId: 'c9',
      headers,
      priority: 0,
      overheadBytes: 47,
      hasBody: false,
    })
  })

  test('gives the first 64 KiB with the details and all of it on request', () => {
    const { capture, script } = made()
    script.message({ messageKey: 1 }, new Uint8Array(100_000).fill(9))
    expect(capture.detail(1).body.length).toBe(65_536)
    expect(capture.body(1).length).toBe(100_000)
  })

  test('with a route of any length has a row of bounded length, and all of it in the details', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, route: 'r'.repeat(60_000) })
    expect(onlyRow(capture).route.length).toBe(1024)
    expect(capture.detail(1).route.length).toBe(60_000)
  })

  test('that nobody knows is an error that says so', () => {
    const { capture, script } = made()
    script.message({ messageKey: 1 })
    for (const id of [0, 2, 99]) {
      expect(() => capture.detail(id)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNKNOWN' }))
      expect(() => capture.body(id)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNKNOWN' }))
      expect(() => capture.locate(id)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNKNOWN' }))
    }
  })

  test('is found by its key on its link, and gives its place back', () => {
    const capture = new Capture()
    new TraceScript(capture.observe, 1).opened({ messageKey: 5 })
    new TraceScript(capture.observe, 2).opened({ messageKey: 5 })
    expect([capture.messageIdOf(1, 5), capture.messageIdOf(2, 5)]).toEqual([1, 2])
    expect(capture.locate(2)).toEqual({ linkId: 2, messageKey: 5 })
    expect(capture.messageIdOf(3, 5)).toBe(0)
  })
})

describe('an exchange', () => {
  const request = { messageKey: 1, kind: 'request', route: 'cfg.put', correlationId: 'c1' } as const
  const answer = { messageKey: 2, dir: 'in', kind: 'response', route: '', answersKey: 1 } as const

  test('links request and answer both ways, with the round trip on the request', () => {
    const { capture, script } = made()
    script.message(request, 'put')
    expect(onlyRow(capture)).toMatchObject({ status: 'waiting', partnerId: 0 })
    script.message(answer, 'done')
    script.settled({ requestKey: 1, answerKey: 2, roundTripMs: 12.5 })
    const [asked, answered] = capture.rows(0, 2)
    expect(asked).toMatchObject({ status: 'answered', partnerId: 2, roundTripMs: 12.5 })
    expect(answered).toMatchObject({ status: 'received', partnerId: 1, roundTripMs: null })
    expect(capture.detail(1).partner).toEqual(answered)
    expect(capture.detail(2).partner).toEqual(asked)
  })

  test('marks both when the answer says that the peer failed', () => {
    const { capture, script } = made()
    script.message(request, 'put')
    script.message({ ...answer, headers: { status: 'error' } }, '{"error":"no route","code":"ROUTE_UNKNOWN"}')
    script.settled({ requestKey: 1, answerKey: 2 })
    const [asked, answered] = capture.rows(0, 2)
    expect(asked).toMatchObject({ status: 'answered', code: 'ROUTE_UNKNOWN' })
    expect(answered).toMatchObject({ status: 'received', code: 'ROUTE_UNKNOWN' })
  })

  test('is well when an answer only looks like an error, and names a code of the peer our way', () => {
    const { capture, script } = made()
    script.message(request)
    script.message(answer, '{"error":"no route","code":"ROUTE_UNKNOWN"}')
    script.message({ ...request, messageKey: 3 })
    const odd = { ...answer, messageKey: 4, answersKey: 3, headers: { status: 'error' } } as const
    script.message(odd, '{"code":"E42"}')
    expect(capture.rows(0, 4).map(({ code }) => code)).toEqual([
      null,
      null,
      'HANDLER_FAILED',
      'HANDLER_FAILED',
    ])
  })

  test('shows the route and the hue of the request on an answer without a route', () => {
    const { capture, script } = made()
    script.message({ messageKey: 9, route: 'other' })
    script.message(request)
    script.message(answer)
    const [, asked, answered] = capture.rows(0, 3)
    expect(answered).toMatchObject({ route: 'cfg.put', hue: asked!.hue })
    expect(asked!.hue).toBe(2)
  })

  test('gives an answer with a route of its own that route, and the hue of the request', () => {
    const { capture, script } = made()
    script.message(request)
    script.message({ ...answer, route: 'cfg.reply' })
    script.message({ messageKey: 3, route: 'next' })
    const [asked, answered, next] = capture.rows(0, 3)
    expect(answered).toMatchObject({ route: 'cfg.reply', hue: asked!.hue })
    expect(next!.hue).toBe(2)
  })

  test.each([
    ['REQUEST_TIMEOUT', 'timeout'],
    ['REQUEST_CANCELLED', 'cancelled'],
    ['LINK_LOST', 'interrupted'],
    ['MESSAGE_STALLED', 'failed'],
  ] as const)('that ends with %s is %s', (code, status) => {
    const { capture, script } = made()
    script.message(request)
    script.settled({ requestKey: 1, code })
    expect(onlyRow(capture)).toMatchObject({ status, code, roundTripMs: null })
  })

  test('of many answers keeps the first as the partner until it is settled by another', () => {
    const { capture, script } = made()
    script.message(request)
    script.message(answer)
    script.message({ ...answer, messageKey: 3 })
    expect(onlyRow(capture).partnerId).toBe(2)
    script.settled({ requestKey: 1, answerKey: 3 })
    expect(onlyRow(capture).partnerId).toBe(3)
    expect(capture.rows(1, 2).map(({ partnerId }) => partnerId)).toEqual([1, 1])
  })

  test('that a peer began is linked to our answer', () => {
    const { capture, script } = made()
    script.message({ messageKey: 1, dir: 'in', kind: 'request', route: 'add' })
    script.message({ messageKey: 2, dir: 'out', kind: 'response', route: '', answersKey: 1 })
    const [asked, answered] = capture.rows(0, 2)
    expect(asked).toMatchObject({ status: 'received', partnerId: 2 })
    expect(answered).toMatchObject({ status: 'sent', partnerId: 1, route: 'add' })
  })
})

describe('the account of time', () => {
  test('tells queueing, wire and the time that others held the line', () => {
    const { capture, script } = made()
    script.nowMs = 100
    script.opened({ messageKey: 1 })
    script.opened({ messageKey: 2 })
    script.frame({ messageKey: 2, startMs: 100, endMs: 130 })
    script.frame({ messageKey: 1, startMs: 130, endMs: 140, payloadBytes: 0 })
    script.frame({ messageKey: 1, startMs: 140, endMs: 150 })
    script.frame({ messageKey: 2, startMs: 150, endMs: 190 })
    script.frame({ messageKey: 1, startMs: 190, endMs: 200, isLast: true })
    script.frame({ messageKey: 2, startMs: 200, endMs: 210, isLast: true })
    script.nowMs = 205
    script.closed({ messageKey: 1 })
    expect(capture.detail(1).timing).toEqual({
      openedMs: 100,
      firstChunkMs: 140,
      lastChunkMs: 200,
      closedMs: 205,
      queuedMs: 30,
      wireMs: 30,
      interleavedMs: 40,
    })
  })

  test('calls unknown what is unknown: wire time on a socket, queueing of what came in', () => {
    const { capture, script } = made()
    script.nowMs = 50
    script.opened({ messageKey: 1, dir: 'in' })
    expect(capture.detail(1).timing).toEqual({
      openedMs: 50,
      firstChunkMs: null,
      lastChunkMs: null,
      closedMs: null,
      queuedMs: null,
      wireMs: null,
      interleavedMs: null,
    })
    script.frame({ messageKey: 1, dir: 'in' })
    expect(capture.detail(1).timing).toMatchObject({ wireMs: null, interleavedMs: null, firstChunkMs: 50 })
  })

  test('keeps the directions of a line apart', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1 })
    script.frame({ messageKey: 1, startMs: 0, endMs: 10 })
    script.frame({ dir: 'in', startMs: 5, endMs: 500 })
    script.frame({ messageKey: 1, startMs: 10, endMs: 20 })
    expect(capture.detail(1).timing).toMatchObject({ wireMs: 20, interleavedMs: 0 })
  })
})

describe('memory', () => {
  test('keeps exactly as many messages as allowed, and counts the others', () => {
    const { capture, script } = made({ messages: 10, messageSegmentRows: 4 })
    for (let key = 1; key <= 10; key++) script.message({ messageKey: key }, `body ${key}`)
    expect(capture.totals()).toMatchObject({ messages: 10, evictedMessages: 0 })
    script.message({ messageKey: 11 }, 'body 11')
    expect(capture.totals()).toMatchObject({ messages: 10, evictedMessages: 1 })
    for (let key = 12; key <= 40; key++) script.message({ messageKey: key }, `body ${key}`)
    expect(capture.totals()).toMatchObject({ messages: 10, evictedMessages: 30 })
    expect(capture.rows(0, 100).map(({ id, preview }) => [id, preview])).toEqual(
      Array.from({ length: 10 }, (_, index) => [31 + index, `body ${31 + index}`]),
    )
    expect(() => capture.detail(30)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNKNOWN' }))
    expect(capture.detail(31).preview).toBe('body 31')
  })

  test('keeps exactly as many chunks as allowed, and counts the others', () => {
    const { capture, script } = made({ chunks: 8, chunkSegmentRows: 4 })
    for (let chunk = 0; chunk < 8; chunk++) script.frame({ payloadBytes: chunk + 1 })
    expect(capture.totals()).toMatchObject({ chunks: 8, evictedChunks: 0 })
    for (let chunk = 8; chunk < 29; chunk++) script.frame({ payloadBytes: chunk + 1 })
    expect(capture.totals()).toMatchObject({ chunks: 8, evictedChunks: 21 })
    expect([...capture.readLanes(0).take(0)!.payloadBytes]).toEqual([22, 23, 24, 25, 26, 27, 28, 29])
  })

  test('lets the oldest bodies go first and keeps their rows', () => {
    const { capture, script } = made({ bodyBytes: 10_000 })
    for (let key = 1; key <= 5; key++) {
      script.message({ messageKey: key, ref: '', route: '', headers: {} }, new Uint8Array(3000))
    }
    const kept = [1, 2, 3, 4, 5].map((id) => capture.detail(id).hasBody)
    expect(kept).toEqual([false, false, true, true, true])
    expect(capture.memory.droppedBodies).toBe(2)
    expect(capture.memory.heldBytes).toBeLessThanOrEqual(10_000)
    expect(capture.totals()).toMatchObject({ messages: 5, evictedMessages: 0 })
    expect(() => capture.body(1)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNKNOWN' }))
    expect(capture.rows(0, 1)[0]).toMatchObject({ bodyBytes: 3000, preview: '' })
  })

  test('keeps no body that is larger than all the room, and counts it', () => {
    const { capture, script } = made({ bodyBytes: 1000 })
    script.message({ messageKey: 1 }, 'small')
    script.message({ messageKey: 2 }, new Uint8Array(1001))
    expect(capture.detail(1).hasBody).toBe(true)
    expect(capture.detail(2).hasBody).toBe(false)
    expect(capture.memory.droppedBodies).toBe(1)
  })

  test('bounds what heads take as well', () => {
    const { capture, script } = made({ bodyBytes: 100_000 })
    for (let key = 1; key <= 100; key++) {
      script.opened({ messageKey: key, dir: 'in', headers: { note: 'x'.repeat(5000) } })
    }
    expect(capture.memory.heldBytes).toBeLessThanOrEqual(100_000)
    expect(capture.totals().messages).toBe(9)
    expect(capture.totals().evictedMessages).toBe(91)
  })

  test('frees the body of a message whose row goes', () => {
    const { capture, script } = made({ messages: 2 })
    for (let key = 1; key <= 50; key++) script.message({ messageKey: key, ref: '' }, new Uint8Array(5000))
    expect(capture.memory.heldBytes).toBeLessThan(11_000)
  })

  test('takes what still comes for a message whose row is gone, without a row', () => {
    const { capture, script } = made({ messages: 3 })
    script.opened({ messageKey: 1, kind: 'request', correlationId: 'c' })
    for (let key = 2; key <= 9; key++) script.message({ messageKey: key })
    script.frame({ messageKey: 1, payloadBytes: 77 })
    script.closed({ messageKey: 1 }, 'late')
    script.settled({ requestKey: 1, answerKey: 0, code: 'REQUEST_TIMEOUT' })
    script.message({ messageKey: 10, dir: 'in', kind: 'response', answersKey: 1, route: '' })
    expect(capture.rows(0, 10).map(({ id }) => id)).toEqual([8, 9, 10])
    expect(capture.rows(2, 1)[0]).toMatchObject({ partnerId: 0, route: '' })
  })
})

describe('the message list', () => {
  test('gives windows of rows', () => {
    const { capture, script } = made({ messages: 100, messageSegmentRows: 8 })
    for (let key = 1; key <= 150; key++) script.message({ messageKey: key })
    expect(capture.messageCount).toBe(100)
    expect(capture.rows(0, 3).map(({ id }) => id)).toEqual([51, 52, 53])
    expect(capture.rows(98, 50).map(({ id }) => id)).toEqual([149, 150])
    expect(capture.rows(100, 5)).toEqual([])
  })

  test('tells bounds and from where on rows changed', () => {
    const { capture, script } = made({ messages: 3 })
    const watch = capture.watchMessages()
    expect(watch.take()).toEqual({ total: 0, firstId: 1, changedFromId: 0, evicted: 0 })
    expect(watch.take()).toBeUndefined()
    script.opened({ messageKey: 1 })
    script.opened({ messageKey: 2 })
    expect(watch.take()).toEqual({ total: 2, firstId: 1, changedFromId: 1, evicted: 0 })
    script.frame({ messageKey: 2 })
    expect(watch.take()).toEqual({ total: 2, firstId: 1, changedFromId: 2, evicted: 0 })
    script.frame({ messageKey: 2 })
    script.opened({ messageKey: 3 })
    script.opened({ messageKey: 4 })
    script.opened({ messageKey: 5 })
    expect(watch.take()).toEqual({ total: 3, firstId: 3, changedFromId: 3, evicted: 2 })
    script.frame({ messageKey: 0 })
    expect(watch.take()).toBeUndefined()
  })

  test('tells everything to who comes late, and nothing after the end', () => {
    const { capture, script } = made()
    script.message({ messageKey: 1 })
    const watch = capture.watchMessages()
    expect(watch.take()).toEqual({ total: 1, firstId: 1, changedFromId: 1, evicted: 0 })
    watch.end()
    script.frame({ messageKey: 1 })
    expect(watch.take()).toBeUndefined()
  })
})

describe('clearing', () => {
  test('forgets what is over and goes on with what is not, under new numbers', () => {
    const { capture, script } = made()
    script.message({ messageKey: 1 }, 'over')
    script.opened({ messageKey: 2, kind: 'request', correlationId: 'c', route: 'big' })
    script.frame({ messageKey: 2, payloadBytes: 60 })
    script.message({ messageKey: 3 }, 'over')
    script.message({ messageKey: 4, kind: 'request', correlationId: 'd' }, 'waiting for its answer')
    script.nowMs = 500
    capture.clear(500)
    expect(
      capture.rows(0, 10).map(({ id, route, status, doneBytes }) => [id, route, status, doneBytes]),
    ).toEqual([
      [5, 'big', 'sending', 60],
      [6, 'echo', 'waiting', 22],
    ])
    expect(capture.totals()).toMatchObject({ messages: 2, chunks: 0, evictedMessages: 0, evictedChunks: 0 })
    expect(capture.detail(6).body).toEqual(utf8('waiting for its answer'))
    script.frame({ messageKey: 2, payloadBytes: 40, isLast: true })
    script.closed({ messageKey: 2 }, 'big body')
    script.message({ messageKey: 5, dir: 'in', kind: 'response', answersKey: 4, route: '' })
    script.settled({ requestKey: 4, answerKey: 5, roundTripMs: 3 })
    expect(
      capture.rows(0, 10).map(({ status, doneBytes, partnerId }) => [status, doneBytes, partnerId]),
    ).toEqual([
      ['waiting', 100, 0],
      ['answered', 22, 7],
      ['received', 0, 6],
    ])
    expect(() => capture.detail(2)).toThrow(expect.objectContaining({ code: 'MESSAGE_UNKNOWN' }))
  })

  test('begins the overview and the counters of evicted rows again, but not the losses of the links', () => {
    const { capture, script } = made({ messages: 2, chunks: 2 })
    for (let key = 1; key <= 5; key++) script.message({ messageKey: key })
    script.fault({ lostBytes: 9 })
    script.frame({ isRepeat: true })
    capture.clear(100)
    expect(capture.totals()).toEqual({
      messages: 0,
      chunks: 0,
      evictedMessages: 0,
      evictedChunks: 0,
      lostBytes: 9,
      faults: 1,
      repeatedFrames: 1,
    })
    const overview = capture.overview(16, 200)
    expect(overview.fromMs).toBe(200)
    expect([...overview.faults]).toEqual(new Array(16).fill(0))
  })

  test('lets the overview begin at its own time, though older messages go on', () => {
    const { capture, script } = made()
    script.nowMs = 10
    script.opened({ messageKey: 1 })
    expect(capture.overview(16, 300).fromMs).toBe(10)
    capture.clear(200)
    expect(capture.overview(16, 300).fromMs).toBe(200)
  })

  test('holds no body afterwards', () => {
    const { capture, script } = made()
    for (let key = 1; key <= 20; key++) script.message({ messageKey: key }, new Uint8Array(4000))
    capture.clear(0)
    expect(capture.memory).toEqual({ heldBytes: 0, droppedBodies: 0 })
  })
})

describe('links', () => {
  test('have their figures each, zero before anything happened', () => {
    const capture = new Capture()
    new TraceScript(capture.observe, 1).bytes('in', 500)
    new TraceScript(capture.observe, 2).bytes('out', 70)
    expect(capture.figures(1, 100, null)).toMatchObject({ bytesIn: 500, bytesOut: 0 })
    expect(capture.figures(2, 100, null)).toMatchObject({ bytesIn: 0, bytesOut: 70 })
    expect(capture.figures(3, 100, null)).toMatchObject({ bytesIn: 0, bytesOut: 0, faults: 0 })
  })

  test('that are forgotten leave their losses and their messages', () => {
    const { capture, script } = made()
    script.message({ messageKey: 1 })
    script.queue(50)
    script.fault({ lostBytes: 3 })
    script.frame({ isRepeat: true })
    capture.forgetLink(1)
    expect(capture.totals()).toMatchObject({ messages: 1, lostBytes: 3, faults: 1, repeatedFrames: 1 })
    expect(capture.figures(1, 0, null)).toMatchObject({ faults: 0 })
    expect(capture.messageIdOf(1, 1)).toBe(0)
    expect(capture.readLanes(0).take(0)?.queuedBytes).toBe(0)
  })

  test('queue together', () => {
    const capture = new Capture()
    const scripts = [1, 2].map((linkId) => new TraceScript(capture.observe, linkId))
    scripts[0]!.queue(100)
    scripts[1]!.queue(40)
    scripts[0]!.queue(30)
    expect(capture.readLanes(0).take(0)).toMatchObject({
      queuedBytes: 70,
      queues: [
        { linkId: 1, queuedBytes: 30 },
        { linkId: 2, queuedBytes: 40 },
      ],
    })
  })
})

describe('a repeated frame', () => {
  test('is marked for lanes, merged ones only among themselves', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1 })
    script.frame({ messageKey: 1 })
    script.frame({ messageKey: 1, isRepeat: true })
    const few = capture.readLanes(0).take(0)!
    expect([...few.flags].map((flags) => flags & LANE_REPEAT)).toEqual([0, LANE_REPEAT])
    const merged = (isRepeat: (frame: number) => boolean): number => {
      const { capture, script } = made()
      script.message({ messageKey: 1 }, 'x'.repeat(100))
      const reader = capture.readLanes(0)
      reader.take(0)
      for (let frame = 0; frame < 40_000; frame++) script.frame({ messageKey: 1, isRepeat: isRepeat(frame) })
      const { flags } = reader.take(0)!
      expect(flags).toHaveLength(1)
      expect(flags[0]! & LANE_MERGED).toBe(LANE_MERGED)
      return flags[0]! & LANE_REPEAT
    }
    expect(merged(() => true)).toBe(LANE_REPEAT)
    expect(merged((frame) => frame !== 17)).toBe(0)
  })
})

describe('a session', () => {
  test('is told of a link with since when it is as it is', () => {
    const { capture, script } = made()
    expect(capture.figures(1, 0, null).session).toBeNull()
    script.nowMs = 10
    script.session('handshake')
    script.nowMs = 20
    script.session('handshake', { code: 'AUTH_WAIT', detail: '4 s to wait' })
    expect(capture.figures(1, 30, null).session).toEqual({
      phase: 'handshake',
      sinceMs: 10,
      code: 'AUTH_WAIT',
      detail: '4 s to wait',
      peerIdentity: '',
      isResumed: false,
    })
    script.nowMs = 40
    script.session('ready', { peerIdentity: 'rig', isResumed: true })
    expect(capture.figures(1, 50, null).session).toMatchObject({
      phase: 'ready',
      sinceMs: 40,
      code: null,
      peerIdentity: 'rig',
      isResumed: true,
    })
    expect(capture.figures(2, 50, null).session).toBeNull()
  })

  test('has a clock of the peer while it is up, and none that is old', () => {
    const { capture, script } = made()
    const clock = { offsetMs: -3.5, uncertaintyMs: 0.4, driftPpm: 12 }
    script.session('ready')
    script.clockSample(clock)
    for (const phase of ['silent', 'one-way', 'ready'] as const) {
      script.session(phase)
      expect(capture.figures(1, 0, null).clock).toEqual(clock)
    }
    script.session('handshake')
    expect(capture.figures(1, 0, null).clock).toBeNull()
  })
})

describe('a fault', () => {
  const flagged = (batch: LaneBatch | undefined): number[] =>
    [...(batch?.flags ?? [])].map((flags) => flags & LANE_FAULT)

  test('marks the frame it came with', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, dir: 'in', ref: 'aa' })
    script.frame({ messageKey: 1, dir: 'in' })
    script.frame({ messageKey: 1, dir: 'in' })
    script.fault({ ref: 'aa' })
    expect(flagged(capture.readLanes(0).take(0))).toEqual([0, LANE_FAULT])
  })

  test('of another message, or of none, marks no frame', () => {
    const { capture, script } = made()
    script.opened({ messageKey: 1, dir: 'in', ref: 'aa' })
    script.frame({ messageKey: 1, dir: 'in' })
    script.fault({ ref: 'bb' })
    script.fault({ ref: '' })
    expect(flagged(capture.readLanes(0).take(0))).toEqual([0])
  })
})

test('a listener hears of every event and of clearing, until it ends', () => {
  const { capture, script } = made()
  let heard = 0
  const end = capture.onChange(() => {
    heard += 1
  })
  script.bytes('in', 1)
  script.message({ messageKey: 1 })
  expect(heard).toBe(4)
  capture.clear(0)
  expect(heard).toBe(5)
  end()
  script.bytes('in', 1)
  expect(heard).toBe(5)
})
