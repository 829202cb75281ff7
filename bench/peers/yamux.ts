import './promise-with-resolvers'
import type { Duplex } from 'node:stream'
import { yamux } from '@chainsafe/libp2p-yamux'
import { MAX_PIECE_BYTES, patternPieces } from '../pattern'
import type { BenchClient, ServeOptions, StreamPeer } from './peer'
import { YamuxCarrier } from './yamux-carrier'

/**
 * @chainsafe/libp2p-yamux with its default windows over one connection: a stream per transfer and per request. A stream
 * begins with a byte of purpose and the transfer (4 bytes). Keep-alive is off, it would only add pings.
 */
const BULK = 1
const ECHO = 2
const HEAD_BYTES = 5

const factory = yamux({ enableKeepAlive: false })()
type Muxer = ReturnType<typeof factory.createStreamMuxer>
type MuxedStream = Awaited<ReturnType<Muxer['createStream']>>

export const yamuxPeer: StreamPeer = {
  name: 'yamux',
  serve(stream, options) {
    const muxer = muxerOver(stream, 'inbound')
    muxer.addEventListener('stream', ({ detail }) => serveStream(detail, options))
  },
  connect: (stream) => Promise.resolve(connectYamux(stream)),
}

const muxerOver = (stream: Duplex, direction: 'inbound' | 'outbound'): Muxer =>
  factory.createStreamMuxer(new YamuxCarrier(stream, direction).asMessageStream())

function serveStream(stream: MuxedStream, { ledger, echo }: ServeOptions): void {
  let start = Buffer.alloc(0)
  let purpose = 0
  let transfer = 0
  let received = 0
  const parts: Buffer[] = []
  stream.addEventListener('message', ({ data }) => {
    for (const piece of data instanceof Uint8Array ? [data] : data) {
      let body = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
      if (purpose === 0) {
        start = Buffer.concat([start, body])
        if (start.length < HEAD_BYTES) continue
        purpose = start[0]!
        transfer = start.readUInt32LE(1)
        body = start.subarray(HEAD_BYTES)
      }
      received += body.length
      if (purpose === BULK) ledger.received(transfer, body)
      else parts.push(body)
    }
  })
  stream.addEventListener('remoteCloseWrite', () => {
    stream.send(purpose === BULK ? Buffer.from(String(received)) : echo(Buffer.concat(parts)))
    void stream.close()
  })
}

function connectYamux(stream: Duplex): BenchClient {
  const muxer = muxerOver(stream, 'outbound')
  const open = async (purpose: number, transfer: number): Promise<[MuxedStream, Promise<Buffer>]> => {
    const opened = await muxer.createStream()
    const answer = new Promise<Buffer>((resolve, reject) => {
      const parts: Uint8Array[] = []
      opened.addEventListener('message', ({ data }) => void parts.push(data.subarray()))
      opened.addEventListener('remoteCloseWrite', () => resolve(Buffer.concat(parts)))
      opened.addEventListener('close', ({ error }) => {
        if (error) reject(error)
      })
    })
    const head = Buffer.alloc(HEAD_BYTES)
    head[0] = purpose
    head.writeUInt32LE(transfer, 1)
    opened.send(head)
    return [opened, answer]
  }
  return {
    async bulk(byteCount, transfer) {
      const [opened, answer] = await open(BULK, transfer)
      for (const { piece } of patternPieces(byteCount, MAX_PIECE_BYTES)) {
        if (!opened.send(piece)) await opened.onDrain()
      }
      await opened.close()
      return Number((await answer).toString())
    },
    async request(body) {
      const [opened, answer] = await open(ECHO, 0)
      opened.send(body)
      await opened.close()
      return answer
    },
    close() {
      stream.destroy()
      return Promise.resolve()
    },
  }
}
