import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { lenientUtf8, utf8 } from '../../shared/bytes'
import { linksOverMemory } from '../../testing/joined-links'
import { settlePromises } from '../../testing/virtual-clock'
import { peerErrorOf } from '../../shared/model/peer-error'
import { attachEndpoint, createEndpoint } from '../link/endpoint-link'
import type { Answer } from '../netcore/stack-types'
import { createDemoEndpoint } from './demo-endpoint'

async function demo() {
  const joined = linksOverMemory()
  const endpoint = createDemoEndpoint(joined.clock)
  attachEndpoint(endpoint, joined.far.link)
  joined.near.link.open()
  await settlePromises()
  const ask = async (route: string, body: string | Uint8Array = '', waitMs = 10): Promise<Answer> => {
    const bytes = typeof body === 'string' ? utf8(body) : body
    const { answer } = joined.near.link.request({ route, body: bytes })
    await joined.clock.advanceToAsync(joined.clock.nowMs() + waitMs)
    return answer
  }
  const json = async (...asked: Parameters<typeof ask>): Promise<unknown> =>
    JSON.parse(lenientUtf8((await ask(...asked)).body))
  return { ...joined, endpoint, ask, json }
}

describe('demo routes', () => {
  test('echo gives the body back', async () => {
    const { ask } = await demo()
    expect((await ask('echo', Uint8Array.of(0, 255, 7))).body).toEqual(Uint8Array.of(0, 255, 7))
  })

  test('add sums two numbers', async () => {
    const { json } = await demo()
    expect(await json('add', '{"a":2,"b":40.5}')).toEqual({ sum: 42.5 })
  })

  test('slow answers after the time asked for, not before', async () => {
    const { near, clock } = await demo()
    const settled: number[] = []
    const { answer } = near.link.request({ route: 'slow', body: utf8('{"ms":500}') })
    void answer.then(({ roundTripMs }) => settled.push(roundTripMs))
    await clock.advanceToAsync(499)
    expect(settled).toEqual([])
    await clock.advanceToAsync(501)
    expect(settled).toEqual([500])
  })

  test('big makes bytes that follow (i × 31 + seed) mod 256', async () => {
    const { ask } = await demo()
    const { body } = await ask('big', '{"bytes":1000,"seed":5}')
    expect(body).toHaveLength(1000)
    expect(body.every((byte, i) => byte === (i * 31 + 5) % 256)).toBe(true)
  })

  test('fail answers with an error', async () => {
    const { ask } = await demo()
    expect(peerErrorOf(await ask('fail'))).toMatchObject({ code: 'HANDLER_FAILED' })
  })

  test('count gives n answers in the rhythm asked for; the last one says that it is the last', async () => {
    const { near, clock } = await demo()
    const startMs = clock.nowMs()
    const got: unknown[] = []
    near.link.subscribe({
      route: 'count',
      body: utf8('{"n":3,"ms":100}'),
      onAnswer: ({ body }) => got.push(JSON.parse(lenientUtf8(body))) > 0,
      onEnd: (error) => got.push(error),
    })
    await clock.advanceToAsync(startMs + 1000)
    expect(got).toEqual([...[1, 2, 3].map((i) => ({ i, n: 3 })), null])
    const answers = near.trace.filter((event) => event.type === 'message-opened' && event.dir === 'in')
    expect(answers.map(({ atMs }) => atMs - startMs)).toEqual([0, 100, 200])
    expect(answers.map((event) => 'headers' in event && event.headers['end'])).toEqual([
      undefined,
      undefined,
      true,
    ])
  })

  test('count is a subscription: it ends after n answers, and with its listener', async () => {
    const { near, clock, endpoint } = await demo()
    const caller = createEndpoint({ clock })
    attachEndpoint(caller, near.link)
    const got: unknown[] = []
    const read = async (body: unknown, limit = 1e9): Promise<void> => {
      for await (const answer of caller.subscribe('count', body)) {
        got.push(JSON.parse(lenientUtf8(answer.body)))
        if (got.length === limit) break
      }
    }
    const whole = read({ n: 3, ms: 10 })
    await clock.advanceToAsync(100)
    await whole
    expect(got).toEqual([1, 2, 3].map((i) => ({ i, n: 3 })))
    const left = read({ n: 1000, ms: 10 }, 5)
    await clock.advanceToAsync(200)
    await left
    expect(got).toHaveLength(5)
    expect(endpoint.running).toBe(0)
  })

  test('/device/firmware checks an image while it comes, without keeping it', async () => {
    const { far, json } = await demo()
    const image = new Uint8Array(5_000_000).map((_, at) => (at * 31 + (at >> 11)) & 255)
    expect(await json('/device/firmware', image)).toEqual({ bytes: image.length, crc32: crc32(image) })
    const received = far.trace.find((event) => event.type === 'message-closed' && event.dir === 'in')
    expect(received).toMatchObject({ outcome: 'complete', bodyBytes: image.length })
    expect(received?.type === 'message-closed' && received.body).toEqual(image.subarray(0, 65_536))
    expect(await json('/device/firmware', '')).toEqual({ bytes: 2, crc32: crc32(utf8('{}')) })
  })

  test('/device/info, /device/read and /device/firmware answer for the device', async () => {
    const { json } = await demo()
    expect(await json('/device/info')).toMatchObject({ name: 'demo', firmware: '2.4.1' })
    expect(await json('/device/read')).toMatchObject({
      temperature: expect.any(Number),
      supply: expect.any(Number),
    })
    expect(await json('/device/read', '{"channel":"speed"}')).toMatchObject({
      channel: 'speed',
      value: expect.any(Number),
    })
    expect(await json('/device/firmware', '123456789')).toEqual({ bytes: 9, crc32: 0xcbf43926 })
  })

  test.each([
    { route: 'add', body: '{"a":1}', why: '"b" of add' },
    { route: 'add', body: '[1', why: 'not JSON' },
    { route: 'add', body: '7', why: 'not a JSON object' },
    { route: 'big', body: '{"bytes":-1}', why: '"bytes" of big' },
    { route: 'big', body: '{"bytes":1e12}', why: '"bytes" of big' },
    { route: 'big', body: '{"bytes":1.5}', why: 'whole number' },
    { route: 'slow', body: '{"ms":"long"}', why: '"ms" of slow' },
    { route: 'count', body: '{"n":0}', why: '"n" of count' },
    { route: '/device/read', body: '{"channel":"constructor"}', why: 'no channel "constructor"' },
  ])('$route refuses $body and names what is wrong', async ({ route, body, why }) => {
    const { ask } = await demo()
    expect(peerErrorOf(await ask(route, body))?.message).toContain(why)
  })
})
