import { WebSocket } from 'ws'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import type { Connection, ConnectionHandlers } from './transport'

/**
 * A longer message of the peer ends the connection: it would have to be in memory as a whole. 17 MiB is the longest frame
 * of Socket.D (socketd.md §1).
 */
export const MAX_WS_MESSAGE_BYTES = 17 * 1024 * 1024
/** How long a peer may take to answer our goodbye before the socket is dropped. */
const CLOSE_GRACE_MS = 500
const NORMAL_CLOSURE = 1000
const UNSUPPORTED_DATA = 1003
/** The library's own words: no goodbye was heard, or it had no code. */
const ABNORMAL_CLOSURE = 1006

/** What a dialect asks a WebSocket to be agreed on, word for word; the others ask nothing. */
const SUB_PROTOCOLS: Readonly<Record<string, string>> = { socketd: 'Socket.D' }

export const subProtocolOf = (dialect: string): string | undefined => SUB_PROTOCOLS[dialect]

/** What both sides of a WebSocket ask of the library: nothing is compressed. */
export const WS_OPTIONS = { perMessageDeflate: false, maxPayload: MAX_WS_MESSAGE_BYTES } as const

/**
 * An open WebSocket as a connection, for the connecting side and for accepted peers alike. One `write` leaves as one binary
 * message, and one message comes as one `onBytes`; who speaks a stream need not care. The socket is paused until `attach`.
 */
export class WebSocketConnection implements Connection {
  readonly peerName: string
  readonly lineRate = undefined
  readonly isLossy = false
  readonly packetBytes = MAX_WS_MESSAGE_BYTES
  readonly #socket: WebSocket
  readonly #takesText: boolean
  readonly #end = new ConnectionEnd()
  #isClosing = false
  #canWrite = true
  #failure: Error | undefined

  /** @param protocol - The sub-protocol that was agreed on; with one, text messages are an error. */
  constructor(socket: WebSocket, peerName: string, protocol: string | undefined) {
    this.peerName = peerName
    this.#socket = socket
    this.#takesText = protocol === undefined
    socket.pause()
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
    this.#socket.on('message', (data, isBinary) => {
      if (!isBinary && !this.#takesText) {
        this.#refuseText()
        return
      }
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
    if (bytes.length > this.packetBytes) {
      const detail = `a message of ${bytes.length} bytes is larger than the ${this.packetBytes} that a peer takes`
      this.#end.leftOut('PACKET_TOO_LARGE', bytes.length, detail)
      return
    }
    this.#socket.send(bytes, { binary: true }, this.#taken)
    if (this.#socket.bufferedAmount > 0) this.#canWrite = false
  }

  close(): Promise<void> {
    if (!this.#isClosing && !this.#end.isReached) {
      this.#isClosing = true
      this.#endSocket(NORMAL_CLOSURE)
      this.#end.finish(CLOSED_BY_US)
    }
    return this.#end.reached
  }

  #refuseText(): void {
    if (this.#isClosing || this.#end.isReached) return
    this.#isClosing = true
    this.#endSocket(UNSUPPORTED_DATA)
    const detail = `${this.peerName} sent a text message, where only binary ones have a meaning`
    this.#end.finish({ kind: 'lost', code: 'LINK_LOST', detail })
  }

  readonly #taken = (): void => {
    if (this.#canWrite || this.#socket.bufferedAmount > 0) return
    this.#canWrite = true
    this.#end.writable()
  }

  /** Says goodbye and sends what is left for a while: a peer that reads no more must not hold the socket for ever. */
  #endSocket(code: number): void {
    this.#socket.resume() // an unread message would keep the peer's goodbye from arriving
    this.#socket.close(code)
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
