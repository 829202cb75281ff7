import './promise-with-resolvers'
import type { Duplex } from 'node:stream'
import { yamux } from '@chainsafe/libp2p-yamux'
import { MAX_PIECE_BYTES, patternPieces } from '../pattern'
import type { BenchClient, ServeOptions, StreamPeer } from './peer'
import { YamuxCarrier } from './yamux-carrier'

/**
 * @chainsafe/libp2p-yamux with its default windows over one connection: a stream per transfer and per request. A stream
 * begins with a byte: the number of the transfer, or 255 for a request. Keep-alive is off, it would only add pings.
 */
const ECHO = 255

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
  let purpose = -1
  let received = 0
  const parts: Buffer[] = []
  stream.addEventListener('message', ({ data }) => {
    for (const piece of data instanceof Uint8Array ? [data] : data) {
      let body = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
      if (purpose < 0) {
        purpose = body[0]!
        body = body.subarray(1)
      }
      received += body.length
      if (purpose === ECHO) parts.push(body)
      else ledger.received(purpose, body)
    }
  })
  stream.addEventListener('remoteCloseWrite', () => {
    stream.send(purpose === ECHO ? echo(Buffer.concat(parts)) : Buffer.from(String(received)))
    void stream.close()
  })
}

function connectYamux(stream: Duplex): BenchClient {
  const muxer = muxerOver(stream, 'outbound')
  const answerOn = (opened: MuxedStream): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const parts: Uint8Array[] = []
      opened.addEventListener('message', ({ data }) => void parts.push(data.subarray()))
      opened.addEventListener('remoteCloseWrite', () => resolve(Buffer.concat(parts)))
      opened.addEventListener('close', ({ error }) => {
        if (error) reject(error)
      })
    })
  return {
    async bulk(byteCount, transfer) {
      const opened = await muxer.createStream()
      const answer = answerOn(opened)
      opened.send(Buffer.of(transfer))
      for (const { piece } of patternPieces(byteCount, MAX_PIECE_BYTES)) {
        if (!opened.send(piece)) await opened.onDrain()
      }
      await opened.close()
      return Number((await answer).toString())
    },
    async request(body) {
      const opened = await muxer.createStream()
      const answer = answerOn(opened)
      opened.send(Buffer.concat([Buffer.of(ECHO), body]))
      await opened.close()
      return answer
    },
    close() {
      stream.destroy()
      return Promise.resolve()
    },
  }
}
