import type { ContractClient } from '../../shared/contract/contract-client'

const PAGE_BYTES = 64 * 1024
const MAX_PAGES = 48

/** A body that is too large to hold: pages of it, fetched when they come into view, the oldest forgotten. */
export class BodySource {
  readonly totalBytes: number
  readonly #client: ContractClient
  readonly #messageId: number
  readonly #pages = new Map<number, Uint8Array>()
  readonly #asked = new Set<number>()
  readonly #listeners = new Set<() => void>()
  #version = 0

  /** @param start - The beginning of the body as the detail brought it. */
  constructor(client: ContractClient, messageId: number, totalBytes: number, start: Uint8Array) {
    this.#client = client
    this.#messageId = messageId
    this.totalBytes = totalBytes
    for (let page = 0; page * PAGE_BYTES < start.length; page++) {
      const part = start.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
      if (part.length === this.#pageLength(page)) this.#pages.set(page, part)
    }
  }

  /** The bytes from `offset` on, at most `count`; undefined while they are on their way (and asked for). */
  read(offset: number, count: number): Uint8Array | undefined {
    const end = Math.min(offset + count, this.totalBytes)
    const bytes = new Uint8Array(Math.max(0, end - offset))
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / PAGE_BYTES)
      const page = this.#pages.get(number)
      if (page === undefined) {
        this.#ask(number)
        return undefined
      }
      const part = page.subarray(at - number * PAGE_BYTES, Math.min(page.length, end - number * PAGE_BYTES))
      if (part.length === 0) return undefined
      bytes.set(part, at - offset)
      at += part.length
    }
    return bytes
  }

  /**
   * All of it, in pieces. Only for bodies known to be small enough.
   *
   * @param onProgress - Told how many bytes are there, once per piece.
   */
  async readAll(onProgress?: (doneBytes: number) => void): Promise<Uint8Array> {
    const bytes = new Uint8Array(this.totalBytes)
    for (let number = 0; number * PAGE_BYTES < this.totalBytes; number++) {
      const page = this.#pages.get(number) ?? (await this.#fetch(number))
      bytes.set(page.subarray(0, this.totalBytes - number * PAGE_BYTES), number * PAGE_BYTES)
      onProgress?.(Math.min(this.totalBytes, (number + 1) * PAGE_BYTES))
    }
    return bytes
  }

  /** The bytes from `offset` on, at most `count`, fetched where they are not at hand; what is fetched is not kept. */
  async readRange(offset: number, count: number): Promise<Uint8Array> {
    const end = Math.min(offset + count, this.totalBytes)
    const bytes = new Uint8Array(Math.max(0, end - offset))
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / PAGE_BYTES)
      const page = this.#pages.get(number) ?? (await this.#fetch(number))
      const part = page.subarray(at - number * PAGE_BYTES, end - number * PAGE_BYTES)
      if (part.length === 0) break // the body is shorter than it was
      bytes.set(part, at - offset)
      at += part.length
    }
    return bytes
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly version = (): number => this.#version

  #pageLength(page: number): number {
    return Math.min(PAGE_BYTES, this.totalBytes - page * PAGE_BYTES)
  }

  #ask(page: number): void {
    if (this.#asked.has(page)) return
    this.#asked.add(page)
    void this.#fetch(page).then(
      (bytes) => {
        this.#asked.delete(page)
        this.#pages.set(page, bytes)
        for (const oldest of this.#pages.keys()) {
          if (this.#pages.size <= MAX_PAGES) break
          if (oldest !== page) this.#pages.delete(oldest)
        }
        this.#version += 1
        for (const listener of this.#listeners) listener()
      },
      () => undefined, // stays asked: a body that was dropped does not come back, the rows stay empty
    )
  }

  async #fetch(page: number): Promise<Uint8Array> {
    const { bytes } = await this.#client.call('message.body', {
      messageId: this.#messageId,
      offset: page * PAGE_BYTES,
      count: PAGE_BYTES,
    })
    return bytes
  }
}
