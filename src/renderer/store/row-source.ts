import type { ContractClient } from '../../shared/contract/contract-client'
import type { MessageRow, MessagesChanged } from '../../shared/model/views'
import { RowWindow } from './row-window'

/** Requests start at least this far apart: what one brings would be drawn over within two frames anyway. */
const REQUEST_SPACING_MS = 25

/** The rows near the view, kept fresh from the core. The list subscribes to it directly; React holds no rows. */
export class RowSource {
  readonly #client: ContractClient
  readonly #window = new RowWindow()
  readonly #listeners = new Set<() => void>()
  #version = 0
  #lastRequestMs = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: ContractClient) {
    this.#client = client
  }

  get(id: number): MessageRow | undefined {
    return this.#window.get(id)
  }

  /** How many rows before `endId` have not come yet, at most `limit`. */
  missingTail(endId: number, limit: number): number {
    let missing = 0
    while (missing < limit && this.#window.get(endId - 1 - missing) === undefined) missing += 1
    return missing
  }

  /** Routes of the rows at hand, for suggestions. */
  routes(): string[] {
    return [...new Set([...this.#window.rows].map((row) => row.route))].filter((route) => route !== '').sort()
  }

  want(fromId: number, toId: number): void {
    this.#window.want(fromId, toId)
    this.#pump()
  }

  changed(news: MessagesChanged): void {
    this.#window.changed(news)
    this.#pump()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Grows whenever a row on screen may look different. */
  readonly version = (): number => this.#version

  #pump(): void {
    if (this.#timer !== undefined) return
    const waitMs = this.#lastRequestMs + REQUEST_SPACING_MS - performance.now()
    if (waitMs > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#pump()
      }, waitMs)
      return
    }
    const request = this.#window.nextRequest()
    if (request === undefined) return
    this.#lastRequestMs = performance.now()
    void this.#client.call('messages.rows', request).then(
      ({ rows }) => {
        if (this.#window.arrived(rows)) this.#tell()
        this.#pump()
      },
      () => this.#window.failed(), // the link of screen and core reports its own end; a change asks again
    )
  }

  #tell(): void {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}
