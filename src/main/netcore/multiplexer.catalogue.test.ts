import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../shared/bytes'
import { eventsOf, exchange, observedStack, pullAll, seededRandom } from '../../testing/stack-wire'
import { encodeData, encodeMissionHead } from './dialects/lso/encoder'

const MIB = 1024 * 1024
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A body that no other message has. */
const bodyOf = (seed: number, bytes: number): Uint8Array => Buffer.alloc(bytes, `body ${seed} of 64, `)

describe('M1: 64 messages of 1 MiB at once', () => {
  test.each([1, 2, 3])(
    'interleave and arrive whole, each digest equal, none lost (connection %d)',
    (connection) => {
      const here = observedStack({
        random: seededRandom(connection),
        limits: { queuedBytes: 80 * MIB },
      })
      const there = observedStack({ random: seededRandom(100 + connection) })
      here.stack.connected(0)
      there.stack.connected(0)
      const got = new Map<string, string>()
      there.stack.onUnrouted((request) => {
        got.set(request.ref, sha256(request.body))
        return undefined
      })
      const sent = new Map<string, string>()
      for (let index = 0; index < 64; index++) {
        const body = bodyOf(index + 64 * connection, MIB)
        const { ref } = here.stack.send({ route: 'r', kind: 'event', body }, 0)
        sent.set(ref, sha256(body))
      }
      exchange(here.stack, there.stack, 0)
      expect(got).toEqual(sent)
      expect(got.size).toBe(64)
      const order = eventsOf(there.events, 'frame').map(({ messageKey, payloadBytes }) =>
        payloadBytes > 0 ? messageKey : 0,
      )
      const turns = order.filter((key, at) => key !== 0 && key !== order[at - 1]).length
      expect(turns).toBe(64 * 256)
      expect(eventsOf(there.events, 'fault')).toEqual([])
    },
  )
})

describe('M4: ids and data out of turn, a thousand times', () => {
  const packet = (parts: readonly Uint8Array[]): Uint8Array => concatBytes(parts)

  test('an id reused while open fails the first message with DUPLICATE_REF and harms no neighbour', () => {
    const { stack, events } = observedStack()
    const got: string[] = []
    stack.onUnrouted((request) => {
      got.push(request.text())
      return undefined
    })
    stack.connected(0)
    for (let turn = 0; turn < 1000; turn++) {
      const text = `neighbour ${turn}`
      stack.receive(packet(encodeMissionHead(`n${turn}`, text.length, {}).parts), turn)
      stack.receive(packet(encodeMissionHead('same', 10, {}).parts), turn)
      stack.receive(packet(encodeData('same', bodyOf(1, 4)).parts), turn)
      stack.receive(packet(encodeMissionHead('same', 3, {}).parts), turn)
      stack.receive(packet(encodeData(`n${turn}`, Buffer.from(text)).parts), turn)
      stack.receive(packet(encodeData('same', Buffer.from('two')).parts), turn)
    }
    expect(eventsOf(events, 'fault').map(({ code }) => code)).toEqual(
      Array<string>(1000).fill('DUPLICATE_REF'),
    )
    expect(got).toEqual(Array.from({ length: 1000 }, (_, turn) => [`neighbour ${turn}`, 'two']).flat())
  })

  test('data after the end is skipped with MESSAGE_OVERRUN, data after a cancel is counted, neighbours live', () => {
    const { stack, events } = observedStack()
    let delivered = 0
    stack.onUnrouted(() => {
      delivered += 1
      return undefined
    })
    stack.connected(0)
    for (let turn = 0; turn < 1000; turn++) {
      const atMs = turn * 2000
      stack.receive(packet(encodeMissionHead(`m${turn}`, 2, {}).parts), atMs)
      stack.receive(packet(encodeData(`m${turn}`, bodyOf(1, 2)).parts), atMs)
      stack.receive(packet(encodeData(`m${turn}`, bodyOf(1, 7)).parts), atMs)
      stack.wake(atMs + 1500)
    }
    const faults = eventsOf(events, 'fault')
    expect(faults.map(({ code, lostBytes }) => [code, lostBytes])).toEqual(
      Array<[string, number]>(1000).fill(['MESSAGE_OVERRUN', 7]),
    )
    expect(delivered).toBe(1000)
    expect(pullAll(stack, 0)).toEqual([])
  })
})
