import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'

/** Stands between client and server and counts the bytes of each direction. */
export class CountingProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #targetPort = 0
  #upBytes = 0
  #downBytes = 0

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#join(socket))
  }

  /** Forwards to `targetPort` on this computer. Returns the port to connect to. */
  async listenFor(targetPort: number): Promise<number> {
    this.#targetPort = targetPort
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  counts(): { readonly upBytes: number; readonly downBytes: number } {
    return { upBytes: this.#upBytes, downBytes: this.#downBytes }
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #join(near: Socket): void {
    const far = connect({ port: this.#targetPort, host: '127.0.0.1', noDelay: true })
    for (const socket of [near, far]) {
      this.#sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    near.on('data', (data) => (this.#upBytes += data.length))
    far.on('data', (data) => (this.#downBytes += data.length))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    near.pipe(far)
    far.pipe(near)
  }
}
