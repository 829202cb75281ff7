import type { ListEvent } from '../../../shared/model/list-view'
import type { PlacedEvent } from './list-journal'
import { ShownRows } from './shown-rows'

/**
 * Where rows and the events between them stand in one list. An event stands before the first row whose anchor is not below
 * its own. Positions run from `first` on; rows that come in front take positions below it, and what leaves at the front
 * moves it, so that all others keep theirs.
 */
export class ListPlaces {
  readonly rows = new ShownRows()
  readonly #note: (position: number) => void
  #events: readonly PlacedEvent[] = []
  #first = 0

  /** @param note - Told from which position on the list may look different. */
  constructor(note: (position: number) => void) {
    this.#note = note
  }

  /** First position that there is. */
  get first(): number {
    return this.#first
  }

  /** One beyond the last position. */
  get end(): number {
    return this.#first + this.rows.count + this.#events.length
  }

  /** Begins anew with no rows. @param expected - Rows that may come in front. */
  restart(events: readonly PlacedEvent[], expected: number): void {
    this.rows.clear(expected)
    this.#events = events
    // Every row may still turn up before the first one, and one more when the first of them go.
    this.#first = expected + 1
    this.#note(0)
  }

  /** So many rows were put in front of all others. */
  cameInFront(count: number): void {
    if (count === 0) return
    this.#first -= count
    this.#note(this.#first)
  }

  /** So many rows left at the front. */
  leftInFront(count: number): void {
    if (count === 0) return
    this.#first += count
    this.#note(this.#first)
  }

  /**
   * Takes over the events as they are now.
   *
   * @param isGone - An event that was there before went with the oldest messages.
   */
  eventsChanged(events: readonly PlacedEvent[], isGone: (placed: PlacedEvent) => boolean): void {
    const former = this.#events
    if (events === former) return
    const hadEvicted = former[0]?.anchor === 0 ? 1 : 0
    const hasEvicted = events[0]?.anchor === 0 ? 1 : 0
    let gone = 0
    while (hadEvicted + gone < former.length && isGone(former[hadEvicted + gone]!)) gone += 1
    this.#events = events
    this.#first += gone + hadEvicted - hasEvicted
    if (gone > 0 || former[0] !== events[0]) this.#note(this.#first)
    for (let at = 0; ; at++) {
      const one = former[hadEvicted + gone + at]
      const other = events[hasEvicted + at]
      if (one === undefined && other === undefined) return
      if (one === other) continue
      const anchor = Math.min(one?.anchor ?? Infinity, other?.anchor ?? Infinity)
      this.#note(this.#first + hasEvicted + at + this.rows.indexFrom(anchor, 0))
      return
    }
  }

  positionAt(index: number): number {
    return this.#first + index + this.#eventsUpTo(this.rows.anchorAt(index))
  }

  /** Index of the row at a position or, where an event stands there, of the next one in this direction; -1 when none. */
  indexAt(position: number, direction: 1 | -1): number {
    const offset = Math.min(Math.max(position, this.#first - 1), this.end) - this.#first
    // Going back, an event at the position itself does not count as passed.
    const index =
      direction === 1 ? offset - this.#eventsBefore(offset) : offset - this.#eventsBefore(offset + 1)
    return index >= 0 && index < this.rows.count ? index : -1
  }

  /** Calls `row` for each position, with an event or with the index of a row. */
  visit(from: number, to: number, row: (event: ListEvent | null, index: number) => void): void {
    const begin = Math.min(Math.max(from, this.#first), this.end)
    const end = Math.min(to, this.end)
    let event = this.#eventsBefore(begin - this.#first)
    let index = begin - this.#first - event
    for (let position = begin; position < end; position++) {
      const next = this.#events[event]
      if (next !== undefined && (index >= this.rows.count || next.anchor <= this.rows.anchorAt(index))) {
        row(next.event, -1)
        event += 1
      } else {
        row(null, index)
        index += 1
      }
    }
  }

  /** Events that stand before a row with this anchor. */
  #eventsUpTo(anchor: number): number {
    let low = 0
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#events[middle]!.anchor <= anchor) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Events among the first `count` positions. */
  #eventsBefore(count: number): number {
    let low = 0
    let high = this.#events.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.rows.indexFrom(this.#events[middle]!.anchor, 0) + middle < count) low = middle + 1
      else high = middle
    }
    return low
  }
}
