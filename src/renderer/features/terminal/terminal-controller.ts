import type { TerminalBatch, TerminalPiece } from '../../../shared/model/terminal'
import { HexRows, hexRowText } from '../../../shared/terminal/hex-rows'
import { TextLines } from '../../../shared/terminal/text-lines'
import { HEX_ROW_COLUMNS, HexShaper } from './hex-shaper'
import { linePrefix, type Prefix } from './prefix'
import type { TerminalSettings } from './settings'
import { TerminalModel } from './terminal-model'
import type { TerminalScreen } from './terminal-screen'
import { TextShaper } from './text-shaper'
import { terminalTexts as t } from './texts'

/** Text handed to the terminal in one piece. */
const WRITE_CHARS = 64 * 1024

export interface TerminalState {
  readonly isEmpty: boolean
  readonly receivedBytes: number
  /** Bytes that came since the pause began. */
  readonly waitingBytes: number
}

/** Keeps what came and has it shown: as it comes, or all anew when the way of showing changes. */
export class TerminalController {
  readonly #screen: TerminalScreen
  readonly #startedAtMs: number
  readonly #onState: (state: TerminalState) => void
  readonly #model = new TerminalModel()
  #settings: TerminalSettings
  #prefix: Prefix
  #shaper: TextShaper | HexShaper
  #isPaused = false
  #waitingBytes = 0
  /** The terminal did not keep up: it is shown all anew when it has. */
  #isBehind = false

  constructor(
    screen: TerminalScreen,
    startedAtMs: number,
    settings: TerminalSettings,
    onState: (state: TerminalState) => void,
  ) {
    this.#screen = screen
    this.#startedAtMs = startedAtMs
    this.#settings = settings
    this.#onState = onState
    this.#prefix = linePrefix(settings.times, startedAtMs)
    this.#shaper = this.#newShaper()
  }

  get prefixColumns(): number {
    return this.#prefix.columns
  }

  take(batch: TerminalBatch): void {
    const lostBefore = batch.isReset ? 0 : this.#model.lostBytes
    this.#model.take(batch)
    if (batch.isReset) this.#waitingBytes = 0
    if (this.#isPaused && !batch.isReset) {
      for (const { bytes } of batch.pieces) this.#waitingBytes += bytes.length
    } else if (batch.isReset) this.#showAll()
    else {
      if (batch.lostBytes > 0 && this.#model.lostBytes > lostBefore) {
        this.#write(this.#shaper.remark(t.lost(batch.lostBytes)))
      }
      this.#show(batch.pieces)
    }
    this.#tell()
  }

  /** Shows everything in another way. */
  show(settings: TerminalSettings): void {
    const { view, times, hasEcho } = this.#settings
    const isSame = view === settings.view && times === settings.times && hasEcho === settings.hasEcho
    this.#settings = settings
    if (!isSame) this.#showAll()
  }

  pause(isPaused: boolean): void {
    if (this.#isPaused === isPaused) return
    this.#isPaused = isPaused
    this.#waitingBytes = 0
    if (!isPaused) this.#showAll()
    this.#tell()
  }

  /** What is kept as plain text, from the bytes themselves: lines, or the rows of a hex dump. */
  plainText(): string {
    const parts: string[] = []
    const { view, hasEcho } = this.#settings
    const pieces = this.#model.pieces.filter(({ dir }) => hasEcho || dir === 'in')
    if (view === 'hex') {
      const rows = new HexRows()
      for (const piece of pieces) rows.push(piece, (row) => parts.push(hexRowText(row)))
      rows.end((row) => parts.push(hexRowText(row)))
    } else {
      const lines = new TextLines()
      for (const piece of pieces) lines.push(piece, ({ text }) => parts.push(text))
      lines.end(({ text }) => parts.push(text))
    }
    return parts.join('\n')
  }

  #newShaper(): TextShaper | HexShaper {
    const { view, times, hasEcho } = this.#settings
    this.#prefix = linePrefix(times, this.#startedAtMs)
    return view === 'hex' ? new HexShaper(this.#prefix, hasEcho) : new TextShaper(this.#prefix, hasEcho)
  }

  #showAll(): void {
    this.#isBehind = false
    this.#shaper = this.#newShaper()
    this.#screen.reset()
    this.#screen.fit(this.#settings.view === 'hex' ? HEX_ROW_COLUMNS + this.#prefix.columns + 1 : 0)
    if (this.#model.lostBytes > 0) this.#write(this.#shaper.remark(t.lost(this.#model.lostBytes)))
    this.#show(this.#model.pieces)
  }

  #show(pieces: readonly TerminalPiece[]): void {
    let text = ''
    for (const piece of pieces) {
      if (this.#isBehind) return
      text += this.#shaper.shape(piece)
      if (text.length < WRITE_CHARS) continue
      this.#write(text)
      text = ''
    }
    this.#write(text)
  }

  #write(text: string): void {
    if (this.#isBehind || this.#screen.write(text)) return
    this.#isBehind = true
    this.#screen.whenShown(() => {
      if (this.#isBehind && !this.#isPaused) this.#showAll()
    })
  }

  #tell(): void {
    const { isEmpty, receivedBytes } = this.#model
    this.#onState({ isEmpty, receivedBytes, waitingBytes: this.#waitingBytes })
  }
}
