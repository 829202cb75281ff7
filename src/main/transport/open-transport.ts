import type { Clock } from '../../shared/model/clock'
import type { LinkAddress } from '../../shared/model/link-url'
import { createSerial } from './serial'
import { createTcp } from './tcp'
import { createTcpListen } from './tcp-listen'
import type { ListeningTransport, Transport } from './transport'
import { createUdp } from './udp'
import { createUdpListen, type UdpListenTarget } from './udp-listen'
import { subProtocolOf } from './web-socket-connection'
import { createWebSocket } from './ws'
import { createWebSocketListen } from './ws-listen'

/** Addresses of real lines; simulated devices (`sim:`) are made by the simulator. */
export type RealAddress = Exclude<LinkAddress, { scheme: 'sim' }>

/**
 * The transport that an address names. Nothing is opened yet.
 *
 * @param clock - Of listeners that let silent peers go; default: the machine's.
 */
export function openTransport(address: RealAddress, clock?: Clock): Transport | ListeningTransport {
  const protocol = subProtocolOf(address.dialect)
  switch (address.scheme) {
    case 'serial':
      return createSerial(address)
    case 'ws':
      return createWebSocket({ ...address, ...(protocol !== undefined && { protocol }) })
    case 'ws-listen':
      return createWebSocketListen({ ...address, ...(protocol !== undefined && { protocol }) })
    case 'tcp':
      return createTcp(address)
    case 'tcp-listen':
      return createTcpListen(address)
    case 'udp':
      return createUdp(address)
    case 'udp-listen':
      return createUdpListen({ ...address, ...udpLimits(address), ...(clock && { clock }) })
  }
}

const udpLimits = ({ mostPeers, peerIdleSeconds }: LinkAddress): Partial<UdpListenTarget> => ({
  ...(mostPeers !== undefined && { maxPeers: mostPeers }),
  ...(peerIdleSeconds !== undefined && { silentMs: peerIdleSeconds * 1000 }),
})
