import type { TerminalBatch, TerminalPiece } from '../../../shared/model/terminal'

/** As much as the core keeps for a link. */
export const MAX_KEPT_BYTES = 1024 * 1024
const PIECE_BYTES = 64

/** What the page keeps of a link, to show it another way without asking again. Oldest first out. */
export class TerminalModel {
  #pieces: TerminalPiece[] = []
  #first = 0
  #cost = 0
  /** Bytes that passed and are not kept here. */
  lostBytes = 0
  receivedBytes = 0

  take({ pieces, lostBytes, isReset }: TerminalBatch): void {
    if (isReset) this.#clear()
    this.lostBytes += lostBytes
    for (const piece of pieces) {
      this.#pieces.push(piece)
      this.#cost += piece.bytes.length + PIECE_BYTES
      if (piece.dir === 'in') this.receivedBytes += piece.bytes.length
    }
    while (this.#cost > MAX_KEPT_BYTES) {
      const { length } = this.#pieces[this.#first]!.bytes
      this.#first += 1
      this.#cost -= length + PIECE_BYTES
      this.lostBytes += length
    }
    if (this.#first < 256 || this.#first * 2 < this.#pieces.length) return
    this.#pieces = this.#pieces.slice(this.#first)
    this.#first = 0
  }

  get pieces(): readonly TerminalPiece[] {
    return this.#first === 0 ? this.#pieces : this.#pieces.slice(this.#first)
  }

  get isEmpty(): boolean {
    return this.#first === this.#pieces.length
  }

  #clear(): void {
    this.#pieces = []
    this.#first = 0
    this.#cost = 0
    this.lostBytes = 0
    this.receivedBytes = 0
  }
}
