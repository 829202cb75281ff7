import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACK_REACH, SentFrames, type SentSink } from './sent-frames'
import { type AckPolicy, ReceivedNumbers } from './received-numbers'
import type { AckFrame } from '../wire/frames'

const COBS: AckPolicy = { frames: 2, bytes: Infinity, delayMs: 5, ridesFromFrames: 1 }
const WINDOW = 48

/** What was sent under a number that counts without end, and what became of it. */
class Book implements SentSink<{ readonly id: number }> {
  readonly fate = new Map<number, 'arrived' | 'lost'>()

  frameArrived({ id }: { readonly id: number }): void {
    expect(this.fate.has(id)).toBe(false)
    this.fate.set(id, 'arrived')
  }

  frameLost({ id }: { readonly id: number }): void {
    expect(this.fate.has(id)).toBe(false)
    this.fate.set(id, 'lost')
  }
}

const copyOf = (ack: AckFrame): AckFrame => ({ ...ack, bitmap: ack.bitmap.slice() })

describe('numbers and their acknowledgement', () => {
  const step = fc.record({
    frames: fc.integer({ min: 0, max: 6 }),
    /** Of each frame, whether it arrives. */
    arrives: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 6, maxLength: 6 }),
    isAckLost: fc.integer({ min: 0, max: 99 }),
    acks: fc.boolean(),
    isProbe: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  })

  test('no frame that was lost is ever called arrived, and every frame is settled in the end', () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 5, maxLength: 300 }),
        fc.constantFrom(0, 3, 20, 60),
        fc.constantFrom(0, 10, 50, 90),
        (steps, lossPercent, ackLossPercent) => {
          const book = new Book()
          const sent = new SentFrames<{ readonly id: number }>(ACK_REACH)
          const received = new ReceivedNumbers(COBS)
          const arrived = new Set<number>()
          const hand = (arrives: boolean, isProbe: boolean): void => {
            const id = sent.next
            sent.add(isProbe ? null : { id }, id, id + 1, 0, 10, 0, 10 * id)
            if (!arrives) return
            arrived.add(id)
            received.note(id & 255, 10, false, 0)
            if (isProbe) received.probed()
          }
          const ack = (isLost: boolean): void => {
            if (!received.isPending) return
            const frame = copyOf(received.takeAck())
            if (!isLost) sent.apply(frame, 0, book)
          }
          for (const { frames, arrives, isAckLost, acks, isProbe } of steps) {
            for (let k = 0; k < frames && sent.span < WINDOW; k++) hand(arrives[k]! >= lossPercent, false)
            if (isProbe && sent.span < WINDOW + 8) hand(arrives[0]! >= lossPercent, true)
            if (acks || received.hasNewHole) ack(isAckLost < ackLossPercent)
          }
          // The line is good again: a probe or two, each acknowledged.
          for (let k = 0; k < 3; k++) {
            hand(true, true)
            ack(false)
          }
          expect(sent.hasUnsettled).toBe(false)
          expect(sent.unsettledBytes).toBe(0)
          for (const [id, fate] of book.fate) if (fate === 'arrived') expect(arrived.has(id)).toBe(true)
          // Calling lost what arrived costs a repeat: it happens only when three ACKs in a row got lost.
          if (ackLossPercent === 0) {
            for (const [id, fate] of book.fate) expect(fate).toBe(arrived.has(id) ? 'arrived' : 'lost')
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  test('two lost ACKs in a row leave nothing unstated', () => {
    const book = new Book()
    const sent = new SentFrames<{ readonly id: number }>(ACK_REACH)
    const received = new ReceivedNumbers(COBS)
    for (let id = 0; id < 12; id++) {
      sent.add({ id }, id, id + 1, 0, 10, 0, 10 * id)
      if (id % 4 === 1) continue
      received.note(id, 10, false, 0)
      const frame = copyOf(received.takeAck())
      if (id % 3 === 2) sent.apply(frame, 0, book)
    }
    expect([...book.fate].filter(([, fate]) => fate === 'lost').map(([id]) => id)).toEqual([1, 5, 9])
    expect(sent.hasUnsettled).toBe(false)
  })
})

describe('an ACK', () => {
  const after = (...numbers: number[]): ReceivedNumbers => {
    const received = new ReceivedNumbers(COBS)
    for (const number of numbers) received.note(number, 10, false, 0)
    return received
  }

  test('is of the shortest form that says what has to be said', () => {
    const forms: [number[], number, number][] = [
      [[0, 1, 2], 0, 0],
      [[1], 1, 0],
      [[0, 2, 3], 2, 1],
      [[0, 1, 2, 3, 5], 2, 0],
      [[...Array.from({ length: 20 }, (_, k) => k), 22], 3, 0],
    ]
    for (const [numbers, form, run] of forms) {
      const { form: worded, run: its } = after(...numbers).takeAck()
      expect([worded, its]).toEqual([form, run])
    }
  })

  test('goes back to a hole as long as the sender may still wait for it', () => {
    const received = after(1)
    for (let number = 2; number < ACK_REACH; number++) {
      received.note(number, 10, false, 0)
      expect(received.takeAck()).toMatchObject({ form: 1, run: number - 1 })
    }
    received.note(ACK_REACH, 10, false, 0)
    expect(received.takeAck().form).toBe(0)
  })

  test('is due after two frames, after 5 ms, with a hole, and when it is urgent', () => {
    const received = after(0)
    expect([received.isDue, received.dueMs]).toEqual([false, 5])
    received.wake(4.9)
    expect(received.isDue).toBe(false)
    received.wake(5)
    expect([received.isDue, received.dueMs]).toEqual([true, null])
    received.takeAck()
    expect(after(0, 1).isDue).toBe(true)
    expect([after(0, 2).hasNewHole, after(1).hasNewHole]).toEqual([true, true])
    const urgent = new ReceivedNumbers(COBS)
    urgent.note(0, 10, true, 0)
    expect(urgent.isDue).toBe(true)
  })

  test('of an older number than is known says nothing', () => {
    const book = new Book()
    const sent = new SentFrames<{ readonly id: number }>(ACK_REACH)
    for (let id = 0; id < 4; id++) sent.add({ id }, id, id + 1, 0, 10, id, 0)
    const ack = (newest: number): AckFrame => ({
      kind: 'ack',
      form: 0,
      newest,
      run: 0,
      bitmap: new Uint8Array(0),
      timeTicks: null,
    })
    expect(sent.apply(ack(2), 10, book)).toBe(true)
    expect(sent.sampleMs).toBe(8)
    expect(sent.apply(ack(1), 10, book)).toBe(false)
    expect(sent.apply(ack(200), 10, book)).toBe(false)
    expect(sent.apply(ack(3), 10, book)).toBe(true)
    expect(sent.hasUnsettled).toBe(false)
  })
})
