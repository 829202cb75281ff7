import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concatBytes } from '../../shared/bytes'
import { LANE_CONTROL } from '../../shared/model/views'
import { observedStack } from '../../testing/stack-wire'
import { encodeData, encodeMissionHead } from '../netcore/dialects/lso/encoder'
import { Capture } from './capture'

const SEED = 20_261_122
const LINK_ID = 3

interface Sent {
  readonly chunks: readonly number[]
  /** How many of its chunks are on the wire before its head. */
  readonly ahead: number
}

interface Wired {
  readonly message: number
  readonly bytes: Uint8Array
}

const bodyOf = (message: number, { chunks }: Sent): Uint8Array =>
  Uint8Array.from(
    { length: chunks.reduce((sum, size) => sum + size, 0) },
    (_, at) => (at * 31 + message) & 0xff,
  )

/** Packets of one message in the order in which a busy Python puts them on the wire. */
function packetsOf(message: number, sent: Sent): Wired[] {
  const body = bodyOf(message, sent)
  let offset = 0
  const packets = sent.chunks.map((size) => {
    const chunk = body.subarray(offset, offset + size)
    offset += size
    return concatBytes(encodeData(`m${message}`, chunk).parts)
  })
  const head = encodeMissionHead(`m${message}`, body.length, { route: `r${message}` })
  packets.splice(Math.min(sent.ahead, sent.chunks.length), 0, concatBytes(head.parts))
  return packets.map((bytes) => ({ message, bytes }))
}

/** Packets of one message keep their order; whose turn it is comes from outside. */
function interleaved(queues: readonly Wired[][], turns: readonly number[]): Wired[] {
  const left = queues.map((queue) => [...queue])
  const wire: Wired[] = []
  for (let turn = 0; left.some((queue) => queue.length > 0); turn++) {
    const waiting = left.filter((queue) => queue.length > 0)
    wire.push(waiting[turns[turn % turns.length]! % waiting.length]!.shift()!)
  }
  return wire
}

test('wherever the heads stand among the chunks, messages have the same chunks, bodies and ends', () => {
  const sent = fc.record({
    chunks: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
    ahead: fc.nat(8),
  })
  fc.assert(
    fc.property(
      fc.array(sent, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }),
      fc.nat(6),
      (messages, turns, takeEvery) => {
        const capture = new Capture()
        const { stack, events } = observedStack()
        stack.onUnrouted(() => undefined)
        stack.connected(0)
        const lanes = capture.readLanes(0)
        const chunksInLanes = new Map<number, number>()
        const takeLanes = (nowMs: number): void => {
          for (let batch = lanes.take(nowMs); batch !== undefined; batch = lanes.take(nowMs)) {
            for (let row = 0; row < batch.counts.length; row++) {
              if ((batch.flags[row]! & LANE_CONTROL) !== 0) continue
              const id = batch.messageIds[row]!
              chunksInLanes.set(id, (chunksInLanes.get(id) ?? 0) + batch.counts[row]!)
            }
          }
        }
        interleaved(
          messages.map((each, index) => packetsOf(index, each)),
          turns,
        ).forEach(({ bytes }, at) => {
          stack.receive(bytes, at)
          for (const event of events.splice(0)) capture.observe({ ...event, linkId: LINK_ID })
          if (takeEvery > 0 && at % takeEvery === 0) takeLanes(at)
        })
        takeLanes(1e6)

        expect(capture.messageCount).toBe(messages.length)
        const seen = capture.rows(0, messages.length).map(({ id }) => capture.detail(id))
        for (const [index, each] of messages.entries()) {
          const detail = seen.find(({ ref }) => ref === `m${index}`)!
          const body = bodyOf(index, each)
          const offsets = each.chunks.map((_, at) =>
            each.chunks.slice(0, at).reduce((sum, size) => sum + size, 0),
          )
          expect(detail).toMatchObject({
            route: `r${index}`,
            status: 'received',
            chunks: each.chunks.length,
            doneBytes: body.length,
            bodyBytes: body.length,
            declaredBytes: body.length,
          })
          expect(capture.body(detail.id)).toEqual(body)
          expect([...capture.chunksOf(detail.id).bodyOffsets]).toEqual(offsets)
          expect([...capture.chunksOf(detail.id).payloadBytes]).toEqual(each.chunks)
          expect(chunksInLanes.get(detail.id)).toBe(each.chunks.length)
          expect(capture.explain(detail.id, 1e6, null).frames).toBe(each.chunks.length + 1)
        }
        expect([...chunksInLanes.keys()].every((id) => id !== 0)).toBe(true)
      },
    ),
    { numRuns: 80, seed: SEED },
  )
})
