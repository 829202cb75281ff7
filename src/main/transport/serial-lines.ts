import { ConsoleError } from '../../shared/errors'
import type { ModemLines } from '../../shared/model/views'
import type { LineControl } from './transport'

/** What this uses of serialport's port. Every flag is set on each call, so all are always given. */
export interface LinesPort {
  readonly isOpen: boolean
  set(flags: { dtr: boolean; rts: boolean; brk: boolean }, done: (error: Error | null) => void): void
  get(done: (error: Error | null, status?: { cts: boolean; dsr: boolean; dcd: boolean }) => void): void
}

export interface LinesAtOpen {
  readonly dtr?: 'low' | 'high'
  readonly rts?: 'low' | 'high'
}

/** How often the lines that the device moves are looked at: no system tells of a change by itself. */
const LINES_POLL_MS = 100

/**
 * DTR and RTS, which we move, and CTS, DSR and DCD, which the device moves. Nobody tells what DTR and RTS are before they
 * are set here: they count as unknown, and as high when only the other one is set, since every system raises both at
 * opening. RI is not told by the driver.
 */
export class SerialLines implements LineControl {
  readonly #path: string
  readonly #port: LinesPort
  readonly #onChange: (lines: ModemLines) => void
  #lines: ModemLines | null = null
  #problem: ConsoleError | null = null
  #dtr: boolean | null = null
  #rts: boolean | null = null
  #isBreaking = false
  #poll: NodeJS.Timeout | undefined
  #isLooking = false
  #isStopped = false

  constructor(path: string, port: LinesPort, onChange: (lines: ModemLines) => void) {
    this.#path = path
    this.#port = port
    this.#onChange = onChange
  }

  get lines(): ModemLines | null {
    return this.#lines
  }

  get problem(): ConsoleError | null {
    return this.#problem
  }

  /** Puts the lines where they shall be while the connection is new. Never rejects: see `problem`. */
  async begin({ dtr, rts }: LinesAtOpen): Promise<void> {
    if (dtr === undefined && rts === undefined) return
    try {
      await this.set({ dtr: dtr && dtr === 'high', rts: rts && rts === 'high' })
    } catch (error) {
      this.#problem = error as ConsoleError
    }
  }

  /** Begins to look at the lines, as long as the port tells of them. */
  watch(): void {
    this.#poll = setInterval(() => this.#look(), LINES_POLL_MS)
    this.#look()
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#poll)
  }

  async set({ dtr, rts }: { dtr?: boolean | undefined; rts?: boolean | undefined }): Promise<void> {
    const next = { dtr: dtr ?? this.#dtr, rts: rts ?? this.#rts }
    await this.#write(next.dtr ?? true, next.rts ?? true, this.#isBreaking)
    this.#dtr = next.dtr
    this.#rts = next.rts
    if (this.#lines !== null) this.#note({ ...this.#lines, ...next })
  }

  async sendBreak(ms: number): Promise<void> {
    this.#isBreaking = true
    try {
      await this.#write(this.#dtr ?? true, this.#rts ?? true, true)
      await new Promise((resolve) => setTimeout(resolve, ms))
    } finally {
      this.#isBreaking = false
    }
    await this.#write(this.#dtr ?? true, this.#rts ?? true, false)
  }

  #write(dtr: boolean, rts: boolean, brk: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#port.isOpen) {
        reject(new ConsoleError('LINK_NOT_CONNECTED', `${this.#path} is not open`))
        return
      }
      this.#port.set({ dtr, rts, brk }, (error) => {
        if (error) reject(unsupported(this.#path, error))
        else resolve()
      })
    })
  }

  #look(): void {
    if (this.#isLooking || this.#isStopped || !this.#port.isOpen) return
    this.#isLooking = true
    this.#port.get((error, status) => {
      this.#isLooking = false
      if (this.#isStopped) return
      if (error || status === undefined) {
        // A port that tells nothing once tells nothing ever; one that did is about to be reported as gone.
        if (this.#lines === null) clearInterval(this.#poll)
        return
      }
      const { cts, dsr, dcd } = status
      this.#note({ dtr: this.#dtr, rts: this.#rts, cts, dsr, dcd, ri: null })
    })
  }

  #note(lines: ModemLines): void {
    const before = this.#lines
    if (before !== null && LINE_NAMES.every((name) => before[name] === lines[name])) return
    this.#lines = lines
    this.#onChange(lines)
  }
}

const LINE_NAMES = ['dtr', 'rts', 'cts', 'dsr', 'dcd', 'ri'] as const

const unsupported = (path: string, cause: Error): ConsoleError =>
  new ConsoleError(
    'LINE_CONTROL_UNSUPPORTED',
    `${path} has no control lines: ${cause.message}`,
    { path },
    { cause },
  )
