import { stat } from 'node:fs/promises'
import { SerialPort } from 'serialport'
import { ByteQueue } from '../../shared/bytes'
import { bitsPerByte, type LineFraming, type LineRate } from '../../shared/model/line-rate'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import { OPEN_TIMEOUT_MS, raceOpen } from './open-abort'
import { serialOpenError } from './serial-errors'
import { type LinesAtOpen, type LinesPort, SerialLines } from './serial-lines'
import { listSerialPorts } from './serial-ports'
import type { Connection, ConnectionHandlers, Transport } from './transport'
import { WriteGate } from './write-gate'

export interface SerialSettings extends LinesAtOpen {
  readonly path: string
  readonly baud: number
  readonly framing: LineFraming
  /** Default: none. */
  readonly flow?: 'rtscts' | 'xonxoff'
}

export interface SerialOptions {
  readonly openTimeoutMs?: number
  /** `canWrite` turns false when this many bytes wait in front of the driver. Default 4096, one driver buffer. */
  readonly highWaterBytes?: number
  /** How often the path is looked at, as a second sign of unplugging. Default 500 ms. */
  readonly watchMs?: number
  /** Makes the port of the driver; a mock in tests. Must not open it. */
  readonly createPort?: (settings: SerialSettings) => DriverPort
  /** What tells one device under this path from another; undefined when there is none. */
  readonly identify?: (path: string) => Promise<string | undefined>
}

/** What this transport uses of serialport's port. */
export interface DriverPort extends LinesPort {
  open(done: (error: Error | null) => void): void
  close(done: (error: Error | null) => void): void
  write(bytes: Uint8Array, encoding: undefined, done: (error: Error | null | undefined) => void): boolean
  drain(done: (error: Error | null) => void): void
  flush(done: (error: Error | null) => void): void
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown
  on(event: 'close' | 'error', listener: (error: Error | null) => void): unknown
}

/** A write in flight this long is given a push: the driver's poller sometimes misses that the port is writable. */
const PUSH_MS = 100
/** Closing waits this long for bytes on their way out; a port stopped by flow control would wait for ever. */
const DRAIN_TIMEOUT_MS = 500

/**
 * A serial port of this computer. Every `open` makes a new port object: a used one keeps what was written after its
 * device was gone and would send it to the next device.
 *
 * Errors of `open`: `PORT_MISSING`, `PORT_BUSY`, `PORT_DENIED`, `PORT_BAD_SETTING`, `LINK_OPEN_TIMEOUT`,
 * `LINK_OPEN_CANCELLED`; each names the path and what to type against it.
 */
export function createSerial(settings: SerialSettings, options: SerialOptions = {}): Transport {
  const { path } = settings
  const { createPort = createSystemPort, openTimeoutMs = OPEN_TIMEOUT_MS } = options
  return {
    open: (handlers, signal) =>
      raceOpen<Connection>({
        target: path,
        timeoutMs: openTimeoutMs,
        signal,
        timeoutMessage: `${path} did not open within ${openTimeoutMs / 1000} s`,
        start(opened, failed) {
          let isAbandoned = false
          const refuse = (error: Error): void => {
            void serialOpenError(path, describeSettings(settings), error).then(failed)
          }
          let port: DriverPort
          try {
            port = createPort(settings)
          } catch (error) {
            refuse(error as Error)
            return () => undefined
          }
          port.open((error) => {
            if (error) refuse(error)
            else if (isAbandoned) port.close(() => undefined)
            else {
              const connection = new SerialConnection(port, settings, options, handlers)
              void connection.begin(settings).then(() => {
                if (isAbandoned) void connection.close()
                else opened(connection)
              })
            }
          })
          return () => {
            isAbandoned = true
          }
        },
      }),
  }
}

const createSystemPort = ({ path, baud, framing, flow }: SerialSettings): DriverPort =>
  new SerialPort({
    path,
    baudRate: baud,
    ...framing,
    rtscts: flow === 'rtscts',
    xon: flow === 'xonxoff',
    xoff: flow === 'xonxoff',
    autoOpen: false,
  })

const describeSettings = ({ baud, framing: { dataBits, parity, stopBits } }: SerialSettings): string =>
  `${baud} baud, ${dataBits} data bits, parity ${parity}, ${stopBits} stop bits`

class SerialConnection implements Connection {
  readonly peerName: string
  readonly lineRate: LineRate
  readonly isLossy = true
  readonly control: SerialLines
  readonly #port: DriverPort
  readonly #end: ConnectionEnd
  readonly #queue = new ByteQueue()
  readonly #gate: WriteGate
  readonly #pieceBytes: number
  readonly #watch: NodeJS.Timeout
  readonly #push: NodeJS.Timeout
  #drainListeners: (() => void)[] = []
  #inFlightBytes = 0
  #hasWritten = false
  #isClosing = false

  constructor(
    port: DriverPort,
    settings: SerialSettings,
    options: SerialOptions,
    handlers: ConnectionHandlers,
  ) {
    this.peerName = settings.path
    this.lineRate = { baud: settings.baud, bitsPerByte: bitsPerByte(settings.framing) }
    this.#port = port
    this.#end = new ConnectionEnd(handlers)
    this.#gate = new WriteGate(options.highWaterBytes ?? 4096)
    // Small pieces on slow lines: `unsentBytes` then follows the line instead of jumping by whole messages.
    const bytesIn20Ms = (settings.baud / this.lineRate.bitsPerByte) * 0.02
    this.#pieceBytes = Math.min(4096, Math.max(256, Math.round(bytesIn20Ms)))

    // A port without a reader does not notice that its device is gone.
    port.on('data', (bytes) => {
      if (!this.#isClosing) this.#end.bytes(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length))
    })
    port.on('error', (error) => this.#lose(error?.message ?? 'the port failed'))
    port.on('close', (error) => {
      if (this.#isClosing) this.#finishLocally()
      else this.#lose(error?.message ?? 'the port was closed')
    })
    this.control = new SerialLines(settings.path, port, (lines) => this.#end.lines(lines))
    this.#watch = this.#watchPath(options)
    this.#push = setInterval(() => {
      if (this.#inFlightBytes > 0) pushPoller(this.#port)
    }, PUSH_MS)
  }

  /** The lines stand as asked before anybody hears of the connection. */
  async begin(lines: LinesAtOpen): Promise<void> {
    await this.control.begin(lines)
    if (!this.#isClosing && !this.#end.isReached) this.control.watch()
  }

  get canWrite(): boolean {
    return !this.#isClosing && !this.#end.isReached && this.#gate.isOpen
  }

  get unsentBytes(): number {
    return this.#queue.byteLength + this.#inFlightBytes
  }

  write(bytes: Uint8Array): void {
    if (this.#isClosing || this.#end.isReached || bytes.length === 0) return
    this.#queue.append(bytes)
    this.#gate.grown(this.unsentBytes)
    if (this.#inFlightBytes === 0) this.#writePiece()
  }

  /** Asks the system (tcdrain on POSIX, FlushFileBuffers on Windows), which blocks a thread of Node's pool meanwhile. */
  drained(): Promise<void> {
    if (this.#isClosing || this.#end.isReached) return Promise.resolve()
    return new Promise((resolve) => {
      this.#drainListeners.push(resolve)
      if (this.#inFlightBytes === 0) this.#askDriver()
    })
  }

  async close(): Promise<void> {
    if (!this.#isClosing && !this.#end.isReached) {
      this.#isClosing = true
      this.#queue.clear()
      await this.#drain()
      if (this.#port.isOpen) this.#port.close(() => this.#finishLocally())
      else this.#finishLocally()
    }
    await this.#end.reached
  }

  #writePiece(): void {
    const piece = this.#queue.take(Math.min(this.#queue.byteLength, this.#pieceBytes))
    if (piece.length === 0) {
      this.#askDriver()
      return
    }
    this.#inFlightBytes = piece.length
    this.#hasWritten = true
    const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    this.#port.write(buffer, undefined, (error) => {
      this.#inFlightBytes = 0
      if (this.#isClosing || this.#end.isReached) return
      if (error) {
        this.#lose(error.message)
        return
      }
      this.#writePiece()
      if (this.#gate.shrunk(this.unsentBytes)) this.#end.writable()
    })
  }

  /** The driver has taken everything: it knows when that has left. */
  #askDriver(): void {
    if (this.#drainListeners.length === 0) return
    const listeners = this.#drainListeners.splice(0)
    const tell = (): void => {
      for (const done of listeners) done()
    }
    // A port that failed to answer is told of elsewhere; nobody must wait for it.
    if (this.#port.isOpen) void Promise.race([this.#end.reached, this.#drivenOut()]).then(tell)
    else tell()
  }

  #drivenOut(): Promise<void> {
    return new Promise((resolve) => this.#port.drain(() => resolve()))
  }

  /** Lets the driver send what it has taken, for a while; then discards it, so that the port can be closed. */
  #drain(): Promise<void> {
    if (!this.#hasWritten || !this.#port.isOpen) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#port.flush(() => resolve()), DRAIN_TIMEOUT_MS)
      this.#port.drain(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** Drivers did not always report a removal, and a quick replug leaves another device under the same path. */
  #watchPath({ watchMs = 500, identify = identifyDevice }: SerialOptions): NodeJS.Timeout {
    const first = identify(this.peerName)
    let isLooking = false
    return setInterval(() => {
      pushPoller(this.#port)
      if (isLooking) return
      isLooking = true
      void Promise.all([first, identify(this.peerName)]).then(([before, now]) => {
        isLooking = false
        if (now === undefined) this.#lose('the device is gone')
        else if (before !== undefined && before !== now) this.#lose('another device took this path')
      })
    }, watchMs)
  }

  #lose(detail: string): void {
    if (this.#isClosing || this.#end.isReached) return
    this.#stop()
    if (this.#port.isOpen) this.#port.close(() => undefined)
    this.#end.finish({ kind: 'lost', code: 'PORT_LOST', detail: `${this.peerName}: ${detail}` })
  }

  #finishLocally(): void {
    this.#stop()
    this.#end.finish(CLOSED_BY_US)
  }

  #stop(): void {
    this.control.stop()
    clearInterval(this.#watch)
    clearInterval(this.#push)
    this.#queue.clear()
    this.#inFlightBytes = 0
    for (const done of this.#drainListeners.splice(0)) done()
  }
}

/** A word that differs between two devices under one path; undefined when the path is gone. */
async function identifyDevice(path: string): Promise<string | undefined> {
  if (process.platform === 'win32') {
    const ports = await listSerialPorts()
    return ports.find((port) => port.path.toLowerCase() === path.toLowerCase()) && path
  }
  const found = await stat(path).catch(() => undefined)
  return found && `${found.dev} ${found.ino} ${found.rdev}`
}

const POLL_READABLE = 1
const POLL_WRITABLE = 2

/**
 * Makes the driver's poller look again. Seen on Linux with traffic in both directions: a write waited for ever although
 * the port was writable; asking again lets it go on, and costs one system call. Other drivers have no poller.
 */
function pushPoller(port: DriverPort): void {
  const { poller } = (port as { port?: { poller?: Poller } }).port ?? {}
  if (poller === undefined || !port.isOpen) return
  const wanted =
    (poller.listenerCount('readable') > 0 ? POLL_READABLE : 0) |
    (poller.listenerCount('writable') > 0 ? POLL_WRITABLE : 0)
  if (wanted !== 0) poller.poll(wanted)
}

interface Poller {
  listenerCount(event: string): number
  poll(events: number): void
}
