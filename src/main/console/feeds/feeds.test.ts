import { expect, test, vi } from 'vitest'
import { TraceScript } from '../../../testing/trace-script'
import { VirtualClock } from '../../../testing/virtual-clock'
import { Capture } from '../../capture/capture'
import { lanesFeed, MESSAGES_INTERVAL_MS, messagesFeed } from './feeds'

test('a closed feed leaves nothing behind in the capture', () => {
  const capture = new Capture()
  const ended = vi.fn()
  const watch = capture.watchMessages()
  vi.spyOn(capture, 'watchMessages').mockReturnValue({ take: () => watch.take(), end: ended })
  const stopped = vi.fn()
  vi.spyOn(capture, 'onChange').mockReturnValue(stopped)
  const feed = messagesFeed(capture, new VirtualClock())
  expect(feed.take()).toBeDefined()
  feed.close()
  expect(ended).toHaveBeenCalledOnce()
  expect(stopped).toHaveBeenCalledOnce()
})

test('events while a screen is slow cost no items: the next one covers them all', () => {
  const clock = new VirtualClock()
  const capture = new Capture()
  const script = new TraceScript(capture.observe)
  const messages = messagesFeed(capture, clock)
  const lanes = lanesFeed(capture, clock, 0)
  messages.take()
  lanes.take()
  for (let key = 1; key <= 300; key++) {
    script.message({ messageKey: key })
    clock.advanceBy(10)
  }
  expect(messages.take()).toEqual({ total: 300, firstId: 1, changedFromId: 1, evicted: 0 })
  expect(lanes.take()?.messageIds.length).toBe(300)
  clock.advanceBy(MESSAGES_INTERVAL_MS)
  expect(messages.take()).toBeUndefined()
  expect(lanes.take()).toBeUndefined()
})
