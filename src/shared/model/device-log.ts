import type { ErrorCode } from '../errors'
import type { Direction } from './trace'

/** Routes of all links whose figures are kept. */
export const MAX_LISTED_ROUTES = 1000
/** Durations per route that mean and 99th percentile are made of. */
export const KEPT_DURATIONS = 256
/** Events that are kept. */
export const MAX_EVENTS = 2000
/** Events told in one batch; what came faster is counted. */
export const MAX_EVENT_BATCH = 500

/** What passed on one route of one link. */
export interface RouteFigures {
  readonly linkId: number
  /** In: the peer asks and we answer. Out: we ask and the peer answers. */
  readonly dir: Direction
  readonly route: string
  readonly requests: number
  readonly events: number
  readonly answers: number
  /** Answers that say that something went wrong, and requests without any. */
  readonly errors: number
  /** In: from a request being there to its answer being given. Out: the round trip. Null without answers. */
  readonly meanMs: number | null
  readonly p99Ms: number | null
  readonly lastAtMs: number
  /** A number of the capture. */
  readonly lastMessageId: number
}

export interface RoutesState {
  readonly routes: readonly RouteFigures[]
  /** Routes beyond the limit, which have no figures. */
  readonly unlisted: number
}

export type EventKind =
  | 'start'
  | 'stop'
  | 'link-up'
  | 'link-down'
  | 'session'
  | 'request'
  | 'cancelled'
  | 'fault'
  | 'task'
  | 'cache'
  | 'event'

/** Something that happened: to the program, to a link, or told by an application. */
export interface LoggedEvent {
  /** From 1, in order. */
  readonly eventId: number
  readonly kind: EventKind
  readonly atMs: number
  /** 0 for none. */
  readonly linkId: number
  readonly dir: Direction | null
  /** Route, name or code: what is looked for. */
  readonly subject: string
  readonly detail: string
  readonly code: ErrorCode | null
  /** A number of the capture; 0 for none. */
  readonly messageId: number
}

/** `missed`: events before these that came faster than they were taken, or went before anybody looked. */
export interface EventBatch {
  readonly events: readonly LoggedEvent[]
  readonly missed: number
}
