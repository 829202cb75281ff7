import type { TerminalPiece } from '../../../shared/model/terminal'
import { HexRows, type HexRow, hexRowText } from '../../../shared/terminal/hex-rows'
import type { Prefix } from './prefix'

/** Cells of a row without its prefix. */
export const HEX_ROW_COLUMNS = 8 + 2 + 48 + 2 + 16

/** Makes rows of hex of what passed. The last row is written again as it fills. */
export class HexShaper {
  readonly #prefix: Prefix
  readonly #hasEcho: boolean
  readonly #rows = new HexRows()
  /** The last row is on the screen, but not full. */
  #isOpen = false

  constructor(prefix: Prefix, hasEcho: boolean) {
    this.#prefix = prefix
    this.#hasEcho = hasEcho
  }

  shape(piece: TerminalPiece): string {
    if (piece.dir === 'out' && !this.#hasEcho) return ''
    let out = ''
    this.#rows.push(piece, (row) => {
      out += `${this.#row(row)}\r\n`
      this.#isOpen = false
    })
    const open = this.#rows.open
    if (open === null) return out
    out += this.#row(open)
    this.#isOpen = true
    return out
  }

  remark(text: string): string {
    let out = ''
    this.#rows.end((row) => {
      out += `${this.#row(row)}\r\n`
    })
    this.#isOpen = false
    return `${out}\u001b[0;90m${text}\u001b[0m\r\n`
  }

  #row(row: HexRow): string {
    const isNew = !this.#isOpen
    const again = isNew ? '' : '\r\u001b[2K'
    return `${again}${this.#prefix.text(row.dir, row.atMs, isNew)}${hexRowText(row)}`
  }
}
