import { MAX_BATCH_BYTES } from '../../../shared/contract/envelope'
import type { TerminalBatch, TerminalPiece } from '../../../shared/model/terminal'
import type { TraceEvent } from '../../../shared/model/trace'

export interface TerminalBacklogLimits {
  readonly bytesPerLink: number
  readonly bytes: number
}

const DEFAULT_TERMINAL_LIMITS: TerminalBacklogLimits = {
  bytesPerLink: 1024 * 1024,
  bytes: 16 * 1024 * 1024,
}

/** What a piece costs beside its bytes, in memory and in a batch. */
const PIECE_BYTES = 64
/** Large reads are kept in pieces of this size, so that the bounds are met closely. */
const MAX_PIECE_BYTES = 32 * 1024

interface KeptPiece extends TerminalPiece {
  /** Bytes of the link that passed before it. */
  readonly offset: number
  /** Order over all links. */
  readonly serial: number
}

interface LinkBacklog {
  pieces: KeptPiece[]
  /** Index of the first piece that is still there; those before it are dropped in one go now and then. */
  first: number
  cost: number
  /** Bytes that passed so far. */
  end: number
  /** Where the last clearing was. */
  clearedAt: number
  clearings: number
  readonly listeners: Set<() => void>
}

/** The bytes of all links that passed lately, for those who open a terminal later or look away for a while. */
export class TerminalBacklog {
  readonly #limits: TerminalBacklogLimits
  readonly #links = new Map<number, LinkBacklog>()
  #cost = 0
  #serial = 0

  constructor(limits: TerminalBacklogLimits = DEFAULT_TERMINAL_LIMITS) {
    this.#limits = limits
  }

  /** Copies what it keeps. */
  readonly observe = (event: TraceEvent): void => {
    if (event.type !== 'bytes' || event.byteCount === 0) return
    const link = this.#link(event.linkId)
    const { dir, atMs, bytes } = event
    for (let at = 0; at < bytes.length; at += MAX_PIECE_BYTES) {
      const piece = bytes.slice(at, at + MAX_PIECE_BYTES)
      link.pieces.push({ dir, atMs, bytes: piece, offset: link.end, serial: ++this.#serial })
      link.end += piece.length
      link.cost += costOf(piece)
      this.#cost += costOf(piece)
      while (link.cost > this.#limits.bytesPerLink) this.#dropOldest(link)
      while (this.#cost > this.#limits.bytes) this.#dropOldest(this.#oldestLink())
    }
    for (const listener of link.listeners) listener()
  }

  /** Forgets what passed on this link, for everybody. */
  clear(linkId: number): void {
    const link = this.#link(linkId)
    this.#cost -= link.cost
    link.pieces = []
    link.first = 0
    link.cost = 0
    link.clearedAt = link.end
    link.clearings += 1
    for (const listener of link.listeners) listener()
  }

  /** Reads what is kept and then what comes. `onNews` is called within the event that brought something. */
  read(linkId: number, onNews: () => void): TerminalReader {
    const link = this.#link(linkId)
    link.listeners.add(onNews)
    return new TerminalReader(link, () => link.listeners.delete(onNews))
  }

  get keptBytes(): number {
    return this.#cost
  }

  #link(linkId: number): LinkBacklog {
    let link = this.#links.get(linkId)
    if (link === undefined) {
      link = { pieces: [], first: 0, cost: 0, end: 0, clearedAt: 0, clearings: 0, listeners: new Set() }
      this.#links.set(linkId, link)
    }
    return link
  }

  #oldestLink(): LinkBacklog {
    let oldest: LinkBacklog | undefined
    for (const link of this.#links.values()) {
      const piece = link.pieces[link.first]
      if (piece !== undefined && piece.serial < (oldest?.pieces[oldest.first]?.serial ?? Infinity))
        oldest = link
    }
    if (oldest === undefined) throw new RangeError('the backlog is full and holds nothing')
    return oldest
  }

  #dropOldest(link: LinkBacklog): void {
    const cost = costOf(link.pieces[link.first]!.bytes)
    link.cost -= cost
    this.#cost -= cost
    link.first += 1
    if (link.first < 64 || link.first * 2 < link.pieces.length) return
    link.pieces.splice(0, link.first)
    link.first = 0
  }
}

const costOf = (bytes: Uint8Array): number => bytes.length + PIECE_BYTES

/** One view of the bytes of a link. What was dropped before it was read counts as lost for this view. */
export class TerminalReader {
  readonly #link: LinkBacklog
  readonly #end: () => void
  /** Bytes of the link that this reader has told, or counted as lost. */
  #offset: number
  #clearings: number
  #isFirst = true

  constructor(link: LinkBacklog, end: () => void) {
    this.#link = link
    this.#end = end
    this.#offset = link.clearedAt
    this.#clearings = link.clearings
  }

  /** What is new, at most `MAX_BATCH_BYTES` of it; undefined when nothing is. */
  take(): TerminalBatch | undefined {
    const link = this.#link
    const isReset = this.#isFirst || this.#clearings !== link.clearings
    if (!isReset && !this.hasMore) return undefined
    if (this.#clearings !== link.clearings) this.#offset = Math.max(this.#offset, link.clearedAt)
    this.#isFirst = false
    this.#clearings = link.clearings
    let index = this.#indexOf(this.#offset)
    const lostBytes = (link.pieces[index]?.offset ?? link.end) - this.#offset
    const pieces: TerminalPiece[] = []
    let room = MAX_BATCH_BYTES
    for (; index < link.pieces.length; index++) {
      const { dir, atMs, bytes } = link.pieces[index]!
      room -= costOf(bytes)
      if (room < 0) break
      pieces.push({ dir, atMs, bytes })
    }
    this.#offset = link.pieces[index]?.offset ?? link.end
    return { pieces, lostBytes, isReset }
  }

  get hasMore(): boolean {
    return this.#offset < this.#link.end || this.#clearings !== this.#link.clearings
  }

  close(): void {
    this.#end()
  }

  /** The first piece that is kept and was not told. */
  #indexOf(offset: number): number {
    const { pieces } = this.#link
    let low = this.#link.first
    let high = pieces.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (pieces[middle]!.offset < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
