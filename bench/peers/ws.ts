import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import { patternBytes } from '../pattern'
import type { BenchClient, ServeOptions, StreamPeer } from './peer'

/**
 * One WebSocket, binary messages, no compression: a transfer is one message, requests and answers carry an id. Each
 * message begins with a byte of purpose and a number (4 bytes).
 */
const BULK = 1
const ECHO = 2
const HEAD_BYTES = 5
const MAX_MESSAGE_BYTES = 1024 * 1024 * 1024

export const wsPeer: StreamPeer = {
  name: 'ws',
  serve(stream, options) {
    const server = createServer()
    const sockets = new WebSocketServer({ server, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false })
    sockets.on('connection', (socket) => {
      socket.on('error', () => socket.terminate())
      socket.on('message', (message: Buffer) => socket.send(answerTo(message, options)))
    })
    server.emit('connection', stream)
  },
  connect: connectWs,
}

function answerTo(message: Buffer, { ledger, echo }: ServeOptions): Buffer {
  const body = message.subarray(HEAD_BYTES)
  if (message[0] === ECHO) return framed(ECHO, message.readUInt32LE(1), echo(body))
  const transfer = message.readUInt32LE(1)
  ledger.received(transfer, body)
  return framed(BULK, transfer, Buffer.from(String(body.length)))
}

function framed(purpose: number, id: number, body: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(HEAD_BYTES + body.length)
  message[0] = purpose
  message.writeUInt32LE(id, 1)
  message.set(body, HEAD_BYTES)
  return message
}

async function connectWs(stream: Duplex): Promise<BenchClient> {
  const socket = new WebSocket('ws://127.0.0.1/', {
    createConnection: () => stream,
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => socket.terminate())
  const waiting = new Map<string, (body: Buffer) => void>()
  socket.on('message', (message: Buffer) => {
    const key = `${message[0] ?? 0}/${message.readUInt32LE(1)}`
    waiting.get(key)?.(message.subarray(HEAD_BYTES))
    waiting.delete(key)
  })
  const contents = new Map<number, Buffer>()
  const contentOf = (byteCount: number): Buffer => {
    const content = contents.get(byteCount) ?? patternBytes(byteCount)
    contents.set(byteCount, content)
    return content
  }
  const ask = (purpose: number, id: number, body: Uint8Array): Promise<Buffer> =>
    new Promise((resolve) => {
      waiting.set(`${purpose}/${id}`, resolve)
      socket.send(framed(purpose, id, body))
    })
  let lastId = 0
  return {
    prepare: (byteCount) => void contentOf(byteCount),
    async bulk(byteCount, transfer) {
      return Number((await ask(BULK, transfer, contentOf(byteCount))).toString())
    },
    request(body) {
      lastId += 1
      return ask(ECHO, lastId, body)
    },
    close() {
      socket.terminate()
      return Promise.resolve()
    },
  }
}
