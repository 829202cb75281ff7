import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClockEstimate } from './clock-estimate'
import type { ClockSample } from './session-types'

const TICK_NS = 1_000
const TICKS = 2 ** 32

/** A peer whose clock was `offsetMs` ahead at our time 0 and runs `driftPpm` faster. */
class Peer {
  readonly #offsetMs: number
  readonly #driftPpm: number
  readonly tickNs: number

  constructor(offsetMs: number, driftPpm = 0, tickNs = TICK_NS) {
    this.#offsetMs = offsetMs
    this.#driftPpm = driftPpm
    this.tickNs = tickNs
  }

  timeAt(ms: number): number {
    return ms * (1 + this.#driftPpm / 1e6) + this.#offsetMs
  }

  offsetAt(ms: number): number {
    return this.timeAt(ms) - ms
  }

  ticksAt(ms: number): number {
    const ticks = Math.floor((this.timeAt(ms) * 1e6) / this.tickNs) % TICKS
    return ticks < 0 ? ticks + TICKS : ticks
  }

  /** A PING that takes `thereMs`, is answered after `insideMs`, and whose PONG takes `backMs`. */
  ask(estimate: ClockEstimate, sentAtMs: number, thereMs: number, insideMs: number, backMs: number) {
    return estimate.add({
      sentAtMs,
      peerReceivedTicks: this.ticksAt(sentAtMs + thereMs),
      peerSentTicks: this.ticksAt(sentAtMs + thereMs + insideMs),
      receivedAtMs: sentAtMs + thereMs + insideMs + backMs,
    })
  }
}

const known = (sample: ClockSample | null): ClockSample => {
  if (sample === null) throw new Error('no sample')
  return sample
}

describe('ClockEstimate', () => {
  test('finds the offset exactly when the way there and back take the same time', () => {
    const peer = new Peer(123_456.5)
    const sample = known(peer.ask(new ClockEstimate(TICK_NS), 1_000, 3, 7, 3))
    expect(sample.offsetMs).toBeCloseTo(123_456.5, 2)
    expect(sample.roundTripMs).toBeCloseTo(6, 2)
    expect(sample.uncertaintyMs).toBeCloseTo(3, 2)
    expect(sample.driftPpm).toBeNull()
  })

  test('of eight samples believes the quickest', () => {
    const peer = new Peer(500)
    const estimate = new ClockEstimate(TICK_NS)
    const ways = [
      [20, 3],
      [3, 40],
      [1, 1],
      [9, 3],
      [2, 30],
      [50, 5],
      [6, 1],
      [8, 8],
    ] as const
    let last: ClockSample | null = null
    ways.forEach(([there, back], at) => {
      last = peer.ask(estimate, at * 100, there, 0.5, back)
    })
    expect(Math.abs(known(last).offsetMs - 500)).toBeLessThan(0.01)
    expect(known(last).uncertaintyMs).toBeLessThan(1.1)
  })

  test('prefers a newer sample to a quicker one when the clocks may have drifted apart meanwhile', () => {
    const peer = new Peer(0, 80)
    const estimate = new ClockEstimate(TICK_NS)
    peer.ask(estimate, 0, 1, 0, 1)
    const later = known(peer.ask(estimate, 30_000, 1.5, 0, 1.5))
    expect(later.offsetMs).toBeCloseTo(peer.offsetAt(30_000), 1)
  })

  test('tells the drift after a minute, within a ppm of the truth on a quiet line', () => {
    const peer = new Peer(10, -37)
    const estimate = new ClockEstimate(TICK_NS)
    let sample: ClockSample | null = null
    for (let atMs = 0; atMs <= 55_000; atMs += 5_000) sample = peer.ask(estimate, atMs, 2, 1, 2)
    expect(known(sample).driftPpm).toBeNull()
    for (let atMs = 60_000; atMs <= 120_000; atMs += 5_000) sample = peer.ask(estimate, atMs, 2, 1, 2)
    expect(Math.abs(known(sample).driftPpm! + 37)).toBeLessThan(1)
  })

  test('goes on when the 32 bits of the ticks wrap, also inside an answer and over long pauses', () => {
    // Starts 40 s before the wrap of a microsecond clock (71.6 minutes).
    const peer = new Peer(TICKS / 1_000 - 40_000, 20)
    const estimate = new ClockEstimate(TICK_NS)
    const first = known(peer.ask(estimate, 0, 1, 0, 1))
    const inside = known(peer.ask(estimate, 39_995, 2, 10, 2))
    const after = known(peer.ask(estimate, 60_000, 1, 0, 1))
    // Ten hours: eight wraps nobody saw.
    const muchLater = known(peer.ask(estimate, 36_000_000, 1, 0, 1))
    for (const [sample, atMs] of [
      [first, 0],
      [inside, 39_995],
      [after, 60_000],
      [muchLater, 36_000_000],
    ] as const) {
      expect(Math.abs(sample.offsetMs - peer.offsetAt(atMs))).toBeLessThan(sample.uncertaintyMs)
    }
  })

  test('knows nothing from an answer that took longer inside the peer than we waited', () => {
    const estimate = new ClockEstimate(TICK_NS)
    const reading = { sentAtMs: 0, peerReceivedTicks: 0, peerSentTicks: 50_000, receivedAtMs: 10 }
    expect(estimate.add(reading)).toBeNull()
    expect(estimate.sampleCount).toBe(0)
  })

  test('the truth lies within the uncertainty, whatever the line does', () => {
    const way = fc.double({ min: 0.1, max: 300, noNaN: true })
    const run = fc.record({
      offsetMs: fc.double({ min: 0, max: 4e6, noNaN: true }),
      driftPpm: fc.double({ min: -80, max: 80, noNaN: true }),
      tickNs: fc.constantFrom(1_000, 30_518, 1_000_000),
      asks: fc.array(fc.tuple(way, way, way, fc.integer({ min: 50, max: 8_000 })), {
        minLength: 1,
        maxLength: 11,
      }),
    })
    fc.assert(
      fc.property(run, ({ offsetMs, driftPpm, tickNs, asks }) => {
        const peer = new Peer(offsetMs, driftPpm, tickNs)
        const estimate = new ClockEstimate(tickNs)
        let atMs = 0
        for (const [there, inside, back, pauseMs] of asks) {
          const sample = known(peer.ask(estimate, atMs, there, inside, back))
          atMs += there + inside + back
          if (sample.driftPpm === null) {
            expect(Math.abs(sample.offsetMs - peer.offsetAt(atMs))).toBeLessThanOrEqual(
              sample.uncertaintyMs + 1e-6,
            )
          }
          atMs += pauseMs
        }
      }),
      { numRuns: 300 },
    )
  })
})
