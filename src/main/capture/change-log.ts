/**
 * Which messages changed, as a ring of ids. Every reader has its own cursor, so a slow one costs nothing; one that was
 * lapped has to look through the messages themselves.
 */
export class ChangeLog {
  readonly #ids: Uint32Array
  #end = 0

  constructor(capacity: number) {
    this.#ids = new Uint32Array(capacity)
  }

  /** Number of the next change. Numbers count from 0. */
  get end(): number {
    return this.#end
  }

  /** Oldest change that is still in the ring. */
  get first(): number {
    return Math.max(0, this.#end - this.#ids.length)
  }

  /** Notes a change and returns its number. */
  add(messageId: number): number {
    const change = this.#end
    this.#ids[change % this.#ids.length] = messageId
    this.#end = change + 1
    return change
  }

  /** Id of the message of a change from `first` … `end - 1`. */
  messageAt(change: number): number {
    return this.#ids[change % this.#ids.length]!
  }
}
