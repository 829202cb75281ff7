import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../../../shared/bytes'
import { HandPeer, type Seen } from '../../../../testing/hand-peer'
import { seededRandom } from '../../../../testing/stack-wire'
import { ReceivedNumbers } from './arq/received-numbers'
import { CAPABILITY, DEFAULT_SETTINGS, isNumbered } from './wire/frames'

const { largestFrameBytes, receiveBytes, firstCreditBytes, slots, urgentSlots } = DEFAULT_SETTINGS
/** Checksum, the first code byte of COBS, and the delimiter. */
const FRAMING_BYTES = 4 + 1 + 1

interface Gathered {
  readonly parts: Uint8Array[]
  next: number
  limit: number
  isWhole: boolean
}

/**
 * The smallest device the protocol allows (native-study.md §2.5): a ring of 512 bytes, frames of 120, in order only, three
 * slots, credit as its handler consumes. It reads one frame at a time, and whatever it is sent has to fit its limits.
 */
class TinyDevice {
  readonly hand = new HandPeer({
    settings: {
      ...DEFAULT_SETTINGS,
      capabilities: CAPABILITY.sub | CAPABILITY.credit | CAPABILITY.alias | CAPABILITY.name,
      largestMessageBytes: 5_000,
    },
    acknowledges: false,
  })
  readonly bodies: Uint8Array[] = []
  readonly order: number[] = []
  mostUnread = 0
  mostOpen = 0
  dropped = 0
  readonly #open = new Map<number, Gathered>()
  readonly #numbers = new ReceivedNumbers({ frames: 2, bytes: Infinity, delayMs: 5, ridesFromFrames: 1 })
  #read = 0

  get #unread(): Seen[] {
    return this.hand.seen.slice(this.#read).filter(({ frame }) => frame.kind !== 'ack')
  }

  /** Reads the next frame, or finds it damaged. */
  step(isDamaged: boolean): void {
    const unread = this.#unread
    this.mostUnread = Math.max(
      this.mostUnread,
      unread.reduce((sum, { wireBytes }) => sum + wireBytes, 0),
    )
    const seen = unread[0]
    if (seen === undefined) return
    this.#read = this.hand.seen.indexOf(seen) + 1
    const { frame, wireBytes } = seen
    expect(wireBytes).toBeLessThanOrEqual(largestFrameBytes + FRAMING_BYTES)
    if (isDamaged || !isNumbered(frame)) return
    if (frame.kind === 'evt' || frame.kind === 'data') {
      const isTaken = this.#take(frame.sid, 'offset' in frame ? frame.offset : 0, frame.payload, frame.isFin)
      if (!isTaken) {
        this.dropped += 1
        return
      }
      if (frame.kind === 'evt' && frame.extension !== null) this.order.push(frame.extension.priority)
    }
    this.#numbers.note(frame.number, wireBytes, true, 0)
    if (frame.kind === 'probe') this.#numbers.probed()
    this.hand.sayAck(this.#numbers.takeAck())
  }

  #take(sid: number, position: number, payload: Uint8Array, isFin: boolean): boolean {
    let message = this.#open.get(sid)
    if (message === undefined) {
      // Of a message that began out of sight only the beginning is of use.
      if (position !== 0) return false
      message = { parts: [], next: 0, limit: firstCreditBytes, isWhole: false }
      this.#open.set(sid, message)
      this.mostOpen = Math.max(
        this.mostOpen,
        [...this.#open.values()].filter(({ isWhole }) => !isWhole).length,
      )
    }
    if (message.isWhole || position < message.next) return true
    if (position > message.next) return false
    const end = position + payload.length + (isFin ? 1 : 0)
    expect(end).toBeLessThanOrEqual(message.limit)
    message.parts.push(payload)
    message.next = end
    if (isFin) {
      message.isWhole = true
      this.bodies.push(concatBytes(message.parts))
    } else if (message.limit - message.next < firstCreditBytes / 2) {
      message.limit = message.next + firstCreditBytes
      this.hand.say({ kind: 'credit', sid, isSendersSlot: false, limit: message.limit })
    }
    return true
  }
}

/** A third of the frames, four in a row, at times that repeat nothing. */
function inRuns(): () => boolean {
  const random = seededRandom(4)
  let left = 0
  return () => {
    left = left > 0 ? left - 1 : random(9) === 0 ? 3 : 0
    return left > 0
  }
}

const pattern = (bytes: number, first: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, at) => (first + at * 13) % 256)

describe('a device with 512 bytes of memory', () => {
  test.each([
    ['on a clean line', () => false],
    ['of whose frames every seventh is damaged', (k: number) => k % 7 === 3],
    ['of whose frames a third is damaged, in runs', inRuns()],
  ])('gets everything within its limits, the urgent ones first: %s', (_name, isDamaged) => {
    const device = new TinyDevice()
    const { hand } = device
    const sent = [900, 1_200, 0, 384, 383, 95].map((bytes, index) => pattern(bytes, index))
    for (const body of sent) hand.stack.send({ route: 'bulk', kind: 'event', body, priority: 5 }, 0)
    hand.settle()
    const urgent = pattern(60, 99)
    hand.stack.send({ route: 'alarm', kind: 'event', body: urgent, priority: 0 }, hand.nowMs)
    for (let k = 0; k < 3_000 && device.bodies.length < sent.length + 1; k++) {
      device.step(isDamaged(k))
      hand.pass(1)
    }
    const asText = (bodies: readonly Uint8Array[]): string[] =>
      bodies.map((body) => Buffer.from(body).toString('hex')).sort()
    expect(asText(device.bodies)).toEqual(asText([...sent, urgent]))
    expect(device.mostUnread).toBeLessThanOrEqual(receiveBytes)
    expect(device.mostUnread).toBeGreaterThan(largestFrameBytes)
    expect(device.mostOpen).toBeLessThanOrEqual(slots + urgentSlots)
    // It began behind two large ones, and is over before either.
    expect(device.bodies.findIndex((body) => body.length === 60)).toBe(0)
  })

  test('is not sent what it can not take, and takes the rest', async () => {
    const device = new TinyDevice()
    const { hand } = device
    const failed = hand.stack
      .request({ route: 'large', body: new Uint8Array(5_001) }, 0)
      .answer.catch((error: unknown) => (error as { code: string }).code)
    hand.stack.send({ route: 'fits', kind: 'event', body: pattern(5_000, 1) }, 0)
    hand.settle()
    expect(await failed).toBe('MESSAGE_TOO_LARGE')
    for (let k = 0; k < 1_000 && device.bodies.length === 0; k++) {
      device.step(false)
      hand.pass(1)
    }
    expect(device.bodies).toEqual([pattern(5_000, 1)])
  })
})
