import { createSocket, type Socket } from 'node:dgram'
import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'

/** What the system may keep for us while we are busy: datagrams beyond it are lost. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024

/** @throws the system's error when the name is unknown. */
export function addressOf(
  host: string,
  lookup: LookupFunction = systemLookup,
): Promise<{ readonly address: string; readonly family: 4 | 6 }> {
  const family = isIP(host)
  if (family === 4 || family === 6) return Promise.resolve({ address: host, family })
  // A zone is no part of what isIP knows on all systems.
  if (host.includes('%')) return Promise.resolve({ address: host, family: 6 })
  return new Promise((resolve, reject) => {
    lookup(host, { all: false }, (error, found, family) => {
      const first = typeof found === 'string' ? { address: found, family } : found[0]
      if (error !== null || first === undefined) reject(error ?? new Error(`${host} has no address`))
      else resolve({ address: first.address, family: first.family === 6 ? 6 : 4 })
    })
  })
}

/** A socket that is not bound yet. Addresses it sends to are known already, so that nothing waits for a look-up. */
export function datagramSocket(family: 4 | 6): Socket {
  const known: LookupFunction = (address, _options, done) => done(null, address, family)
  const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', lookup: known as never })
  socket.once('listening', () => growBuffer(socket))
  return socket
}

function growBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
  } catch {
    // the system allows no more than it gives by itself
  }
}

/** A plain array over a datagram: `slice` of a Buffer would give a view where everybody expects a copy. */
export const plainBytes = (datagram: Buffer): Uint8Array =>
  new Uint8Array(datagram.buffer, datagram.byteOffset, datagram.length)
