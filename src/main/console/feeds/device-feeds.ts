import type { Clock } from '../../../shared/model/clock'
import type { EventBatch, RoutesState } from '../../../shared/model/device-log'
import type { ProblemsState } from '../../../shared/model/problems'
import type { RespondersState } from '../../../shared/model/responders'
import type { EventLog } from '../../operate/device/event-log'
import type { RouteLog } from '../../operate/device/route-log'
import type { Responders } from '../../operate/responders/responders'
import type { Feed } from '../console-types'
import type { Problems } from '../problems/problems'
import { PacedFeed } from './paced-feed'

const RESPONDERS_INTERVAL_MS = 200
const ROUTES_INTERVAL_MS = 500
const EVENTS_INTERVAL_MS = 100
const PROBLEMS_INTERVAL_MS = 200

interface Versioned {
  readonly version: number
  onChange(listener: () => void): () => void
}

/** All of a state, at first and whenever its version is another. */
function stateFeed<T>(source: Versioned, clock: Clock, intervalMs: number, state: () => T): Feed<T> {
  let told = -1
  const stop = source.onChange(() => feed.touch())
  const feed = new PacedFeed<T>(clock, {
    intervalMs,
    produce: () => {
      if (told === source.version) return undefined
      told = source.version
      return state()
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}

export const respondersFeed = (responders: Responders, clock: Clock): Feed<RespondersState> =>
  stateFeed(responders, clock, RESPONDERS_INTERVAL_MS, () => responders.state())

export const routesFeed = (routes: RouteLog, clock: Clock): Feed<RoutesState> =>
  stateFeed(routes, clock, ROUTES_INTERVAL_MS, () => routes.state())

/** All problems, at first and whenever what stands changed. */
export function problemsFeed(problems: Problems, clock: Clock): Feed<ProblemsState> {
  let told: number | undefined
  const stop = problems.onChange(() => feed.touch())
  const feed = new PacedFeed<ProblemsState>(clock, {
    intervalMs: PROBLEMS_INTERVAL_MS,
    produce: () => {
      const state = problems.list()
      if (told === problems.version) return undefined
      told = problems.version
      return state
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}

/** Events that are kept, then what comes. What was not taken in time is counted. */
export function eventsFeed(events: EventLog, clock: Clock): Feed<EventBatch> {
  let taken = 0
  const stop = events.onChange(() => feed.touch())
  const feed = new PacedFeed<EventBatch>(clock, {
    intervalMs: EVENTS_INTERVAL_MS,
    produce: () => {
      const before = taken
      taken = events.lastId
      return taken === before ? undefined : events.after(before)
    },
    hasMore: () => false,
    close: stop,
  })
  return feed
}
