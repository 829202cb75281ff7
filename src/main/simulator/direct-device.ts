import type { Clock } from '../../shared/model/clock'
import type { LinkAddress } from '../../shared/model/link-url'
import type { TraceEvent } from '../../shared/model/trace'
import { ConsoleError } from '../../shared/errors'
import { Link } from '../link/link'
import { NO_RECONNECT } from '../link/link-machine'
import { seededRandom } from '../transport/seeded-random'
import type { Connection, ConnectionHandlers } from '../transport/transport'
import { deviceNamed, type SimAddress } from './sim-transport'

export interface DirectDeviceOptions {
  readonly device: SimAddress
  /** Where the peer came to. */
  readonly place: LinkAddress
  readonly clock: Clock
  /** Called once; the cause is null when the peer or we ended it properly. */
  readonly onEnd: (cause: ConsoleError | null) => void
}

/**
 * A simulated device right at the connection of its peer, with no simulated line between: for dialects whose frames are
 * packets and look another way on a serial line (Socket.D).
 */
export class DirectDevice {
  readonly #link: Link
  readonly handlers: ConnectionHandlers
  #hasEnded = false

  /** @throws ConsoleError `DEVICE_UNKNOWN`. */
  constructor(peer: Connection, { device: sim, place, clock, onEnd }: DirectDeviceOptions) {
    const random = seededRandom(sim.faults.seed)
    const end = (cause: ConsoleError | null): void => {
      if (this.#hasEnded) return
      this.#hasEnded = true
      void device.stop()
      onEnd(cause)
    }
    const observe = (event: TraceEvent): void => {
      device.observe(event)
      if (event.type !== 'link-state' || event.phase !== 'closed') return
      end(event.code === null ? null : new ConsoleError(event.code, event.detail))
    }
    const link: Link = new Link({
      id: 1,
      address: { ...place, name: peer.peerName },
      transport: null,
      clock,
      random,
      reconnect: NO_RECONNECT,
      session: { role: 'device', identity: `simulated ${sim.device}` },
      onTrace: observe,
    })
    const device = deviceNamed(sim.device)(link, clock, random)
    this.#link = link
    this.handlers = link.accept(peer)
    link.whenConnected().then(
      () => device.start(),
      () => undefined, // the peer went before it had shaken hands: nothing to start
    )
  }

  /** Ends the connection. */
  close(): Promise<void> {
    return this.#link.close()
  }
}
