import { describe, expect, test } from 'vitest'
import { BATCH_INTERVAL_MS, MAX_BUFFERED_BYTES, MAX_ITEMS_IN_FLIGHT } from '../../shared/contract/envelope'
import { ManualFeed } from '../../testing/manual-feed'
import { VirtualClock } from '../../testing/virtual-clock'
import { SubscriptionPump } from './subscription-pump'

function start(first: readonly number[] = []) {
  const clock = new VirtualClock()
  const feed = new ManualFeed<number>()
  for (const value of first) feed.add(value)
  const sent: { seq: number; value: unknown; atMs: number }[] = []
  const failures: unknown[] = []
  const outlet = {
    bufferedBytes: 0,
    sendItem: (seq: number, value: unknown) => {
      sent.push({ seq, value, atMs: clock.nowMs() })
    },
    failed: (error: unknown) => failures.push(error),
  }
  const pump = new SubscriptionPump(feed, outlet, clock)
  pump.start()
  return { clock, feed, outlet, pump, sent, failures }
}

describe('subscription pump', () => {
  test('sends what is there at once', () => {
    expect(start([1, 2]).sent).toEqual([{ seq: 1, value: [1, 2], atMs: 0 }])
  })

  test('sends at most one item per interval, with everything that came meanwhile', () => {
    const { clock, feed, sent } = start([1])
    clock.advanceTo(3)
    feed.add(2)
    clock.advanceTo(10)
    feed.add(3)
    clock.advanceTo(100)
    expect(sent.slice(1)).toEqual([{ seq: 2, value: [2, 3], atMs: BATCH_INTERVAL_MS }])
  })

  test('sends at once again when the interval is over', () => {
    const { clock, feed, sent } = start([1])
    clock.advanceTo(500)
    feed.add(2)
    expect(sent.at(-1)).toEqual({ seq: 2, value: [2], atMs: 500 })
  })

  test('stops pulling when too many items are unacknowledged, and goes on with the next acknowledgement', () => {
    const { clock, feed, pump, sent } = start([0])
    for (let value = 1; value <= 10; value++) {
      clock.advanceBy(BATCH_INTERVAL_MS)
      feed.add(value)
    }
    clock.advanceBy(1000)
    expect(sent).toHaveLength(MAX_ITEMS_IN_FLIGHT)
    const takesWhileWaiting = feed.takes
    clock.advanceBy(10_000)
    expect(feed.takes).toBe(takesWhileWaiting)
    pump.acknowledge(1)
    expect(sent.at(-1)?.value).toEqual([4, 5, 6, 7, 8, 9, 10])
  })

  test('pulls nothing while the channel is full', () => {
    const { clock, feed, outlet, sent } = start([1])
    outlet.bufferedBytes = MAX_BUFFERED_BYTES + 1
    clock.advanceTo(20)
    feed.add(2)
    clock.advanceTo(1000)
    feed.add(3)
    expect(sent).toHaveLength(1)
    outlet.bufferedBytes = MAX_BUFFERED_BYTES
    clock.advanceBy(BATCH_INTERVAL_MS)
    expect(sent.at(-1)?.value).toEqual([2, 3])
  })

  test('closes the feed once and never sends again', () => {
    const { clock, feed, pump, sent } = start([1])
    feed.add(2)
    pump.close()
    pump.close()
    clock.advanceTo(1000)
    feed.add(3)
    expect(feed.isClosed).toBe(true)
    expect(sent).toHaveLength(1)
  })

  test('an item that cannot be sent ends the subscription', () => {
    const { clock, feed, outlet, failures } = start()
    const refusal = new Error('too large')
    outlet.sendItem = () => {
      throw refusal
    }
    feed.add(1)
    clock.advanceTo(1000)
    expect(failures).toEqual([refusal])
    expect(feed.isClosed).toBe(true)
  })

  test('refuses an acknowledgement of an item that was never sent', () => {
    const { pump } = start([1])
    expect(() => pump.acknowledge(2)).toThrow(expect.objectContaining({ code: 'CONTRACT_BAD_FRAME' }))
  })
})
