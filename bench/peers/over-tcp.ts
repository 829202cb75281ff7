import { once } from 'node:events'
import { type AddressInfo, connect as connectSocket, createServer, type Server, type Socket } from 'node:net'
import type { BenchPeer, StreamPeer } from './peer'

/** A stream peer on loopback sockets. */
export const overTcp = (peer: StreamPeer): BenchPeer => ({
  name: peer.name,
  async serve(options) {
    const sockets = new Set<Socket>()
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      peer.serve(socket, options)
    })
    return {
      port: await listenOnLoopback(server),
      close() {
        for (const socket of sockets) socket.destroy()
        server.close()
        return Promise.resolve()
      },
    }
  },
  async connect(port) {
    return peer.connect(await openSocket(port))
  },
})

export async function listenOnLoopback(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

export async function openSocket(port: number): Promise<Socket> {
  const socket = connectSocket({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}
