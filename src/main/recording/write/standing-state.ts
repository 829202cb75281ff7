import type { MessageOpened, TraceEvent } from '../../../shared/model/trace'

interface StandingLink {
  /** The newest event of each kind that tells a state. */
  readonly states: Map<TraceEvent['type'], TraceEvent>
  /** Messages that have begun and not ended, by key and direction. */
  readonly open: Map<number, MessageOpened>
}

const STATES: ReadonlySet<TraceEvent['type']> = new Set([
  'link-state',
  'session',
  'lines',
  'queue',
  'clock-sample',
])

/**
 * What must be known to read on from here: how each link stands, and which messages are on their way. A recording that
 * begins in the midst of a session begins with it. Bounded by what the links themselves allow to be open.
 */
export class StandingState {
  readonly #links = new Map<number, StandingLink>()
  readonly #maxOpen: number

  /** @param maxOpen - Messages per link that are known to be under way, where the trace may come from anybody. */
  constructor(maxOpen = Number.POSITIVE_INFINITY) {
    this.#maxOpen = maxOpen
  }

  observe(event: TraceEvent): void {
    switch (event.type) {
      case 'message-opened':
        if (this.#link(event.linkId).open.size < this.#maxOpen)
          this.#link(event.linkId).open.set(keyOf(event), event)
        return
      case 'message-closed':
        this.#links.get(event.linkId)?.open.delete(keyOf(event))
        return
      default:
        if (!STATES.has(event.type)) return
        if (event.type === 'link-state' && event.phase === 'closed') this.#links.delete(event.linkId)
        else this.#link(event.linkId).states.set(event.type, event)
    }
  }

  /** Oldest first. They stay valid: trace events never change. */
  events(): TraceEvent[] {
    const events = [...this.#links.values()].flatMap(({ states, open }) => [
      ...states.values(),
      ...open.values(),
    ])
    return events.sort((a, b) => a.atMs - b.atMs)
  }

  #link(linkId: number): StandingLink {
    let link = this.#links.get(linkId)
    if (link === undefined) {
      link = { states: new Map(), open: new Map() }
      this.#links.set(linkId, link)
    }
    return link
  }
}

/** Numbers are found faster than texts are made, and this is asked for every message. */
const keyOf = ({ dir, messageKey }: Pick<MessageOpened, 'dir' | 'messageKey'>): number =>
  messageKey * 2 + (dir === 'in' ? 1 : 0)
