import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import type { LookupFunction, Socket } from 'node:net'
import { WebSocket } from 'ws'
import { webSocketFarEnd } from '../../testing/web-socket-far-end'
import { VirtualClock } from '../../testing/virtual-clock'
import type { FarEnd } from './compliance-session'
import type { Connection, ConnectionHandlers } from './transport'
import { type ComplianceRig, type ComplianceTraits, describeTransport } from './transport-compliance'
import { createUdp } from './udp'
import { createUdpListen, UDP_PEER_SILENT_MS } from './udp-listen'
import { MAX_WS_MESSAGE_BYTES } from './web-socket-connection'
import { createWebSocketListen } from './ws-listen'

const UDP_TRAITS: ComplianceTraits = {
  isLossy: true,
  hasLineRate: false,
  lostCode: 'LINK_REFUSED',
  maxUnsentBytes: 65 * 1024,
  packetBytes: 1400,
  losesPackets: true,
  opens: 'in a while',
  tellsProperEnd: false,
  cycles: 100,
}

describeTransport('udp', udpRig, UDP_TRAITS)
describeTransport('udp-listen, the accepted side', udpListenRig, {
  ...UDP_TRAITS,
  lostCode: 'LINK_LOST',
  opens: 'waits for peers',
})
describeTransport('ws-listen, the accepted side', wsListenRig, {
  isLossy: false,
  hasLineRate: false,
  lostCode: 'LINK_LOST',
  // The head of a message to a client counts.
  maxUnsentBytes: 1024 + 10,
  packetBytes: MAX_WS_MESSAGE_BYTES,
  opens: 'waits for peers',
  tellsProperEnd: true,
  cycles: 100,
})

const boundSocket = (): Promise<UdpSocket> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1', () => resolve(socket))
  })

function socketFarEnd(socket: UdpSocket, peerPort: () => number, cut: () => void): FarEnd {
  let isClosed = false
  const close = (): Promise<void> => {
    if (isClosed) return Promise.resolve()
    isClosed = true
    return new Promise((resolve) => socket.close(() => resolve()))
  }
  socket.on('error', () => undefined)
  return {
    write: (bytes) => {
      if (!isClosed) socket.send(bytes, peerPort(), '127.0.0.1')
    },
    onBytes: (listener) =>
      void socket.on('message', (datagram) =>
        listener(new Uint8Array(datagram.buffer, datagram.byteOffset, datagram.length)),
      ),
    cut: async () => {
      await close()
      cut()
    },
    close,
  }
}

function udpRig(): Promise<ComplianceRig> {
  const unknown: LookupFunction = (_name, _options, done) =>
    done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '', 4)
  return Promise.resolve({
    async connect(handlers) {
      const far = await boundSocket()
      let peerPort = 0
      const greeted = new Promise<void>((resolve) => {
        far.once('message', (_datagram, sender) => {
          peerPort = sender.port
          resolve()
        })
      })
      const { port } = far.address()
      const near = await createUdp({ host: '127.0.0.1', port }).open(handlers)
      // The far end has to know where to send to.
      near.write(Uint8Array.of(0))
      await greeted
      while (near.unsentBytes > 0) await new Promise((resolve) => setImmediate(resolve))
      // Only the next datagram finds out that nobody is there any more.
      const cut = (): void => near.write(Uint8Array.of(1))
      return { near, far: socketFarEnd(far, () => peerPort, cut) }
    },
    open: (handlers, signal) => createUdp({ host: '127.0.0.1', port: 9 }).open(handlers, signal),
    openWrong: {
      open: (handlers) => createUdp({ host: 'nowhere', port: 9, lookup: unknown }).open(handlers),
      code: 'LINK_UNREACHABLE',
    },
    close: () => Promise.resolve(),
  })
}

async function udpListenRig(): Promise<ComplianceRig> {
  const clock = new VirtualClock()
  let waiting: { handlers: ConnectionHandlers; accepted: (near: Connection) => void } | undefined
  const listener = await createUdpListen({ host: '127.0.0.1', port: 0, clock }).listen((connection) => {
    waiting!.accepted(connection)
    return waiting!.handlers
  })
  const port = Number(new URL(listener.url.replace('udp-listen', 'http')).port)
  return {
    async connect(handlers) {
      const accepted = new Promise<Connection>((resolve) => {
        waiting = { handlers, accepted: resolve }
      })
      const socket = await boundSocket()
      socket.send(new Uint8Array(0), port, '127.0.0.1')
      // Nothing tells that a peer is gone but its silence.
      const cut = (): void => clock.advanceBy(UDP_PEER_SILENT_MS)
      return { near: await accepted, far: socketFarEnd(socket, () => port, cut) }
    },
    close: () => listener.close(),
  }
}

async function wsListenRig(): Promise<ComplianceRig> {
  let waiting: { handlers: ConnectionHandlers; accepted: (near: Connection) => void } | undefined
  const listener = await createWebSocketListen({ host: '127.0.0.1', port: 0, path: '/' }).listen(
    (connection) => {
      waiting!.accepted(connection)
      return waiting!.handlers
    },
  )
  const url = listener.url.replace('ws-listen', 'ws')
  return {
    async connect(handlers) {
      const accepted = new Promise<Connection>((resolve) => {
        waiting = { handlers, accepted: resolve }
      })
      const socket = new WebSocket(url)
      const tcp = new Promise<Socket>((resolve) =>
        socket.once('upgrade', (response) => resolve(response.socket)),
      )
      await new Promise((resolve) => socket.once('open', resolve))
      return { near: await accepted, far: webSocketFarEnd(socket, await tcp) }
    },
    close: () => listener.close(),
  }
}
