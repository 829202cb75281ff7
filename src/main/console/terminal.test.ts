import { expect, test } from 'vitest'
import { utf8 } from '../../shared/bytes'
import { requestChecks, subscriptionChecks } from '../../shared/contract/contract'
import type { BytesEvent } from '../../shared/model/trace'
import { VirtualClock } from '../../testing/virtual-clock'
import { TerminalBacklog } from '../capture/terminal/terminal-backlog'
import { TERMINAL_INTERVAL_MS, terminalFeed } from './feeds/terminal-feed'

const passed = (text: string, linkId = 1): BytesEvent => {
  const bytes = utf8(text)
  return { type: 'bytes', linkId, atMs: 0, dir: 'in', streamOffset: 0, byteCount: bytes.length, bytes }
}

test('the feed of a terminal is paced, tells only its link, and leaves nothing behind', () => {
  const clock = new VirtualClock()
  const backlog = new TerminalBacklog()
  const feed = terminalFeed(backlog, clock, 1)
  let news = 0
  feed.onNews(() => {
    news += 1
  })
  expect(feed.take()).toMatchObject({ pieces: [], isReset: true })
  for (const text of ['a', 'b', 'c']) backlog.observe(passed(text))
  backlog.observe(passed('other', 2))
  expect(feed.take()).toBeUndefined()
  clock.advanceBy(TERMINAL_INTERVAL_MS)
  expect(news).toBe(1)
  expect(feed.take()?.pieces.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['a', 'b', 'c'])
  backlog.clear(1)
  clock.advanceBy(TERMINAL_INTERVAL_MS)
  expect(feed.take()).toEqual({ pieces: [], lostBytes: 0, isReset: true })
  feed.close()
  backlog.observe(passed('late'))
  clock.advanceBy(1000)
  expect(news).toBe(2)
  expect(feed.take()).toBeUndefined()
})

test('a request for a log names a link and a shape that there is, and nothing of the file system', () => {
  const log = { linkId: 1, action: 'start', shape: 'text', hasTimes: true }
  expect(requestChecks['terminal.log'].safeParse(log).success).toBe(true)
  expect(requestChecks['terminal.log'].safeParse({ ...log, path: '/etc/passwd' }).success).toBe(false)
  expect(requestChecks['terminal.log'].safeParse({ ...log, shape: 'exe' }).success).toBe(false)
  expect(subscriptionChecks.terminal.safeParse({ linkId: 0 }).success).toBe(false)
})
