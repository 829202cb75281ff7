import { once } from 'node:events'
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net'
import { type BenchClient, type BenchPeer, REQUEST_BYTES } from './peer'

/**
 * The limit of the machine: bytes on plain sockets, no multiplexing (bulk and requests on two connections). The first
 * byte of a connection says what it is for. Bulk: 8 bytes length, then the bytes, then one byte back.
 */
const BULK = 1
const ECHO = 2

function serveBulk(socket: Socket, first: Buffer): void {
  let wanted = -1
  let header = Buffer.alloc(0)
  let received = 0
  const take = (data: Buffer): void => {
    let body = data
    if (wanted < 0) {
      header = Buffer.concat([header, data])
      if (header.length < 8) return
      wanted = Number(header.readBigUInt64LE())
      body = header.subarray(8)
    }
    received += body.length
    if (received < wanted) return
    socket.write(Buffer.of(1))
    header = Buffer.alloc(0)
    wanted = -1
    received = 0
  }
  if (first.length > 0) take(first)
  socket.on('data', take)
}

/** @param shape - `64k`: plain writes of 64 KiB. `4k`: a 16-byte header and 4 KiB, sixteen pairs corked together. */
export function rawPeer(name: string, shape: '64k' | '4k'): BenchPeer {
  return {
    name,
    async serve() {
      const server = createServer({ noDelay: true }, (socket) => {
        socket.on('error', () => socket.destroy())
        socket.once('data', (data) => {
          if (data[0] === BULK) serveBulk(socket, data.subarray(1))
          else {
            if (data.length > 1) socket.write(data.subarray(1))
            socket.on('data', (echo) => socket.write(echo))
          }
        })
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      return { port: (server.address() as AddressInfo).port }
    },

    async connect(port): Promise<BenchClient> {
      const open = async (purpose: number): Promise<Socket> => {
        const socket = connectSocket({ port, host: '127.0.0.1', noDelay: true })
        await once(socket, 'connect')
        socket.write(Buffer.of(purpose))
        return socket
      }
      const bulkSocket = await open(BULK)
      const echoSocket = await open(ECHO)
      const waiting: (() => void)[] = []
      let echoed = 0
      echoSocket.on('data', (data) => {
        echoed += data.length
        for (; echoed >= REQUEST_BYTES; echoed -= REQUEST_BYTES) waiting.shift()?.()
      })
      return {
        async bulk(bytes) {
          const piece = Buffer.alloc(shape === '64k' ? 65_536 : 4096, 7)
          const header = Buffer.alloc(16, 1)
          const perPiece = shape === '64k' ? piece.length : piece.length + header.length
          const pieces = Math.ceil(bytes / piece.length)
          const start = Buffer.alloc(8)
          start.writeBigUInt64LE(BigInt(pieces * perPiece))
          bulkSocket.write(start)
          const done = once(bulkSocket, 'data')
          for (let at = 0; at < pieces; ) {
            bulkSocket.cork()
            let isFull = false
            for (let inBatch = 0; inBatch < (shape === '64k' ? 1 : 16) && at < pieces; inBatch++, at++) {
              if (shape === '4k') bulkSocket.write(header)
              isFull = !bulkSocket.write(piece)
            }
            bulkSocket.uncork()
            if (isFull && bulkSocket.writableNeedDrain) await once(bulkSocket, 'drain')
          }
          await done
        },
        request: () =>
          new Promise((resolve) => {
            waiting.push(resolve)
            echoSocket.write(Buffer.alloc(REQUEST_BYTES, 5))
          }),
        close() {
          bulkSocket.destroy()
          echoSocket.destroy()
          return Promise.resolve()
        },
      }
    },
  }
}
