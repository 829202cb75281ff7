import { describe, expect, test } from 'vitest'
import type { Direction, FrameEvent, MessageKind, TraceEvent } from '../../../shared/model/trace'
import { AccountBook, type AccountBookOptions } from './account-book'
import { type AccountPart, MAX_BLOCKERS, type MessageAccount } from './message-account'

/** Tells a story to a book. */
class Story {
  readonly closed: MessageAccount[] = []
  readonly book: AccountBook

  constructor(options: AccountBookOptions = {}) {
    this.book = new AccountBook({ ...options, onClosed: (account) => this.closed.push(account) })
  }

  tell(event: Record<string, unknown>): this {
    this.book.observe({ linkId: 1, ...event } as unknown as TraceEvent)
    return this
  }

  opened(atMs: number, messageKey: number, kind: MessageKind, dir: Direction = 'out', answersKey = 0): this {
    return this.tell({ type: 'message-opened', atMs, dir, messageKey, kind, answersKey })
  }

  frame(
    atMs: number,
    messageKey: number,
    [startMs, endMs]: readonly [number, number],
    more: Partial<FrameEvent> = {},
  ): this {
    return this.tell({ type: 'frame', atMs, dir: 'out', messageKey, startMs, endMs, isLast: false, ...more })
  }

  closedAt(atMs: number, messageKey: number, dir: Direction = 'out', outcome = 'complete'): this {
    return this.tell({ type: 'message-closed', atMs, dir, messageKey, outcome })
  }

  settled(atMs: number, requestKey: number, answerKey: number): this {
    return this.tell({ type: 'request-settled', atMs, requestKey, answerKey })
  }

  link(atMs: number, phase: string): this {
    return this.tell({ type: 'link-state', atMs, phase })
  }

  account(messageKey: number): MessageAccount {
    const account = this.closed.find((each) => each.messageKey === messageKey)
    if (account === undefined) throw new Error(`no account of ${messageKey} was closed`)
    return account
  }
}

/** The parts that are not 0. */
const partsOf = ({ parts }: MessageAccount): Partial<Record<AccountPart, number>> =>
  Object.fromEntries(Object.entries(parts).filter(([, ms]) => ms !== 0))

const LAST = { isLast: true }
const IN = { dir: 'in' as const }

describe('a message that goes out', () => {
  test('is blocked by name by what was handed over before it, queued while the line idles, and on the wire', () => {
    const story = new Story()
      .opened(0, 1, 'event')
      .frame(0, 1, [0, 30])
      .opened(10, 2, 'event')
      .frame(32, 1, [32, 50])
      .closedAt(45, 2)
      .frame(45, 2, [50, 58], LAST)
    const account = story.account(2)
    expect(account).toMatchObject({ openedMs: 10, untilMs: 58, isClosed: true, dir: 'out' })
    expect(partsOf(account)).toEqual({ blockedMs: 38, queuedMs: 2, wireMs: 8 })
    expect(account.blockedBy).toEqual([{ messageKey: 1, ms: 38 }])
  })

  test('has its account as soon as its last frame is handed over: nothing can come before that any more', () => {
    const story = new Story().opened(0, 1, 'event').closedAt(1, 1).frame(1, 1, [5, 25], LAST)
    expect(story.account(1).untilMs).toBe(25)
    expect(story.book.openAccounts).toBe(0)
  })

  test('knows what was repeated, and does not know what happened before it was found out', () => {
    const story = new Story()
      .opened(0, 1, 'event')
      .frame(0, 1, [0, 10], LAST)
      .frame(30, 1, [30, 40], { isRepeat: true, ...LAST })
      .closedAt(60, 1)
    expect(partsOf(story.account(1))).toEqual({ wireMs: 10, unknownMs: 40, repeatedMs: 10 })
  })

  test('on a socket waits without anybody knowing why, and takes no time on the line', () => {
    const story = new Story()
      .opened(0, 1, 'event')
      .opened(1, 2, 'event')
      .frame(3, 1, [3, 3])
      .closedAt(4, 2)
      .frame(4, 2, [4, 4], LAST)
    expect(partsOf(story.account(2))).toEqual({ queuedMs: 3 })
  })

  test('that was cancelled ends there, whatever is still on the line', () => {
    const story = new Story().opened(0, 1, 'event').frame(0, 1, [0, 30]).closedAt(20, 1, 'out', 'cancelled')
    expect(story.account(1).untilMs).toBe(20)
    expect(partsOf(story.account(1))).toEqual({ wireMs: 20 })
  })

  test('without any frame has its account with the next event', () => {
    const story = new Story().opened(0, 1, 'bytes').closedAt(5, 1).tell({ type: 'queue', atMs: 5 })
    expect(story.closed).toEqual([])
    story.opened(6, 2, 'bytes')
    expect(partsOf(story.account(1))).toEqual({ queuedMs: 5 })
  })

  test('that waited for a connection was offline', () => {
    const story = new Story()
      .link(0, 'waiting')
      .opened(0, 1, 'event')
      .link(100, 'connected')
      .closedAt(101, 1)
      .frame(101, 1, [101, 110], LAST)
    expect(partsOf(story.account(1))).toEqual({ offlineMs: 100, queuedMs: 1, wireMs: 9 })
  })
})

describe('a request', () => {
  const sent = (): Story =>
    new Story().opened(0, 1, 'request').frame(0, 1, [0, 5]).closedAt(1, 1).frame(1, 1, [5, 12], LAST)

  test('waits for the peer, then for the answer, its line shared with others, then for us', () => {
    const story = sent()
      .opened(40, 2, 'response', 'in', 1)
      .frame(40, 2, [35, 38], IN)
      .opened(51, 3, 'event', 'in')
      .frame(51, 3, [40, 50], IN)
      .frame(61, 2, [50, 60], { ...IN, ...LAST })
      .closedAt(61, 2, 'in')
      .settled(61, 1, 2)
    const account = story.account(1)
    expect(account.untilMs).toBe(61)
    expect(partsOf(account)).toEqual({
      wireMs: 12,
      peerMs: 23 + 2,
      answerWireMs: 3 + 10,
      answerBlockedMs: 10,
      decodeMs: 1,
    })
    expect(account.blockedBy).toEqual([{ messageKey: 3, ms: 10 }])
    expect(partsOf(story.account(2))).toEqual({ wireMs: 13, peerMs: 2, blockedMs: 10, decodeMs: 1 })
    expect(story.account(2).openedMs).toBe(35)
  })

  test('without an answer does not know where the time went', () => {
    const story = sent().settled(1000, 1, 0)
    expect(partsOf(story.account(1))).toEqual({ wireMs: 12, unknownMs: 988 })
  })

  test('that was answered before we thought that it was out ends when it was settled', () => {
    const story = sent()
      .opened(8, 2, 'response', 'in', 1)
      .frame(8, 2, [6, 8], { ...IN, ...LAST })
      .closedAt(8, 2, 'in')
      .settled(8, 1, 2)
    expect(story.account(1).untilMs).toBe(8)
    expect(partsOf(story.account(1))).toEqual({ wireMs: 8 })
  })

  test('whose answer begins while it is still going out is on the wire until it is out', () => {
    const story = new Story()
      .opened(0, 1, 'request')
      .frame(0, 1, [0, 10])
      .opened(5, 2, 'response', 'in', 1)
      .frame(5, 2, [4, 5], IN)
      .closedAt(10, 1)
      .frame(10, 1, [10, 20], LAST)
      .frame(31, 2, [25, 30], { ...IN, ...LAST })
      .closedAt(31, 2, 'in')
      .settled(31, 1, 2)
    expect(partsOf(story.account(1))).toEqual({ wireMs: 20, peerMs: 5, answerWireMs: 5, decodeMs: 1 })
  })

  test('with many answers waits for the peer between them', () => {
    const story = sent()
    for (const [index, atMs] of [20, 40].entries()) {
      story
        .opened(atMs, 2 + index, 'response', 'in', 1)
        .frame(atMs, 2 + index, [atMs - 4, atMs - 1], { ...IN, ...LAST })
        .closedAt(atMs, 2 + index, 'in')
    }
    story.settled(50, 1, 3)
    expect(partsOf(story.account(1))).toEqual({
      wireMs: 12,
      peerMs: 4 + 16 + 10,
      answerWireMs: 6,
      decodeMs: 2,
    })
  })

  test('over a lost connection was offline while it was kept', () => {
    const story = sent()
      .link(20, 'interrupted')
      .link(70, 'connected')
      .opened(90, 2, 'response', 'in', 1)
      .frame(90, 2, [85, 90], { ...IN, ...LAST })
      .closedAt(90, 2, 'in')
      .settled(90, 1, 2)
    expect(partsOf(story.account(1))).toEqual({ wireMs: 12, peerMs: 8 + 15, offlineMs: 50, answerWireMs: 5 })
  })

  test('that nobody waited for has its account when the link closes', () => {
    const story = sent().link(100, 'closed')
    expect(partsOf(story.account(1))).toEqual({ wireMs: 12, unknownMs: 88 })
  })
})

describe('an account in the making', () => {
  test('tells what is known up to now, and is not changed by being looked at', () => {
    const story = new Story().opened(0, 1, 'event').frame(0, 1, [0, 30]).opened(10, 2, 'event')
    story.tell({ type: 'queue', atMs: 25 })
    for (let look = 0; look < 2; look++) {
      const account = story.book.accountOf(2)!
      expect(account).toMatchObject({ openedMs: 10, untilMs: 25, isClosed: false })
      expect(partsOf(account)).toEqual({ blockedMs: 15 })
    }
    expect(story.book.accountOf(3)).toBeUndefined()
  })
})

describe('limits', () => {
  test('the oldest account is given up, with a code, and counted; its message is not heard of again', () => {
    const dropped: unknown[] = []
    const story = new Story({ maxOpen: 2, onDropped: (...drop) => dropped.push(drop) })
    for (const key of [1, 2, 3]) story.opened(key, key, 'event')
    expect(dropped).toEqual([[1, 'ACCOUNTS_TOO_MANY']])
    expect([story.book.openAccounts, story.book.droppedAccounts]).toEqual([2, 1])
    story.closedAt(5, 1).frame(5, 1, [5, 9], LAST)
    expect(story.closed).toEqual([])
    expect(story.book.accountOf(1)).toBeUndefined()
  })

  test('blockers beyond the limit are summed without their names', () => {
    const story = new Story().opened(0, 1, 'event')
    const others = MAX_BLOCKERS + 20
    for (let other = 0; other < others; other++) story.frame(other, 100 + other, [other, other + 1])
    story.closedAt(others, 1).frame(others, 1, [others, others + 5], LAST)
    const { blockedBy, parts } = story.account(1)
    expect(blockedBy).toHaveLength(MAX_BLOCKERS + 1)
    expect(blockedBy[0]).toEqual({ messageKey: 0, ms: 20 })
    expect(parts.blockedMs).toBe(others)
  })
})
