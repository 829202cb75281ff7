import type { TraceEvent } from '../../../shared/model/trace'
import type { ReadEntry } from '../read/recording-trace'

/** Entries of one message that are held back at most; of a longer one its frames are left out. */
const MAX_HELD_ENTRIES = 4096

/** Messages whose frames are held while their head is still to come. */
const MAX_AHEAD_MESSAGES = 256

/**
 * Lets pass what belongs to the messages that a filter admits, and how the links stood. A message is judged when it ends:
 * until then what belongs to it is held back.
 */
export class FilteredEntries {
  readonly #admits: (event: TraceEvent) => boolean
  readonly #held = new Map<string, ReadEntry[]>()
  /** Frames ahead of the head of their message. */
  readonly #ahead = new Map<string, ReadEntry[]>()
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
      case 'message-opened': {
        const key = keyOf(event.linkId, event.dir, event.messageKey)
        this.#held.set(key, [...this.#takeAhead(key), read])
        return []
      }
      case 'frame': {
        if (event.messageKey === 0) return []
        const key = keyOf(event.linkId, event.dir, event.messageKey)
        const held = this.#held.get(key)
        if (held === undefined) this.#holdAhead(key, event.chunkIndex, read)
        else if (held.length < MAX_HELD_ENTRIES) held.push(read)
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

  #holdAhead(key: string, chunkIndex: number, read: ReadEntry): void {
    const ahead = this.#ahead.get(key)
    if (ahead !== undefined) {
      if (ahead.length < MAX_HELD_ENTRIES) ahead.push(read)
      return
    }
    if (chunkIndex !== 0) return // of a message that ended
    this.#ahead.set(key, [read])
    const oldest = this.#ahead.size > MAX_AHEAD_MESSAGES ? this.#ahead.keys().next().value : undefined
    if (oldest !== undefined) this.#ahead.delete(oldest)
  }

  #takeAhead(key: string): readonly ReadEntry[] {
    const ahead = this.#ahead.get(key) ?? []
    this.#ahead.delete(key)
    return ahead
  }
}

const keyOf = (linkId: number, dir: string, messageKey: number): string => `${linkId} ${dir} ${messageKey}`
