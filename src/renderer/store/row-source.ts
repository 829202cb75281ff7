import type { ContractClient } from '../../shared/contract/contract-client'
import type { CommandReply } from '../../shared/contract/replies'
import { hasCode } from '../../shared/errors'
import type { ListChanged, ListRow, ListView } from '../../shared/model/list-view'
import { RowWindow } from './row-window'

/** Requests start at least this far apart: what one brings would be drawn over within two frames anyway. */
const REQUEST_SPACING_MS = 25

/** Rows that did not come although nothing told why are asked for again after this time. */
export const RETRY_MS = 1000

const EVERYTHING: ListView = { filter: '', marks: [], order: 'time' }

/** The rows near the view, kept fresh from the core. The list subscribes to it directly; React holds no rows. */
export class RowSource {
  readonly #client: ContractClient
  readonly #listeners = new Set<() => void>()
  #window = new RowWindow()
  #view = EVERYTHING
  #fields: readonly string[] = []
  /** The fields the rows at hand were asked with: their cells are in this order. */
  #shownFields: readonly string[] = []
  #wanted: readonly [from: number, to: number] = [0, 0]
  #version = 0
  #lastRequestMs = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(client: ContractClient) {
    this.#client = client
  }

  /** The view the rows belong to. */
  get view(): ListView {
    return this.#view
  }

  /** Which cell of the rows at hand belongs to which field. */
  get shownFields(): readonly string[] {
    return this.#shownFields
  }

  get(position: number): ListRow | undefined {
    return this.#window.get(position)
  }

  /** The row that stands there for sure: another may stand where rows have come or gone above. */
  fresh(position: number): ListRow | undefined {
    return this.#window.fresh(position)
  }

  /** How many rows before `end` have not come yet, at most `limit`. */
  missingTail(end: number, limit: number): number {
    let missing = 0
    while (missing < limit && this.#window.get(end - 1 - missing) === undefined) missing += 1
    return missing
  }

  /** Routes of the rows at hand, for suggestions. */
  routes(): string[] {
    const routes = this.#window.rows.map((row) => (row.row === 'message' ? row.route : ''))
    return [...new Set(routes)].filter((route) => route !== '').sort()
  }

  /** Beginnings of the bodies of the rows at hand, as text. */
  previews(): string[] {
    return this.#window.rows.flatMap((row) => (row.row === 'message' ? row.preview : []))
  }

  /** The next message before (-1) or after (1) a position that a filter admits; null when there is none. */
  async find(
    filter: string,
    fromPosition: number,
    direction: 1 | -1,
  ): Promise<{ position: number; messageId: number } | null> {
    const view = contractView(this.#view)
    const reply = await this.#client.call('list.find', { view, filter, fromPosition, direction })
    const { position, messageId } = reply
    return position === null || messageId === null ? null : { position, messageId }
  }

  /** The positions from `from` up to but not including `to` are on screen. */
  want(from: number, to: number): void {
    this.#wanted = [from, to]
    this.#window.want(from, to)
    this.#pump()
  }

  /** Shows another view: nothing of the old one is kept, and what is still on its way is not taken over. */
  shown(view: ListView): void {
    this.#view = view
    this.#window = new RowWindow()
    this.#window.want(...this.#wanted)
  }

  /** Asks for other further columns. */
  fieldsChanged(fields: readonly string[]): void {
    this.#fields = fields
    this.#window.outdated()
    this.#pump()
  }

  changed(news: ListChanged): void {
    this.#window.changed(news)
    this.#pump()
  }

  /** The row at a position, fetched if it is not at hand. Undefined when it is there no more. */
  async rowAt(position: number): Promise<ListRow | undefined> {
    const known = this.#window.fresh(position)
    if (known !== undefined) return known
    return (await this.rowsAt(position, 1))?.rows[0]
  }

  /** Rows of the present generation; undefined when the list is another one by now or they are gone. */
  async rowsAt(from: number, count: number): Promise<CommandReply<'list.rows'> | undefined> {
    const { generation } = this.#window
    const reply = await this.#client.call('list.rows', { ...this.#request(), from, count })
    return reply.generation === generation && reply.from === from ? reply : undefined
  }

  /** Where a message stands, as far as its row is at hand. */
  knownPositionOf(messageId: number): number | undefined {
    return this.#window.positionOf(messageId)
  }

  /** Where a message stands in the view, and where it would; both null when the list changed meanwhile. */
  async positionOf(messageId: number): Promise<{ position: number | null; nearest: number | null }> {
    const window = this.#window
    const known = window.positionOf(messageId)
    if (known !== undefined) return { position: known, nearest: known }
    const view = contractView(this.#view)
    const { generation, position, nearest } = await this.#client.call('list.position', { view, messageId })
    const isSame = window === this.#window && generation === window.generation
    return isSame ? { position, nearest } : { position: null, nearest: null }
  }

  /** The position whose time is nearest; null in an empty view, or when the list changed meanwhile. */
  async positionAt(atMs: number): Promise<number | null> {
    const window = this.#window
    const view = contractView(this.#view)
    const { generation, position } = await this.#client.call('list.at', { view, atMs: Math.max(0, atMs) })
    return window === this.#window && generation === window.generation ? position : null
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Grows whenever a row on screen may look different. */
  readonly version = (): number => this.#version

  #request(): { view: MutableView; fields: string[] } {
    return { view: contractView(this.#view), fields: [...this.#fields] }
  }

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
    const window = this.#window
    const request = window.nextRequest()
    if (request === undefined) {
      this.#retryLater()
      return
    }
    this.#lastRequestMs = performance.now()
    const fields = this.#fields
    void this.#client.call('list.rows', { ...this.#request(), ...request }).then(
      (reply) => {
        if (window !== this.#window) return
        const hasOtherFields = fields !== this.#shownFields
        this.#shownFields = fields
        if (window.arrived(reply) || hasOtherFields) this.#tell()
        this.#pump()
      },
      (error: unknown) => {
        window.failed()
        // the end of the channel is told once, by the channel
        if (window === this.#window && !hasCode(error, 'CHANNEL_CLOSED')) this.#retryLater()
      },
    )
  }

  /** In a list in which nothing changes any more, nobody else would ask again. */
  #retryLater(): void {
    if (this.#retry !== undefined || this.#listeners.size === 0 || !this.#window.isStuck) return
    const window = this.#window
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      if (window === this.#window) window.retry()
      this.#pump()
    }, RETRY_MS)
  }

  #tell(): void {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}

/** A view as the contract takes it. */
interface MutableView {
  filter: string
  marks: string[]
  order: ListView['order']
}

export const contractView = (view: ListView): MutableView => ({ ...view, marks: [...view.marks] })
