import type { ErrorCode } from '../../../shared/errors'
import type { Direction } from '../../../shared/model/trace'
import type { IncomingRequest, Reply } from '../stack-types'

/** Times of all events are milliseconds of the session clock. */
interface At {
  readonly atMs: number
}

/**
 * What an endpoint tells about itself. Handlers of these events observe: they cannot change or stop what happens, and
 * their failures stay theirs.
 */
export interface SystemEvents {
  /** Before the first request is served. */
  readonly start: At
  /** Once per start, when nothing runs any more. */
  readonly stop: At
  /** After the handler ran, failed, or was not found; not for answers to our own requests. */
  readonly request: At & { readonly request: IncomingRequest; readonly isHandled: boolean }
  /** After `request`, for each answer that was queued. */
  readonly response: At & { readonly request: IncomingRequest; readonly reply: Reply }
  /** A message was cancelled before it was complete, by us or by the peer. */
  readonly cancelled: At & {
    readonly linkId: number
    readonly messageKey: number
    readonly ref: string
    /** Of the message: `in` when it was on its way to us. */
    readonly dir: Direction
    readonly by: 'us' | 'peer'
  }
  readonly linkUp: At & { readonly linkId: number }
  /** `code` is null when the link was closed on request. */
  readonly linkDown: At & { readonly linkId: number; readonly code: ErrorCode | null }
  /** Each time; Python tells of a receive error only when a race between its threads goes that way. */
  readonly fault: At & { readonly linkId: number; readonly code: ErrorCode; readonly detail: string }
}

/** The system events of the Python Netcore (netcore-lso.md §10) and ours. */
export const EVENT_OF_PYTHON_NAME: Readonly<Record<string, keyof SystemEvents>> = {
  start: 'start',
  stop: 'stop',
  request: 'request',
  response: 'response',
  mission_canceled: 'cancelled',
  recv_exception: 'fault',
}
