import { describe, expect, test } from 'vitest'
import { parseLinkUrl } from '../../shared/model/link-url'
import type { FrameEvent, Priority, TraceEvent } from '../../shared/model/trace'
import { LANE_CONTROL, LANE_REPEAT, type LaneBatch } from '../../shared/model/views'
import { VirtualClock } from '../../testing/virtual-clock'
import { Link } from '../link/link'
import { createLine, type SimulatedLine } from '../transport/line'
import { seededRandom } from '../transport/seeded-random'
import { Capture } from './capture'

/** Two native links at the ends of a simulated line, both seen by one capture: 1 is the host, 2 the device. */
class NativePair {
  readonly clock = new VirtualClock()
  readonly capture = new Capture()
  readonly frames: FrameEvent[] = []
  readonly host: Link
  readonly device: Link
  readonly line: SimulatedLine
  readonly #reader = this.capture.readLanes(0)

  constructor(seed: number, faults: { flip: number; drop: number }) {
    const { clock } = this
    this.line = createLine({ clock, rate: { baud: 115_200, bitsPerByte: 10 }, seed, faults })
    const link = (id: number, transport: SimulatedLine['near'], role: 'host' | 'device'): Link =>
      new Link({
        id,
        address: parseLinkUrl('serial:/dev/line?baud=115200&dialect=native'),
        transport,
        clock,
        random: seededRandom(seed + id),
        session: { role, identity: role },
        onTrace: (event) => this.#observe(event),
      })
    this.host = link(1, this.line.near, 'host')
    this.device = link(2, this.line.far, 'device')
    this.device.stack.route('echo', ({ body }) => ({ body }))
    this.host.open()
    this.device.open()
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advanceToAsync(this.clock.nowMs() + ms)
  }

  /** Runs until no message is on its way any more. */
  async settle(): Promise<void> {
    for (let seconds = 0; seconds < 120 && this.#isBusy; seconds++) await this.pass(1000)
  }

  figures(linkId: number) {
    return this.capture.figures(linkId, this.clock.nowMs(), null)
  }

  lanes(): LaneBatch {
    return this.#reader.take(this.clock.nowMs())!
  }

  async close(): Promise<void> {
    await Promise.all([this.host.close(), this.device.close()])
  }

  get #isBusy(): boolean {
    return this.capture
      .rows(0, 1000)
      .some(({ status }) => status === 'queued' || status === 'sending' || status === 'receiving')
  }

  #observe(event: TraceEvent): void {
    if (event.type === 'frame') this.frames.push(event)
    this.capture.observe(event)
  }
}

const bodyOf = (bytes: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + seed * 7) % 256)

const SIZES = [0, 1, 20, 400, 3000, 9000]

describe('a native link that repeats what the line damaged', () => {
  test.each([1, 2, 3])('leaves every account right, seed %i', async (seed) => {
    const pair = new NativePair(seed, { flip: 1e-3, drop: 1e-3 })
    const { capture, host, device, frames } = pair
    await pair.pass(2000)
    for (const [index, bytes] of SIZES.entries()) {
      const priority = (index % 8) as Priority
      host.send({ route: 'up', kind: 'event', body: bodyOf(bytes, index), priority })
      device.send({ route: 'down', kind: 'event', body: bodyOf(bytes, index), headers: { index } })
    }
    await pair.settle()

    const rows = capture.rows(0, 1000)
    expect(rows).toHaveLength(SIZES.length * 4)
    const batch = pair.lanes()
    for (const row of rows) {
      expect(row.status).toBe(row.dir === 'out' ? 'sent' : 'received')
      expect(row.doneBytes).toBe(row.bodyBytes)
      const detail = capture.detail(row.id)
      expect(capture.body(row.id)).toHaveLength(row.bodyBytes)
      if (row.dir === 'in') continue
      const own = [...batch.messageIds.keys()].filter((at) => batch.messageIds[at] === row.id)
      const chunks = own.filter((at) => (batch.flags[at]! & (LANE_CONTROL | LANE_REPEAT)) === 0)
      let reachedBytes = 0
      for (const at of chunks) {
        expect(batch.bodyOffsets[at]).toBe(reachedBytes)
        reachedBytes += batch.payloadBytes[at]!
      }
      expect(reachedBytes).toBe(row.bodyBytes)
      expect(row.chunks).toBe(chunks.length)
      const wireBytes = own.reduce((sum, at) => sum + batch.wireBytes[at]!, 0)
      expect(detail.overheadBytes).toBe(wireBytes - row.bodyBytes)
    }
    for (const linkId of [1, 2]) {
      const figures = pair.figures(linkId)
      const repeats = frames.filter((frame) => frame.linkId === linkId && frame.isRepeat === true)
      expect(figures.repeatedFrames).toBe(repeats.length)
      expect(repeats.length).toBeGreaterThan(3)
      expect(figures.faults).toBeGreaterThan(3)
      expect(figures.lostBytes).toBe(0)
      expect(figures.session).toMatchObject({
        phase: 'ready',
        peerIdentity: linkId === 1 ? 'device' : 'host',
      })
    }
    await pair.close()
  })

  test('repeats nothing on a clean line', async () => {
    const pair = new NativePair(4, { flip: 0, drop: 0 })
    await pair.pass(500)
    pair.host.send({ route: 'up', kind: 'event', body: bodyOf(9000, 1) })
    await pair.settle()
    expect(pair.capture.totals()).toMatchObject({ repeatedFrames: 0, faults: 0, messages: 2 })
    for (const linkId of [1, 2]) {
      const { offsetMs, uncertaintyMs } = pair.figures(linkId).clock!
      expect(Math.abs(offsetMs)).toBeLessThan(uncertaintyMs) // both read the same clock
      expect(uncertaintyMs).toBeLessThan(10)
    }
    await pair.close()
  })

  test('goes on after the cable was out, with the message it was in, and the account is right', async () => {
    const pair = new NativePair(5, { flip: 0, drop: 0 })
    await pair.pass(500)
    pair.host.send({ route: 'up', kind: 'event', body: bodyOf(20_000, 1) })
    await pair.pass(700)
    pair.line.unplug()
    await pair.pass(1000)
    expect(pair.figures(1).session?.phase).toBe('ended')
    pair.line.replug()
    await pair.pass(1000)
    expect(pair.figures(1).session).toMatchObject({
      phase: 'ready',
      peerIdentity: 'device',
      isResumed: true,
    })
    await pair.settle()
    expect(pair.capture.rows(0, 10)).toMatchObject([
      { dir: 'out', status: 'sent', doneBytes: 20_000, bodyBytes: 20_000 },
      { dir: 'in', status: 'received', doneBytes: 20_000, bodyBytes: 20_000 },
    ])
    expect(pair.figures(1).repeatedFrames).toBeGreaterThan(0)
    await pair.close()
  })
})
