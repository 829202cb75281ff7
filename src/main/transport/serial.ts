import { access } from 'node:fs/promises'
import { SerialPort } from 'serialport'
import { bitsPerByte, type LineFraming, type LineRate } from '../../shared/model/line-rate'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import { OPEN_TIMEOUT_MS, raceOpen } from './open-abort'
import { serialOpenError } from './serial-errors'
import type { CloseReason, Connection, ConnectionHandlers, Transport } from './transport'
import { WriteGate } from './write-gate'

export interface SerialTarget {
  readonly path: string
  readonly baud: number
  readonly framing: LineFraming
  /** Default 10 s. */
  readonly openTimeoutMs?: number
}

/** Bytes that may wait for the driver before `canWrite` turns false; the driver itself holds about 4 KiB more. */
const HIGH_WATER_BYTES = 8 * 1024

/**
 * How often the path is looked for while the port is open. Some drivers never report that the device is gone; a path
 * that vanished twice in a row counts as unplugged (ux-design, "Close event missing").
 */
const PRESENCE_PERIOD_MS = 500

/**
 * A serial port.
 *
 * Errors of `open`: `PORT_MISSING`, `PORT_BUSY`, `PORT_DENIED`, `PORT_BAD_SETTING`, `LINK_OPEN_TIMEOUT`,
 * `LINK_OPEN_CANCELLED`; each names the path and what to type against it.
 */
export function createSerial(target: SerialTarget): Transport {
  const { path, baud, framing, openTimeoutMs = OPEN_TIMEOUT_MS } = target
  return {
    async open(handlers, signal) {
      const port = await raceOpen<SerialPort>({
        target: path,
        signal,
        timeoutMs: openTimeoutMs,
        timeoutMessage: `the driver did not open ${path} within ${openTimeoutMs / 1000} s`,
        start(opened, failed) {
          let isAbandoned = false
          const port = new SerialPort({ path, baudRate: baud, ...framing, autoOpen: false, lock: true })
          port.open((error) => {
            if (isAbandoned) port.destroy()
            else if (error) failed(serialOpenError(error, path))
            else opened(port)
          })
          return () => {
            isAbandoned = true
          }
        },
      })
      return new SerialConnection(port, { baud, bitsPerByte: bitsPerByte(framing) }, handlers)
    },
  }
}

/**
 * An open serial port. The SerialPort object serves this one connection only: after its end it would queue writes and
 * flush them into whatever is plugged in next.
 */
class SerialConnection implements Connection {
  readonly peerName: string
  readonly lineRate: LineRate
  readonly isLossy = true
  readonly #port: SerialPort
  readonly #end: ConnectionEnd
  readonly #gate = new WriteGate(HIGH_WATER_BYTES)
  readonly #presence: NodeJS.Timeout
  #unsentBytes = 0
  #missed = 0

  constructor(port: SerialPort, lineRate: LineRate, handlers: ConnectionHandlers) {
    this.peerName = port.path
    this.lineRate = lineRate
    this.#port = port
    this.#end = new ConnectionEnd(handlers)
    // Without a reader the port does not notice that its device is gone.
    port.on('data', (bytes: Buffer) => this.#end.bytes(bytes))
    port.on('error', (error) => this.#lost(error.message))
    port.on('close', (error: (Error & { disconnected?: boolean }) | null) =>
      this.#lost(error?.message ?? 'closed'),
    )
    this.#presence = setInterval(() => void this.#lookForPath(), PRESENCE_PERIOD_MS)
  }

  get canWrite(): boolean {
    return this.#gate.isOpen && !this.#end.isReached
  }

  get unsentBytes(): number {
    return this.#end.isReached ? 0 : this.#unsentBytes
  }

  write(bytes: Uint8Array): void {
    if (this.#end.isReached || bytes.length === 0) return
    this.#unsentBytes += bytes.length
    this.#gate.grown(this.#unsentBytes)
    this.#port.write(bytes, (error) => {
      if (error) return this.#lost(error.message)
      this.#unsentBytes -= bytes.length
      if (this.#gate.shrunk(this.#unsentBytes)) this.#end.writable()
    })
  }

  async close(): Promise<void> {
    const released = this.#release()
    this.#finish(CLOSED_BY_US)
    await released
    await this.#end.reached
  }

  #lost(cause: string): void {
    void this.#release()
    this.#finish({ kind: 'lost', code: 'PORT_LOST', detail: `${this.peerName} is gone (${cause})` })
  }

  #finish(reason: CloseReason): void {
    clearInterval(this.#presence)
    this.#end.finish(reason)
  }

  /** Gives the port back to the system. Resolves when another program could open it. */
  #release(): Promise<void> {
    const port = this.#port
    if (!port.isOpen) return Promise.resolve()
    return new Promise((resolve) => port.close(() => resolve()))
  }

  async #lookForPath(): Promise<void> {
    // A COM name is no file.
    if (process.platform === 'win32') return
    const isThere = await access(this.#port.path).then(
      () => true,
      () => false,
    )
    this.#missed = isThere ? 0 : this.#missed + 1
    if (this.#missed >= 2) this.#lost('its path vanished')
  }
}
