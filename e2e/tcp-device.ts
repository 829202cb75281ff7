import { createServer, type Server, type Socket } from 'node:net'
import { concatBytes, utf8 } from '../src/shared/bytes'

/** One packet as Netcore puts it on the wire: two pieces, each behind its length. Written by hand, not by our encoder. */
export function packet(extension: unknown, meta: Uint8Array): Uint8Array {
  const head = utf8(JSON.stringify(extension))
  return concatBytes([lengthOf(head), head, lengthOf(meta), meta])
}

/** A whole message: its head with `info`, and its body in one chunk. */
export function message(id: string, info: Readonly<Record<string, unknown>>, body: Uint8Array): Uint8Array {
  const head = utf8(JSON.stringify({ extension: id, length: body.length, info }))
  return concatBytes([packet({ type: 'mission' }, head), packet({ type: 'data', extension: id }, body)])
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const field = new Uint8Array(4)
  new DataView(field.buffer).setInt32(0, bytes.length, true)
  return field
}

/** A TCP server of which every byte is in the hands of the test: it keeps what it gets and answers nothing by itself. */
export class TcpDevice {
  readonly port: number
  readonly #server: Server
  readonly #received: Buffer[] = []
  readonly #peers = new Set<Socket>()
  #connections = 0

  private constructor(server: Server, port: number) {
    this.#server = server
    this.port = port
    server.on('connection', (peer) => {
      this.#peers.add(peer)
      this.#connections++
      peer.on('data', (data) => this.#received.push(data))
      peer.on('error', () => undefined) // a program that ends resets its connections
      peer.on('close', () => this.#peers.delete(peer))
    })
  }

  /** @param port - 0 for any free one. */
  static async listen(port = 0): Promise<TcpDevice> {
    const server = createServer()
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server has no port')
    return new TcpDevice(server, address.port)
  }

  /** Everything that came so far. */
  get received(): Buffer {
    return Buffer.concat(this.#received)
  }

  get peers(): number {
    return this.#peers.size
  }

  /** Connections accepted so far. */
  get connections(): number {
    return this.#connections
  }

  send(bytes: Uint8Array): void {
    for (const peer of this.#peers) peer.write(bytes)
  }

  async close(): Promise<void> {
    for (const peer of this.#peers) peer.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
