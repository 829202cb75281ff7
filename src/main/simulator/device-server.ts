import type { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { LinkAddress } from '../../shared/model/link-url'
import { HeldHandlers } from '../link/held-handlers'
import { isLossyScheme } from '../link/line-settings'
import { dialectNamed } from '../netcore/dialects/registry'
import type { Connection, ConnectionHandlers, Transport } from '../transport/transport'
import { Bridge } from './bridge'
import { DirectDevice } from './direct-device'
import { createSimTransport, type SimAddress } from './sim-transport'

export interface ServedPeer {
  /** Counts the peers from 1. */
  readonly number: number
  readonly name: string
}

export interface DeviceServerOptions {
  readonly device: SimAddress
  /** Where peers come to. */
  readonly place: LinkAddress
  readonly clock: Clock
  readonly onPeer: (peer: ServedPeer) => void
  /** @param cause - Null when the connection was ended properly. */
  readonly onPeerGone: (peer: ServedPeer, cause: ConsoleError | null) => void
}

interface Served {
  readonly handlers: ConnectionHandlers
  readonly end: { close(): Promise<void> }
}

/**
 * Gives every peer a simulated device of its own, behind a line of its own; where the dialect has packets and the place is
 * no line, right at the connection.
 */
export class DeviceServer {
  readonly #options: DeviceServerOptions
  readonly #served = new Set<{ close(): Promise<void> }>()
  /** No line lies between, so nothing has the speed of one. */
  readonly isDirect: boolean
  #count = 0

  /** @throws ConsoleError `DEVICE_UNKNOWN`. */
  constructor(options: DeviceServerOptions) {
    createSimTransport(options.device, options.clock) // told now, not to the first peer
    this.#options = options
    const { place } = options
    this.isDirect = dialectNamed(place.dialect).traits.hasPackets === true && !isLine(place)
  }

  /** A peer came to a listener. */
  accept(peer: Connection): ConnectionHandlers {
    const { onPeer, onPeerGone } = this.#options
    this.#count += 1
    const served: ServedPeer = { number: this.#count, name: peer.peerName }
    const { handlers, end } = this.#serve(peer, (cause) => {
      this.#served.delete(end)
      onPeerGone(served, cause)
    })
    this.#served.add(end)
    onPeer(served)
    return handlers
  }

  /** Opens one line to one peer, such as a serial port. */
  async open(transport: Transport, signal: AbortSignal): Promise<void> {
    const held = new HeldHandlers()
    const peer = await transport.open(held, signal)
    held.release(this.accept(peer))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#served].map((served) => served.close()))
  }

  #serve(peer: Connection, onEnd: (cause: ConsoleError | null) => void): Served {
    const { device, place, clock } = this.#options
    if (this.isDirect) {
      const direct = new DirectDevice(peer, { device, place, clock, onEnd })
      return { handlers: direct.handlers, end: direct }
    }
    const bridge = new Bridge(peer, createSimTransport(device, clock), onEnd)
    return { handlers: bridge, end: bridge }
  }
}

/** Bytes pass a line there: serial, or told to be one. */
const isLine = (place: LinkAddress): boolean => place.scheme !== 'udp-listen' && isLossyScheme(place)
