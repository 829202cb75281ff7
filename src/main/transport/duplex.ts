import type { Duplex } from 'node:stream'
import { ConsoleError } from '../../shared/errors'
import type { LineRate } from '../../shared/model/line-rate'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import { type CustomOptions, type CustomTransport, openMedium, plain } from './custom'
import { OPEN_TIMEOUT_MS } from './open-abort'
import type { Connection, ConnectionHandlers } from './transport'

export type DuplexOptions = Omit<CustomOptions, 'highWaterBytes'>

/** How long the other side may take to read the rest before the stream is dropped. */
const CLOSE_GRACE_MS = 500

/**
 * A transport over any Node stream that can be read and written: a TLS socket, the pipes of a process, an SSH channel.
 * Its own high-water mark holds the sender back.
 *
 * @param open - Gives an open stream of bytes, a new one for every connection; it belongs to the connection. What it throws
 *   is why opening failed.
 */
export function duplexTransport(
  open: (signal: AbortSignal) => Duplex | Promise<Duplex>,
  options: DuplexOptions = {},
): CustomTransport {
  const { name = 'stream', openTimeoutMs = OPEN_TIMEOUT_MS } = options
  return {
    options,
    async open(handlers, signal) {
      const stream = await openMedium({ name, openTimeoutMs, signal }, open, (late) => late.destroy())
      if (stream.readableObjectMode || stream.writableObjectMode) {
        stream.destroy()
        throw new ConsoleError('OPTION_INVALID', `${name} is a stream of objects, not of bytes`)
      }
      const connection = new DuplexConnection(stream, { ...options, name })
      connection.attach(handlers)
      return connection
    },
  }
}

class DuplexConnection implements Connection {
  readonly peerName: string
  readonly lineRate: LineRate | undefined
  readonly isLossy: boolean
  readonly #stream: Duplex
  readonly #end = new ConnectionEnd()
  #canWrite = true
  #failure: Error | undefined

  constructor(stream: Duplex, options: DuplexOptions & { readonly name: string }) {
    this.peerName = options.name
    this.lineRate = options.lineRate
    this.isLossy = options.isLossy ?? false
    this.#stream = stream
    stream.on('error', (error) => {
      this.#failure = error
      this.#closed()
    })
    stream.on('end', () => this.#ended())
    stream.on('close', () => this.#closed())
    stream.on('drain', () => this.#drained())
  }

  get canWrite(): boolean {
    return this.#canWrite && !this.#end.isReached
  }

  get unsentBytes(): number {
    return this.#end.isReached ? 0 : this.#stream.writableLength
  }

  attach(handlers: ConnectionHandlers): void {
    this.#end.attach(handlers)
    this.#stream.on('data', (bytes: unknown) => this.#received(bytes))
    // What happened before anybody listened is told by no event.
    if (this.#stream.readableEnded) this.#ended()
    else if (this.#stream.destroyed) this.#closed()
  }

  write(bytes: Uint8Array): void {
    if (this.#end.isReached || !this.#stream.writable || bytes.length === 0) return
    if (!this.#stream.write(bytes)) this.#canWrite = false
  }

  close(): Promise<void> {
    if (!this.#end.isReached) {
      this.#end.finish(CLOSED_BY_US)
      this.#endStream()
    }
    return this.#end.reached
  }

  #received(bytes: unknown): void {
    try {
      this.#end.bytes(plain(bytes))
    } catch (error) {
      this.#stream.destroy(error as Error)
    }
  }

  #drained(): void {
    if (this.#canWrite) return
    this.#canWrite = true
    this.#end.writable()
  }

  #ended(): void {
    this.#end.finish({ kind: 'remote', code: 'LINK_LOST', detail: `${this.peerName} ended` })
    this.#endStream()
  }

  /** Sends what is left for a while, then drops the stream: nobody may hold it for ever by not reading. */
  #endStream(): void {
    this.#stream.end()
    this.#stream.resume() // an unread byte would keep the end from arriving
    const grace = setTimeout(() => this.#stream.destroy(), CLOSE_GRACE_MS)
    this.#stream.once('close', () => clearTimeout(grace))
  }

  #closed(): void {
    const why = this.#failure ? `: ${this.#failure.message}` : ''
    this.#end.finish({ kind: 'lost', code: 'LINK_LOST', detail: `${this.peerName} broke${why}` })
    if (!this.#stream.destroyed) this.#stream.destroy()
  }
}
