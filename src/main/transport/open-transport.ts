import { ConsoleError } from '../../shared/errors'
import type { LinkAddress } from '../../shared/model/link-url'
import { createSerial } from './serial'
import { createTcp } from './tcp'
import { createTcpListen } from './tcp-listen'
import { createWebSocket } from './ws'
import type { ListeningTransport, Transport } from './transport'

/** Addresses of real lines; simulated devices (`sim:`) are made by the simulator. */
export type RealAddress = Exclude<LinkAddress, { scheme: 'sim' }>

/** The transport that an address names. Nothing is opened yet. */
export function openTransport(address: RealAddress): Transport | ListeningTransport {
  switch (address.scheme) {
    case 'serial':
      return createSerial(address)
    case 'ws':
      return createWebSocket(address)
    case 'tcp':
      return createTcp(address)
    case 'tcp-listen':
      return createTcpListen(address)
    default:
      throw new ConsoleError('URL_UNKNOWN_SCHEME', `"${address.scheme}:" is not a kind of link yet`)
  }
}
