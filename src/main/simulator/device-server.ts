import type { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import { HeldHandlers } from '../link/held-handlers'
import type { Connection, ConnectionHandlers, Transport } from '../transport/transport'
import { Bridge } from './bridge'
import { createSimTransport, type SimAddress } from './sim-transport'

export interface ServedPeer {
  /** Counts the peers from 1. */
  readonly number: number
  readonly name: string
}

export interface DeviceServerOptions {
  readonly device: SimAddress
  readonly clock: Clock
  readonly onPeer: (peer: ServedPeer) => void
  /** @param cause - Null when the connection was ended properly. */
  readonly onPeerGone: (peer: ServedPeer, cause: ConsoleError | null) => void
}

/** Gives every peer a simulated device of its own, behind a line of its own. */
export class DeviceServer {
  readonly #options: DeviceServerOptions
  readonly #bridges = new Set<Bridge>()
  #served = 0

  /** @throws ConsoleError `DEVICE_UNKNOWN`. */
  constructor(options: DeviceServerOptions) {
    createSimTransport(options.device, options.clock) // told now, not to the first peer
    this.#options = options
  }

  /** A peer came to a listener. */
  accept(peer: Connection): ConnectionHandlers {
    const { device, clock, onPeer, onPeerGone } = this.#options
    this.#served += 1
    const served: ServedPeer = { number: this.#served, name: peer.peerName }
    const bridge: Bridge = new Bridge(peer, createSimTransport(device, clock), (cause) => {
      this.#bridges.delete(bridge)
      onPeerGone(served, cause)
    })
    this.#bridges.add(bridge)
    onPeer(served)
    return bridge
  }

  /** Opens one line to one peer, such as a serial port. */
  async open(transport: Transport, signal: AbortSignal): Promise<void> {
    const held = new HeldHandlers()
    const peer = await transport.open(held, signal)
    held.release(this.accept(peer))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#bridges].map((bridge) => bridge.close()))
  }
}
