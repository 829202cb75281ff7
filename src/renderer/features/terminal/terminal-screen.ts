import { FitAddon } from '@xterm/addon-fit'
import { type IDecoration, type ITheme, Terminal } from '@xterm/xterm'
import { findInRows, type Hit } from './find-in-rows'
import { allowSpanStyles, withStandInStyles } from './stand-in-styles'

/** Characters the terminal may hold unparsed; beyond, the caller shows again from what it keeps. */
const MAX_WAITING = 12_000_000
const MAX_MARKED_HITS = 500

export interface ScreenOptions {
  readonly fontSize: number
  readonly scrollback: number
  readonly label: string
}

/** The terminal emulator of one page: shows text it is given and selects in it. It sends nothing and opens nothing. */
export class TerminalScreen {
  readonly #terminal: Terminal
  readonly #fit = new FitAddon()
  readonly #host: HTMLElement
  readonly #sizes: ResizeObserver
  readonly #endSpanStyles = allowSpanStyles()
  #marked: IDecoration[] = []
  #hits: Hit[] = []
  #hit = -1
  #waiting = 0
  #least = 0

  constructor(host: HTMLElement, { fontSize, scrollback, label }: ScreenOptions) {
    this.#host = host
    this.#terminal = new Terminal({
      allowProposedApi: true, // decorations: where a search hit
      disableStdin: true,
      screenReaderMode: true,
      scrollback,
      fontSize,
      fontFamily: getComputedStyle(host).getPropertyValue('--font-mono').trim(),
      lineHeight: 1.25,
      cursorBlink: false,
      cursorStyle: 'bar',
      cursorInactiveStyle: 'none',
      drawBoldTextInBrightColors: false,
      minimumContrastRatio: 4.5, // text in the colour of its background hides nothing
      linkHandler: { activate: () => undefined }, // links of a device lead nowhere
      logLevel: 'off',
      theme: themeOf(host),
    })
    this.#terminal.loadAddon(this.#fit)
    withStandInStyles(() => this.#terminal.open(host))
    const field = this.#terminal.textarea
    if (field !== undefined) {
      field.setAttribute('aria-label', label)
      field.dataset['paneFocus'] = ''
    }
    // no key is the terminal's own: nothing typed is lost in it, and Tab leads on
    this.#terminal.attachCustomKeyEventHandler(() => false)
    this.#sizes = new ResizeObserver(() => this.fit(this.#least))
    this.#sizes.observe(host)
    this.fit(0)
  }

  /** @returns whether it was taken: false when the terminal is behind. */
  write(text: string): boolean {
    if (text === '') return true
    if (this.#waiting > MAX_WAITING) return false
    this.#waiting += text.length
    this.#terminal.write(text, () => {
      this.#waiting -= text.length
    })
    return true
  }

  /** Calls back when everything written so far is shown. */
  whenShown(run: () => void): void {
    this.#terminal.write('', run)
  }

  reset(): void {
    this.#clearMarks()
    this.#terminal.reset()
  }

  /** @param leastColumns - So many at least; what does not fit is scrolled to. */
  fit(leastColumns: number): void {
    this.#least = leastColumns
    const fitting = this.#fit.proposeDimensions()
    if (fitting === undefined || !Number.isFinite(fitting.cols)) return
    const { cols, rows } = fitting
    if (cols < 2 || rows < 1) return
    this.#terminal.resize(Math.max(cols, leastColumns), rows)
  }

  restyle(): void {
    this.#terminal.options.theme = themeOf(this.#host)
  }

  setFontSize(px: number): void {
    this.#terminal.options.fontSize = px
    this.fit(this.#least)
  }

  setScrollback(lines: number): void {
    this.#terminal.options.scrollback = lines
  }

  get isAtEnd(): boolean {
    const { viewportY, baseY } = this.#terminal.buffer.active
    return viewportY === baseY
  }

  onMoved(run: () => void): () => void {
    const scrolled = this.#terminal.onScroll(run)
    const parsed = this.#terminal.onWriteParsed(run)
    this.#host.addEventListener('wheel', run, { passive: true })
    return () => {
      scrolled.dispose()
      parsed.dispose()
      this.#host.removeEventListener('wheel', run)
    }
  }

  scroll(by: 'line-up' | 'line-down' | 'page-up' | 'page-down' | 'top' | 'end'): void {
    if (by === 'top') this.#terminal.scrollToTop()
    else if (by === 'end') this.#terminal.scrollToBottom()
    else if (by.startsWith('page')) this.#terminal.scrollPages(by === 'page-up' ? -1 : 1)
    else this.#terminal.scrollLines(by === 'line-up' ? -1 : 1)
  }

  focus(): void {
    this.#terminal.focus()
  }

  selectAll(): void {
    this.#terminal.selectAll()
  }

  /** The text of the selected rows without what stands before the lines; empty when nothing is selected. */
  selectedText(prefixColumns: number): string {
    const range = this.#terminal.getSelectionPosition()
    if (range === undefined) return ''
    const { start, end } = range
    let text = ''
    for (let y = start.y; y <= end.y; y++) {
      const row = this.#terminal.buffer.active.getLine(y)
      if (row === undefined) continue
      const least = row.isWrapped ? 0 : prefixColumns
      const from = Math.max(least, y === start.y ? start.x : 0)
      const goesOn = this.#terminal.buffer.active.getLine(y + 1)?.isWrapped === true
      text += row.translateToString(!goesOn, from, y === end.y ? Math.max(from, end.x) : undefined)
      if (y < end.y && !goesOn) text += '\n'
    }
    return text
  }

  /** Searches anew. @returns how many there are; the one in hand is the last one, the newest. */
  find(wanted: string, prefixColumns: number): { readonly count: number; readonly at: number } {
    this.#clearMarks()
    const buffer = this.#terminal.buffer.active
    const rows = Array.from({ length: buffer.length }, (_, y) => {
      const line = buffer.getLine(y)
      const goesOn = buffer.getLine(y + 1)?.isWrapped === true
      return { text: line?.translateToString(!goesOn) ?? '', isWrapped: line?.isWrapped === true }
    })
    this.#hits = findInRows(rows, wanted, prefixColumns)
    const cursorRow = buffer.baseY + buffer.cursorY
    for (const hit of this.#hits.slice(-MAX_MARKED_HITS)) {
      const marker = this.#terminal.registerMarker(hit.row - cursorRow)
      const mark = this.#terminal.registerDecoration({
        marker,
        x: hit.column,
        width: hit.length,
        layer: 'top',
      })
      mark?.onRender((element) => element.classList.add('term-hit'))
      if (mark !== undefined) this.#marked.push(mark)
    }
    return this.step(0)
  }

  /** Leads to the next hit (1) or the one before (-1), around the end. */
  step(direction: 1 | -1 | 0): { readonly count: number; readonly at: number } {
    const count = this.#hits.length
    if (count === 0) {
      this.#terminal.clearSelection()
      return { count, at: -1 }
    }
    this.#hit = direction === 0 ? count - 1 : (this.#hit + direction + count) % count
    const { row, column, length } = this.#hits[this.#hit]!
    this.#terminal.select(column, row, length)
    this.#terminal.scrollToLine(Math.max(0, row - Math.floor(this.#terminal.rows / 2)))
    return { count, at: this.#hit }
  }

  endFind(): void {
    this.#clearMarks()
    this.#terminal.clearSelection()
  }

  dispose(): void {
    this.#sizes.disconnect()
    this.#terminal.dispose()
    this.#endSpanStyles()
  }

  #clearMarks(): void {
    for (const mark of this.#marked) mark.dispose()
    this.#marked = []
    this.#hits = []
    this.#hit = -1
  }
}

/** The sixteen colours from the tokens of the page, which hold in every theme. */
function themeOf(host: HTMLElement): ITheme {
  const style = getComputedStyle(host)
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const theme: ITheme = {
    background: token('surface-1'),
    foreground: token('text-1'),
    cursor: token('accent'),
    cursorAccent: token('surface-1'),
    selectionBackground: token('accent-line'),
    selectionInactiveBackground: token('accent-line'),
    scrollbarSliderBackground: token('border-3'),
    scrollbarSliderHoverBackground: token('text-4'),
    scrollbarSliderActiveBackground: token('text-3'),
  }
  const normal = ['text-4', 'error', 'ok', 'warn', 'accent', 'stream-4', 'stream-3', 'text-2']
  const bright = ['text-3', 'stream-7', 'ok', 'stream-2', 'accent-strong', 'stream-4', 'stream-5', 'text-1']
  const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
  for (const [index, name] of names.entries()) {
    theme[name] = token(normal[index]!)
    theme[`bright${name[0]!.toUpperCase()}${name.slice(1)}` as 'brightBlack'] = token(bright[index]!)
  }
  return theme
}
