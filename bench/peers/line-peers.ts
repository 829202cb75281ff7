import { http2Peer } from './http2'
import type { StreamPeer } from './peer'
import { rsocketPeer } from './rsocket'
import { wsPeer } from './ws'
import { yamuxPeer } from './yamux'

/** Peers that speak over any stream of bytes, for the simulated line. */
export const linePeers: Readonly<Record<string, StreamPeer>> = Object.fromEntries(
  [http2Peer, yamuxPeer, rsocketPeer, wsPeer].map((peer) => [peer.name, peer]),
)
