import { type ListChanged, type ListRow, MAX_LIST_ROWS } from '../../shared/model/list-view'

/** Rows kept around the view, so that small steps back show at once. */
const MAX_ROWS_KEPT = 2000

interface KeptRow {
  readonly row: ListRow
  readonly isStale: boolean
}

export interface RowsRequest {
  readonly from: number
  readonly count: number
}

export interface RowsAnswer {
  readonly generation: number
  readonly from: number
  readonly rows: readonly ListRow[]
}

type Bounds = Pick<ListChanged, 'generation' | 'first' | 'end'>

const NOTHING: Bounds = { generation: -1, first: 0, end: 0 }

/**
 * The rows of a list view that are near what is on screen, by position. Decides what to ask for: one request at a time,
 * always for the newest window; what changed while a request was on its way is asked again. Another generation forgets
 * everything. Pure: somebody else sends the requests.
 */
export class RowWindow {
  readonly #rows = new Map<number, KeptRow>()
  /** Of messages by their number, of events by their name. */
  readonly #positions = new Map<number | string, number>()
  readonly #absent = new Set<number>()
  #bounds = NOTHING
  #wantedFrom = 0
  #wantedEnd = 0
  #inFlight: { readonly from: number; readonly to: number; readonly generation: number } | undefined
  #changedInFlight = Number.POSITIVE_INFINITY
  #isWaiting = false

  /** The row as last seen, also when a fresher one is on its way; undefined until its first arrival. */
  get(position: number): ListRow | undefined {
    return this.#rows.get(position)?.row
  }

  /** The row at a position, when nothing has changed there since it came: what stands there for sure. */
  fresh(position: number): ListRow | undefined {
    const kept = this.#rows.get(position)
    return kept?.isStale === false ? kept.row : undefined
  }

  /** Where a message stands, as far as its row is at hand and nothing has changed there since. */
  positionOf(messageId: number): number | undefined {
    const position = this.#positions.get(messageId)
    return position === undefined || this.#rows.get(position)?.isStale !== false ? undefined : position
  }

  get rows(): ListRow[] {
    return [...this.#rows.values()].map((kept) => kept.row)
  }

  /** Rows on screen are missing and nothing is asked for: what is awaited may never come. */
  get isStuck(): boolean {
    if (this.#inFlight !== undefined) return false
    if (!this.#isWaiting && this.#absent.size === 0) return false
    const end = Math.min(this.#wantedEnd, this.#bounds.end)
    for (let position = Math.max(this.#wantedFrom, this.#bounds.first); position < end; position++) {
      if (this.#rows.get(position)?.isStale !== false) return true
    }
    return false
  }

  /** Asks again for what failed or did not come. */
  retry(): void {
    this.#isWaiting = false
    this.#absent.clear()
  }

  get generation(): number {
    return this.#bounds.generation
  }

  /** The positions from `from` up to but not including `to` are on screen. */
  want(from: number, to: number): void {
    if (from !== this.#wantedFrom || to !== this.#wantedEnd) this.#isWaiting = false
    this.#wantedFrom = from
    this.#wantedEnd = Math.min(to, from + MAX_LIST_ROWS)
  }

  changed(news: Pick<ListChanged, 'generation' | 'first' | 'end' | 'changedFrom'>): void {
    const { generation, first, end } = news
    if (generation !== this.#bounds.generation) this.forget()
    this.#bounds = { generation, first, end }
    this.#absent.clear()
    this.#isWaiting = false
    for (const position of this.#rows.keys()) if (position < first || position >= end) this.#drop(position)
    if (news.changedFrom >= end) return
    this.#changedInFlight = Math.min(this.#changedInFlight, news.changedFrom)
    this.#markStale(news.changedFrom)
  }

  /** What the rows hold is not what is asked for any more: they stay until fresh ones are there. */
  outdated(): void {
    this.#changedInFlight = 0
    this.#absent.clear()
    this.#isWaiting = false
    this.#markStale(0)
  }

  /** All positions are new. */
  forget(): void {
    this.#rows.clear()
    this.#positions.clear()
    this.#absent.clear()
    this.#bounds = NOTHING
    this.#changedInFlight = 0
  }

  /** What to ask for now, or undefined when nothing is missing or a request is on its way already. */
  nextRequest(): RowsRequest | undefined {
    if (this.#inFlight !== undefined || this.#isWaiting) return undefined
    let first = -1
    let last = -1
    const end = Math.min(this.#wantedEnd, this.#bounds.end)
    for (let position = Math.max(this.#wantedFrom, this.#bounds.first); position < end; position++) {
      if (this.#absent.has(position) || this.#rows.get(position)?.isStale === false) continue
      if (first === -1) first = position
      last = position
    }
    if (first === -1) return undefined
    this.#inFlight = { from: first, to: last + 1, generation: this.#bounds.generation }
    this.#changedInFlight = Number.POSITIVE_INFINITY
    return { from: first, count: last - first + 1 }
  }

  /** Takes the answer over. Returns whether anything on screen can look different now. */
  arrived({ generation, from, rows }: RowsAnswer): boolean {
    if (generation !== this.#bounds.generation) {
      const isOutdated = this.#inFlight?.generation === generation
      this.failed()
      this.#isWaiting = !isOutdated // the news of a generation we do not know yet is on its way
      return false
    }
    let hasChanged = false
    const { first, end } = this.#bounds
    rows.forEach((row, index) => {
      const position = from + index
      if (position < first || position >= end) return // the news overtook the answer, or are on their way
      const known = this.#rows.get(position)?.row
      // an equal row keeps its identity: the view then does not draw it again
      const kept = known !== undefined && isSameRow(known, row) ? known : row
      hasChanged ||= kept !== known
      this.#drop(position)
      const name = nameOf(kept)
      this.#dropElsewhere(name, position)
      this.#rows.set(position, { row: kept, isStale: position >= this.#changedInFlight })
      this.#positions.set(name, position)
    })
    this.#closeRequest()
    this.#trim()
    return hasChanged
  }

  /** The request failed: asked again at the next change, move or `retry`, not at once. */
  failed(): void {
    this.#inFlight = undefined
    this.#isWaiting = true
  }

  /**
   * Rows asked for that did not come were dropped meanwhile: asking again would go on for ever. Those that the news told of
   * while the answer was on its way came after it was made.
   */
  #closeRequest(): void {
    if (this.#inFlight === undefined) return
    const { from, to } = this.#inFlight
    this.#inFlight = undefined
    for (let position = from; position < Math.min(to, this.#changedInFlight); position++) {
      if (!this.#rows.has(position)) this.#absent.add(position)
    }
  }

  #markStale(from: number): void {
    for (const [position, kept] of this.#rows) {
      if (position >= from && !kept.isStale) this.#rows.set(position, { row: kept.row, isStale: true })
    }
  }

  /** What moved stands at one position only: the same row twice would confuse whoever draws them. */
  #dropElsewhere(name: number | string, position: number): void {
    const before = this.#positions.get(name)
    if (before !== undefined && before !== position) this.#drop(before)
  }

  #drop(position: number): void {
    const row = this.#rows.get(position)?.row
    if (row === undefined) return
    if (this.#positions.get(nameOf(row)) === position) this.#positions.delete(nameOf(row))
    this.#rows.delete(position)
  }

  #trim(): void {
    for (const position of this.#rows.keys()) {
      if (this.#rows.size <= MAX_ROWS_KEPT) return
      if (position < this.#wantedFrom || position >= this.#wantedEnd) this.#drop(position)
    }
  }
}

const nameOf = (row: ListRow): number | string =>
  row.row === 'message' ? row.id : row.row === 'event' ? `event ${row.eventId}` : `chunk ${row.chunkRow}`

function isSameRow(a: ListRow, b: ListRow): boolean {
  if (a.row !== b.row) return false
  for (const key of Object.keys(b) as (keyof ListRow)[]) {
    const [before, now] = [a[key] as unknown, b[key] as unknown]
    if (before === now) continue
    if (!Array.isArray(before) || !Array.isArray(now) || before.length !== now.length) return false
    if (before.some((cell, index) => cell !== now[index])) return false
  }
  return true
}
