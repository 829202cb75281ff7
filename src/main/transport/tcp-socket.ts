import type { Socket } from 'node:net'
import { ConsoleError } from '../../shared/errors'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import type { Connection, ConnectionHandlers } from './transport'

/** How long a peer may take to read the rest and to acknowledge our end before the socket is dropped. */
const CLOSE_GRACE_MS = 500

/** A peer that vanished without a word is asked for after this silence; the system then tells within minutes. */
const KEEP_ALIVE_MS = 10_000

/**
 * A connected socket as a connection. Used by the connecting side and for accepted peers alike.
 *
 * Write-ahead: `canWrite` turns false as soon as Node holds a byte that the system does not take, so never more than the
 * last write waits here, and the send policy decides about all the rest. What remains is out of our hands: the system's
 * own buffer takes megabytes (3.9 MB measured on Linux loopback) before it refuses the first byte, and Node can neither
 * bound it (no SO_SNDBUF, no TCP_NOTSENT_LOWAT) nor tell how much of it waits. On a fast network it drains in
 * milliseconds; behind a bridge to a slow line it hides minutes. There only a window above the socket helps: a dialect
 * with acknowledgements (`native`). `lso` has none.
 *
 * The socket is paused until `attach`, so that no byte is lost before there is somebody to hear it.
 */
export class TcpConnection implements Connection {
  readonly peerName: string
  readonly lineRate = undefined
  readonly isLossy = false
  readonly #socket: Socket
  readonly #end = new ConnectionEnd()
  #isClosing = false
  #canWrite = true
  #failure: Error | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.peerName = peerOf(socket)
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.pause()
    socket.on('error', (error) => {
      this.#failure = error
    })
    // The peer ended its side. Netcore has no half-open conversations: what we still had to say is not read any more.
    socket.on('end', () => this.#finishRemote())
    socket.on('close', () => this.#closed())
  }

  get canWrite(): boolean {
    return this.#canWrite && !this.#end.isReached
  }

  get unsentBytes(): number {
    return this.#end.isReached ? 0 : this.#socket.writableLength
  }

  /** Brings the handlers and lets bytes flow. What happened meanwhile is told now. */
  attach(handlers: ConnectionHandlers): void {
    // As a plain array: `slice` of a Buffer would give a view where everybody expects a copy.
    this.#socket.on('data', (bytes: Buffer) =>
      this.#end.bytes(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)),
    )
    this.#end.attach(handlers)
    if (!this.#end.isReached) this.#socket.resume()
  }

  write(bytes: Uint8Array): void {
    if (this.#isClosing || this.#end.isReached || this.#socket.destroyed || bytes.length === 0) return
    this.#socket.write(bytes, this.#taken)
    this.#noteUnsent()
  }

  writeAll(parts: readonly Uint8Array[]): void {
    if (this.#isClosing || this.#end.isReached || this.#socket.destroyed) return
    const last = parts.length - 1
    this.#socket.cork()
    for (let at = 0; at < last; at++) this.#socket.write(parts[at]!)
    this.#socket.write(parts[last]!, this.#taken)
    this.#socket.uncork()
    this.#noteUnsent()
  }

  close(): Promise<void> {
    if (!this.#isClosing && !this.#end.isReached) {
      this.#isClosing = true
      this.#endSocket()
      this.#end.finish(CLOSED_BY_US)
    }
    return this.#end.reached
  }

  readonly #taken = (): void => {
    if (this.#canWrite || this.#socket.writableLength > 0) return
    this.#canWrite = true
    this.#end.writable()
  }

  /** The system takes what it has room for at once; `drain` tells only of more than 16 KiB, the callback of any byte. */
  #noteUnsent(): void {
    if (this.#socket.writableLength > 0) this.#canWrite = false
  }

  #finishRemote(): void {
    this.#end.finish({ kind: 'remote', code: 'LINK_LOST', detail: `${this.peerName} closed the connection` })
    this.#endSocket()
  }

  /** Sends what is left for a while, then drops the socket: a peer that reads no more must not hold it for ever. */
  #endSocket(): void {
    this.#socket.end()
    this.#socket.resume() // an unread byte would keep the end of the stream from arriving
    const grace = setTimeout(() => this.#socket.destroy(), CLOSE_GRACE_MS)
    this.#socket.once('close', () => clearTimeout(grace))
  }

  #closed(): void {
    const cause = this.#failure ? `: ${describeFailure(this.#failure)}` : ''
    this.#end.finish({
      kind: 'lost',
      code: 'LINK_LOST',
      detail: `the connection to ${this.peerName} broke${cause}`,
    })
  }
}

/** Who is at the other end of a socket. */
export function peerOf({ remoteAddress = 'unknown', remotePort = 0, remoteFamily }: Socket): string {
  return `${remoteFamily === 'IPv6' ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`
}

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? ''

function describeFailure(error: Error): string {
  switch (codeOf(error)) {
    case 'ECONNRESET':
      return 'the peer reset it'
    case 'EPIPE':
      return 'the peer reads no more'
    case 'ETIMEDOUT':
      return 'the peer does not answer any more'
    default:
      return error.message
  }
}

/** What the system says when a socket cannot be opened, as one of our codes. */
export function connectError(error: Error, target: string): ConsoleError {
  const code = codeOf(error)
  const because = (text: string): string => `${target} ${text}`
  switch (code) {
    case 'ECONNREFUSED':
      return new ConsoleError(
        'LINK_REFUSED',
        because('refused the connection: nothing listens there'),
        {},
        { cause: error },
      )
    case 'ETIMEDOUT':
      return new ConsoleError('LINK_OPEN_TIMEOUT', because('did not answer'), {}, { cause: error })
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConsoleError(
        'LINK_UNREACHABLE',
        because('cannot be found: the host name is unknown'),
        {},
        { cause: error },
      )
    default:
      if (isOfTls(error)) {
        const text = because(`could not be joined by TLS: ${error.message}`)
        return new ConsoleError('TLS_FAILED', text, {}, { cause: error })
      }
      return new ConsoleError(
        'LINK_UNREACHABLE',
        because(`cannot be reached (${code || error.message})`),
        {},
        { cause: error },
      )
  }
}

/** OpenSSL's words, and those for a certificate that does not hold. */
export const isOfTls = (error: Error): boolean =>
  /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)/.test(codeOf(error)) ||
  /before secure TLS connection/.test(error.message)

/** What the system says when a listening socket cannot be bound, as one of our codes. */
export function listenError(error: Error, target: string): ConsoleError {
  const code = codeOf(error)
  return code === 'EADDRINUSE'
    ? new ConsoleError('LINK_ADDRESS_IN_USE', `${target} is in use`, {}, { cause: error })
    : new ConsoleError(
        'LINK_ADDRESS_FORBIDDEN',
        `${target} cannot be bound (${code || error.message})`,
        {},
        { cause: error },
      )
}
