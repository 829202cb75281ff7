import { expect, test } from 'vitest'
import type { Clock } from '../../shared/model/clock'
import { dialectNamed } from '../netcore/dialects'
import { createStack } from '../netcore/stack'
import { seededRandom } from '../transport/seeded-random'
import type { Connection } from '../transport/transport'
import { FramePump } from './frame-pump'
import { LinkSession } from './link-session'

const NOBODY = { received: () => undefined, writable: () => undefined, closed: () => undefined }
const CHUNK_BYTES = 288
const BODY_BYTES = 3000

/** A clock on a busy machine: time passes between any two looks at it. */
class HurriedClock implements Clock {
  #nowMs = 0
  readonly #perLookMs: number

  constructor(perLookMs: number) {
    this.#perLookMs = perLookMs
  }

  nowMs(): number {
    this.#nowMs += this.#perLookMs
    return this.#nowMs
  }

  schedule(): () => void {
    throw new Error('a pump sets no alarms')
  }

  waitUntil(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs)
  }
}

test.each([0, 0.1, 1, 5, 7, 10, 12, 15, 18, 30])(
  'a line is never forgotten while something waits for it, %d ms per look at the clock',
  (perLookMs) => {
    const clock = new HurriedClock(perLookMs)
    let writtenBytes = 0
    const connection: Connection = {
      peerName: 'line',
      lineRate: { baud: 115_200, bitsPerByte: 10 },
      isLossy: true,
      canWrite: true,
      unsentBytes: 0,
      write: (bytes) => {
        writtenBytes += bytes.length
      },
      close: () => Promise.resolve(),
    }
    const stack = createStack({
      dialect: dialectNamed('lso'),
      codec: { onDamage: 'resync' },
      random: seededRandom(1),
      policy: { chunkBytes: CHUNK_BYTES },
      onTrace: () => undefined,
      onWork: () => undefined,
    })
    const pump = new FramePump(stack, { linkId: 1, clock, onTrace: () => undefined })
    const session = new LinkSession(NOBODY, connection, {
      chunkBytes: CHUNK_BYTES,
      clock,
      inBase: 0,
      outBase: 0,
    })
    stack.connected(0)
    stack.send({ route: 'bulk', kind: 'event', body: new Uint8Array(BODY_BYTES) }, 0)

    let waits = 0
    pump.run(session)
    for (let untilMs = pump.waitsUntilMs(session); untilMs !== null; untilMs = pump.waitsUntilMs(session)) {
      clock.waitUntil(untilMs)
      pump.run(session)
      expect(++waits).toBeLessThan(100)
    }
    expect(writtenBytes).toBeGreaterThan(BODY_BYTES)
    expect(pump.bytesOut).toBe(writtenBytes)
    expect(stack.pull(clock.nowMs())).toBeUndefined()
  },
)
