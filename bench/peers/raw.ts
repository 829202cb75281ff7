import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { patternPieces } from '../pattern'
import { listenOnLoopback, openSocket } from './over-tcp'
import type { BenchClient, BenchPeer, ServeOptions } from './peer'

/**
 * The limit of the machine: bytes on plain sockets, no multiplexing. Requests have a connection of their own, and so has
 * each transfer. The first byte of a connection says what it is for. Bulk: 4 bytes transfer, 8 bytes length, then the
 * bytes (with their headers), then the payload count back.
 */
export type RawShape = '64k' | '4k'

const BULK = 1
const ECHO = 2
const START_BYTES = 12
const PIECE_BYTES: Record<RawShape, number> = { '64k': 65_536, '4k': 4096 }
const HEADER_BYTES: Record<RawShape, number> = { '64k': 0, '4k': 16 }
const CORKED_PIECES: Record<RawShape, number> = { '64k': 1, '4k': 16 }

/** @param shape - `64k`: plain writes of 64 KiB. `4k`: a 16-byte header and 4 KiB, sixteen pairs corked together. */
export function rawPeer(name: string, shape: RawShape): BenchPeer {
  return {
    name,
    async serve(options) {
      const sockets = new Set<Socket>()
      const server = createServer({ noDelay: true }, (socket) => {
        sockets.add(socket)
        socket.on('error', () => socket.destroy())
        socket.once('data', (data) => {
          const take = data[0] === BULK ? bulkReceiver(socket, shape, options) : echoer(socket, options)
          if (data.length > 1) take(data.subarray(1))
          socket.on('data', take)
        })
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
    connect: (port) => connectRaw(port, shape),
  }
}

const echoer =
  (socket: Socket, { echo }: ServeOptions) =>
  (data: Buffer): void => {
    socket.write(echo(data))
  }

function bulkReceiver(socket: Socket, shape: RawShape, { ledger }: ServeOptions): (data: Buffer) => void {
  let start = Buffer.alloc(0)
  let transfer = 0
  let wanted = -1
  let received = 0
  let payload = 0
  return (data) => {
    let body = data
    if (wanted < 0) {
      start = Buffer.concat([start, data])
      if (start.length < START_BYTES) return
      transfer = start.readUInt32LE()
      wanted = Number(start.readBigUInt64LE(4))
      body = start.subarray(START_BYTES)
    }
    const at = received
    received += body.length
    const payloadBefore = payload
    payload = payloadBytes(shape, received)
    ledger.count(transfer, payload - payloadBefore)
    if (ledger.isHashing) for (const piece of withoutHeaders(shape, body, at)) ledger.hash(transfer, piece)
    if (received < wanted) return
    const answer = Buffer.alloc(8)
    answer.writeBigUInt64LE(BigInt(payload))
    socket.write(answer)
    start = Buffer.alloc(0)
    wanted = -1
    received = 0
    payload = 0
  }
}

/** Payload among the first `wireBytes` bytes of a transfer. */
function payloadBytes(shape: RawShape, wireBytes: number): number {
  const header = HEADER_BYTES[shape]
  const whole = Math.floor(wireBytes / (header + PIECE_BYTES[shape]))
  const rest = wireBytes - whole * (header + PIECE_BYTES[shape])
  return whole * PIECE_BYTES[shape] + Math.max(0, rest - header)
}

function* withoutHeaders(shape: RawShape, body: Buffer, streamAt: number): Generator<Buffer> {
  const header = HEADER_BYTES[shape]
  const frame = header + PIECE_BYTES[shape]
  for (let at = 0; at < body.length; ) {
    const inFrame = (streamAt + at) % frame
    const until = Math.min(body.length, at + frame - inFrame)
    const payloadFrom = at + Math.max(0, header - inFrame)
    if (payloadFrom < until) yield body.subarray(payloadFrom, until)
    at = until
  }
}

async function connectRaw(port: number, shape: RawShape): Promise<BenchClient> {
  const open = async (purpose: number): Promise<Socket> => {
    const socket = await openSocket(port)
    socket.write(Buffer.of(purpose))
    return socket
  }
  const bulkSockets = new Map<number, Socket>([[0, await open(BULK)]])
  const echoSocket = await open(ECHO)
  const waiting: { readonly byteCount: number; readonly resolve: (echo: Buffer) => void }[] = []
  let echoed = Buffer.alloc(0)
  echoSocket.on('data', (data) => {
    echoed = echoed.length === 0 ? data : Buffer.concat([echoed, data])
    while (waiting.length > 0 && echoed.length >= waiting[0]!.byteCount) {
      const { byteCount, resolve } = waiting.shift()!
      resolve(echoed.subarray(0, byteCount))
      echoed = echoed.subarray(byteCount)
    }
  })
  return {
    async bulk(byteCount, transfer) {
      const socket = bulkSockets.get(transfer) ?? (await open(BULK))
      bulkSockets.set(transfer, socket)
      const pieces = Math.ceil(byteCount / PIECE_BYTES[shape])
      const start = Buffer.alloc(START_BYTES)
      start.writeUInt32LE(transfer)
      start.writeBigUInt64LE(BigInt(byteCount + pieces * HEADER_BYTES[shape]), 4)
      socket.write(start)
      const done = once(socket, 'data') as Promise<[Buffer]>
      await writePieces(socket, byteCount, shape)
      return Number((await done)[0].readBigUInt64LE())
    },
    request: (body) =>
      new Promise((resolve) => {
        waiting.push({ byteCount: body.length, resolve })
        echoSocket.write(body)
      }),
    close() {
      for (const socket of [...bulkSockets.values(), echoSocket]) socket.destroy()
      return Promise.resolve()
    },
  }
}

async function writePieces(socket: Socket, byteCount: number, shape: RawShape): Promise<void> {
  const header = Buffer.alloc(HEADER_BYTES[shape], 1)
  let inBatch = 0
  for (const { piece } of patternPieces(byteCount, PIECE_BYTES[shape])) {
    if (inBatch === 0) socket.cork()
    if (header.length > 0) socket.write(header)
    const isFull = !socket.write(piece)
    inBatch = (inBatch + 1) % CORKED_PIECES[shape]
    if (inBatch > 0) continue
    socket.uncork()
    if (isFull && socket.writableNeedDrain) await once(socket, 'drain')
  }
  if (inBatch > 0) socket.uncork()
}
