import { expect, test } from 'vitest'
import { TraceScript } from '../../../testing/trace-script'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../../capture/capture'
import { SERIES_INTERVAL_MS, seriesFeed } from './series-feed'

test('figures over time come at their pace while something happens, show its end, and then fall silent', () => {
  const clock = new VirtualClock()
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  const feed = seriesFeed(capture, clock, { linkId: 1, spanMs: 30_000, bins: 300 }, () => false)
  const rates: number[] = []
  let items = 0
  const run = (untilMs: number, isBusy: boolean): void => {
    while (clock.nowMs() < untilMs) {
      script.nowMs = clock.nowMs()
      if (isBusy) script.bytes('in', 10)
      const news = feed.take()
      clock.advanceBy(10)
      if (news === undefined) continue
      items += 1
      for (let at = 0; at < news.count; at++) rates[news.first + at] = news.columns.bytesIn[at]!
    }
  }
  run(2000, true)
  expect(items).toBeLessThanOrEqual(2000 / SERIES_INTERVAL_MS + 1)
  run(4000, false)
  expect(rates.slice(0, 20).every((rate) => rate === 1000)).toBe(true)
  expect(rates[20]).toBe(0)
  const itemsAtEnd = items
  run(60_000, false)
  expect(items).toBe(itemsAtEnd)
  feed.close()
})
