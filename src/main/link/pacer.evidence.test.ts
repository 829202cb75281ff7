import { describe, expect, test } from 'vitest'
import { type LineRate, wireMs } from '../../shared/model/line-rate'
import { seededRandom } from '../transport/seeded-random'
import { Pacer } from './pacer'

const RATE: LineRate = { baud: 115_200, bitsPerByte: 10 }
const CHUNK_BYTES = 272
const FRAME_BYTES = CHUNK_BYTES + 12

interface Acked {
  readonly pacer: Pacer
  readonly busy: number
  /** Line time that was handed over and not on the wire, after each hand-over of the second half. */
  readonly queuedMs: readonly number[]
}

/**
 * A line of another speed than it says, always full; every frame is acknowledged, `backMs` after its last byte, and the
 * acknowledgements keep their order.
 */
function runAcked(factor: number, backMs: (atMs: number) => number, forMs = 30_000): Acked {
  const pacer = new Pacer(RATE, CHUNK_BYTES)
  const realFrameMs = wireMs(FRAME_BYTES, RATE) / factor
  const acks: { atMs: number; offset: number }[] = []
  const queuedMs: number[] = []
  let nowMs = 0
  let freeAtMs = 0
  let busyMs = 0
  let handedBytes = 0
  while (nowMs < forMs) {
    const untilMs = pacer.waitsUntilMs(nowMs)
    const nextAckMs = acks[0]?.atMs ?? Number.POSITIVE_INFINITY
    if (untilMs === null) {
      freeAtMs = Math.max(freeAtMs, nowMs) + realFrameMs
      busyMs += realFrameMs
      handedBytes += FRAME_BYTES
      pacer.handOver(FRAME_BYTES, nowMs)
      if (nowMs > forMs / 2) queuedMs.push(freeAtMs - nowMs)
      const atMs = Math.max(freeAtMs + backMs(freeAtMs), acks.at(-1)?.atMs ?? 0)
      acks.push({ atMs, offset: handedBytes })
    } else if (nextAckMs <= untilMs) {
      nowMs = Math.max(nowMs, nextAckMs)
      pacer.noteArrived(acks.shift()!.offset, nowMs)
    } else nowMs = untilMs
  }
  return { pacer, busy: busyMs / nowMs, queuedMs }
}

/** Between a prompt answer and one that waits behind a frame of the other direction. */
const jitter = (leastMs: number, spanMs: number): (() => number) => {
  const random = seededRandom(11)
  return () => leastMs + (random(1000) / 1000) * spanMs
}

describe('acknowledgements', () => {
  test.each([
    { leastMs: 2, spanMs: 0 },
    { leastMs: 2, spanMs: 25 },
    { leastMs: 15, spanMs: 25 },
    { leastMs: 80, spanMs: 30 },
  ])(
    'keep the queue of a line short that is up to 3 % slower than it says ($leastMs to + $spanMs ms back)',
    ({ leastMs, spanMs }) => {
      for (const factor of [0.97, 0.98, 0.99, 1]) {
        const { pacer, busy, queuedMs } = runAcked(factor, jitter(leastMs, spanMs), 60_000)
        expect(busy).toBeGreaterThan(0.97)
        const frameMs = wireMs(FRAME_BYTES, RATE) / factor
        expect(Math.max(...queuedMs)).toBeLessThanOrEqual(pacer.writeAheadMs + frameMs)
      }
    },
  )

  test('let a line that is 3 % faster than it says be filled completely', () => {
    const { pacer, busy, queuedMs } = runAcked(1.03, () => 2)
    expect(busy).toBeGreaterThan(0.99)
    expect(pacer.rateFactor).toBeGreaterThan(1.02)
    expect(pacer.rateFactor).toBeLessThanOrEqual(1.03 + 1e-9)
    expect(Math.max(...queuedMs)).toBeLessThanOrEqual(pacer.writeAheadMs)
  })

  test('never teach a speed that the line does not have, however they jitter', () => {
    for (const factor of [0.96, 1, 1.04]) {
      for (const spanMs of [0, 10, 40]) {
        const { pacer } = runAcked(factor, jitter(1, spanMs))
        expect(pacer.rateFactor).toBeLessThanOrEqual(Math.max(1, factor) + 1e-9)
        expect(pacer.rateFactor).toBeGreaterThanOrEqual(Math.min(1, factor) - 0.015)
      }
    }
  })

  test('whose way back suddenly takes longer do not make the line slower', () => {
    const random = seededRandom(3)
    const { pacer, busy } = runAcked(1, (atMs) => (atMs > 9000 ? 30 : 3) + random(5))
    expect(pacer.rateFactor).toBeGreaterThan(0.995)
    expect(busy).toBeGreaterThan(0.97)
  })

  test('put the model right at once: what has arrived is not on its way', () => {
    const pacer = new Pacer(RATE, CHUNK_BYTES)
    pacer.handOver(1000, 0)
    pacer.handOver(300, 0)
    expect(pacer.backlogMs(10)).toBeCloseTo(wireMs(1300, RATE) - 10, 6)
    pacer.noteArrived(1000, 20)
    expect(pacer.backlogMs(20)).toBeCloseTo(wireMs(300, RATE), 6)
    pacer.noteArrived(900, 21)
    pacer.noteArrived(1300, 22)
    expect(pacer.backlogMs(22)).toBe(0)
    expect(pacer.handOver(100, 22).startMs).toBe(22)
  })

  test('of more than was handed over count as all of it', () => {
    const pacer = new Pacer(RATE, CHUNK_BYTES)
    pacer.handOver(100, 0)
    pacer.noteArrived(5000, 5)
    pacer.handOver(100, 5)
    expect(pacer.backlogMs(5)).toBeCloseTo(wireMs(100, RATE), 6)
  })
})

describe('drains', () => {
  const busyPacer = (): Pacer => {
    const pacer = new Pacer(RATE, CHUNK_BYTES)
    for (let count = 0; count < 4; count++) pacer.handOver(288, 0)
    return pacer
  }

  test('that are early change nothing', () => {
    const pacer = busyPacer()
    const backlogMs = pacer.backlogMs(80)
    expect(pacer.noteDrained(0, 80)).toBe('in-time')
    expect(pacer.backlogMs(80)).toBe(backlogMs)
    expect(pacer.rateFactor).toBe(1)
  })

  test('that are late say that the line is free now, and not before', () => {
    const pacer = busyPacer()
    expect(pacer.noteDrained(0, 150)).toBe('late')
    expect(pacer.backlogMs(150)).toBe(0)
    expect(pacer.handOver(288, 150)).toEqual({ startMs: 150, endMs: 175 })
  })

  test('that are impossible are counted, and make us careful again', () => {
    const pacer = busyPacer()
    pacer.noteDrained(0, 100)
    pacer.handOver(288, 100)
    pacer.noteDrained(100, 125)
    expect(pacer.hasEvidence).toBe(true)
    pacer.handOver(288, 125)
    expect(pacer.noteDrained(125, 126)).toBe('false')
    expect(pacer.hasEvidence).toBe(false)
    expect(pacer.counts.falseDrains).toBe(1)
  })

  test('teach a slower speed only when two agree, and never less than 95 % of the setting', () => {
    const pacer = new Pacer(RATE, CHUNK_BYTES)
    let nowMs = 0
    const fill = (): void => {
      for (let count = 0; count < 20; count++) pacer.handOver(288, nowMs)
    }
    for (const expected of [1, 0.95]) {
      fill()
      const askedMs = nowMs
      nowMs += wireMs(20 * 288, RATE) / 0.8
      expect(pacer.noteDrained(askedMs, nowMs)).toBe('late')
      expect(pacer.rateFactor).toBe(expected)
    }
    fill()
    pacer.noteDrained(nowMs, nowMs + wireMs(20 * 288, RATE))
    expect(pacer.rateFactor).toBeCloseTo(0.955, 9)
  })
})
