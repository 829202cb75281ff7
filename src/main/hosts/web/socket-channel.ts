import type { WebSocket } from 'ws'
import type { ByteChannel } from '../../../shared/contract/envelope'
import { SOCKET_CLOSE } from '../../../shared/contract/host-api'
import type { Clock } from '../../../shared/model/clock'

/** Bytes that may wait for a page which does not read. Subscriptions pause long before; answers to calls do not. */
const MAX_SOCKET_BACKLOG_BYTES = 32 * 1024 * 1024
/** A live page's browser answers a ping by itself, also while the page is frozen in the background. */
const PING_INTERVAL_MS = 30_000

const UNSUPPORTED_DATA = 1003

/** One page's WebSocket as a byte channel. A page that neither reads nor answers pings is let go. */
export class SocketChannel implements ByteChannel {
  readonly #socket: WebSocket
  readonly #clock: Clock
  #closed: ((reason: string) => void) | undefined
  #closeReason: string | undefined
  #cancelPing: () => void
  #sawPong = true

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket
    this.#clock = clock
    socket.on('close', (code, reason) => this.#ended(reason.toString() || `closed with code ${code}`))
    socket.on('error', (error) => this.#ended(error.message)) // `close` follows with the protocol's own code
    socket.on('pong', () => {
      this.#sawPong = true
    })
    this.#cancelPing = clock.schedule(clock.nowMs() + PING_INTERVAL_MS, () => this.#ping())
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  send(frame: Uint8Array): void {
    if (this.#closeReason !== undefined) return
    if (this.#socket.bufferedAmount + frame.length > MAX_SOCKET_BACKLOG_BYTES) {
      this.#socket.close(SOCKET_CLOSE.TOO_SLOW, 'CHANNEL_TOO_SLOW')
      this.#ended('CHANNEL_TOO_SLOW')
      return
    }
    this.#socket.send(frame, { binary: true })
  }

  onFrame(receive: (frame: Uint8Array) => void): void {
    this.#socket.on('message', (data, isBinary) => {
      if (this.#closeReason !== undefined) return
      if (isBinary && data instanceof Uint8Array) {
        receive(data)
        return
      }
      this.#socket.close(UNSUPPORTED_DATA, 'CONTRACT_BAD_FRAME')
      this.#ended('CONTRACT_BAD_FRAME') // what follows it is not heard
    })
  }

  onClosed(closed: (reason: string) => void): void {
    this.#closed = closed
    const reason = this.#closeReason
    if (reason !== undefined) queueMicrotask(() => closed(reason))
  }

  close(reason = 'closed by the core'): void {
    this.#socket.close(SOCKET_CLOSE.CORE_ENDED, reason)
    this.#ended(reason)
  }

  #ping(): void {
    if (!this.#sawPong) {
      this.#socket.terminate()
      return
    }
    this.#sawPong = false
    this.#socket.ping()
    this.#cancelPing = this.#clock.schedule(this.#clock.nowMs() + PING_INTERVAL_MS, () => this.#ping())
  }

  #ended(reason: string): void {
    if (this.#closeReason !== undefined) return
    this.#closeReason = reason
    this.#cancelPing()
    this.#closed?.(reason)
  }
}
