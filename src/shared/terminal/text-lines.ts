import type { TerminalPiece } from '../model/terminal'
import type { Direction } from '../model/trace'

/** A line as it is written into a log. */
export interface TextLine {
  readonly dir: Direction
  /** When its first byte came, session time in milliseconds. */
  readonly atMs: number
  readonly text: string
}

/** A line longer than this goes on in the next one. */
export const MAX_LINE_BYTES = 4096
/** A line without an end is taken as it is after this long without a byte. */
const LINE_IDLE_MS = 1000

/** An escape sequence: one to the terminal (OSC, DCS, …) up to its end, one of the cursor (CSI), or a short one. */
const ESCAPES = /\u001b(?:[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\[[0-?]*[ -/]*[@-~]?|[ -/]*[0-~]?)/g

/** What would act on a terminal or hide: control characters but the tab, and those that reorder text. */
const HIDDEN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** One line of text without colours, and nothing in it that acts on whoever prints it. */
const plainLine = (text: string): string =>
  text
    .replace(ESCAPES, '')
    .replace(HIDDEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Cuts both directions into lines, each at its own line ends: LF, CR LF or a lone CR. */
export class TextLines {
  readonly #open = { in: new OpenLine('in'), out: new OpenLine('out') }

  push({ dir, atMs, bytes }: TerminalPiece, onLine: (line: TextLine) => void): void {
    // what stood without an end before another came is older than it
    this.idle(atMs, onLine)
    this.#open[dir].push(bytes, atMs, onLine)
  }

  /** Takes lines without an end that are old enough. */
  idle(nowMs: number, onLine: (line: TextLine) => void): void {
    for (const line of [this.#open.in, this.#open.out]) {
      if (nowMs - line.lastMs >= LINE_IDLE_MS) line.end(onLine)
    }
  }

  end(onLine: (line: TextLine) => void): void {
    this.#open.in.end(onLine)
    this.#open.out.end(onLine)
  }
}

class OpenLine {
  lastMs = 0
  readonly #dir: Direction
  readonly #bytes = new Uint8Array(MAX_LINE_BYTES)
  #count = 0
  #atMs = 0
  #endsWithReturn = false

  constructor(dir: Direction) {
    this.#dir = dir
  }

  push(bytes: Uint8Array, atMs: number, onLine: (line: TextLine) => void): void {
    this.lastMs = atMs
    for (const byte of bytes) {
      if (byte === 0x0a) {
        this.#endsWithReturn = false
        this.#tell(atMs, onLine)
        continue
      }
      if (this.#endsWithReturn) this.#tell(atMs, onLine)
      this.#endsWithReturn = byte === 0x0d
      if (this.#endsWithReturn) continue
      if (this.#count === 0) this.#atMs = atMs
      this.#bytes[this.#count++] = byte
      if (this.#count === MAX_LINE_BYTES) this.#tell(atMs, onLine)
    }
  }

  end(onLine: (line: TextLine) => void): void {
    if (this.#count > 0 || this.#endsWithReturn) this.#tell(this.lastMs, onLine)
    this.#endsWithReturn = false
  }

  #tell(nowMs: number, onLine: (line: TextLine) => void): void {
    const atMs = this.#count === 0 ? nowMs : this.#atMs
    const text = plainLine(new TextDecoder().decode(this.#bytes.subarray(0, this.#count)))
    this.#count = 0
    onLine({ dir: this.#dir, atMs, text })
  }
}
