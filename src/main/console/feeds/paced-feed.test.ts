import { beforeEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../../testing/virtual-clock'
import { PacedFeed } from './paced-feed'

const INTERVAL_MS = 50
let clock: VirtualClock
let produced: (string | undefined)[]
let hasMore: boolean
let closes: number
let news: number
let feed: PacedFeed<string>

beforeEach(() => {
  clock = new VirtualClock()
  clock.advanceTo(1000)
  produced = []
  hasMore = false
  closes = 0
  news = 0
  feed = new PacedFeed(clock, {
    intervalMs: INTERVAL_MS,
    produce: (nowMs) => (produced.length > 0 ? produced.shift() : `item at ${nowMs}`),
    hasMore: () => hasMore,
    close: () => {
      closes += 1
    },
  })
})

const listen = (): void => {
  feed.onNews(() => {
    news += 1
  })
}

describe('a paced feed', () => {
  test('has an item at once, and then none until something is new', () => {
    expect(feed.take()).toBe('item at 1000')
    clock.advanceBy(1000)
    expect(feed.take()).toBeUndefined()
    feed.touch()
    expect(feed.take()).toBe('item at 2000')
  })

  test('gives no second item before its time, however often it is asked', () => {
    feed.take()
    feed.touch()
    for (const atMs of [1000, 1020, 1049]) {
      clock.advanceTo(atMs)
      expect(feed.take()).toBeUndefined()
    }
    clock.advanceTo(1050)
    expect(feed.take()).toBe('item at 1050')
  })

  test('gives the next item sooner where the last one says so', () => {
    const hasty = new PacedFeed<string>(clock, {
      intervalMs: INTERVAL_MS,
      intervalAfterMs: (item) => (item === 'item at 1000' ? 8 : INTERVAL_MS),
      produce: (nowMs) => `item at ${nowMs}`,
      hasMore: () => true,
      close: () => {},
    })
    const taken = [hasty.take()]
    for (const atMs of [1007, 1008, 1020, 1057, 1058]) {
      clock.advanceTo(atMs)
      taken.push(hasty.take())
    }
    expect(taken).toEqual(['item at 1000', undefined, 'item at 1008', undefined, undefined, 'item at 1058'])
  })

  test('tells once that there is news, never from within the event, and again only after a take', () => {
    listen()
    expect(news).toBe(0)
    clock.advanceBy(0)
    expect(news).toBe(1)
    for (let event = 0; event < 100; event++) {
      feed.touch()
      clock.advanceBy(10)
    }
    expect(news).toBe(1)
    feed.take()
    feed.touch()
    expect(news).toBe(1)
    clock.advanceBy(INTERVAL_MS)
    expect(news).toBe(2)
  })

  test('tells when it was asked too early that it has an item, once that is due', () => {
    listen()
    feed.take()
    feed.touch()
    expect(feed.take()).toBeUndefined()
    clock.advanceBy(INTERVAL_MS - 1)
    expect(news).toBe(0)
    clock.advanceBy(1)
    expect(news).toBe(1)
    expect(feed.take()).toBe('item at 1050')
  })

  test('goes on by itself while its source has more', () => {
    listen()
    hasMore = true
    feed.take()
    clock.advanceBy(INTERVAL_MS)
    expect(news).toBe(1)
    hasMore = false
    feed.take()
    clock.advanceBy(10 * INTERVAL_MS)
    expect(news).toBe(1)
  })

  test('is not held back by a touch that brought nothing', () => {
    produced = ['first', undefined, 'second']
    expect(feed.take()).toBe('first')
    clock.advanceBy(INTERVAL_MS)
    feed.touch()
    expect(feed.take()).toBeUndefined()
    feed.touch()
    expect(feed.take()).toBe('second')
  })

  test('is silent after closing, and closes its source once', () => {
    listen()
    feed.close()
    feed.close()
    feed.touch()
    clock.advanceBy(1000)
    expect(news).toBe(0)
    expect(feed.take()).toBeUndefined()
    expect(closes).toBe(1)
  })
})
