import { ConsoleError } from '../../shared/errors'
import type { PortInfo } from '../../shared/model/views'
import type { Connection, ConnectionHandlers, Transport } from '../transport/transport'

/** Which ports this computer has. */
export interface PortDirectory {
  /** Asks the system anew. Never rejects. */
  ports(): Promise<readonly PortInfo[]>
  /** The port behind a path, which may be another name of it; undefined when the system does not list it. */
  portAt(path: string, ports: readonly PortInfo[]): Promise<PortInfo | undefined>
  /** Calls `listener` whenever a port came or went. Returns how to end it. */
  watch(listener: () => void): () => void
}

export interface OtherDevice {
  readonly title: string
  readonly identity: string
}

export interface DeviceFollowerOptions {
  /** What the address says. */
  readonly path: string
  readonly directory: PortDirectory
  /** The transport to a port; nothing is opened yet. */
  readonly openPath: (path: string) => Transport
}

/**
 * A serial port that belongs to a device rather than to a path. The first opening learns which device it is; from then on
 * the same device is opened wherever it is plugged in, and a different one on the old path is left alone until a person
 * takes it (`accept`).
 */
export class DeviceFollower implements Transport {
  readonly #options: DeviceFollowerOptions
  #identity = ''
  #title = ''
  #path: string
  #other: OtherDevice | null = null
  #hasMoved = false

  constructor(options: DeviceFollowerOptions) {
    this.#options = options
    this.#path = options.path
  }

  /** `PortInfo.identity` of the device; empty before it is known. */
  get identity(): string {
    return this.#identity
  }

  /** The different device that is in the way; null when there is none. */
  get otherDevice(): OtherDevice | null {
    return this.#other
  }

  /** The device is on another port than it was before. */
  get hasMoved(): boolean {
    return this.#hasMoved
  }

  /** Forgets the device: a person opens the path anew, whatever is there. */
  forget(): void {
    this.#identity = ''
    this.#title = ''
    this.#path = this.#options.path
    this.#other = null
    this.#hasMoved = false
  }

  /** Takes the different device from now on. False when there is none. */
  accept(): boolean {
    if (this.#other === null) return false
    this.#identity = this.#other.identity
    this.#title = this.#other.title
    this.#other = null
    return true
  }

  /** Calls `listener` when a port came or went. Returns how to end it. */
  watch(listener: () => void): () => void {
    return this.#options.directory.watch(listener)
  }

  /** @throws ConsoleError as a serial port, and `PORT_OTHER_DEVICE`. */
  async open(handlers: ConnectionHandlers, signal?: AbortSignal): Promise<Connection> {
    if (this.#identity === '') return this.#openFirst(handlers, signal)
    const path = await this.#find()
    const connection = await this.#options.openPath(path).open(handlers, signal)
    this.#hasMoved = path !== this.#path
    this.#path = path
    return connection
  }

  /** The system may take long to tell what is plugged in: nobody waits for it who only wants to open a path. */
  async #openFirst(handlers: ConnectionHandlers, signal?: AbortSignal): Promise<Connection> {
    const { directory, path } = this.#options
    const learnt = directory.ports().then((ports) => directory.portAt(path, ports))
    const [connection, port] = await Promise.all([
      this.#options.openPath(path).open(handlers, signal),
      learnt,
    ])
    this.#identity = port?.identity ?? `name:${path}`
    this.#title = port?.title ?? path
    return connection
  }

  async #find(): Promise<string> {
    const { directory } = this.#options
    const ports = await directory.ports()
    const here = await directory.portAt(this.#path, ports)
    this.#other = null
    // Two adapters may claim the same serial number: then the place decides.
    if (here?.identity === this.#identity) return this.#path
    const elsewhere = ports.find((port) => port.identity === this.#identity)
    if (elsewhere !== undefined) return elsewhere.path
    if (here === undefined) {
      // A path the system does not list (a pseudo-terminal, a bridge) is its own identity.
      if (this.#identity.startsWith('name:')) return this.#path
      throw new ConsoleError('PORT_MISSING', `${this.#title} is unplugged: waiting for the same board`)
    }
    this.#other = { title: here.title, identity: here.identity }
    const which = here.serialNumber === '' ? here.title : `serial ${here.serialNumber}`
    throw new ConsoleError('PORT_OTHER_DEVICE', `This is a different board (${which}) on ${here.path}`, {
      identity: here.identity,
    })
  }
}
