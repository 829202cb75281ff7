import type { TraceEvent } from '../../../shared/model/trace'
import type { ReadEntry } from '../read/recording-trace'

/** Entries of one message that are held back at most; of a longer one its frames are left out. */
const MAX_HELD_ENTRIES = 4096

/**
 * Lets pass what belongs to the messages that a filter admits, and how the links stood. A message is judged when it ends:
 * until then what belongs to it is held back.
 */
export class FilteredEntries {
  readonly #admits: (event: TraceEvent) => boolean
  readonly #held = new Map<string, ReadEntry[]>()
  /** Requests that passed: what became of them passes too. */
  readonly #passed = new Set<string>()

  /** @param admits - Takes every event in order; says at the end of a message whether it matches. */
  constructor(admits: (event: TraceEvent) => boolean) {
    this.#admits = admits
  }

  /** What of it, and of what was held back before, passes now. */
  take(read: ReadEntry): readonly ReadEntry[] {
    const { event } = read
    if (event === undefined) return []
    const isAdmitted = this.#admits(event)
    switch (event.type) {
      case 'message-opened':
        this.#held.set(keyOf(event.linkId, event.dir, event.messageKey), [read])
        return []
      case 'frame': {
        const held = this.#held.get(keyOf(event.linkId, event.dir, event.messageKey))
        if (held !== undefined && held.length < MAX_HELD_ENTRIES) held.push(read)
        return []
      }
      case 'message-closed': {
        const key = keyOf(event.linkId, event.dir, event.messageKey)
        const held = this.#held.get(key) ?? []
        this.#held.delete(key)
        if (!isAdmitted) return []
        if (event.dir === 'out') this.#passed.add(key)
        return [...held, read]
      }
      case 'request-settled':
        return this.#passed.delete(keyOf(event.linkId, 'out', event.requestKey)) ? [read] : []
      case 'link-state':
        return [read]
      default:
        return []
    }
  }
}

const keyOf = (linkId: number, dir: string, messageKey: number): string => `${linkId} ${dir} ${messageKey}`
