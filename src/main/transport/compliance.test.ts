import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { openPty } from '../../testing/pty'
import { webSocketFarEnd } from '../../testing/web-socket-far-end'
import type { FarEnd } from './compliance-session'
import { createLine } from './line'
import { createMemoryNetwork } from './memory'
import { createSerial } from './serial'
import { SystemClock } from './system-clock'
import { createTcp } from './tcp'
import { createTcpListen } from './tcp-listen'
import type { Connection, ConnectionHandlers, Transport } from './transport'
import { type ComplianceRig, describeTransport } from './transport-compliance'
import { MAX_WS_MESSAGE_BYTES } from './web-socket-connection'
import { createWebSocket } from './ws'

const EIGHT_N_ONE = { dataBits: 8, parity: 'none', stopBits: 1 } as const
const TCP_TRAITS = {
  isLossy: false,
  hasLineRate: false,
  lostCode: 'LINK_LOST',
  // The piece that the system did not take.
  maxUnsentBytes: 1024,
  opens: 'in a while',
  tellsProperEnd: true,
  cycles: 200,
} as const

describeTransport('tcp', tcpRig, TCP_TRAITS)
describeTransport('tcp-listen, the accepted side', tcpListenRig, { ...TCP_TRAITS, opens: 'waits for peers' })
describeTransport('ws', wsRig, {
  ...TCP_TRAITS,
  // The head of the message counts.
  maxUnsentBytes: 1024 + 14,
  packetBytes: MAX_WS_MESSAGE_BYTES,
  cycles: 100,
})
describeTransport('memory', memoryRig, {
  ...TCP_TRAITS,
  maxUnsentBytes: 65 * 1024,
  opens: 'at once',
  cycles: 500,
})
describeTransport('the simulated line', lineRig, {
  isLossy: true,
  hasLineRate: true,
  lostCode: 'PORT_LOST',
  maxUnsentBytes: 5 * 1024,
  opens: 'at once',
  tellsProperEnd: false,
  cycles: 200,
})
describeTransport('serial over a pseudo-terminal', serialRig, {
  isLossy: true,
  hasLineRate: true,
  lostCode: 'PORT_LOST',
  maxUnsentBytes: 5 * 1024,
  opens: 'in a while',
  tellsProperEnd: false,
  cycles: 25,
})

function socketFarEnd(socket: Socket): FarEnd {
  socket.on('error', () => undefined)
  return {
    write: (bytes) => void socket.write(bytes),
    onBytes: (listener) => void socket.on('data', listener),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
    cut: () => void socket.resetAndDestroy(),
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) resolve()
        else socket.once('close', () => resolve()).destroy()
      }),
  }
}

const listenOn = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(address !== null && typeof address === 'object' ? address.port : 0)
    })
  })

const closeServer = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))

async function tcpRig(): Promise<ComplianceRig> {
  const server = createServer()
  const port = await listenOn(server)
  const spare = createServer()
  const unusedPort = await listenOn(spare)
  await closeServer(spare)
  const transport = createTcp({ host: '127.0.0.1', port })
  return {
    async connect(handlers) {
      const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
      const near = await transport.open(handlers)
      return { near, far: socketFarEnd(await accepted) }
    },
    openWrong: {
      open: (handlers) => createTcp({ host: '127.0.0.1', port: unusedPort }).open(handlers),
      code: 'LINK_REFUSED',
    },
    open: (handlers, signal) => transport.open(handlers, signal),
    close: () => closeServer(server),
  }
}

async function wsRig(): Promise<ComplianceRig> {
  const server = createHttpServer()
  const port = await listenOn(server)
  const sockets = new WebSocketServer({ server, path: '/serial' })
  const target = { host: '127.0.0.1', port, path: '/serial' }
  const transport = createWebSocket(target)
  return {
    async connect(handlers) {
      const accepted = new Promise<FarEnd>((resolve) =>
        sockets.once('connection', (socket, request) => resolve(webSocketFarEnd(socket, request.socket))),
      )
      const near = await transport.open(handlers)
      return { near, far: await accepted }
    },
    openWrong: {
      open: (handlers) => createWebSocket({ ...target, path: '/wrong' }).open(handlers),
      code: 'LINK_REFUSED',
    },
    open: (handlers, signal) => transport.open(handlers, signal),
    async close() {
      sockets.close()
      server.closeAllConnections()
      await closeServer(server)
    },
  }
}

async function tcpListenRig(): Promise<ComplianceRig> {
  let waiting: { handlers: ConnectionHandlers; accepted: (near: Connection) => void } | undefined
  const listener = await createTcpListen({ host: '127.0.0.1', port: 0 }).listen((connection) => {
    waiting!.accepted(connection)
    return waiting!.handlers
  })
  const port = Number(new URL(listener.url.replace('tcp-listen', 'http')).port)
  return {
    async connect(handlers) {
      const accepted = new Promise<Connection>((resolve) => {
        waiting = { handlers, accepted: resolve }
      })
      const socket = connect({ host: '127.0.0.1', port, noDelay: true })
      return { near: await accepted, far: socketFarEnd(socket) }
    },
    close: () => listener.close(),
  }
}

async function memoryRig(): Promise<ComplianceRig> {
  const network = createMemoryNetwork()
  let waiting: { handlers: Relay; accepted: (far: Connection) => void } | undefined
  const listener = await network.listening.listen((connection) => {
    waiting!.accepted(connection)
    return waiting!.handlers
  })
  return {
    async connect(handlers) {
      const relay = new Relay()
      const accepted = new Promise<Connection>((resolve) => {
        waiting = { handlers: relay, accepted: resolve }
      })
      const near = await network.transport.open(handlers)
      return { near, far: connectionFarEnd(await accepted, relay, () => network.cut(), true) }
    },
    open: (handlers, signal) => network.transport.open(handlers, signal),
    openWrong: { open: (handlers) => createMemoryNetwork().transport.open(handlers), code: 'LINK_REFUSED' },
    close: () => listener.close(),
  }
}

function lineRig(): Promise<ComplianceRig> {
  const line = createLine({ clock: new SystemClock(), rate: { baud: 40_000_000, bitsPerByte: 10 } })
  const opened: Connection[] = []
  return Promise.resolve({
    async connect(handlers) {
      line.replug()
      const relay = new Relay()
      const near = await line.near.open(handlers)
      const far = await line.far.open(relay)
      opened.push(near, far)
      return { near, far: connectionFarEnd(far, relay, () => line.unplug(), false) }
    },
    open: (handlers, signal) => line.near.open(handlers, signal),
    openWrong: {
      open: (handlers) => {
        line.unplug()
        return line.near.open(handlers)
      },
      code: 'PORT_MISSING',
    },
    close: async () => {
      await Promise.all(opened.map((connection) => connection.close()))
    },
  })
}

async function serialRig(): Promise<ComplianceRig> {
  const pty = await openPty()
  const serial = (path: string): Transport => createSerial({ path, baud: 3_000_000, framing: EIGHT_N_ONE })
  const opened: Connection[] = []
  return {
    async connect(handlers) {
      await pty.replug()
      const near = await serial(pty.path).open(handlers)
      opened.push(near)
      const { master } = pty
      master.removeAllListeners('data')
      return {
        near,
        far: {
          write: (bytes) => void master.write(bytes),
          onBytes: (listener) => void master.on('data', listener),
          pause: () => void master.pause(),
          resume: () => void master.resume(),
          cut: () => pty.unplug(),
          close: () => near.close(),
        },
      }
    },
    openWrong: { open: (handlers) => serial(`${pty.path}-missing`).open(handlers), code: 'PORT_MISSING' },
    open: (handlers, signal) => serial(pty.path).open(handlers, signal),
    close: async () => {
      await Promise.all(opened.map((connection) => connection.close()))
      await pty.close()
    },
  }
}

/** Handlers whose bytes go to whoever listens later. */
class Relay implements ConnectionHandlers {
  listener: (bytes: Uint8Array) => void = () => undefined

  onBytes(bytes: Uint8Array): void {
    this.listener(bytes)
  }

  onWritable(): void {
    // the far end writes without asking
  }

  onClosed(): void {
    // the near end is under test
  }
}

function connectionFarEnd(far: Connection, relay: Relay, cut: () => void, tellsEnd: boolean): FarEnd {
  return {
    write: (bytes) => far.write(bytes),
    onBytes: (listener) => {
      relay.listener = listener
    },
    ...(tellsEnd && { end: () => void far.close() }),
    cut,
    close: () => far.close(),
  }
}
