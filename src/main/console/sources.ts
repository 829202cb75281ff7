import { LIVE_SOURCE } from '../../shared/contract/envelope'
import { ConsoleError } from '../../shared/errors'
import type { SourcePort } from './console-types'

/** Recordings that may be open at the same time: each has a capture of its own. */
export const MAX_SOURCES = 8

/** A source beside the live one. */
export interface OpenSource extends SourcePort {
  close(): Promise<void>
}

/** What screens can look at: the live session under 0, and the recordings that are open under numbers of their own. */
export class Sources {
  readonly #live: SourcePort
  readonly #open = new Map<number, OpenSource>()
  #last = LIVE_SOURCE

  constructor(live: SourcePort) {
    this.#live = live
  }

  /** @throws ConsoleError `SOURCE_UNKNOWN`. */
  get(source: number): SourcePort {
    return source === LIVE_SOURCE ? this.#live : this.#expect(source)
  }

  /**
   * Gives a source its number. Owned from now on.
   *
   * @throws ConsoleError `SOURCES_TOO_MANY`: nothing is owned then.
   */
  add(source: OpenSource): number {
    if (this.#open.size >= MAX_SOURCES) {
      throw new ConsoleError('SOURCES_TOO_MANY', `${MAX_SOURCES} recordings are open`, { limit: MAX_SOURCES })
    }
    this.#last += 1
    this.#open.set(this.#last, source)
    return this.#last
  }

  /** Closes a source; what subscribes to it gets nothing more. @throws ConsoleError `SOURCE_UNKNOWN`. */
  async close(source: number): Promise<void> {
    const open = this.#expect(source)
    this.#open.delete(source)
    await open.close()
  }

  async closeAll(): Promise<void> {
    const open = [...this.#open.values()]
    this.#open.clear()
    await Promise.all(open.map((source) => source.close()))
  }

  #expect(source: number): OpenSource {
    const open = this.#open.get(source)
    if (open === undefined)
      throw new ConsoleError('SOURCE_UNKNOWN', `there is no open recording ${source}`, { source })
    return open
  }
}
