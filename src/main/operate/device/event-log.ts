import {
  type EventBatch,
  type LoggedEvent,
  MAX_EVENT_BATCH,
  MAX_EVENTS,
} from '../../../shared/model/device-log'
import type {
  LinkPhase,
  LinkStateEvent,
  MessageOpened,
  SessionPhase,
  TaskRunEvent,
  TraceEvent,
} from '../../../shared/model/trace'

export type NewEvent = Omit<LoggedEvent, 'eventId'>

const UP: ReadonlySet<LinkPhase> = new Set<LinkPhase>(['connected', 'listening'])
const TOLD_SESSIONS: ReadonlySet<SessionPhase> = new Set<SessionPhase>([
  'ready',
  'silent',
  'one-way',
  'refused',
  'ended',
])

/**
 * What happened, newest last: the life of links and requests from the trace, and what other parts of the program `tell`.
 * Bounded; a reader that is slow misses the oldest, and is told how many.
 */
export class EventLog {
  readonly #messageIdOf: (linkId: number, messageKey: number) => number
  readonly #maxEvents: number
  readonly #listeners = new Set<() => void>()
  readonly #phases = new Map<number, LinkPhase>()
  /** Routes of messages that are on their way, by link and key, for what is said of them later. */
  readonly #open = new Map<number, Map<number, string>>()
  #events: LoggedEvent[] = []
  #lastId = 0

  /** @param messageIdOf - Number of a message in the capture, which must hear of an event first. */
  constructor(messageIdOf: (linkId: number, messageKey: number) => number, maxEvents = MAX_EVENTS) {
    this.#messageIdOf = messageIdOf
    this.#maxEvents = maxEvents
  }

  get lastId(): number {
    return this.#lastId
  }

  readonly observe = (event: TraceEvent): void => {
    const { linkId, atMs } = event
    switch (event.type) {
      case 'link-state':
        this.#linkState(event)
        return
      case 'session':
        if (!TOLD_SESSIONS.has(event.phase)) return
        this.tell({
          ...NOTHING,
          kind: 'session',
          atMs,
          linkId,
          subject: event.phase,
          detail: event.detail === '' ? event.peerIdentity : event.detail,
          code: event.code,
        })
        return
      case 'message-opened':
        this.#opened(event)
        return
      case 'message-closed': {
        const open = this.#open.get(linkId)
        const route = event.outcome === 'cancelled' ? open?.get(event.messageKey) : undefined
        open?.delete(event.messageKey)
        if (event.outcome !== 'cancelled') return
        this.tell({
          ...NOTHING,
          kind: 'cancelled',
          atMs,
          linkId,
          dir: event.dir,
          subject: route ?? '',
          detail: `after ${event.bodyBytes} B`,
          code: event.code,
          messageId: this.#messageIdOf(linkId, event.messageKey),
        })
        return
      }
      case 'fault':
        this.tell({
          ...NOTHING,
          kind: 'fault',
          atMs,
          linkId,
          dir: event.dir,
          subject: event.code,
          detail: event.detail,
          code: event.code,
        })
        return
      case 'task-run':
        this.tell({ ...NOTHING, kind: 'task', atMs, linkId, subject: event.task, detail: taskWords(event) })
        return
      case 'cache': {
        const { key, change, by, messageId } = event
        const detail = by === '' ? change : `${change}, ${by}`
        this.tell({ ...NOTHING, kind: 'cache', atMs, linkId, subject: key, detail, messageId })
        return
      }
      default:
    }
  }

  /** Adds an event of another part of the program, such as its start. */
  tell(event: NewEvent): void {
    this.#lastId += 1
    const { kind, atMs, linkId, dir, subject, detail, code, messageId } = event
    // name by name: this runs for every message
    this.#events.push({ eventId: this.#lastId, kind, atMs, linkId, dir, subject, detail, code, messageId })
    if (this.#events.length >= 2 * this.#maxEvents) this.#events = this.#events.slice(-this.#maxEvents)
    for (const listener of this.#listeners) listener()
  }

  /** What came after this event, oldest first; of more than fit, the newest. */
  after(eventId: number): EventBatch {
    const kept = this.#events.slice(-this.#maxEvents)
    const events = kept.filter((event) => event.eventId > eventId).slice(-MAX_EVENT_BATCH)
    return { events, missed: this.#lastId - eventId - events.length }
  }

  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  #linkState({ linkId, atMs, phase, url, code, detail }: LinkStateEvent): void {
    const before = this.#phases.get(linkId) ?? 'idle'
    this.#phases.set(linkId, phase)
    if (phase === 'closed') this.#open.delete(linkId)
    const isUp = UP.has(phase)
    if (isUp === UP.has(before) && phase !== 'closed') return
    if (!isUp && before === 'idle') return
    const kind = isUp ? 'link-up' : 'link-down'
    if (kind === 'link-down' && before === 'closed') return
    this.tell({ ...NOTHING, kind, atMs, linkId, subject: url, detail, code })
  }

  #opened({ linkId, atMs, messageKey, dir, route, kind }: MessageOpened): void {
    if (kind !== 'request' && kind !== 'event') return
    const open = this.#openOf(linkId)
    open.set(messageKey, route)
    if (open.size > this.#maxEvents) open.delete(open.keys().next().value!)
    if (kind === 'request' && dir === 'out') return // the operator knows what he asks
    const messageId = this.#messageIdOf(linkId, messageKey)
    this.tell({ kind, atMs, linkId, dir, subject: route, detail: '', code: null, messageId })
  }

  #openOf(linkId: number): Map<number, string> {
    let open = this.#open.get(linkId)
    if (open === undefined) {
      open = new Map()
      this.#open.set(linkId, open)
    }
    return open
  }
}

const taskWords = ({ outcome, detail }: TaskRunEvent): string =>
  detail === '' ? outcome : `${outcome}: ${detail}`

const NOTHING = { dir: null, detail: '', code: null, messageId: 0 } as const
