import type { Feed } from '../main/console/console-types'

/** A feed a test fills by hand. Like a real one it keeps a summary: what was not taken is joined to one list. */
export class ManualFeed<T> implements Feed<readonly T[]> {
  #waiting: T[] = []
  #listener: (() => void) | undefined
  #mustTell = true
  isClosed = false
  takes = 0

  add(value: T): void {
    this.#waiting.push(value)
    if (!this.#mustTell) return
    this.#mustTell = false
    this.#listener?.()
  }

  take(): readonly T[] | undefined {
    this.takes += 1
    this.#mustTell = true
    return this.#waiting.length === 0 ? undefined : this.#waiting.splice(0)
  }

  onNews(listener: () => void): void {
    this.#listener = listener
  }

  close(): void {
    this.isClosed = true
  }
}
