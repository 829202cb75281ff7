import { beforeEach, describe, expect, test } from 'vitest'
import { MAX_EVENT_BATCH } from '../../../shared/model/device-log'
import { TraceScript } from '../../../testing/trace-script'
import { EventLog } from './event-log'
import { RouteLog } from './route-log'

let script: TraceScript
const numberOf = (_: number, key: number): number => key * 10

describe('routes', () => {
  let routes: RouteLog
  beforeEach(() => {
    routes = new RouteLog(numberOf, 3)
    script = new TraceScript(routes.observe)
  })

  function exchange(key: number, dir: 'in' | 'out', ms: number, headers = {}): void {
    script.opened({ messageKey: key, dir, route: 'cfg.get', kind: 'request' })
    script.closed({ messageKey: key, dir })
    script.nowMs += ms
    const back = dir === 'in' ? 'out' : 'in'
    script.opened({ messageKey: key + 1, dir: back, kind: 'response', answersKey: key, headers })
  }

  test('count requests, answers and errors, each way for itself, with how long the answers took', () => {
    exchange(1, 'in', 10)
    exchange(3, 'in', 30, { status: 'error' })
    exchange(5, 'out', 7)
    expect(routes.state().routes).toMatchObject([
      {
        dir: 'in',
        route: 'cfg.get',
        requests: 2,
        answers: 2,
        errors: 1,
        meanMs: 20,
        p99Ms: 30,
        lastMessageId: 30,
      },
      { dir: 'out', requests: 1, answers: 1, errors: 0, meanMs: 7 },
    ])
  })

  test('count a request without an answer as an error, and events apart', () => {
    script.opened({ messageKey: 1, dir: 'out', route: 'r', kind: 'request' })
    script.settled({ requestKey: 1, code: 'REQUEST_TIMEOUT' })
    script.opened({ messageKey: 2, dir: 'in', route: 'e', kind: 'event' })
    expect(routes.state().routes).toMatchObject([
      { route: 'r', requests: 1, answers: 0, errors: 1, meanMs: null, p99Ms: null },
      { route: 'e', requests: 0, events: 1 },
    ])
  })

  test('are bounded, and what finds no place is counted', () => {
    for (let key = 1; key <= 5; key++) script.opened({ messageKey: key, route: `r${key}`, kind: 'event' })
    expect(routes.state().routes).toHaveLength(3)
    expect(routes.state().unlisted).toBe(2)
  })
})

describe('events', () => {
  let events: EventLog
  const told = (): string[] => events.after(0).events.map(({ kind, subject }) => `${kind} ${subject}`.trim())
  beforeEach(() => {
    events = new EventLog(numberOf, 1000)
    script = new TraceScript(events.observe)
  })

  test('tell of links, requests of the peer, what was cancelled, and faults', () => {
    for (const phase of ['opening', 'connected', 'interrupted', 'waiting', 'connected', 'closed'] as const) {
      script.state(phase, { url: 'tcp://a' })
    }
    script.opened({ messageKey: 1, dir: 'in', route: 'cfg.get', kind: 'request' })
    script.opened({ messageKey: 2, dir: 'out', route: 'cfg.put', kind: 'request' })
    script.closed({ messageKey: 2, dir: 'out', outcome: 'cancelled' })
    script.fault({ code: 'NATIVE_BAD_CRC' })
    expect(told()).toEqual([
      'link-up tcp://a',
      'link-down tcp://a',
      'link-up tcp://a',
      'link-down tcp://a',
      'request cfg.get',
      'cancelled cfg.put',
      'fault NATIVE_BAD_CRC',
    ])
    expect(events.after(4).events[0]).toMatchObject({ messageId: 10, dir: 'in' })
  })

  test('are bounded: a slow reader gets the newest, and hears how many he missed', () => {
    for (let key = 1; key <= 2500; key++)
      script.opened({ messageKey: key, dir: 'in', route: 'e', kind: 'event' })
    const batch = events.after(100)
    expect(batch.events).toHaveLength(MAX_EVENT_BATCH)
    expect(batch.events.at(-1)?.eventId).toBe(2500)
    expect(batch.missed).toBe(2400 - MAX_EVENT_BATCH)
    expect(events.after(2500)).toEqual({ events: [], missed: 0 })
  })
})
