const SPARE_ROWS = 64
const MAX_ROOM_AT_ONCE = 8192

/** What left the rows by `forgetBefore`. */
export interface Forgotten {
  readonly removed: number
  /** Rows that stayed although others behind them went: they moved. */
  readonly moved: number
}

/**
 * The messages that a view shows, sorted by anchor and number, with a few bits for each. The anchor is the message at
 * whose place a row stands: its own number, or that of the request it answers, so never more than its own number.
 * There is room at both ends: rows come at the end while messages arrive, and at the front while older ones are filtered.
 */
export class ShownRows {
  #ids = new Uint32Array(SPARE_ROWS)
  #anchors = new Uint32Array(SPARE_ROWS)
  #marks = new Uint16Array(SPARE_ROWS)
  #begin = SPARE_ROWS / 2
  #end = SPARE_ROWS / 2

  get count(): number {
    return this.#end - this.#begin
  }

  idAt(index: number): number {
    return this.#ids[this.#begin + index]!
  }

  anchorAt(index: number): number {
    return this.#anchors[this.#begin + index]!
  }

  marksAt(index: number): number {
    return this.#marks[this.#begin + index]!
  }

  setMarks(index: number, marks: number): void {
    this.#marks[this.#begin + index] = marks
  }

  /** Index of the first row that stands at or after this place. */
  indexFrom(anchor: number, id: number): number {
    let low = this.#begin
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#anchors[middle]!
      if (other < anchor || (other === anchor && this.#ids[middle]! < id)) low = middle + 1
      else high = middle
    }
    return low - this.#begin
  }

  /** Index of a row, -1 when it is not there. */
  indexOf(anchor: number, id: number): number {
    const index = this.indexFrom(anchor, id)
    return index < this.count && this.idAt(index) === id ? index : -1
  }

  /** Puts a row at its place and returns its index. The shorter side makes room. */
  insert(anchor: number, id: number, marks: number): number {
    const index = this.indexFrom(anchor, id)
    if (this.#begin === 0 || this.#end === this.#ids.length) this.#makeRoom()
    if (index < this.count / 2) {
      this.#move(this.#begin, this.#begin + index, this.#begin - 1)
      this.#begin -= 1
    } else {
      this.#move(this.#begin + index, this.#end, this.#begin + index + 1)
      this.#end += 1
    }
    const at = this.#begin + index
    this.#ids[at] = id
    this.#anchors[at] = anchor
    this.#marks[at] = marks
    return index
  }

  /** Puts `count` rows with numbers from `firstId` on, each at its own place, before all others. */
  insertRun(firstId: number, count: number): void {
    if (this.#begin < count) this.#makeRoom(count)
    this.#begin -= count
    for (let offset = 0; offset < count; offset++) {
      this.#ids[this.#begin + offset] = firstId + offset
      this.#anchors[this.#begin + offset] = firstId + offset
    }
    this.#marks.fill(0, this.#begin, this.#begin + count)
  }

  remove(index: number): void {
    const at = this.#begin + index
    if (index < this.count / 2) {
      this.#move(this.#begin, at, this.#begin + 1)
      this.#begin += 1
    } else {
      this.#move(at + 1, this.#end, at)
      this.#end -= 1
    }
  }

  /**
   * Removes every row with a number below `firstId`. Answers whose request goes stay where they are.
   *
   * @param onRemoved - Called with the bits of each row that goes.
   */
  forgetBefore(firstId: number, onRemoved: (marks: number) => void): Forgotten {
    // A number is never below its anchor, so every row to be removed lies before this place.
    const stop = this.#begin + this.indexFrom(firstId, 0)
    let write = stop
    let moved = 0
    for (let read = stop - 1; read >= this.#begin; read--) {
      if (this.#ids[read]! < firstId) {
        onRemoved(this.#marks[read]!)
        continue
      }
      write -= 1
      if (write === read) continue
      moved += 1
      this.#ids[write] = this.#ids[read]!
      this.#anchors[write] = this.#anchors[read]!
      this.#marks[write] = this.#marks[read]!
    }
    const removed = write - this.#begin
    this.#begin = write
    return { removed, moved }
  }

  /**
   * Removes all rows.
   *
   * @param expected - How many may come at the front: room for them is made at once, but not for very many. Of most
   *   filters few messages come, and views without a filter ask for the room of all when they take them.
   */
  clear(expected: number): void {
    const begin = Math.min(expected, MAX_ROOM_AT_ONCE) + SPARE_ROWS / 2
    const capacity = begin + SPARE_ROWS / 2
    this.#ids = new Uint32Array(capacity)
    this.#anchors = new Uint32Array(capacity)
    this.#marks = new Uint16Array(capacity)
    this.#begin = this.#end = begin
  }

  #move(from: number, to: number, target: number): void {
    if (from === to) return
    this.#ids.copyWithin(target, from, to)
    this.#anchors.copyWithin(target, from, to)
    this.#marks.copyWithin(target, from, to)
  }

  /** Half as much room at either end as there are rows, at the front at least as much as asked for. */
  #makeRoom(atFront = 0): void {
    const { count } = this
    const begin = Math.max(SPARE_ROWS / 2, count >>> 1, atFront)
    const capacity = begin + count + Math.max(SPARE_ROWS / 2, count >>> 1)
    const grown = <Column extends Uint32Array | Uint16Array>(from: Column, to: Column): Column => {
      to.set(from.subarray(this.#begin, this.#end), begin)
      return to
    }
    this.#ids = grown(this.#ids, new Uint32Array(capacity))
    this.#anchors = grown(this.#anchors, new Uint32Array(capacity))
    this.#marks = grown(this.#marks, new Uint16Array(capacity))
    this.#begin = begin
    this.#end = begin + count
  }
}
