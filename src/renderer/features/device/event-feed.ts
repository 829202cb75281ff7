import {
  type EventBatch,
  type EventKind,
  type LoggedEvent,
  MAX_EVENTS,
} from '../../../shared/model/device-log'

export const GROUPS = ['all', 'links', 'messages', 'events', 'work', 'faults'] as const
export type EventGroup = (typeof GROUPS)[number]

const KINDS: Readonly<Record<Exclude<EventGroup, 'all'>, ReadonlySet<EventKind>>> = {
  links: new Set(['start', 'stop', 'link-up', 'link-down', 'session']),
  messages: new Set(['request', 'cancelled']),
  events: new Set(['event']),
  work: new Set(['task', 'cache']),
  faults: new Set(['fault', 'cancelled', 'link-down']),
}

/** The events a screen holds, oldest first, and how many went before them. */
export interface EventFeed {
  readonly events: readonly LoggedEvent[]
  readonly missed: number
}

/** Adds what came; the oldest go beyond the limit, and are counted. */
export function addEvents(
  { events, missed }: EventFeed,
  batch: EventBatch,
  maxEvents = MAX_EVENTS,
): EventFeed {
  const all = [...events, ...batch.events]
  const over = Math.max(0, all.length - maxEvents)
  return { events: all.slice(over), missed: missed + batch.missed + over }
}

/** @param text - Part of a subject or a detail, whatever its case; empty for all. */
export function shownEvents(events: readonly LoggedEvent[], group: EventGroup, text: string): LoggedEvent[] {
  const wanted = text.trim().toLowerCase()
  return events.filter(({ kind, subject, detail }) => {
    if (group !== 'all' && !KINDS[group].has(kind)) return false
    return wanted === '' || `${kind} ${subject} ${detail}`.toLowerCase().includes(wanted)
  })
}
