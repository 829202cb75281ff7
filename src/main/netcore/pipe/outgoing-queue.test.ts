import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Priority } from '../../../shared/model/trace'
import { urgentBoundBytes } from '../../../shared/model/urgent-bound'
import { lsoDialect } from '../dialects'
import { OutgoingQueue, type Pulled } from './outgoing-queue'
import { FLOOR_DIVISOR } from './send-policy'

const codec = lsoDialect.createCodec({ onDamage: 'fatal' })
/** What the `lso` dialect puts around a chunk of a message whose id has six letters. */
const DATA_HEAD_BYTES = 47

class Sender {
  readonly queue: OutgoingQueue
  nowMs = 0
  #key = 0

  constructor(agingMs = 1000) {
    this.queue = new OutgoingQueue({ codec, agingMs, queuedBytes: 1 << 26, rememberedRefs: 64 })
  }

  /** @returns the key of the message. */
  send(ref: string, bytes: number, priority: Priority = 3, chunkBytes = 100): number {
    this.#key += 1
    const head = {
      ref,
      route: 'r',
      kind: 'event',
      priority,
      correlationId: '',
      headers: {},
      bodyBytes: bytes,
    } as const
    const body = new Uint8Array(bytes)
    this.queue.add({ messageKey: this.#key, head, body, chunkBytes, isAwaited: false }, this.nowMs)
    return this.#key
  }

  cancel(messageKey: number): void {
    this.queue.cancel(this.queue.byKey(messageKey)!, this.nowMs)
  }

  pull(): Pulled | undefined {
    return this.queue.pull(this.nowMs)
  }

  /** `a` a chunk of message a, `+a` its head, `-a` its cancel. */
  words(count = Number.POSITIVE_INFINITY): string {
    const words: string[] = []
    while (words.length < count) {
      const pulled = this.pull()
      if (pulled === undefined) break
      const { frameKind } = pulled.frame
      words.push((frameKind === 'mission' ? '+' : frameKind === 'cancel' ? '-' : '') + pulled.ref)
    }
    return words.join(' ')
  }
}

describe('one class', () => {
  test('has the order of Python: all heads and cancels in one queue, ahead of the chunks', () => {
    const sender = new Sender()
    const a = sender.send('a', 300)
    expect(sender.words(2)).toBe('+a a')
    sender.send('b', 200)
    sender.cancel(a)
    sender.send('c', 100)
    expect(sender.words()).toBe('+b -a +c b c b')
    expect(sender.queue.queuedBytes).toBe(0)
  })

  test('sends the head of a cancelled message before its cancel, as Python does', () => {
    const sender = new Sender()
    sender.send('a', 100)
    const b = sender.send('b', 100)
    sender.cancel(b)
    expect(sender.words()).toBe('+a +b -b a')
    expect(sender.queue.queuedBytes).toBe(0)
  })
})

describe('several classes', () => {
  test('heads wait with their class: a thousand less urgent ones do not delay an urgent message', () => {
    const sender = new Sender()
    for (let count = 0; count < 1000; count++) sender.send(`l${count}`, 100, 6)
    sender.send('h', 150, 0)
    expect(sender.words(4)).toBe('+h h h +l0')
  })

  test('a cancel goes ahead of everything that is more urgent', () => {
    const sender = new Sender()
    const low = sender.send('l', 500, 7)
    expect(sender.words(2)).toBe('+l l')
    sender.send('h', 200, 0)
    sender.send('m', 200, 7)
    sender.cancel(low)
    expect(sender.words(3)).toBe('-l +h h')
  })

  test('the cancel of a message of the peer goes ahead of everything', () => {
    const sender = new Sender()
    sender.send('h', 100, 0)
    expect(sender.queue.cancelIncoming('theirs', 0)).toBe(true)
    expect(sender.words()).toBe('-theirs +h h')
  })

  test('a message without body leaves nothing behind when it is cancelled before its turn', () => {
    const sender = new Sender()
    sender.send('h', 100, 0)
    sender.cancel(sender.send('l', 0, 7))
    expect(sender.words()).toBe('+h h')
    expect(sender.queue.queuedBytes).toBe(0)
  })
})

test('what waits for the next connection keeps its class and its order', () => {
  const sender = new Sender()
  sender.send('l', 100, 7)
  sender.send('m', 0, 3)
  sender.send('n', 100, 3)
  expect(sender.queue.endConnection(() => true)).toEqual([])
  sender.send('h', 100, 0)
  sender.queue.drop(sender.queue.byRef('n')!)
  sender.queue.beginConnection(codec, 5)
  expect(sender.words()).toBe('+h h +m +l l')
  expect(sender.queue.queuedBytes).toBe(0)
})

describe('between sending a message and handing it over', () => {
  const priority = fc.integer({ min: 0, max: 7 }) as fc.Arbitrary<Priority>
  const chunk = fc.constantFrom(64, 100, 288, 1000, 4096)
  const act = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('send' as const),
        priority,
        chunk,
        bytes: fc.oneof(
          fc.constant(0),
          fc.integer({ min: 1, max: 400 }),
          fc.integer({ min: 1, max: 20_000 }),
        ),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('pull' as const),
        count: fc.integer({ min: 1, max: 12 }),
        perByteMs: fc.constantFrom(0.001, 0.0868, 1.04),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), nth: fc.nat(5) }) },
  )

  interface Watched {
    readonly ref: string
    readonly priority: Priority
    hasStarted: boolean
    /** In the measure of the send policy: bytes of heads, payloads of chunks. */
    lowerBytes: number
    lowerFrames: number
    otherBytes: number
    largestLower: number
  }

  const turnBytes = ({ frame }: Pulled): number =>
    frame.payloadBytes > 0 ? frame.payloadBytes : frame.wireBytes

  test('no more than one less urgent frame, and a nineteenth of what is not less urgent, goes before its last byte', () => {
    fc.assert(
      fc.property(
        fc.array(act, { minLength: 5, maxLength: 60 }),
        fc.constantFrom(1, 50, 1000),
        (acts, agingMs) => {
          const sender = new Sender(agingMs)
          const priorities = new Map<string, Priority>()
          const waiting = new Map<string, Watched>()
          let serial = 0

          const check = (watched: Watched): void => {
            expect(watched.lowerBytes).toBeLessThanOrEqual(
              watched.largestLower + watched.otherBytes / (FLOOR_DIVISOR - 1),
            )
          }
          const pull = (perByteMs: number): boolean => {
            const pulled = sender.pull()
            if (pulled === undefined) return false
            const { frame, ref, finished } = pulled
            sender.nowMs += frame.wireBytes * perByteMs
            if (frame.frameKind === 'cancel') {
              for (const watched of waiting.values()) watched.otherBytes += frame.wireBytes
              return true
            }
            const own = waiting.get(ref)
            if (own !== undefined) {
              if (!own.hasStarted && own.otherBytes === 0) expect(own.lowerFrames).toBeLessThanOrEqual(1)
              own.hasStarted = true
              if (finished !== undefined) {
                check(own)
                waiting.delete(ref)
              }
            }
            for (const watched of waiting.values()) {
              if (priorities.get(ref)! > watched.priority) {
                watched.lowerBytes += turnBytes(pulled)
                watched.lowerFrames += 1
                watched.largestLower = Math.max(watched.largestLower, turnBytes(pulled))
                check(watched)
              } else watched.otherBytes += turnBytes(pulled)
            }
            return true
          }

          for (const each of acts) {
            if (each.do === 'send') {
              const ref = String(++serial).padStart(6, '0')
              priorities.set(ref, each.priority)
              sender.send(ref, each.bytes, each.priority, each.chunk)
              waiting.set(ref, {
                ref,
                priority: each.priority,
                hasStarted: false,
                lowerBytes: 0,
                lowerFrames: 0,
                otherBytes: 0,
                largestLower: 0,
              })
            } else if (each.do === 'pull') {
              for (let count = 0; count < each.count; count++) pull(each.perByteMs)
            } else {
              const victim = [...waiting.keys()].at(-1 - each.nth)
              if (victim === undefined) continue
              sender.cancel(sender.queue.byRef(victim)!.messageKey)
              waiting.delete(victim)
            }
          }
          while (pull(0.0868));
          expect(waiting.size).toBe(0)
          expect(sender.queue.queuedBytes).toBe(0)
          expect(sender.queue.queuedMessages).toBe(0)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('an urgent message alone in its class is handed over within A + c + h + m', () => {
    const chunkBytes = 288
    const bulk = fc.array(fc.record({ priority: fc.integer({ min: 1, max: 7 }), bytes: fc.nat(9000) }), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(bulk, fc.nat(300), fc.integer({ min: 1, max: 250 }), (messages, warmUp, bytes) => {
        const sender = new Sender(1)
        for (const [index, message] of messages.entries()) {
          sender.send(
            `b${String(index).padStart(5, '0')}`,
            message.bytes,
            message.priority as Priority,
            chunkBytes,
          )
        }
        for (let count = 0; count < warmUp; count++) {
          sender.nowMs += 29
          sender.pull()
        }
        sender.send('urgent', bytes, 0, chunkBytes)
        let handedBytes = 0
        let messageBytes = 0
        for (let isOut = false; !isOut; ) {
          sender.nowMs += 29
          const pulled = sender.pull()!
          handedBytes += pulled.frame.wireBytes
          if (pulled.ref === 'urgent') messageBytes += pulled.frame.wireBytes
          isOut = pulled.finished?.head.ref === 'urgent'
        }
        const bound = { aheadBytes: 0, chunkBytes, frameOverheadBytes: DATA_HEAD_BYTES, messageBytes }
        expect(handedBytes).toBeLessThanOrEqual(urgentBoundBytes(bound))
      }),
      { numRuns: 300 },
    )
  })
})
