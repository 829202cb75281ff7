import { concatBytes, decodeVisibly } from '../../../shared/bytes'
import type { TerminalPiece } from '../../../shared/model/terminal'
import type { Direction } from '../../../shared/model/trace'
import { allowedColours } from './colours'
import type { Prefix } from './prefix'
import { readSequence } from './sequence'

const ESC = '\u001b'
const CSI = `${ESC}[`
const MOST_CELLS = 500
const MOST_COLOURS = 16

/** Characters that act, hide or reorder: all controls, and what revealing text needs. */
const SPECIAL = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/
const NEXT_SPECIAL = new RegExp(SPECIAL, 'g')
const WIDTHLESS = /\p{M}/gu

interface Voice {
  /** First bytes of a character whose others have not come. */
  tail: Uint8Array
  /** An escape sequence that is not there in full. */
  pending: string
  /** The colours it set, since the last reset. */
  colours: string[]
}

const newVoice = (): Voice => ({ tail: new Uint8Array(0), pending: '', colours: [] })

/**
 * Makes of what passed a text the terminal can be given: each line begins with its time and direction, and of what a device
 * sends only colours and movements within its own line act. Everything else that would act (titles, clipboard, links, modes,
 * movements to other lines) is shown as text or, where it only asks or switches, left out.
 */
export class TextShaper {
  readonly #prefix: Prefix
  readonly #hasEcho: boolean
  readonly #voices = { in: newVoice(), out: newVoice() }
  #isAtStart = true
  #dir: Direction = 'in'
  #atMs = 0
  /** Cells of the line that were surely written: as far as a device may go back. */
  #column = 0
  #out = ''

  constructor(prefix: Prefix, hasEcho: boolean) {
    this.#prefix = prefix
    this.#hasEcho = hasEcho
  }

  shape({ dir, atMs, bytes }: TerminalPiece): string {
    if (dir === 'out' && !this.#hasEcho) return ''
    this.#out = ''
    if (dir !== this.#dir && !this.#isAtStart) this.#newLine()
    this.#dir = dir
    this.#atMs = atMs
    const voice = this.#voices[dir]
    const joined = voice.tail.length === 0 ? bytes : concatBytes([voice.tail, bytes])
    const whole = joined.length - tailLength(joined)
    voice.tail = joined.slice(whole)
    const text = voice.pending + decodeVisibly(joined.subarray(0, whole)).text
    voice.pending = ''
    this.#take(text, voice)
    return this.#out
  }

  /** A line of ours between those of the device. */
  remark(text: string): string {
    this.#out = ''
    if (!this.#isAtStart) this.#newLine()
    return `${this.#out}${CSI}0;90m${text}${CSI}0m\r\n`
  }

  #take(text: string, voice: Voice): void {
    for (let at = 0; at < text.length; ) {
      NEXT_SPECIAL.lastIndex = at
      const special = NEXT_SPECIAL.exec(text)?.index ?? text.length
      if (special > at) {
        const plain = text.slice(at, special)
        this.#print(plain, plain.replace(WIDTHLESS, '').length)
      }
      at = special
      if (at === text.length) return
      if (text[at] !== ESC) {
        at += this.#control(text, at)
        continue
      }
      const sequence = readSequence(text, at)
      if (sequence.kind === 'incomplete') {
        voice.pending = text.slice(at)
        return
      }
      const whole = text.slice(at, at + sequence.length)
      if (sequence.kind === 'other') this.#reveal(whole)
      else this.#csi(sequence.params, sequence.final, whole, voice)
      at += sequence.length
    }
  }

  /** @returns how many characters it took. */
  #control(text: string, at: number): number {
    const char = text[at]!
    switch (char) {
      case '\n':
        this.#begin()
        this.#newLine()
        return 1
      case '\r':
        if (text[at + 1] === '\n') return 1
        if (this.#dir === 'out') {
          // nobody sends a line to overwrite the one before
          this.#begin()
          this.#newLine()
          return 1
        }
        if (!this.#isAtStart)
          this.#out += `\r${this.#prefix.columns > 0 ? `${CSI}${this.#prefix.columns}C` : ''}`
        this.#column = 0
        return 1
      case '\t':
        this.#print('\t', 1)
        return 1
      case '\b':
        if (this.#column > 0) this.#out += '\b'
        this.#column = Math.max(0, this.#column - 1)
        return 1
      default:
        this.#reveal(char)
        return 1
    }
  }

  #csi(params: string, final: string, whole: string, voice: Voice): void {
    const count = Math.min(MOST_CELLS, Math.max(1, Number.parseInt(params, 10) || 1))
    const isPlain = /^\d*$/.test(params)
    if (final === 'm') {
      const colours = allowedColours(params)
      if (colours !== '') this.#colour(colours, voice)
    } else if (final === 'h' || final === 'l' || (final === 'n' && isPlain)) {
      return // modes of a terminal, and questions to it: nothing to see
    } else if ((final === 'K' || final === 'J') && (params === '' || params === '0')) this.#edit(`${CSI}K`)
    else if (final === 'K' && (params === '1' || params === '2')) {
      this.#edit(`${ESC}7\r${CSI}${params}K${this.#prefixText}${ESC}8`)
    } else if (final === 'C' && isPlain) this.#edit(`${CSI}${count}C`)
    else if (final === 'D' && isPlain) {
      const steps = Math.min(count, this.#column)
      this.#column -= steps
      if (steps > 0) this.#edit(`${CSI}${steps}D`)
    } else if (final === 'G' && isPlain) {
      this.#edit(`${CSI}${count + this.#prefix.columns}G`)
      this.#column = Math.min(this.#column, count - 1)
    } else if ((final === 'P' || final === '@' || final === 'X') && isPlain)
      this.#edit(`${CSI}${count}${final}`)
    else this.#reveal(whole)
  }

  #colour(colours: string, voice: Voice): void {
    if (/(^|;)0(;|$)/.test(colours)) voice.colours = []
    voice.colours.push(`${CSI}${colours}m`)
    if (voice.colours.length > MOST_COLOURS) voice.colours.shift()
    if (!this.#isAtStart) this.#out += `${CSI}${colours}m`
  }

  #edit(text: string): void {
    this.#begin()
    this.#out += text
  }

  #print(text: string, cells: number): void {
    this.#begin()
    this.#out += text
    this.#column += cells
  }

  /** Shows what would act as the text it is. */
  #reveal(text: string): void {
    this.#begin()
    const shown = visible(text)
    this.#out += `${CSI}0;90m${shown}${CSI}0m${this.#voices[this.#dir].colours.join('')}`
    this.#column += shown.length
  }

  #begin(): void {
    if (!this.#isAtStart) return
    this.#out += this.#prefixText + this.#voices[this.#dir].colours.join('')
    this.#isAtStart = false
    this.#column = 0
  }

  #newLine(): void {
    this.#out += `${CSI}0m\r\n`
    this.#isAtStart = true
    this.#column = 0
  }

  /** Asked for once or twice per line; the time is that of the line's first byte. */
  get #prefixText(): string {
    return this.#prefix.text(this.#dir, this.#atMs, this.#isAtStart)
  }
}

/** `\x1b]0;title\x07`, `\u202e`: written as everywhere else on the screen. */
const visible = (text: string): string =>
  text.replace(NEXT_SPECIAL, (char) => {
    const code = char.charCodeAt(0)
    return code < 0x80
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })

/** How many bytes at the end begin a character of UTF-8 that is not there in full. */
function tailLength(bytes: Uint8Array): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count++) {
    const byte = bytes[bytes.length - count]!
    if (byte < 0x80) return 0
    if (byte < 0xc0) continue
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return needed > count ? count : 0
  }
  return 0
}
