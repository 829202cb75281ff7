import type { Clock } from '../../shared/model/clock'
import type { LinkAddress } from '../../shared/model/link-url'
import { openTransport } from '../transport/open-transport'
import type { ListeningTransport, Transport } from '../transport/transport'
import { createSimTransport } from './sim-transport'

/**
 * The transport of any link address: the real ones, and simulated devices on the given clock.
 *
 * @throws ConsoleError `DEVICE_UNKNOWN`.
 */
export const transportFor = (address: LinkAddress, clock: Clock): Transport | ListeningTransport =>
  address.scheme === 'sim' ? createSimTransport(address, clock) : openTransport(address, clock)
