import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConsoleError } from '../../shared/errors'
import type { TerminalLogShape, TerminalPiece } from '../../shared/model/terminal'
import { HexRows, hexRowText } from '../../shared/terminal/hex-rows'
import { TextLines } from '../../shared/terminal/text-lines'

export interface TerminalLogOptions {
  readonly path: string
  readonly shape: TerminalLogShape
  readonly hasTimes: boolean
  /** What the wall clock said at session time 0, in ms since 1970. */
  readonly startedAtMs: number
  readonly limits: TerminalLogLimits
}

export interface TerminalLogLimits {
  readonly bytes: number
  /** What may wait for the disk. */
  readonly waitingBytes: number
}

export const DEFAULT_LOG_LIMITS: TerminalLogLimits = { bytes: 1024 ** 3, waitingBytes: 16 * 1024 * 1024 }

const MARKS = { in: '<', out: '>' } as const

/**
 * A file that gets what passes on a link, from now until it is stopped. Text has one line per line of the device, colours
 * left out; `raw` has the received bytes and nothing else.
 */
export class TerminalLog {
  readonly path: string
  readonly #options: TerminalLogOptions
  readonly #stream: WriteStream
  readonly #lines = new TextLines()
  readonly #rows = new HexRows()
  #bytes = 0
  #problem: ConsoleError | null = null

  /** @throws ConsoleError `FILE_UNWRITABLE`. */
  static async open(options: TerminalLogOptions): Promise<TerminalLog> {
    const stream = createWriteStream(options.path, { flags: 'wx', mode: 0o600 })
    await new Promise<void>((resolve, reject) => {
      stream.once('open', () => resolve())
      stream.once('error', (cause) => reject(unwritable(options.path, cause)))
    })
    return new TerminalLog(options, stream)
  }

  private constructor(options: TerminalLogOptions, stream: WriteStream) {
    this.path = options.path
    this.#options = options
    this.#stream = stream
    stream.on('error', (cause) => this.#fail(unwritable(options.path, cause)))
  }

  /** Bytes handed to the file. */
  get bytes(): number {
    return this.#bytes
  }

  /** Why it ended by itself. */
  get problem(): ConsoleError | null {
    return this.#problem
  }

  push(piece: TerminalPiece): void {
    if (this.#problem !== null) return
    switch (this.#options.shape) {
      case 'raw':
        if (piece.dir === 'in') this.#write(piece.bytes)
        return
      case 'hex':
        this.#rows.push(piece, (row) => this.#line(row, hexRowText(row)))
        return
      case 'text':
        this.#lines.push(piece, (line) => this.#line(line, line.text))
    }
  }

  /** Writes what is open and closes the file. Resolves when everything is with the system. */
  async close(): Promise<void> {
    this.#rows.end((row) => this.#line(row, hexRowText(row)))
    this.#lines.end((line) => this.#line(line, line.text))
    if (this.#stream.closed) return
    await new Promise<void>((resolve) => {
      this.#stream.once('close', () => resolve())
      this.#stream.end()
    })
  }

  #line({ dir, atMs }: { readonly dir: 'in' | 'out'; readonly atMs: number }, text: string): void {
    const { hasTimes, startedAtMs } = this.#options
    const time = hasTimes ? `${new Date(startedAtMs + atMs).toISOString()} ` : ''
    this.#write(Buffer.from(`${time}${MARKS[dir]} ${text}\n`))
  }

  #write(bytes: Uint8Array): void {
    if (this.#problem !== null) return
    const { limits } = this.#options
    if (this.#bytes + bytes.length > limits.bytes) {
      this.#fail(
        new ConsoleError('LOG_FULL', `the log reached ${limits.bytes} bytes`, { limit: limits.bytes }),
      )
    } else if (this.#stream.writableLength > limits.waitingBytes) {
      const details = { limit: limits.waitingBytes }
      this.#fail(new ConsoleError('LOG_TOO_SLOW', `${limits.waitingBytes} bytes wait for the disk`, details))
    } else {
      this.#bytes += bytes.length
      this.#stream.write(bytes.slice())
    }
  }

  #fail(problem: ConsoleError): void {
    if (this.#problem !== null) return
    this.#problem = problem
    this.#stream.end()
  }
}

/** `stm32-20261121-104207.log`, in the folder; letters of other scripts and everything with a meaning to a shell are left out. */
export async function logPath(
  dir: string,
  linkName: string,
  shape: TerminalLogShape,
  date: Date,
): Promise<string> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw unwritable(dir, cause)
  }
  const name =
    linkName
      .replace(/[^A-Za-z0-9_]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 64) || 'link'
  const time = date.toISOString().replace(/[-:]/g, '').replace('T', '-').replace(/\..*/, '')
  const millis = String(date.getUTCMilliseconds()).padStart(3, '0')
  return join(dir, `${name}-${time}-${millis}.${shape === 'raw' ? 'bin' : 'log'}`)
}

const unwritable = (path: string, cause: unknown): ConsoleError =>
  new ConsoleError(
    'FILE_UNWRITABLE',
    `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    { path },
    { cause },
  )
