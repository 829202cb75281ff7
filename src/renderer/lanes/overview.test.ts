import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../testing/virtual-clock'
import { brushPixels, centreBrush, dragBrush, gripAt, keyBrush } from './overview-brush'
import { OVERVIEW_INTERVAL_MS, OverviewPoller } from './overview-poller'

const scale = { fromMs: 0, toMs: 60_000, width: 600 }

describe('brush', () => {
  test('stays visible and inside the strip however small or far its range is', () => {
    for (const range of [
      { fromMs: 30_000, toMs: 30_001 },
      { fromMs: 59_999, toMs: 70_000 },
      { fromMs: -5000, toMs: -4000 },
    ]) {
      const { from, to } = brushPixels(scale, range)
      expect(to - from).toBeGreaterThanOrEqual(8)
      expect(from).toBeGreaterThanOrEqual(0)
      expect(to).toBeLessThanOrEqual(600)
    }
  })

  test('is gripped at its edges or as a whole', () => {
    const range = { fromMs: 10_000, toMs: 20_000 }
    expect([100, 150, 200, 300].map((x) => gripAt(scale, range, x))).toEqual(['from', 'whole', 'to', null])
  })

  test('is moved by key as a whole, with Shift at its right edge, and to both ends', () => {
    const range = { fromMs: 10_000, toMs: 20_000 }
    expect(keyBrush(scale, range, 'ArrowRight', false)).toEqual({ fromMs: 12_000, toMs: 22_000 })
    expect(keyBrush(scale, range, 'ArrowLeft', true)).toEqual({ fromMs: 10_000, toMs: 18_000 })
    expect(keyBrush(scale, range, 'Home', false)).toEqual({ fromMs: 0, toMs: 10_000 })
    expect(keyBrush(scale, range, 'End', false)).toEqual({ fromMs: 50_000, toMs: 60_000 })
    const wide = keyBrush(scale, range, '-', false)!
    expect((wide.fromMs + wide.toMs) / 2).toBe(15_000)
    expect(wide.toMs - wide.fromMs).toBeGreaterThan(10_000)
    expect(keyBrush(scale, range, 'x', false)).toBeNull()
  })

  test('a dragged edge never passes the other', () => {
    const range = { fromMs: 10_000, toMs: 20_000 }
    expect(dragBrush(scale, range, 'whole', 10)).toEqual({ fromMs: 11_000, toMs: 21_000 })
    expect(dragBrush(scale, range, 'from', 500).fromMs).toBeLessThan(20_000)
    expect(dragBrush(scale, range, 'to', -500).toMs).toBeGreaterThan(10_000)
  })

  test('a press beside it centres it there', () => {
    expect(centreBrush(scale, { fromMs: 0, toMs: 2000 }, 300)).toEqual({ fromMs: 29_000, toMs: 31_000 })
  })
})

describe('OverviewPoller', () => {
  test('asks twice a second at most, however much is captured, and once more for the last news', () => {
    const clock = new VirtualClock()
    let asked = 0
    const poller = new OverviewPoller({
      ask: () => {
        asked++
        return Promise.reject(new Error('not looked at here'))
      },
      later: (delayMs, run) => clock.schedule(clock.nowMs() + delayMs, run),
      onOverview: () => undefined,
    })
    for (let ms = 0; ms < 2000; ms += 16) {
      poller.touch()
      clock.advanceBy(16)
    }
    expect(asked).toBeLessThanOrEqual(5)
    expect(asked).toBeGreaterThanOrEqual(4)
    clock.advanceBy(OVERVIEW_INTERVAL_MS)
    const afterNews = asked
    clock.advanceBy(60_000)
    expect(asked).toBe(afterNews)
  })
})
