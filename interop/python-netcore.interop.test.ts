import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toHex, utf8 } from '../src/shared/bytes'
import { hasCode } from '../src/shared/errors'
import type { FrameEvent } from '../src/shared/model/trace'
import { pattern, sha256 } from './pattern'
import { type InteropSession, overSerial, overTcp, overTcpListen } from './session'

/**
 * The real Python Netcore as the other end, over each way to reach it. Python sends requests to us as well, so both
 * roles are covered on every transport; counts and digests are compared, never «no exception».
 */
const ways = [
  { name: 'TCP, Python listens', open: overTcp },
  { name: 'TCP, we listen', open: overTcpListen },
  { name: 'serial line', open: overSerial },
]

const json = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes))

describe.each(ways)('$name', ({ name, open }) => {
  /** Python reads a serial line byte by byte. */
  const sizes = [1, 4096, 4097, name === 'serial line' ? 256 * 1024 : 1024 * 1024]

  let session: InteropSession

  beforeEach(async () => {
    session = await open()
  })
  afterEach(async () => {
    await session.close()
  })

  const ask = (route: string, body: Uint8Array, timeoutMs = 40_000): Promise<Uint8Array> =>
    session.link.request({ route, body, timeoutMs }).answer.then((answer) => answer.body)

  test.each(sizes)('Python receives %i bytes from us and sends them back unchanged', async (size) => {
    const body = pattern(size, 5)
    expect(json(await ask('digest', body))).toEqual({ bytes: size, sha256: sha256(body) })
    const echoed = await ask('echo', body)
    expect(echoed.length).toBe(size)
    expect(sha256(echoed)).toBe(sha256(body))
  })

  test.each(sizes)('we receive %i bytes from Python and send them back unchanged', async (size) => {
    session.peer.command({ cmd: 'send', tag: 'e', route: 'echo', size, seed: 9 })
    const answer = await session.peer.next('answer', ({ tag }) => tag === 'e')
    expect(answer).toMatchObject({ route: 'echo', bytes: size, sha256: sha256(pattern(size, 9)) })
    const received = await session.traced('message-closed', (event) => event.dir === 'in')
    expect(received).toMatchObject({ outcome: 'complete', bodyBytes: size })
    expect(sha256(received.body)).toBe(sha256(pattern(size, 9)))
  })

  test('UTF-8 routes and bodies arrive as they were written, both ways', async () => {
    expect(json(await ask('löschen/ü', utf8('größe 😀')))).toEqual({ gelöscht: 'größe 😀' })
    session.endpoint.request('prüfen/ß', (request) => ({ body: utf8(`geprüft: ${request.text()} 😀`) }))
    session.peer.command({ cmd: 'send', tag: 'u', route: 'prüfen/ß', text: 'Öl' })
    expect(await session.peer.next('answer')).toMatchObject({ text: 'geprüft: Öl 😀' })
  })

  test('32 requests at once each find their own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, index) => ask('add', utf8(JSON.stringify({ a: index, b: 1000 })))),
    )
    expect(answers.map(json)).toEqual(Array.from({ length: 32 }, (_, index) => ({ sum: index + 1000 })))
    const settled = session.trace.filter((event) => event.type === 'request-settled')
    expect(settled).toHaveLength(32)
  })

  test('32 requests of Python at once are each answered once', async () => {
    for (let index = 0; index < 32; index++) {
      session.peer.command({ cmd: 'send', tag: index, route: 'add', json: { a: index, b: 500 } })
    }
    for (let index = 0; index < 32; index++) {
      const answer = await session.peer.next('answer', ({ tag }) => tag === index)
      expect(JSON.parse(answer['text'] as string)).toEqual({ sum: index + 500 })
    }
    expect(session.peer.events.filter(({ event }) => event === 'answer')).toHaveLength(32)
  })

  test('several large messages interleave in both directions and arrive whole', async () => {
    const sizes = [300_000, 200_000, 100_000]
    const digests = await Promise.all(sizes.map((size, index) => ask('digest', pattern(size, index))))
    expect(digests.map(json)).toEqual(
      sizes.map((size, index) => ({ bytes: size, sha256: sha256(pattern(size, index)) })),
    )
    expect(alternations('out')).toBeGreaterThan(40)

    const messages = sizes.map((size, index) => ({ tag: `i${index}`, route: 'echo', size, seed: index }))
    session.peer.command({ cmd: 'send_all', messages })
    for (const [index, size] of sizes.entries()) {
      const answer = await session.peer.next('answer', ({ tag }) => tag === `i${index}`)
      expect(answer).toMatchObject({ bytes: size, sha256: sha256(pattern(size, index)) })
    }
    expect(alternations('in')).toBeGreaterThan(40)
  })

  test('a transfer that we cancel ends on both sides and disturbs nothing else', async () => {
    const body = pattern(64 * 1024 * 1024, 1)
    const { messageKey, answer } = session.link.request({ route: 'digest', body, timeoutMs: 40_000 })
    await session.traced(
      'frame',
      (event) => event.dir === 'out' && event.messageKey === messageKey && event.chunkIndex > 2,
    )
    expect(session.link.cancel(messageKey)).toBe(true)
    await expect(answer).rejects.toSatisfy((error) => hasCode(error, 'REQUEST_CANCELLED'))
    expect(toHex(await ask('echo', utf8('still here')))).toBe(toHex(utf8('still here')))
    expect(await session.traced('message-closed', (event) => event.messageKey === messageKey)).toMatchObject({
      outcome: 'cancelled',
    })
  })

  test('a transfer that Python cancels is closed as cancelled here', async () => {
    session.peer.command({ cmd: 'send', tag: 'c', route: 'echo', size: 32 * 1024 * 1024, seed: 2 })
    const { ref } = await session.peer.next('sent', ({ tag }) => tag === 'c')
    await session.traced('frame', (event) => event.dir === 'in' && event.ref === ref && event.chunkIndex > 2)
    session.peer.command({ cmd: 'cancel', tag: 'c' })
    await session.peer.next('cancelled', ({ tag }) => tag === 'c')
    // Python sends the cancel of its only mission with the next one (netcore-lso note, Q8)
    session.peer.command({ cmd: 'send', tag: 'next', route: 'echo', text: 'next' })
    expect(await session.peer.next('answer', ({ tag }) => tag === 'next')).toMatchObject({ text: 'next' })
    const opened = await session.traced('message-opened', (event) => event.ref === ref)
    expect(
      await session.traced('message-closed', (event) => event.messageKey === opened.messageKey),
    ).toMatchObject({
      outcome: 'cancelled',
      code: 'MESSAGE_CANCELLED',
    })
  })

  test('a failing handler of Python answers by its error handler, and one of ours by an error answer', async () => {
    expect(json(await ask('fail', utf8('x')))).toEqual({ error: 'the handler of /fail raises' })
    session.peer.command({ cmd: 'send', tag: 'f', route: 'fail', text: 'x' })
    const answer = await session.peer.next('answer', ({ tag }) => tag === 'f')
    expect(JSON.parse(answer['text'] as string)).toMatchObject({ code: 'HANDLER_FAILED' })
  })

  test('a request that Python never answers times out, and the link goes on', async () => {
    const failure = ask('no such route', utf8('anyone?'), 300)
    await expect(failure).rejects.toSatisfy((error) => hasCode(error, 'REQUEST_TIMEOUT'))
    expect(await session.peer.next('unrouted')).toMatchObject({ route: 'no such route', bytes: 7 })
    expect(toHex(await ask('echo', utf8('on we go')))).toBe(toHex(utf8('on we go')))
  })

  test('a request without a body is delivered and answered', async () => {
    session.peer.command({ cmd: 'send', tag: 'empty', route: 'echo', text: '' })
    const received = await session.traced('message-closed', (event) => event.dir === 'in')
    expect(received).toMatchObject({ outcome: 'complete', bodyBytes: 0 })
  })

  function alternations(dir: FrameEvent['dir']): number {
    const chunks = session.trace.filter(
      (event): event is FrameEvent =>
        event.type === 'frame' && event.dir === dir && event.payloadBytes > 1000,
    )
    return chunks.filter((chunk, index) => index > 0 && chunk.messageKey !== chunks[index - 1]!.messageKey)
      .length
  }
})

describe.each(ways.slice(0, 2))('$name: Python dies', ({ open }) => {
  test('every waiting request ends, the state says so, and nothing hangs', async () => {
    const session = await open()
    const waiting = session.link.request({
      route: 'slow',
      body: utf8('{"ms": 30000}'),
      timeoutMs: 40_000,
    }).answer
    const large = session.link.request({
      route: 'digest',
      body: pattern(8 << 20, 1),
      timeoutMs: 40_000,
    }).answer
    const outcomes = Promise.allSettled([waiting, large])
    await session.traced('frame', (event) => event.dir === 'out' && event.chunkIndex > 1)
    await session.peer.kill()
    const codes = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as { code?: string }).code : 'answered',
    )
    for (const code of codes) expect(['LINK_LOST', 'MESSAGE_INTERRUPTED']).toContain(code)
    expect(session.link.phase).not.toBe('connected')
    await session.close()
  })
})
