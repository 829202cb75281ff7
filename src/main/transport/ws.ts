import { ConsoleError } from '../../shared/errors'
import { WebSocket } from 'ws'
import type { TlsSettings } from '../../shared/model/link-url'
import { OPEN_TIMEOUT_MS, raceOpen } from './open-abort'
import { hostPort } from './tcp'
import { connectError, isOfTls } from './tcp-socket'
import { secureContext } from './tls-files'
import type { Transport } from './transport'
import { WebSocketConnection, WS_OPTIONS } from './web-socket-connection'

export interface WebSocketTarget {
  readonly host: string
  readonly port: number
  /** Path and query on that host; begins with a slash. */
  readonly path: string
  readonly tls?: TlsSettings
  /** A sub-protocol that the server has to agree on; then text messages end the connection. */
  readonly protocol?: string
  /** Default 10 s. */
  readonly openTimeoutMs?: number
}

const KEEP_ALIVE_MS = 10_000

/**
 * A WebSocket connection to a server, such as a bridge to a serial port. Its binary messages one after the other are the
 * stream of bytes; what is written leaves as one binary message for each write. A text message counts as its UTF-8 bytes.
 * Nothing is compressed.
 *
 * Errors of `open`: `LINK_REFUSED` (nothing listens, or it speaks no WebSocket on this path or not the sub-protocol), `LINK_UNREACHABLE`,
 * `LINK_OPEN_TIMEOUT`, `LINK_OPEN_CANCELLED`; with TLS also `TLS_FAILED` and `FILE_UNREADABLE`.
 */
export function createWebSocket(target: WebSocketTarget): Transport {
  const { path, protocol, tls, openTimeoutMs = OPEN_TIMEOUT_MS } = target
  const place = hostPort(target)
  return {
    async open(handlers, signal) {
      const context = tls && (await secureContext(tls))
      const connection = await raceOpen<WebSocketConnection>({
        target: place,
        signal,
        timeoutMs: openTimeoutMs,
        timeoutMessage: `${place} did not answer within ${openTimeoutMs / 1000} s`,
        start(opened, failed) {
          const scheme = context ? 'wss' : 'ws'
          const socket = new WebSocket(`${scheme}://${place}${path}`, protocol ? [protocol] : [], {
            ...WS_OPTIONS,
            ...context,
            ...(tls && { rejectUnauthorized: tls.isVerified }),
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
            opened(new WebSocketConnection(socket, place, protocol))
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

function openError(error: Error, place: string): ConsoleError {
  const { code = '' } = error as NodeJS.ErrnoException
  // Whatever is not of the network is of the answer: no HTTP at all, or a handshake that is none.
  if (isOfTls(error) || (/^E[A-Z]/.test(code) && code !== 'ECONNRESET')) return connectError(error, place)
  if (/subprotocol/i.test(error.message)) {
    return refused(`${place} did not agree on the sub-protocol: ${error.message}`, error)
  }
  return refused(`${place} does not speak WebSocket: ${error.message}`, error)
}

const refused = (message: string, cause?: Error): ConsoleError =>
  new ConsoleError(
    'LINK_REFUSED',
    message,
    { remedy: 'Check host, port and path: ws://host:port/path. A plain TCP server is reached with tcp://.' },
    { cause },
  )
