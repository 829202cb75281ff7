import type { MessagesChanged } from '../../shared/model/views'
import type { MessageStore } from './message-store'

/** One screen's view on which rows of the message list changed: a single number, however much happened. */
export class MessageWatch {
  readonly #store: MessageStore
  #changedFromId: number
  #told: Pick<MessagesChanged, 'total' | 'firstId' | 'evicted'> | null = null

  constructor(store: MessageStore) {
    this.#store = store
    this.#changedFromId = store.firstId
  }

  /** The capture calls this for every row that was added or changed. */
  note(id: number): void {
    if (id < this.#changedFromId) this.#changedFromId = id
  }

  /** What changed since the last call (the first time: everything), or undefined when nothing did. */
  take(): MessagesChanged | undefined {
    const { kept: total, firstId, evicted, nextId } = this.#store
    const told = this.#told
    const hasChanged = this.#changedFromId < nextId
    const isSame = told?.total === total && told.firstId === firstId && told.evicted === evicted
    if (isSame && !hasChanged) return undefined
    const changedFromId = hasChanged ? Math.max(this.#changedFromId, firstId) : 0
    this.#changedFromId = Number.POSITIVE_INFINITY
    this.#told = { total, firstId, evicted }
    return { total, firstId, evicted, changedFromId: total === 0 ? 0 : changedFromId }
  }
}
