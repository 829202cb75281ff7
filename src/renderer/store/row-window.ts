import type { MessageRow, MessagesChanged } from '../../shared/model/views'

/** Which messages the list can show: the ids `firstId` … `firstId + total - 1`, one per list position. */
export interface MessageBounds {
  readonly firstId: number
  readonly total: number
  readonly evicted: number
}

export const NO_MESSAGES: MessageBounds = { firstId: 1, total: 0, evicted: 0 }

/** First id that is not there yet. */
export const endId = (bounds: MessageBounds): number => bounds.firstId + bounds.total

export const MAX_ROWS_PER_REQUEST = 500
/** Rows kept around the view, so that small steps back show at once. */
const MAX_ROWS_KEPT = 2000

interface KeptRow {
  readonly row: MessageRow
  readonly isStale: boolean
}

export interface RowsRequest {
  readonly from: number
  readonly count: number
}

/**
 * The rows of the message list that are near the view, by id (positions move when old rows are dropped, ids do not).
 * Decides what to ask for: one request at a time, always for the newest window; what changed while a request was on its
 * way is asked again. Pure: somebody else sends the requests.
 */
export class RowWindow {
  readonly #rows = new Map<number, KeptRow>()
  readonly #absent = new Set<number>()
  #bounds: MessageBounds = NO_MESSAGES
  #wantedFrom = 0
  #wantedEnd = 0
  /** Ids of the request on its way; positions may move meanwhile. */
  #inFlight: { readonly fromId: number; readonly toId: number } | undefined
  #changedInFlight = Number.POSITIVE_INFINITY

  /** The row as last seen, also when a fresher one is on its way; undefined until its first arrival. */
  get(id: number): MessageRow | undefined {
    return this.#rows.get(id)?.row
  }

  get rows(): Iterable<MessageRow> {
    return [...this.#rows.values()].map((kept) => kept.row)
  }

  /** The ids from `fromId` up to but not including `toId` are on screen. */
  want(fromId: number, toId: number): void {
    this.#wantedFrom = fromId
    this.#wantedEnd = Math.min(toId, fromId + MAX_ROWS_PER_REQUEST)
  }

  changed(news: MessagesChanged): void {
    const { firstId, total, evicted } = news
    if (firstId + total < endId(this.#bounds)) this.#forgetAll() // cleared: ids may begin anew
    this.#bounds = { firstId, total, evicted }
    this.#absent.clear()
    if (news.changedFromId === 0) return
    this.#changedInFlight = Math.min(this.#changedInFlight, news.changedFromId)
    this.#markStale(news.changedFromId)
  }

  /** What to ask for now, or undefined when nothing is missing or a request is on its way already. */
  nextRequest(): RowsRequest | undefined {
    if (this.#inFlight !== undefined) return undefined
    let first = -1
    let last = -1
    const end = Math.min(this.#wantedEnd, endId(this.#bounds))
    for (let id = Math.max(this.#wantedFrom, this.#bounds.firstId); id < end; id++) {
      if (this.#absent.has(id) || this.#rows.get(id)?.isStale === false) continue
      if (first === -1) first = id
      last = id
    }
    if (first === -1) return undefined
    this.#inFlight = { fromId: first, toId: last + 1 }
    this.#changedInFlight = Number.POSITIVE_INFINITY
    return { from: first - this.#bounds.firstId, count: last - first + 1 }
  }

  /** Takes the answer over. Returns whether anything on screen can look different now. */
  arrived(rows: readonly MessageRow[]): boolean {
    let hasChanged = false
    for (const row of rows) {
      const known = this.#rows.get(row.id)?.row
      // an equal row keeps its identity: the view then does not draw it again
      const kept = known !== undefined && isSameRow(known, row) ? known : row
      hasChanged ||= kept !== known
      this.#rows.delete(row.id)
      this.#rows.set(row.id, { row: kept, isStale: row.id >= this.#changedInFlight })
    }
    this.#closeRequest()
    this.#trim()
    return hasChanged
  }

  /** The request failed: asked again at the next change or move, not at once. */
  failed(): void {
    this.#closeRequest()
  }

  /** Rows asked for that did not come were dropped meanwhile: asking again would go on for ever. */
  #closeRequest(): void {
    if (this.#inFlight === undefined) return
    const { fromId, toId } = this.#inFlight
    this.#inFlight = undefined
    for (let id = fromId; id < toId; id++) if (!this.#rows.has(id)) this.#absent.add(id)
  }

  #markStale(fromId: number): void {
    for (const [id, kept] of this.#rows) {
      if (id >= fromId && !kept.isStale) this.#rows.set(id, { row: kept.row, isStale: true })
    }
  }

  #forgetAll(): void {
    this.#rows.clear()
    this.#absent.clear()
  }

  #trim(): void {
    for (const id of this.#rows.keys()) {
      if (this.#rows.size <= MAX_ROWS_KEPT) return
      if (id < this.#wantedFrom || id >= this.#wantedEnd) this.#rows.delete(id)
    }
  }
}

function isSameRow(a: MessageRow, b: MessageRow): boolean {
  for (const key of Object.keys(b) as (keyof MessageRow)[]) if (a[key] !== b[key]) return false
  return true
}
