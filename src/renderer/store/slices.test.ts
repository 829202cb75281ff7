import { beforeEach, describe, expect, test } from 'vitest'
import { createStore, type StoreApi } from 'zustand'
import type { LinkPhase, SessionPhase } from '../../shared/model/trace'
import type { LinkStatus, SessionStatus, StatusSnapshot } from '../../shared/model/views'
import { shownLink } from '../../testing/shown-link'
import { type AppState, createAppState } from './app-store'
import { stepAttempt } from './connect-slice'
import { isUsable, selectActiveLink, selectFigures, selectSendLink, sessionNowMs } from './links-slice'
import { selectTheme } from './theme-slice'
import { NO_ROWS, selectRowsWaiting, spanOf } from './list-view-slice'
import { extendTo, NO_SELECTION, selectOnly } from './row-selection'
import { selectWaitingCount } from './view-slice'

const link = (linkId: number, phase: LinkPhase, more: Partial<LinkStatus> = {}): LinkStatus =>
  shownLink({ linkId, phase, ...more })
const snapshot = (...links: LinkStatus[]): StatusSnapshot => ({
  nowMs: 5000,
  links,
  isListenOnly: false,
  messages: 0,
  chunks: 0,
  evictedMessages: 0,
  evictedChunks: 0,
  lostBytes: 0,
  faults: 0,
  repeatedFrames: 0,
})
const session = (phase: SessionPhase): SessionStatus => ({
  phase,
  sinceMs: 0,
  peerIdentity: '',
  isResumed: false,
  code: null,
  detail: '',
})
const refused = { code: 'LINK_REFUSED', message: 'refused', remedy: 'listen' } as const

let store: StoreApi<AppState>
beforeEach(() => {
  store = createStore<AppState>()(createAppState)
})

describe('active link', () => {
  test('is the chosen one while it exists', () => {
    store.getState().statusReceived(snapshot(link(1, 'connected'), link(2, 'connected')), 0)
    store.getState().linkChosen(1)
    expect(selectActiveLink(store.getState())?.linkId).toBe(1)
    store.getState().statusReceived(snapshot(link(2, 'connected')), 0)
    expect(selectActiveLink(store.getState())?.linkId).toBe(2)
  })

  test('prefers a connected link to a newer one that is not', () => {
    store.getState().statusReceived(snapshot(link(1, 'connected'), link(2, 'waiting'), link(3, 'closed')), 0)
    expect(selectActiveLink(store.getState())?.linkId).toBe(1)
  })

  test('is none without links', () => {
    expect(selectActiveLink(store.getState())).toBeUndefined()
  })

  test('can be sent over when connected', () => {
    expect(isUsable(link(1, 'connected'))).toBe(true)
    expect(isUsable(link(1, 'interrupted'))).toBe(false)
    expect(isUsable(link(1, 'listening', { peers: 1 }))).toBe(false)
    for (const [phase, isUp] of [
      ['handshake', false],
      ['ready', true],
      ['silent', true],
      ['refused', false],
    ] as const) {
      expect(isUsable(link(1, 'connected', { session: session(phase) }))).toBe(isUp)
    }
  })

  test('of a listener is the peer that came last, for sending', () => {
    const listener = link(1, 'listening', { url: 'tcp-listen://127.0.0.1:5' })
    store.getState().statusReceived(snapshot(listener), 0)
    store.getState().linkChosen(1)
    expect(selectSendLink(store.getState())?.linkId).toBe(1)
    const peers = [2, 3].map((id) => link(id, 'connected', { url: listener.url, rateInBytesPerSecond: 10 }))
    store.getState().statusReceived(snapshot(listener, ...peers, link(4, 'connected')), 0)
    expect(selectActiveLink(store.getState())?.linkId).toBe(1)
    expect(selectSendLink(store.getState())?.linkId).toBe(3)
    expect(selectFigures(store.getState()).rateIn).toBe(20)
  })

  test('carries nothing when it is closed, whatever its last figures were', () => {
    store.getState().statusReceived(snapshot(link(1, 'closed', { rateInBytesPerSecond: 795 })), 0)
    expect(selectFigures(store.getState())).toMatchObject({ rateIn: 0, utilisation: 0 })
  })
})

test('the session clock runs on between two snapshots', () => {
  store.getState().statusReceived(snapshot(), 200)
  expect(sessionNowMs(store.getState(), 350)).toBe(5150)
})

describe('pause', () => {
  const news = (total: number) => ({ total, firstId: 1, changedFromId: total, evicted: 0 })

  const listed = (first: number, end: number, generation = 1) => ({ ...NO_ROWS, generation, first, end })
  const span = () => spanOf(store.getState().listed, store.getState().frozenListed)

  test('freezes what the list shows and counts what waits', () => {
    store.getState().messagesChanged(news(10))
    store.getState().listChanged(listed(0, 10), true)
    store.getState().pauseToggled()
    store.getState().messagesChanged(news(322))
    store.getState().listChanged(listed(4, 322), false)
    expect(span()).toEqual({ first: 4, end: 10 }) // dropped rows are gone in a paused view too
    expect(selectWaitingCount(store.getState())).toBe(312)
    expect(selectRowsWaiting(store.getState())).toBe(312)
    store.getState().pauseToggled()
    expect(span()).toEqual({ first: 4, end: 322 })
    expect(selectWaitingCount(store.getState())).toBe(0)
  })

  test('can stand at a message that the screen was not told of yet', () => {
    store.getState().messagesChanged(news(10))
    store.getState().listChanged(listed(0, 10), true)
    store.getState().viewPausedAt(12, 13)
    expect(span()).toEqual({ first: 0, end: 13 })
    expect([selectWaitingCount(store.getState()), selectRowsWaiting(store.getState())]).toEqual([0, 0])
    store.getState().messagesChanged(news(14))
    store.getState().listChanged(listed(0, 15), false)
    expect([selectWaitingCount(store.getState()), selectRowsWaiting(store.getState())]).toEqual([2, 2])
    store.getState().viewPausedAt(14, 15) // it stands already
    expect(span()).toEqual({ first: 0, end: 13 })
  })

  test('holds for another view too: it stands where that view was when it came', () => {
    store.getState().listChanged(listed(0, 10), true)
    store.getState().pauseToggled()
    store.getState().listChanged(listed(0, 3, 2), true)
    store.getState().listChanged(listed(0, 8, 2), false)
    expect(span()).toEqual({ first: 0, end: 3 })
    expect(selectRowsWaiting(store.getState())).toBe(5)
  })

  test('ends when the newest is asked for, and when the capture is cleared', () => {
    store.getState().messagesChanged(news(10))
    store.getState().pauseToggled()
    store.getState().newestFollowed()
    expect(store.getState().frozen).toBeNull()
    store.getState().pauseToggled()
    store.getState().messageSelected(3, 'list')
    store.getState().messagesChanged(news(0))
    expect(store.getState().frozen).toBeNull()
    expect(store.getState().selectedId).toBeNull()
  })
})

describe('attempt to connect', () => {
  const opening = { kind: 'opening', linkId: 4, sinceMs: 0 } as const

  test.each<[LinkPhase, unknown]>([
    ['opening', opening],
    ['connected', 'connected'],
    ['listening', 'connected'],
  ])('a link that is %s makes it %j', (phase, outcome) => {
    expect(stepAttempt(opening, [link(4, phase)])).toEqual(outcome)
  })

  test('waits for both sides to have shaken hands', () => {
    const shaking = (phase: SessionPhase, more: Partial<LinkStatus> = {}) =>
      stepAttempt(opening, [link(4, 'connected', { session: session(phase), ...more })])
    expect(shaking('handshake')).toEqual(opening)
    expect(shaking('ready')).toBe('connected')
    expect(shaking('refused', { problem: refused })).toEqual({
      kind: 'failed',
      linkId: 4,
      problem: refused,
      isTrying: true,
    })
  })

  test('fails with the problem of its link, also while the link goes on trying', () => {
    for (const phase of ['waiting', 'closed'] as const) {
      expect(stepAttempt(opening, [link(4, phase, { problem: refused })])).toEqual({
        kind: 'failed',
        linkId: 4,
        problem: refused,
        isTrying: phase === 'waiting',
      })
    }
  })

  test('that failed goes on being followed while its link tries by itself', () => {
    const failed = { kind: 'failed', linkId: 4, problem: refused, isTrying: true } as const
    const other = { ...refused, message: 'next attempt in 2 s' }
    expect(stepAttempt(failed, [link(4, 'waiting', { problem: refused })])).toBe(failed)
    expect(stepAttempt(failed, [link(4, 'waiting', { problem: other })])).toEqual({
      ...failed,
      problem: other,
    })
    expect(stepAttempt(failed, [link(4, 'closed', { problem: refused })])).toEqual({
      ...failed,
      isTrying: false,
    })
    expect(stepAttempt(failed, [link(4, 'reconnecting')])).toBe(failed)
    expect(stepAttempt(failed, [link(4, 'connected')])).toBe('connected')
    const ended = { ...failed, isTrying: false }
    expect(stepAttempt(ended, [link(4, 'connected')])).toBe(ended)
  })

  test('is not judged by what an older attempt of the same link came to', () => {
    const again = { kind: 'opening', linkId: 4, sinceMs: 50 } as const
    const before = link(4, 'closed', { problem: refused, phaseSinceMs: 40 })
    expect(stepAttempt(again, [before])).toBe(again)
    expect(stepAttempt(again, [link(4, 'connected', { phaseSinceMs: 51 })])).toBe('connected')
  })

  test('waits for the first status of its link and ignores other links', () => {
    expect(stepAttempt(opening, [link(3, 'closed', { problem: refused })])).toBe(opening)
  })
})

describe('list view', () => {
  const rows = (first: number, end: number, generation = 1) => ({ ...NO_ROWS, generation, first, end })
  const state = () => store.getState()

  test('a selection holds as long as its rows keep their positions', () => {
    state().listChanged(rows(0, 100), true)
    state().rowsSelected(extendTo(selectOnly(10), 20))
    state().listChanged(rows(15, 140), false)
    expect(state().rowSelection.ranges).toEqual([{ from: 15, to: 21 }])
    const { listEpoch } = state()
    state().listChanged(rows(0, 100, 2), false)
    expect(state().rowSelection).toBe(NO_SELECTION)
    expect(state().listEpoch).toBe(listEpoch + 1)
  })

  test('a refused view is told of until another one is asked for or comes', () => {
    const problem = { code: 'FILTER_INVALID', message: 'no', remedy: 'yes' } as const
    state().draftTyped('abc')
    state().draftSettled()
    state().listRefused(problem)
    expect(state().listProblem).toBe(problem)
    state().draftTyped('msg.id == 1')
    state().draftSettled()
    expect(state().listProblem).toBeNull()
    expect(state().listView).toEqual({ filter: 'msg.id == 1', marks: [], order: 'time' })
  })

  test('fields among the columns are the same array until they are others', () => {
    state().columnsChanged([...state().listColumns, { id: 'field:body.t', widthPx: 90 }])
    const { listFields } = state()
    expect(listFields).toEqual(['body.t'])
    state().columnsChanged([...state().listColumns].reverse())
    expect(state().listFields).toBe(listFields)
  })
})

test('remembers sent routes once, newest first', () => {
  const sent = { messageId: 1, kind: 'request', timeoutMs: 1000, expect: '' } as const
  for (const route of ['echo', 'add', 'echo', '']) store.getState().sendAccepted(sent, route)
  expect(store.getState().sentRoutes).toEqual(['echo', 'add'])
})

test('the chosen theme outweighs the one of the system', () => {
  store.getState().systemThemeChanged('light')
  expect(selectTheme(store.getState())).toBe('light')
  store.getState().themeChosen('dark')
  expect(selectTheme(store.getState())).toBe('dark')
})
