import { ConsoleError } from '../../shared/errors'
import { WebSocket } from 'ws'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import { OPEN_TIMEOUT_MS, raceOpen } from './open-abort'
import { hostPort } from './tcp'
import { connectError } from './tcp-socket'
import type { Connection, ConnectionHandlers, Transport } from './transport'

export interface WebSocketTarget {
  readonly host: string
  readonly port: number
  /** Path and query on that host; begins with a slash. */
  readonly path: string
  /** Default 10 s. */
  readonly openTimeoutMs?: number
}

/** A longer message of the peer ends the connection: it would have to be in memory as a whole. */
export const MAX_WS_MESSAGE_BYTES = 16 * 1024 * 1024
/** How long a peer may take to answer our goodbye before the socket is dropped. */
const CLOSE_GRACE_MS = 500
const KEEP_ALIVE_MS = 10_000
const NORMAL_CLOSURE = 1000
/** The library's own words: no goodbye was heard, or it had no code. */
const ABNORMAL_CLOSURE = 1006

/**
 * A WebSocket connection to a server, such as a bridge to a serial port. Its binary messages one after the other are the
 * stream of bytes; what is written leaves as one binary message for each write. A text message counts as its UTF-8 bytes.
 * Nothing is compressed.
 *
 * Errors of `open`: `LINK_REFUSED` (nothing listens, or it speaks no WebSocket on this path), `LINK_UNREACHABLE`,
 * `LINK_OPEN_TIMEOUT`, `LINK_OPEN_CANCELLED`.
 */
export function createWebSocket(target: WebSocketTarget): Transport {
  const { path, openTimeoutMs = OPEN_TIMEOUT_MS } = target
  const place = hostPort(target)
  return {
    async open(handlers, signal) {
      const connection = await raceOpen<WebSocketConnection>({
        target: place,
        signal,
        timeoutMs: openTimeoutMs,
        timeoutMessage: `${place} did not answer within ${openTimeoutMs / 1000} s`,
        start(opened, failed) {
          const socket = new WebSocket(`ws://${place}${path}`, {
            perMessageDeflate: false,
            maxPayload: MAX_WS_MESSAGE_BYTES,
            followRedirects: false,
            handshakeTimeout: openTimeoutMs + 1000,
          })
          socket.once('upgrade', (response) => {
            response.socket.setNoDelay(true)
            response.socket.setKeepAlive(true, KEEP_ALIVE_MS)
          })
          socket.once('unexpected-response', (_request, response) => {
            failed(refused(`${place} answers ${path} with HTTP ${response.statusCode}, not with WebSocket`))
            socket.terminate()
          })
          socket.once('open', () => {
            socket.pause() // until there is somebody to hear it
            opened(new WebSocketConnection(socket, place))
          })
          // Stays for good: dropping an attempt is told as an error too.
          socket.on('error', (error) => failed(openError(error, place)))
          return () => socket.terminate()
        },
      })
      connection.attach(handlers)
      return connection
    },
  }
}

class WebSocketConnection implements Connection {
  readonly peerName: string
  readonly lineRate = undefined
  readonly isLossy = false
  readonly #socket: WebSocket
  readonly #end = new ConnectionEnd()
  #isClosing = false
  #canWrite = true
  #failure: Error | undefined

  constructor(socket: WebSocket, peerName: string) {
    this.peerName = peerName
    this.#socket = socket
    socket.on('error', (error) => {
      this.#failure = error
    })
    socket.on('close', (code, reason) => this.#closed(code, reason.toString()))
  }

  get canWrite(): boolean {
    return this.#canWrite && !this.#end.isReached
  }

  get unsentBytes(): number {
    return this.#end.isReached ? 0 : this.#socket.bufferedAmount
  }

  /** Brings the handlers and lets bytes flow. An end that came meanwhile is told now. */
  attach(handlers: ConnectionHandlers): void {
    this.#socket.on('message', (data) => {
      for (const part of Array.isArray(data) ? data : [data]) {
        this.#end.bytes(
          part instanceof ArrayBuffer
            ? new Uint8Array(part)
            : new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
        )
      }
    })
    this.#end.attach(handlers)
    if (!this.#end.isReached) this.#socket.resume()
  }

  write(bytes: Uint8Array): void {
    if (this.#isClosing || this.#end.isReached || bytes.length === 0) return
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#socket.send(bytes, { binary: true }, this.#taken)
    if (this.#socket.bufferedAmount > 0) this.#canWrite = false
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
    if (this.#canWrite || this.#socket.bufferedAmount > 0) return
    this.#canWrite = true
    this.#end.writable()
  }

  /** Says goodbye and sends what is left for a while: a peer that reads no more must not hold the socket for ever. */
  #endSocket(): void {
    this.#socket.resume() // an unread message would keep the peer's goodbye from arriving
    this.#socket.close(NORMAL_CLOSURE)
    const grace = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS)
    this.#socket.once('close', () => clearTimeout(grace))
  }

  #closed(code: number, reason: string): void {
    const why = reason === '' ? '' : `: ${reason}`
    const failure = this.#failure === undefined ? '' : `: ${this.#failure.message}`
    this.#end.finish(
      code === ABNORMAL_CLOSURE || this.#failure !== undefined
        ? { kind: 'lost', code: 'LINK_LOST', detail: `the connection to ${this.peerName} broke${failure}` }
        : {
            kind: 'remote',
            code: 'LINK_LOST',
            detail: `${this.peerName} closed the connection (code ${code})${why}`,
          },
    )
  }
}

function openError(error: Error, place: string): ConsoleError {
  const { code = '' } = error as NodeJS.ErrnoException
  // Whatever is not of the network is of the answer: no HTTP at all, or a handshake that is none.
  if (/^E[A-Z]/.test(code) && code !== 'ECONNRESET') return connectError(error, place)
  return refused(`${place} does not speak WebSocket: ${error.message}`, error)
}

const refused = (message: string, cause?: Error): ConsoleError =>
  new ConsoleError(
    'LINK_REFUSED',
    message,
    { remedy: 'Check host, port and path: ws://host:port/path. A plain TCP server is reached with tcp://.' },
    { cause },
  )
