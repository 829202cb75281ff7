import { asConsoleError, ConsoleError } from '../../shared/errors'
import type { LineRate } from '../../shared/model/line-rate'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import { OPEN_TIMEOUT_MS, raceOpen } from './open-abort'
import type { CloseReason, Connection, Transport } from './transport'
import { WriteGate } from './write-gate'

/** What a medium of your own has to offer: bytes in, bytes out. */
export interface CustomStream {
  /**
   * Bytes as they come, of any size; a buffer that was given is not used again. Its end is the end of the connection,
   * what it throws is why the connection broke.
   */
  readonly readable: AsyncIterable<Uint8Array>
  /**
   * Sends the bytes, all of them and in order. A promise holds back what comes next until it is settled; that is how a
   * slow medium slows the sender down. Throwing (or rejecting) breaks the connection.
   */
  write(bytes: Uint8Array): void | Promise<void>
  /** Lets go of the medium; then `readable` should end. Called once, whoever ended the connection. */
  close?(): void | Promise<void>
}

export interface CustomOptions {
  /** The peer in words a person knows. Default: `custom`. */
  readonly name?: string
  /** Speed of the line, where there is one: chunks are cut and frames are paced for it. */
  readonly lineRate?: LineRate
  /** The line can lose or damage bytes: then damage is skipped instead of ending the connection. */
  readonly isLossy?: boolean
  /** Bytes that may wait for `write` before the sender is told to stop. Default 64 KiB. */
  readonly highWaterBytes?: number
  /** Default 10 s. */
  readonly openTimeoutMs?: number
}

/** A transport that tells beforehand what its lines are like. */
export interface CustomTransport extends Transport {
  readonly options: CustomOptions
}

const DEFAULT_HIGH_WATER_BYTES = 64 * 1024
/** How long the last bytes may take when the connection is closed from here. */
const CLOSE_GRACE_MS = 500

/**
 * A transport over anything that can be read and written.
 *
 * @param open - Makes the medium anew for every connection. What it throws is why opening failed; `signal` aborts when
 *   nobody waits for it any more.
 */
export function customTransport(
  open: (signal: AbortSignal) => CustomStream | Promise<CustomStream>,
  options: CustomOptions = {},
): CustomTransport {
  const { name = 'custom', openTimeoutMs = OPEN_TIMEOUT_MS } = options
  return {
    options,
    async open(handlers, signal) {
      const stream = await openMedium(
        { name, openTimeoutMs, signal },
        open,
        (late) => void Promise.resolve(late.close?.()).catch(() => undefined),
      )
      const connection = new CustomConnection(stream, options)
      connection.attach(handlers)
      return connection
    },
  }
}

/** Opens a medium by somebody else's code: with a limit in time, and an end on request. */
export function openMedium<T>(
  wish: { readonly name: string; readonly openTimeoutMs: number; readonly signal: AbortSignal | undefined },
  open: (signal: AbortSignal) => T | Promise<T>,
  letGo: (late: T) => void,
): Promise<T> {
  const { name, openTimeoutMs, signal } = wish
  return raceOpen<T>({
    target: name,
    signal,
    timeoutMs: openTimeoutMs,
    timeoutMessage: `${name} was not open within ${openTimeoutMs / 1000} s`,
    start(opened, failed) {
      const attempt = new AbortController()
      const run = async (): Promise<void> => {
        const medium = await open(attempt.signal)
        if (attempt.signal.aborted) letGo(medium)
        else opened(medium)
      }
      run().catch((error: unknown) => failed(openError(name, error)))
      return () => attempt.abort()
    },
  })
}

function openError(name: string, error: unknown): ConsoleError {
  if (error instanceof ConsoleError) return error
  const { message } = asConsoleError(error)
  return new ConsoleError('LINK_UNREACHABLE', `${name} can not be opened: ${message}`, {}, { cause: error })
}

class CustomConnection implements Connection {
  readonly peerName: string
  readonly lineRate: LineRate | undefined
  readonly isLossy: boolean
  readonly #stream: CustomStream
  readonly #end = new ConnectionEnd()
  readonly #gate: WriteGate
  readonly #queue: Uint8Array[] = []
  #unsentBytes = 0
  #isWriting = false
  #released: Promise<void> | undefined
  /** Called when nothing waits any more. */
  #onEmpty: () => void = () => undefined

  constructor(stream: CustomStream, options: CustomOptions) {
    this.peerName = options.name ?? 'custom'
    this.lineRate = options.lineRate
    this.isLossy = options.isLossy ?? false
    this.#stream = stream
    this.#gate = new WriteGate(options.highWaterBytes ?? DEFAULT_HIGH_WATER_BYTES)
  }

  get canWrite(): boolean {
    return !this.#end.isReached && this.#gate.isOpen
  }

  get unsentBytes(): number {
    return this.#end.isReached ? 0 : this.#unsentBytes
  }

  attach(handlers: Parameters<ConnectionEnd['attach']>[0]): void {
    this.#end.attach(handlers)
    // Bytes that are there already come after `open` has resolved.
    setImmediate(() => {
      if (!this.#end.isReached) void this.#read()
    })
  }

  write(bytes: Uint8Array): void {
    if (this.#end.isReached || bytes.length === 0) return
    this.#queue.push(bytes)
    this.#unsentBytes += bytes.length
    this.#gate.grown(this.#unsentBytes)
    if (!this.#isWriting) void this.#writeOn()
  }

  async close(): Promise<void> {
    const wasOpen = !this.#end.isReached
    this.#end.finish(CLOSED_BY_US)
    if (wasOpen) await this.#flushed()
    await this.#release()
  }

  async #read(): Promise<void> {
    try {
      for await (const bytes of this.#stream.readable) {
        if (this.#end.isReached) break
        // As a plain array: `slice` of a Buffer would give a view where everybody expects a copy.
        this.#end.bytes(plain(bytes))
      }
      this.#over({ kind: 'remote', code: 'LINK_LOST', detail: `${this.peerName} ended` })
    } catch (error) {
      this.#broke(error)
    }
  }

  async #writeOn(): Promise<void> {
    this.#isWriting = true
    try {
      for (let bytes = this.#queue.shift(); bytes !== undefined; bytes = this.#queue.shift()) {
        const taken = this.#stream.write(bytes)
        if (taken !== undefined) await taken
        this.#unsentBytes -= bytes.length
        if (this.#gate.shrunk(this.#unsentBytes)) this.#end.writable()
      }
    } catch (error) {
      this.#queue.length = 0
      this.#broke(error)
    }
    this.#isWriting = false
    this.#onEmpty()
  }

  #broke(error: unknown): void {
    const why = asConsoleError(error)
    const code = why.layer === 'transport' ? why.code : 'LINK_LOST'
    this.#over({ kind: 'lost', code, detail: `${this.peerName} broke: ${why.message}` })
  }

  #over(reason: CloseReason): void {
    if (this.#end.isReached) return
    this.#queue.length = 0
    this.#end.finish(reason)
    void this.#release()
  }

  /** What was written before the end still leaves, unless the medium takes too long. */
  #flushed(): Promise<void> {
    if (!this.#isWriting) return Promise.resolve()
    return new Promise((resolve) => {
      const grace = setTimeout(resolve, CLOSE_GRACE_MS)
      this.#onEmpty = () => {
        clearTimeout(grace)
        resolve()
      }
    })
  }

  #release(): Promise<void> {
    this.#released ??= (async () => {
      this.#queue.length = 0
      await this.#stream.close?.()
    })().catch(() => undefined) // the connection has ended, and why was told
    return this.#released
  }
}

/** @throws ConsoleError `LINK_LOST` when it is no bytes: a stream that was set to give text, for example. */
export function plain(bytes: unknown): Uint8Array {
  if (!(bytes instanceof Uint8Array))
    throw new ConsoleError('LINK_LOST', `it gave ${typeof bytes}, not bytes`)
  if (bytes.constructor === Uint8Array) return bytes
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}
