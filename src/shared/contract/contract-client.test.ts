import { describe, expect, test } from 'vitest'
import { createChannelPair, type TestChannel } from '../../testing/channel-pair'
import { type ConsoleError, toWireError } from '../errors'
import { createContractClient } from './contract-client'
import type { Downstream, Upstream } from './envelope'
import { decodeMessage, encodeMessage } from './message-codec'

/** A core written out by hand: remembers what the screen asked, answers what the test says. */
class ScriptedCore {
  readonly asked: Upstream[] = []
  readonly #channel: TestChannel

  constructor(channel: TestChannel) {
    this.#channel = channel
    channel.onFrame((frame) => this.asked.push(decodeMessage(frame) as Upstream))
  }

  say(message: Downstream): void {
    this.#channel.send(encodeMessage(message))
  }
}

function start() {
  const [screen, coreEnd] = createChannelPair()
  return { client: createContractClient(screen), core: new ScriptedCore(coreEnd), screen, coreEnd }
}

const wireError = toWireError(new Error('no luck'))

describe('contract client', () => {
  test('gives each reply to the call that asked, whatever the order', async () => {
    const { client, core } = start()
    const first = client.call('ports.list', {})
    const second = client.call('link.close', { linkId: 3 })
    expect(core.asked).toEqual([
      { t: 'call', id: 1, name: 'ports.list', args: {} },
      { t: 'call', id: 2, name: 'link.close', args: { linkId: 3 } },
    ])
    core.say({ t: 'reply', id: 2, ok: true, value: {} })
    core.say({ t: 'reply', id: 1, ok: true, value: { ports: [] } })
    await expect(first).resolves.toEqual({ ports: [] })
    await expect(second).resolves.toEqual({})
  })

  test('rejects with the code, message and remedy of the core', async () => {
    const { client, core } = start()
    const call = client.call('link.open', { url: 'tcp://nowhere' })
    core.say({
      t: 'reply',
      id: 1,
      ok: false,
      error: { code: 'URL_INVALID', message: 'no port', remedy: 'add one' },
    })
    await expect(call).rejects.toMatchObject({ code: 'URL_INVALID', message: 'no port', remedy: 'add one' })
  })

  test('acknowledges an item after the listener returned, not before', () => {
    const { client, core } = start()
    const acksSeen: number[] = []
    client.subscribe('status', {}, () => acksSeen.push(core.asked.filter((one) => one.t === 'ack').length))
    core.say({ t: 'item', id: 1, seq: 1, value: {} })
    core.say({ t: 'item', id: 1, seq: 2, value: {} })
    expect(acksSeen).toEqual([0, 1])
    expect(core.asked.slice(1)).toEqual([
      { t: 'ack', id: 1, seq: 1 },
      { t: 'ack', id: 1, seq: 2 },
    ])
  })

  test('a listener that throws does not stop the stream', () => {
    const { client, core } = start()
    client.subscribe('status', {}, () => {
      throw new Error('defect of a view')
    })
    expect(() => core.say({ t: 'item', id: 1, seq: 1, value: {} })).toThrow('defect of a view')
    expect(core.asked.at(-1)).toEqual({ t: 'ack', id: 1, seq: 1 })
  })

  test('after unsubscribing no item is given or acknowledged', () => {
    const { client, core } = start()
    const items: unknown[] = []
    const stop = client.subscribe('status', {}, (item) => items.push(item))
    stop()
    stop()
    core.say({ t: 'item', id: 1, seq: 1, value: {} })
    expect(items).toEqual([])
    expect(core.asked.map((one) => one.t)).toEqual(['subscribe', 'unsubscribe'])
  })

  test('unsubscribing inside the listener sends no acknowledgement for a stream that is gone', () => {
    const { client, core } = start()
    const stop = client.subscribe('status', {}, () => stop())
    core.say({ t: 'item', id: 1, seq: 1, value: {} })
    expect(core.asked.map((one) => one.t)).toEqual(['subscribe', 'unsubscribe'])
  })

  test('tells a subscription why the core ended it', () => {
    const { client, core } = start()
    const ends: ConsoleError[] = []
    client.subscribe(
      'lanes',
      { backlogMs: 0 },
      () => undefined,
      (error) => ends.push(error),
    )
    core.say({ t: 'ended', id: 1, error: wireError })
    expect(ends).toMatchObject([{ code: 'INTERNAL' }])
  })

  test('a closed channel rejects open and later calls, ends subscriptions and tells listeners, once', async () => {
    const { client, core, coreEnd } = start()
    const told: string[] = []
    client.onClosed((error) => told.push(`listener ${error.code}`))
    client.subscribe(
      'status',
      {},
      () => undefined,
      (error) => told.push(`subscription ${error.code}`),
    )
    const call = client.call('ports.list', {})
    coreEnd.close()
    await expect(call).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
    await expect(client.call('ports.list', {})).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
    client.close()
    client.subscribe(
      'status',
      {},
      () => undefined,
      (error) => told.push(`late ${error.code}`),
    )
    client.onClosed((error) => told.push(`late listener ${error.code}`))
    await Promise.resolve()
    expect(told).toEqual([
      'subscription CHANNEL_CLOSED',
      'listener CHANNEL_CLOSED',
      'late CHANNEL_CLOSED',
      'late listener CHANNEL_CLOSED',
    ])
    expect(core.asked.map((one) => one.t)).toEqual(['subscribe', 'call'])
  })

  test('a request over the frame limit rejects and the channel stays usable', async () => {
    const { client, core, screen } = start()
    const body = new Uint8Array(17 * 1024 * 1024)
    const send = client.call('message.send', {
      linkId: 1,
      route: 'x',
      kind: 'bytes',
      body,
      headers: {},
      priority: 3,
      timeoutMs: 1,
    })
    await expect(send).rejects.toMatchObject({ code: 'CONTRACT_FRAME_TOO_LARGE' })
    expect(screen.isClosed).toBe(false)
    const call = client.call('ports.list', {})
    core.say({ t: 'reply', id: 2, ok: true, value: { ports: [] } })
    await expect(call).resolves.toEqual({ ports: [] })
  })

  test.each([
    ['bytes that are not MessagePack', Uint8Array.of(0xc1)],
    ['a value that is no message', encodeMessage(7)],
    ['a message of unknown kind', encodeMessage({ t: 'hello', id: 1 })],
    [
      'an error without a known code',
      encodeMessage({ t: 'ended', id: 1, error: { code: 'toString', message: '', remedy: '' } }),
    ],
  ])('closes the channel on %s', async (_, frame) => {
    const { client, screen, coreEnd } = start()
    const call = client.call('ports.list', {})
    coreEnd.send(frame)
    await expect(call).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' })
    expect(screen.isClosed).toBe(true)
  })
})
