import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LineRate, wireMs } from '../../shared/model/line-rate'
import { RecordedConnection } from '../../testing/recorded-connection'
import { settlePromises, VirtualClock } from '../../testing/virtual-clock'
import { createLine, type LineOptions, type SimulatedLine } from './line'
import { randomBytes, seededRandom } from './seeded-random'
import type { Connection } from './transport'

const RATE: LineRate = { baud: 115_200, bitsPerByte: 10 }
const PROMPT = { readBytes: 1, readLatencyMs: 0 }

interface Rig {
  readonly clock: VirtualClock
  readonly line: SimulatedLine
  readonly near: Connection
  readonly far: Connection
  readonly nearEnd: RecordedConnection
  readonly farEnd: RecordedConnection
  /** Time of each read of the far end. */
  readonly readAtMs: number[]
}

async function plug(options: Partial<LineOptions> = {}): Promise<Rig> {
  const clock = new VirtualClock()
  const line = createLine({ clock, rate: RATE, ...options })
  const readAtMs: number[] = []
  const nearEnd = new RecordedConnection()
  const farEnd = new RecordedConnection(() => readAtMs.push(clock.nowMs()))
  const near = await line.near.open(nearEnd)
  const far = await line.far.open(farEnd)
  return { clock, line, near, far, nearEnd, farEnd, readAtMs }
}

const sample = (byteCount: number, seed = 7): Uint8Array => randomBytes(seededRandom(seed), byteCount)

describe('pacing', () => {
  test('byte n is there exactly n · bits / baud after the write, over a burst of any length', async () => {
    const { clock, near, readAtMs, farEnd } = await plug(PROMPT)
    near.write(sample(5000))
    clock.advanceTo(10_000)
    expect(farEnd.received).toEqual(sample(5000))
    expect(readAtMs).toEqual(
      Array.from({ length: 5000 }, (_, at) => (at + 1) * ((RATE.bitsPerByte * 1000) / RATE.baud)),
    )
  })

  test('bytes written while the line is busy follow without a gap', async () => {
    const { clock, near, readAtMs } = await plug(PROMPT)
    near.write(sample(10))
    clock.advanceTo(wireMs(5, RATE))
    near.write(sample(10))
    clock.advanceTo(1000)
    expect(readAtMs.at(-1)).toBe(wireMs(20, RATE))
  })

  test('a burst after silence starts at its write', async () => {
    const { clock, near, readAtMs } = await plug(PROMPT)
    near.write(sample(3))
    clock.advanceTo(500)
    near.write(sample(1))
    clock.advanceTo(1000)
    expect(readAtMs.at(-1)).toBe(500 + wireMs(1, RATE))
  })

  test('11 bits per byte take a tenth longer than 10', async () => {
    const { clock, near, readAtMs } = await plug({ ...PROMPT, rate: { baud: 9600, bitsPerByte: 11 } })
    near.write(sample(96))
    clock.advanceTo(1000)
    expect(readAtMs.at(-1)).toBeCloseTo(110, 9)
  })

  test('both directions run at full speed at the same time', async () => {
    const { clock, near, far, nearEnd, farEnd } = await plug(PROMPT)
    near.write(sample(1000, 1))
    far.write(sample(1000, 2))
    clock.advanceTo(wireMs(999, RATE))
    expect([farEnd.receivedBytes, nearEnd.receivedBytes]).toEqual([999, 999])
    clock.advanceTo(wireMs(1000, RATE))
    expect([farEnd.received, nearEnd.received]).toEqual([sample(1000, 1), sample(1000, 2)])
  })

  test('an alarm that comes late delivers all that has arrived and the wire has lost no time', async () => {
    const clock = new LateClock()
    const line = createLine({ clock, rate: RATE })
    const end = new RecordedConnection()
    const near = await line.near.open(new RecordedConnection())
    await line.far.open(end)
    near.write(sample(1000))
    clock.wakeAt(wireMs(600, RATE))
    expect(end.reads.map(({ length }) => length)).toEqual([600])
    clock.wakeAt(wireMs(1000, RATE))
    expect(end.receivedBytes).toBe(1000)
  })
})

describe('reads', () => {
  test('a fast stream is handed over in pieces of readBytes', async () => {
    const { clock, near, farEnd } = await plug({ rate: { baud: 1_000_000, bitsPerByte: 10 } })
    near.write(sample(300))
    clock.advanceTo(1000)
    expect(farEnd.reads.map(({ length }) => length)).toEqual([64, 64, 64, 64, 44])
  })

  test('a lone byte waits readLatencyMs for company', async () => {
    const { clock, near, readAtMs } = await plug({ readLatencyMs: 16 })
    near.write(sample(1))
    clock.advanceTo(1000)
    expect(readAtMs).toEqual([wireMs(1, RATE) + 16])
  })

  test('a slow stream is handed over every readLatencyMs', async () => {
    const { clock, near, farEnd, readAtMs } = await plug({
      rate: { baud: 10_000, bitsPerByte: 10 },
      readLatencyMs: 10,
    })
    near.write(sample(33))
    clock.advanceTo(1000)
    expect(farEnd.reads.map(({ length }) => length)).toEqual([11, 11, 11])
    expect(readAtMs).toEqual([11, 22, 33])
  })

  test('the writer keeps its array: flips happen on a copy', async () => {
    const { clock, near, farEnd } = await plug({ faults: { flip: 1 } })
    const sent = new Uint8Array(64)
    near.write(sent)
    clock.advanceTo(1000)
    expect(sent.every((byte) => byte === 0)).toBe(true)
    expect(farEnd.received.every((byte) => byte !== 0 && (byte & (byte - 1)) === 0)).toBe(true)
  })
})

describe('back-pressure', () => {
  test('the FIFO takes 4096 bytes; what exceeds it is unsent and closes the gate at the high-water mark', async () => {
    const { near } = await plug({ highWaterBytes: 1000 })
    near.write(sample(4096))
    expect([near.unsentBytes, near.canWrite]).toEqual([0, true])
    near.write(sample(999))
    expect([near.unsentBytes, near.canWrite]).toEqual([999, true])
    near.write(sample(1))
    expect([near.unsentBytes, near.canWrite]).toEqual([1000, false])
  })

  test('the gate opens, and says so once, when half the high-water mark is left', async () => {
    const { clock, near, nearEnd, farEnd } = await plug({ highWaterBytes: 1000, fifoBytes: 100 })
    near.write(sample(2100))
    clock.advanceTo(wireMs(1499, RATE))
    expect([near.canWrite, near.unsentBytes, nearEnd.writableCount]).toEqual([false, 501, 0])
    clock.advanceTo(wireMs(1500, RATE))
    expect([near.canWrite, near.unsentBytes, nearEnd.writableCount]).toEqual([true, 500, 1])
    clock.advanceTo(1000)
    expect([farEnd.receivedBytes, nearEnd.writableCount]).toEqual([2100, 1])
  })

  test('a writer that obeys canWrite keeps the line busy without a gap', async () => {
    const { clock, near, nearEnd, farEnd } = await plug({ highWaterBytes: 64, fifoBytes: 64 })
    let left = 10_000
    const fill = (): void => {
      while (near.canWrite && left > 0) {
        const count = Math.min(left, 32)
        near.write(sample(count))
        left -= count
      }
    }
    const nearWritable = nearEnd.onWritable.bind(nearEnd)
    nearEnd.onWritable = () => {
      nearWritable()
      fill()
    }
    fill()
    clock.advanceTo(wireMs(10_000, RATE) + 1)
    expect(farEnd.receivedBytes).toBe(10_000)
  })

  test('closing discards what the driver has not taken and still sends what it has', async () => {
    const { clock, near, farEnd } = await plug({ fifoBytes: 100 })
    near.write(sample(500))
    clock.advanceTo(wireMs(50, RATE))
    await near.close()
    clock.advanceTo(1000)
    expect(farEnd.receivedBytes).toBe(150)
    expect(farEnd.closes).toEqual([])
  })
})

describe('drained', () => {
  const watch = (drained: Promise<void>): { isDone: boolean } => {
    const seen = { isDone: false }
    void drained.then(() => {
      seen.isDone = true
    })
    return seen
  }

  test('is told when the last byte is through, what was written meanwhile included, and not before', async () => {
    const { clock, near } = await plug({ fifoBytes: 100 })
    near.write(sample(500))
    const drained = watch(near.drained!())
    clock.advanceTo(wireMs(400, RATE))
    near.write(sample(100))
    await clock.advanceToAsync(wireMs(600, RATE) - 0.001)
    expect(drained.isDone).toBe(false)
    await clock.advanceToAsync(wireMs(600, RATE))
    expect(drained.isDone).toBe(true)
  })

  test('is told at once on an empty line, and about one direction only', async () => {
    const { near, far } = await plug()
    far.write(sample(500))
    const drained = watch(near.drained!())
    await settlePromises()
    expect(drained.isDone).toBe(true)
  })

  test('is told late by a line that is slower than its ports believe', async () => {
    const rate = { baud: 100_000, bitsPerByte: 10 }
    const { clock, near } = await plug({ rate, claimedRate: RATE })
    expect(near.lineRate).toEqual(RATE)
    near.write(sample(1000))
    const drained = watch(near.drained!())
    await clock.advanceToAsync(wireMs(1000, RATE) + 1)
    expect(drained.isDone).toBe(false)
    await clock.advanceToAsync(wireMs(1000, rate))
    expect(drained.isDone).toBe(true)
  })

  test('is told when the cable comes off and when the port is closed', async () => {
    const pulled = await plug()
    pulled.near.write(sample(500))
    const whenPulled = watch(pulled.near.drained!())
    pulled.line.unplug()
    const closed = await plug()
    closed.near.write(sample(500))
    const whenClosed = watch(closed.near.drained!())
    await closed.near.close()
    await settlePromises()
    expect([whenPulled.isDone, whenClosed.isDone]).toEqual([true, true])
  })
})

describe('faults', () => {
  const run = async (options: Partial<LineOptions>, cuts: readonly number[] = [1000]): Promise<Rig> => {
    const rig = await plug(options)
    const sent = sample(100_000)
    for (let at = 0, turn = 0; at < sent.length; turn++) {
      const count = cuts[turn % cuts.length]!
      rig.near.write(sent.slice(at, at + count))
      at += count
    }
    rig.clock.advanceTo(100_000)
    return rig
  }

  test('the same seed hits the same bytes, however they were written', async () => {
    const faults = { flip: 1e-3, drop: 1e-3, stall: 1e-4, stallMs: 3 }
    const once = await run({ seed: 5, faults })
    const again = await run({ seed: 5, faults }, [1, 7, 4096, 33])
    expect(again.farEnd.received).toEqual(once.farEnd.received)
    expect(again.line.counts).toEqual(once.line.counts)
    expect(again.readAtMs).toEqual(once.readAtMs)
    const other = await run({ seed: 6, faults })
    expect(other.farEnd.received).not.toEqual(once.farEnd.received)
  })

  test('flips change as many bytes as are counted, by one bit each, near the asked rate', async () => {
    const { farEnd, line } = await run({ seed: 3, faults: { flip: 1e-2 } })
    const sent = sample(100_000)
    const changes = [...farEnd.received].map((byte, at) => byte ^ sent[at]!).filter((change) => change !== 0)
    expect(changes).toHaveLength(line.counts.nearToFar.flippedBytes)
    expect(changes.every((change) => (change & (change - 1)) === 0)).toBe(true)
    expect(changes.length).toBeGreaterThan(850)
    expect(changes.length).toBeLessThan(1150)
  })

  test('drops lose as many bytes as are counted and keep the order of the others', async () => {
    const { farEnd, line } = await run({ seed: 3, faults: { drop: 1e-2 } })
    const { droppedBytes, carriedBytes } = line.counts.nearToFar
    expect(carriedBytes).toBe(100_000)
    expect(farEnd.receivedBytes).toBe(100_000 - droppedBytes)
    expect(droppedBytes).toBeGreaterThan(850)
    expect(droppedBytes).toBeLessThan(1150)
    const sent = sample(100_000)
    let at = 0
    for (const byte of farEnd.received) {
      while (at < sent.length && sent[at] !== byte) at += 1
      at += 1
    }
    expect(at).toBeLessThanOrEqual(sent.length)
  })

  test('a stall delays every byte behind it by stallMs', async () => {
    const { farEnd, line, readAtMs } = await run({ ...PROMPT, seed: 2, faults: { stall: 1e-4, stallMs: 50 } })
    const { stalls } = line.counts.nearToFar
    expect(stalls).toBeGreaterThan(2)
    expect(farEnd.receivedBytes).toBe(100_000)
    expect(readAtMs.at(-1)).toBeCloseTo(wireMs(100_000, RATE) + stalls * 50, 6)
  })

  test('a stall before every byte still lets all bytes through', async () => {
    const { clock, near, farEnd, readAtMs } = await plug({ ...PROMPT, faults: { stall: 1, stallMs: 10 } })
    near.write(sample(20))
    clock.advanceTo(10_000)
    expect(farEnd.receivedBytes).toBe(20)
    expect(readAtMs.at(-1)).toBeCloseTo(20 * 10 + wireMs(20, RATE), 9)
  })

  test('one direction can be damaged alone', async () => {
    const { clock, near, far, nearEnd, farEnd } = await plug({ nearToFarFaults: { drop: 1 } })
    near.write(sample(100))
    far.write(sample(100))
    clock.advanceTo(1000)
    expect([farEnd.receivedBytes, nearEnd.receivedBytes]).toEqual([0, 100])
  })
})

describe('the cable', () => {
  test('unplugging in the middle of a frame delivers the whole bytes so far and ends both sides as lost', async () => {
    const { clock, line, near, nearEnd, farEnd } = await plug()
    near.write(sample(1000))
    clock.advanceTo(wireMs(333, RATE) + 0.01)
    line.unplug()
    line.unplug()
    expect(farEnd.received).toEqual(sample(1000).slice(0, 333))
    for (const end of [nearEnd, farEnd]) {
      expect(end.closes).toMatchObject([{ kind: 'lost', code: 'PORT_LOST' }])
    }
    expect([near.canWrite, near.unsentBytes]).toEqual([false, 0])
    clock.advanceTo(1000)
    expect([...nearEnd.afterClose, ...farEnd.afterClose]).toEqual([])
  })

  test('a planned unplugging happens after exactly so many bytes, once', async () => {
    for (const unplugAfterBytes of [0, 1, 63, 64, 65, 500]) {
      const { clock, line, near, farEnd } = await plug({ nearToFarFaults: { unplugAfterBytes } })
      near.write(sample(500))
      clock.advanceTo(1000)
      expect(farEnd.received).toEqual(sample(500).slice(0, unplugAfterBytes))
      expect(farEnd.closes).toHaveLength(1)
      expect(line.isPlugged).toBe(false)
      line.replug()
      const later = new RecordedConnection()
      await line.far.open(later)
      const nearAgain = await line.near.open(new RecordedConnection())
      nearAgain.write(sample(2000))
      clock.advanceTo(2000)
      expect(later.receivedBytes).toBe(2000)
    }
  })

  test('an unplugged port is missing, an open one busy, a closed one can be opened again', async () => {
    const { line, near } = await plug()
    await expect(line.near.open(new RecordedConnection())).rejects.toMatchObject({ code: 'PORT_BUSY' })
    await near.close()
    await (await line.near.open(new RecordedConnection())).close()
    line.unplug()
    await expect(line.near.open(new RecordedConnection())).rejects.toMatchObject({ code: 'PORT_MISSING' })
    line.replug()
    await line.near.open(new RecordedConnection())
  })

  test('bytes under way when the cable came off never reach the next device', async () => {
    const { clock, line, near } = await plug()
    near.write(sample(4000))
    clock.advanceTo(1)
    line.unplug()
    near.write(sample(10))
    line.replug()
    const later = new RecordedConnection()
    await line.far.open(later)
    clock.advanceTo(1000)
    expect(later.receivedBytes).toBe(0)
  })

  test('bytes sent to a closed port are carried, counted and gone', async () => {
    const { clock, line, near, far, nearEnd } = await plug()
    await far.close()
    near.write(sample(200))
    clock.advanceTo(1000)
    expect(line.counts.nearToFar).toMatchObject({ carriedBytes: 200, unheardBytes: 200 })
    expect(nearEnd.closes).toEqual([])
  })
})

test('any writes, looks and pauses leave the byte order and the earliest possible times intact', async () => {
  const step = fc.oneof(
    fc.record({ write: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ pauseMs: fc.double({ min: 0, max: 30, noNaN: true }) }),
    fc.constant({ look: true }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: 1, max: 80 }),
      async (steps, readBytes) => {
        const { clock, near, farEnd } = await plug({ readBytes })
        let written = 0
        let lineFreeMs = 0
        const all = sample(10_000)
        for (const action of steps) {
          if ('write' in action) {
            near.write(all.slice(written, written + action.write))
            written += action.write
            lineFreeMs = Math.max(lineFreeMs, clock.nowMs()) + wireMs(action.write, RATE)
          } else if ('pauseMs' in action) clock.advanceBy(action.pauseMs)
          else expect(near.unsentBytes).toBeGreaterThanOrEqual(0)
        }
        clock.advanceTo(Math.max(clock.nowMs(), lineFreeMs + 1.001))
        expect(farEnd.received).toEqual(all.slice(0, written))
        expect(farEnd.reads.every(({ length }) => length <= readBytes)).toBe(true)
      },
    ),
  )
})

/** A clock whose alarms fire only when somebody wakes them, as timers on a busy machine do. */
class LateClock extends VirtualClock {
  #lateMs = 0

  override nowMs(): number {
    return Math.max(this.#lateMs, super.nowMs())
  }

  wakeAt(atMs: number): void {
    this.#lateMs = atMs
    this.advanceTo(atMs)
  }
}
