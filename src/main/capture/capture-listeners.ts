import type { TriggerMoment } from '../../shared/model/triggers'
import type { MessagesChanged } from '../../shared/model/views'
import type { MessageStore } from './message-store'
import { MessageWatch } from './message-watch'

/** Hears of messages at the moments of their lives. It must be cheap, and change nothing before it returns. */
export interface MomentListener {
  reached(messageId: number, moment: TriggerMoment, atMs: number): void
  /** Messages went or got other numbers: `clear`. */
  cleared(): void
}

/**
 * Who wants to know what happens to a capture. The lists are replaced when they change, so that telling of every frame
 * allocates nothing, and whoever comes or goes while it is told disturbs nobody.
 */
export class CaptureListeners {
  #changes: readonly (() => void)[] = []
  #moments: readonly MomentListener[] = []
  #watches: readonly MessageWatch[] = []

  /** Calls `listener` after every change: it must be cheap. Returns how to end it. */
  onChange(listener: () => void): () => void {
    this.#changes = [...this.#changes, listener]
    return () => {
      this.#changes = this.#changes.filter((other) => other !== listener)
    }
  }

  /** Returns how to end it. */
  hearMoments(listener: MomentListener): () => void {
    this.#moments = [...this.#moments, listener]
    return () => {
      this.#moments = this.#moments.filter((other) => other !== listener)
    }
  }

  /** Watches the bounds and changes of the message list, until `end` is called. */
  watchMessages(messages: MessageStore): { take(): MessagesChanged | undefined; end(): void } {
    const watch = new MessageWatch(messages)
    this.#watches = [...this.#watches, watch]
    return {
      take: () => watch.take(),
      end: () => {
        this.#watches = this.#watches.filter((other) => other !== watch)
      },
    }
  }

  /** Something changed. */
  changed(): void {
    for (let at = 0; at < this.#changes.length; at++) this.#changes[at]!()
  }

  /** A message was added or changed in any way. */
  messageChanged(id: number): void {
    for (let at = 0; at < this.#watches.length; at++) this.#watches[at]!.note(id)
  }

  /** A message came to a moment of its life. */
  reached(id: number, moment: TriggerMoment, atMs: number): void {
    for (let at = 0; at < this.#moments.length; at++) this.#moments[at]!.reached(id, moment, atMs)
  }

  cleared(): void {
    for (const listener of this.#moments) listener.cleared()
  }
}
