import { once } from 'node:events'
import { connect, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'
import { MAX_PIECE_BYTES, patternPieces } from '../pattern'
import type { BenchClient, ServeOptions, StreamPeer } from './peer'

/** node:http2 without TLS, with its default settings: one session, a stream per transfer and per request. */
export const http2Peer: StreamPeer = {
  name: 'http2',
  serve(stream, options) {
    makeServer(options).emit('connection', stream)
  },
  connect: (stream) => Promise.resolve(connectHttp2(stream)),
}

function makeServer(options: ServeOptions): Http2Server {
  const server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => stream.destroy())
    const [, purpose, transfer] = (headers[':path'] ?? '').split('/')
    if (purpose === 'sink') sink(stream, Number(transfer), options)
    else echo(stream, options)
  })
  server.on('sessionError', () => undefined) // the client's process ended
  return server
}

function sink(stream: ServerHttp2Stream, transfer: number, { ledger }: ServeOptions): void {
  let received = 0
  stream.on('data', (data: Buffer) => {
    received += data.length
    ledger.received(transfer, data)
  })
  stream.on('end', () => answer(stream, String(received)))
}

function echo(stream: ServerHttp2Stream, options: ServeOptions): void {
  const parts: Buffer[] = []
  stream.on('data', (data: Buffer) => parts.push(data))
  stream.on('end', () => answer(stream, options.echo(Buffer.concat(parts))))
}

function answer(stream: ServerHttp2Stream, body: string | Uint8Array): void {
  if (stream.destroyed) return // the client ended in the middle
  stream.respond({ ':status': 200 })
  stream.end(body)
}

function connectHttp2(stream: Duplex): BenchClient {
  const session = connect('http://127.0.0.1', { createConnection: () => stream })
  session.on('error', () => session.destroy())
  const post = (path: string) => session.request({ ':method': 'POST', ':path': path }, { endStream: false })
  const bodyOf = async (answer: AsyncIterable<Buffer>): Promise<Buffer> => {
    const parts: Buffer[] = []
    for await (const part of answer) parts.push(part)
    return Buffer.concat(parts)
  }
  return {
    async bulk(byteCount, transfer) {
      const request = post(`/sink/${transfer}`)
      const answer = bodyOf(request as AsyncIterable<Buffer>)
      answer.catch(() => undefined) // told below, unless the session ends in the middle of the transfer
      for (const { piece } of patternPieces(byteCount, MAX_PIECE_BYTES)) {
        if (!request.write(piece)) await once(request, 'drain')
      }
      request.end()
      return Number((await answer).toString())
    },
    request(body) {
      const request = post('/echo')
      request.end(body)
      return bodyOf(request as AsyncIterable<Buffer>)
    },
    close() {
      session.destroy()
      return Promise.resolve()
    },
  }
}
