import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createContractClient } from '../../shared/contract/contract-client'
import type { CommandName, CommandRequest, SubscriptionName } from '../../shared/contract/contract'
import { requestChecks, subscriptionChecks } from '../../shared/contract/contract'
import {
  type Downstream,
  MAX_CALL_BYTES_IN_FLIGHT,
  MAX_CALLS_IN_FLIGHT,
  MAX_FRAME_BYTES,
  MAX_SUBSCRIPTIONS,
} from '../../shared/contract/envelope'
import { decodeMessage, encodeMessage } from '../../shared/contract/message-codec'
import type { CommandReply, SubscriptionItem } from '../../shared/contract/replies'
import { ConsoleError } from '../../shared/errors'
import { createChannelPair } from '../../testing/channel-pair'
import { ManualFeed } from '../../testing/manual-feed'
import { settlePromises, VirtualClock } from '../../testing/virtual-clock'
import type { ConsolePort, Feed, SourcePort } from '../console/console-types'
import { serveContract } from './contract-server'
import { checkRequest, checkSubscription } from './upstream-check'

/** A console that remembers its calls and answers with what the test set. */
class RecordingConsole implements ConsolePort, SourcePort {
  readonly sources: number[] = []
  readonly calls: [string, unknown][] = []
  readonly feeds: ManualFeed<unknown>[] = []
  answer: () => Promise<unknown> = () => Promise.resolve({})

  at(source: number): SourcePort {
    this.sources.push(source)
    return this
  }

  call<C extends CommandName>(name: C, request: CommandRequest<C>): Promise<CommandReply<C>> {
    this.calls.push([name, request])
    return this.answer() as Promise<CommandReply<C>>
  }

  subscribe<S extends SubscriptionName>(): Feed<SubscriptionItem<S>> {
    const feed = new ManualFeed<unknown>()
    this.feeds.push(feed)
    return feed as unknown as Feed<SubscriptionItem<S>>
  }
}

function start() {
  const [screen, coreEnd] = createChannelPair()
  const core = new RecordingConsole()
  const clock = new VirtualClock()
  serveContract(coreEnd, core, clock)
  const said: Downstream[] = []
  screen.onFrame((frame) => said.push(decodeMessage(frame) as Downstream))
  const ask = (message: unknown): void => screen.send(encodeMessage(message))
  return { screen, coreEnd, core, clock, said, ask }
}

const call = (id: number, name: string, args: unknown) => ({ t: 'call', id, name, args })
const subscribe = (id: number, name: string, args: unknown) => ({ t: 'subscribe', id, name, args })
const send = {
  linkId: 1,
  route: 'echo',
  kind: 'request',
  body: Uint8Array.of(1),
  headers: { a: 'b' },
  priority: 3,
  timeoutMs: 1000,
}

describe('contract server, calls', () => {
  test('gives the console a request that fits and the screen its reply', async () => {
    const { core, said, ask } = start()
    core.answer = () => Promise.resolve({ messageId: 7 })
    ask(call(1, 'message.send', send))
    await settlePromises()
    expect(core.calls).toEqual([['message.send', send]])
    expect(said).toEqual([{ t: 'reply', id: 1, ok: true, value: { messageId: 7 } }])
  })

  test('a call and a subscription concern the session that runs now, or the recording that they name', async () => {
    const { core, ask } = start()
    ask(call(1, 'app.info', {}))
    ask({ ...call(2, 'app.info', {}), source: 3 })
    ask({ ...subscribe(3, 'status', {}), source: 4 })
    await settlePromises()
    expect(core.sources).toEqual([0, 3, 4])
  })

  test.each([
    ['a missing field', 'link.close', {}, 'linkId'],
    ['a wrong type', 'link.close', { linkId: '1' }, 'linkId'],
    ['a number out of range', 'messages.rows', { from: 0, count: 501 }, 'count'],
    ['an unknown field', 'link.close', { linkId: 1, force: true }, 'force'],
    ['a text that is too long', 'recent.forget', { url: 'x'.repeat(2049) }, 'url'],
    ['a nested value of the wrong kind', 'message.send', { ...send, headers: { a: [1] } }, 'headers.a'],
    ['a body that is no byte array', 'message.send', { ...send, body: 'text' }, 'body'],
    ['no arguments', 'app.info', undefined, ''],
  ])('refuses %s and names the field', async (_, name, args, field) => {
    const { core, said, ask } = start()
    ask(call(1, name, args))
    await settlePromises()
    expect(core.calls).toEqual([])
    expect(said).toMatchObject([{ t: 'reply', id: 1, ok: false, error: { code: 'CONTRACT_BAD_ARGUMENT' } }])
    const message = said[0]?.t === 'reply' && !said[0].ok ? said[0].error.message : ''
    expect(message.startsWith(field === '' ? `${name}: ` : `${name}: ${field}: `)).toBe(true)
  })

  test.each(['link.explode', 'toString', '__proto__', 'constructor'])('does not know %s', async (name) => {
    const { core, said, ask } = start()
    ask(call(1, name, {}))
    ask(subscribe(2, name, {}))
    await settlePromises()
    expect(core.calls).toEqual([])
    expect(said).toMatchObject([
      { t: 'reply', id: 1, ok: false, error: { code: 'CONTRACT_UNKNOWN_CHANNEL' } },
      { t: 'ended', id: 2, error: { code: 'CONTRACT_UNKNOWN_CHANNEL' } },
    ])
  })

  test('any value as arguments either passes the check or is a bad argument', () => {
    const names = Object.keys(requestChecks) as CommandName[]
    const streams = Object.keys(subscriptionChecks) as SubscriptionName[]
    const args = fc.oneof(
      fc.anything({ withTypedArray: true, withDate: true, withMap: true, withSet: true, withBigInt: true }),
      fc.record(
        { linkId: fc.anything(), messageId: fc.anything(), url: fc.anything() },
        { requiredKeys: [] },
      ),
      fc.record({ from: fc.integer(), count: fc.integer(), bins: fc.integer() }, { requiredKeys: [] }),
    )
    const codeOf = (run: () => unknown): string => {
      try {
        run()
        return 'passes'
      } catch (error) {
        return error instanceof ConsoleError ? error.code : String(error)
      }
    }
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...streams), args, (name, stream, value) => {
        expect(['passes', 'CONTRACT_BAD_ARGUMENT']).toContain(codeOf(() => checkRequest(name, value)))
        expect(['passes', 'CONTRACT_BAD_ARGUMENT']).toContain(codeOf(() => checkSubscription(stream, value)))
      }),
      { numRuns: 2000 },
    )
  })

  test('gives the code of a failure and no inner details', async () => {
    const { core, said, ask } = start()
    core.answer = () =>
      Promise.reject(new ConsoleError('PORT_BUSY', 'another program has it', { path: 'secret' }))
    ask(call(1, 'link.open', { url: 'serial:x' }))
    await settlePromises()
    expect(said).toMatchObject([
      { ok: false, error: { code: 'PORT_BUSY', message: 'another program has it' } },
    ])
    expect(JSON.stringify(said)).not.toContain('secret')
  })

  test('a reply that fits no frame becomes an error for its call', async () => {
    const { core, said, ask } = start()
    core.answer = () => Promise.resolve({ bytes: new Uint8Array(MAX_FRAME_BYTES) })
    ask(call(1, 'message.body', { messageId: 1, offset: 0, count: 1 }))
    await settlePromises()
    expect(said).toMatchObject([
      { t: 'reply', id: 1, ok: false, error: { code: 'CONTRACT_FRAME_TOO_LARGE' } },
    ])
  })

  test('refuses calls beyond the limit until one is answered', async () => {
    const { core, said, ask } = start()
    const answers: (() => void)[] = []
    core.answer = () => new Promise((resolve) => answers.push(() => resolve({})))
    for (let id = 1; id <= MAX_CALLS_IN_FLIGHT + 1; id++) ask(call(id, 'ports.list', {}))
    await settlePromises()
    expect(said).toMatchObject([
      { id: MAX_CALLS_IN_FLIGHT + 1, ok: false, error: { code: 'CONTRACT_TOO_MANY' } },
    ])
    answers[0]?.()
    await settlePromises()
    ask(call(1000, 'ports.list', {}))
    await settlePromises()
    expect(core.calls).toHaveLength(MAX_CALLS_IN_FLIGHT + 1)
  })

  test('refuses calls whose requests together hold too much memory', async () => {
    const { core, said, ask } = start()
    core.answer = () => new Promise(() => undefined)
    const body = new Uint8Array(15 * 1024 * 1024)
    const fitting = Math.floor(MAX_CALL_BYTES_IN_FLIGHT / body.length)
    for (let id = 1; id <= fitting + 1; id++) ask(call(id, 'message.send', { ...send, body }))
    await settlePromises()
    expect(core.calls).toHaveLength(fitting)
    expect(said).toMatchObject([{ id: fitting + 1, ok: false, error: { code: 'CONTRACT_TOO_MANY' } }])
  })
})

describe('contract server, subscriptions', () => {
  test('sends items as they come and stops when the screen unsubscribes', () => {
    const { core, clock, said, ask } = start()
    ask(subscribe(5, 'status', {}))
    core.feeds[0]?.add('a')
    clock.advanceTo(100)
    core.feeds[0]?.add('b')
    ask({ t: 'unsubscribe', id: 5 })
    core.feeds[0]?.add('c')
    clock.advanceTo(200)
    expect(said).toEqual([
      { t: 'item', id: 5, seq: 1, value: ['a'] },
      { t: 'item', id: 5, seq: 2, value: ['b'] },
    ])
    expect(core.feeds[0]?.isClosed).toBe(true)
  })

  test('feeds our own client without ever stopping for its acknowledgements', () => {
    const [screen, coreEnd] = createChannelPair()
    const core = new RecordingConsole()
    const clock = new VirtualClock()
    serveContract(coreEnd, core, clock)
    const items: unknown[] = []
    createContractClient(screen).subscribe('messages', {}, (item) => items.push(item))
    for (let value = 0; value < 100; value++) {
      core.feeds[0]?.add(value)
      clock.advanceBy(20)
    }
    expect(items.flat()).toEqual(Array.from({ length: 100 }, (_, value) => value))
  })

  test('a subscription whose item fits no frame is ended with a code', () => {
    const { core, said, ask } = start()
    ask(subscribe(1, 'lanes', { backlogMs: 0 }))
    core.feeds[0]?.add(new Uint8Array(MAX_FRAME_BYTES))
    expect(said).toMatchObject([{ t: 'ended', id: 1, error: { code: 'CONTRACT_FRAME_TOO_LARGE' } }])
    expect(core.feeds[0]?.isClosed).toBe(true)
  })

  test('ends subscriptions beyond the limit', () => {
    const { core, said, ask } = start()
    for (let id = 1; id <= MAX_SUBSCRIPTIONS + 1; id++) ask(subscribe(id, 'status', {}))
    expect(core.feeds).toHaveLength(MAX_SUBSCRIPTIONS)
    expect(said).toMatchObject([
      { t: 'ended', id: MAX_SUBSCRIPTIONS + 1, error: { code: 'CONTRACT_TOO_MANY' } },
    ])
  })

  test('closes every feed with the channel and drops answers that come later', async () => {
    const { core, screen, said, ask } = start()
    let answer: () => void = () => undefined
    core.answer = () => new Promise((resolve) => (answer = () => resolve({})))
    ask(call(1, 'ports.list', {}))
    ask(subscribe(2, 'status', {}))
    ask(subscribe(3, 'messages', {}))
    screen.close()
    answer()
    await settlePromises()
    expect(core.feeds.map((feed) => feed.isClosed)).toEqual([true, true])
    expect(said).toEqual([])
  })
})

describe('contract server, bad frames', () => {
  test.each([
    ['no MessagePack', Uint8Array.of(0xc1)],
    ['no object', encodeMessage([1])],
    ['an unknown kind', encodeMessage({ t: 'shout', id: 1 })],
    ['no number', encodeMessage({ t: 'call', name: 'app.info', args: {} })],
    ['a field too many', encodeMessage({ ...call(1, 'app.info', {}), admin: true })],
    ['an acknowledgement of nothing sent', encodeMessage({ t: 'ack', id: 9, seq: 1 })],
    ['a number in use', encodeMessage(subscribe(9, 'status', {}))],
    ['a frame over the limit', new Uint8Array(MAX_FRAME_BYTES + 1)],
  ])('closes the channel and the feeds on %s', (_, frame) => {
    const { coreEnd, screen, core, ask } = start()
    ask(subscribe(9, 'status', {}))
    screen.send(frame)
    expect(coreEnd.isClosed).toBe(true)
    expect(core.feeds[0]?.isClosed).toBe(true)
  })

  test('an acknowledgement or unsubscription that crossed the end of its stream is harmless', () => {
    const { coreEnd, ask } = start()
    ask({ t: 'ack', id: 77, seq: 3 })
    ask({ t: 'unsubscribe', id: 77 })
    expect(coreEnd.isClosed).toBe(false)
  })
})
