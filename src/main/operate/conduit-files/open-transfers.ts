import type { Clock } from '../../../shared/model/clock'
import { Alarm } from '../../link/alarm'
import { IDLE_MS } from './file-words'

export interface Transfer {
  /** Ends it, and removes what came of it. */
  drop(): Promise<void>
}

/** Transfers under way, by their ids: so many at a time, and none that nothing is heard of. */
export class OpenTransfers<T extends Transfer> {
  readonly #clock: Clock
  readonly #most: number
  readonly #idle: Alarm
  readonly #onDropped: (id: string, transfer: T) => void
  /** The one that was heard of longest ago comes first. */
  readonly #open = new Map<string, { readonly transfer: T; readonly heardMs: number }>()

  /** @param onDropped - Called for those that end by a limit. */
  constructor(clock: Clock, most: number, onDropped: (id: string, transfer: T) => void = () => {}) {
    this.#clock = clock
    this.#most = most
    this.#onDropped = onDropped
    this.#idle = new Alarm(clock)
  }

  has(id: string): boolean {
    return this.#open.has(id)
  }

  async begin(id: string, transfer: T): Promise<void> {
    const [longest] = this.#open
    this.#hear(id, transfer)
    if (this.#open.size > this.#most) await this.#expire(longest![0])
  }

  find(id: unknown): T | undefined {
    const open = typeof id === 'string' ? this.#open.get(id) : undefined
    if (open !== undefined) this.#hear(id as string, open.transfer)
    return open?.transfer
  }

  /** It came to its end by itself. */
  remove(id: string): void {
    this.#open.delete(id)
  }

  async drop(id: string): Promise<void> {
    const open = this.#open.get(id)
    this.#open.delete(id)
    await open?.transfer.drop()
  }

  async close(): Promise<void> {
    this.#idle.cancel()
    for (const id of [...this.#open.keys()]) await this.drop(id)
  }

  #hear(id: string, transfer: T): void {
    const nowMs = this.#clock.nowMs()
    this.#open.delete(id)
    this.#open.set(id, { transfer, heardMs: nowMs })
    this.#watch()
  }

  #watch(): void {
    const [longest] = this.#open.values()
    if (longest === undefined) return
    this.#idle.set(longest.heardMs + IDLE_MS, () => {
      const dueMs = this.#clock.nowMs() - IDLE_MS
      for (const [id, { heardMs }] of [...this.#open]) if (heardMs <= dueMs) void this.#expire(id)
      this.#watch()
    })
  }

  async #expire(id: string): Promise<void> {
    const { transfer } = this.#open.get(id)!
    await this.drop(id)
    this.#onDropped(id, transfer)
  }
}
