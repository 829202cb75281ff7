import type { Clock } from '../../../shared/model/clock'
import type { TerminalBatch } from '../../../shared/model/terminal'
import type { TerminalBacklog } from '../../capture/terminal/terminal-backlog'
import type { Feed } from '../console-types'
import { PacedFeed } from './paced-feed'

export const TERMINAL_INTERVAL_MS = 30

/** The bytes of a link: those kept, then what comes. A view that is slow misses the oldest, and is told how many. */
export function terminalFeed(backlog: TerminalBacklog, clock: Clock, linkId: number): Feed<TerminalBatch> {
  const reader = backlog.read(linkId, () => feed.touch())
  const feed: PacedFeed<TerminalBatch> = new PacedFeed<TerminalBatch>(clock, {
    intervalMs: TERMINAL_INTERVAL_MS,
    produce: () => reader.take(),
    hasMore: () => reader.hasMore,
    close: () => reader.close(),
  })
  return feed
}
