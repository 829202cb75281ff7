import type { TerminalPiece } from '../model/terminal'
import type { Direction } from '../model/trace'

/** A row of a hex dump: up to 16 bytes of one direction that came without a pause between them. */
export interface HexRow {
  readonly dir: Direction
  /** When its first byte came, session time in milliseconds. */
  readonly atMs: number
  /** Position of its first byte in the stream of its direction. */
  readonly offset: number
  readonly bytes: Uint8Array
}

const HEX_ROW_BYTES = 16
/** After a pause of this length a new row begins, so that its time is that of its bytes. */
const HEX_IDLE_GAP_MS = 20

/** Cuts bytes into rows: after 16, when the direction changes, and after a pause. */
export class HexRows {
  readonly #idleGapMs: number
  readonly #offsets = { in: 0, out: 0 }
  readonly #bytes = new Uint8Array(HEX_ROW_BYTES)
  #count = 0
  #dir: Direction = 'in'
  #atMs = 0
  #lastMs = 0

  constructor(idleGapMs = HEX_IDLE_GAP_MS) {
    this.#idleGapMs = idleGapMs
  }

  /** @param onRow - Gets every row that is complete now. */
  push({ dir, atMs, bytes }: TerminalPiece, onRow: (row: HexRow) => void): void {
    if (this.#count > 0 && (dir !== this.#dir || atMs - this.#lastMs > this.#idleGapMs)) this.end(onRow)
    this.#lastMs = atMs
    for (let at = 0; at < bytes.length; ) {
      if (this.#count === 0) {
        this.#dir = dir
        this.#atMs = atMs
      }
      const taken = bytes.subarray(at, at + HEX_ROW_BYTES - this.#count)
      this.#bytes.set(taken, this.#count)
      this.#count += taken.length
      at += taken.length
      if (this.#count === HEX_ROW_BYTES) this.end(onRow)
    }
  }

  /** The row that is not full yet, if there is one. */
  get open(): HexRow | null {
    if (this.#count === 0) return null
    const bytes = this.#bytes.slice(0, this.#count)
    return { dir: this.#dir, atMs: this.#atMs, offset: this.#offsets[this.#dir], bytes }
  }

  /** Completes the row that is not full yet. */
  end(onRow: (row: HexRow) => void): void {
    const row = this.open
    if (row === null) return
    this.#offsets[row.dir] += this.#count
    this.#count = 0
    onRow(row)
  }
}

/** `00000010  48 65 6c 6c 6f 0d 0a 00  01 …  |Hello...|`: as wide for a short row as for a full one. */
export function hexRowText({ offset, bytes }: HexRow): string {
  let hex = ''
  let ascii = ''
  for (const [index, byte] of bytes.entries()) {
    hex += `${index === 0 ? '' : index === 8 ? '  ' : ' '}${byte.toString(16).padStart(2, '0')}`
    ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'
  }
  return `${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(HEX_ROW_BYTES * 3)}  ${ascii}`
}
