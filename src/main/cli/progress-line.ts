import type { CliIo } from './cli-io'

const STEP = 0.01
const ERASE_LINE = '\r\u001b[K'

/** How far a long piece of work is, on standard error where that is a terminal; nothing else is written there. */
export class ProgressLine {
  readonly #io: CliIo
  #shown = -1

  constructor(io: CliIo) {
    this.#io = io
  }

  show(done: number, all: number): void {
    const share = all > 0 ? Math.min(1, done / all) : 1
    if (this.#io.isTerminal !== true || share - this.#shown < STEP) return
    this.#shown = share
    this.#io.stderr(`${ERASE_LINE}${Math.floor(share * 100)} %`)
  }

  clear(): void {
    if (this.#shown >= 0) this.#io.stderr(ERASE_LINE)
    this.#shown = -1
  }
}
