import type { BodyPath } from '../../../shared/body/body-paths'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyTree } from '../../../shared/body/body-types'
import { lenientUtf8 } from '../../../shared/bytes'
import type { SubjectValues } from '../../../shared/filter/filter-types'
import type { Note } from '../../../shared/model/notes'
import type { ChunkStore } from '../chunk-store'
import type { MessageColumns } from '../message-columns'
import type { MessageStore } from '../message-store'
import { bodyValues, skimmedValues } from './body-values'

/** What a link is called and how it is reached. */
export interface SubjectLink {
  readonly name: string
  /** `serial`, `tcp`, `sim`, … */
  readonly kind: string
  /** The dialect. */
  readonly proto: string
}

/** Where fields of messages come from. */
export interface SubjectSource {
  readonly messages: MessageStore
  readonly chunks: ChunkStore
  notesOf(messageId: number): readonly Note[]
  /** Undefined for a link that is forgotten. */
  linkOf(linkId: number): SubjectLink | undefined
  /** Session time. */
  nowMs(): number
  /** Time of day at session time 0, in ms since local midnight. */
  readonly dayStartMs: number
}

/** One kept message, until it is moved to the next. What has to be decoded is decoded once, and only when it is asked for. */
export class MessageCursor {
  readonly source: SubjectSource
  #id = 0
  #columns: MessageColumns | undefined
  #at = 0
  #body: Uint8Array | null | undefined
  #text: string | undefined
  #tree: BodyTree | undefined

  constructor(source: SubjectSource) {
    this.source = source
  }

  /** False, and nowhere, when the message is not kept. */
  moveTo(id: number): boolean {
    const { messages } = this.source
    const isKept = messages.has(id)
    this.#id = isKept ? id : 0
    this.#columns = isKept ? messages.columnsOf(id) : undefined
    this.#at = isKept ? messages.indexOf(id) : 0
    this.#body = undefined
    this.#text = undefined
    this.#tree = undefined
    return isKept
  }

  get id(): number {
    return this.#id
  }

  /** Only after `moveTo` was true. */
  get columns(): MessageColumns {
    return this.#columns!
  }

  get at(): number {
    return this.#at
  }

  /** Borrowed; undefined while there is none, and when it is no longer kept. */
  get body(): Uint8Array | undefined {
    if (this.#body === undefined) this.#body = this.source.messages.bodyOf(this.#id) ?? null
    return this.#body ?? undefined
  }

  get text(): string | undefined {
    const { body } = this
    if (body !== undefined) this.#text ??= lenientUtf8(body)
    return this.#text
  }

  /** What a filter compares at a path of the body. Decodes no more of it than the answer needs. */
  bodyValues(path: BodyPath): SubjectValues {
    const { body } = this
    if (body === undefined) return undefined
    const skimmed = this.#tree === undefined ? skimmedValues(body, path) : undefined
    if (skimmed !== undefined) return skimmed.found
    return bodyValues(this.tree!, path)
  }

  get tree(): BodyTree | undefined {
    const { body } = this
    if (body !== undefined) this.#tree ??= bodyTree(body)
    return this.#tree
  }
}
