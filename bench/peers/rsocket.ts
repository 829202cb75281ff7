import type { Duplex } from 'node:stream'
import { BufferEncoders, type Responder, RSocketClient, RSocketServer, type RSocket } from 'rsocket-core'
import type { Payload, Publisher, SinglePublisher, Subscriber, Subscription } from 'rsocket-shapes'
import { RSocketTcpConnection } from 'rsocket-tcp-client'
import { patternPieces } from '../pattern'
import type { BenchClient, ServeOptions, StreamPeer } from './peer'

/**
 * rsocket-js over one connection: a transfer is a channel of payloads of 4 KiB with 256 of them asked for ahead, a
 * request is a request/response. Its own fragmentation joins by copying the whole for every fragment, so it is not used.
 */
const PIECE_BYTES = 4096
const AHEAD = 256
/** Longer than any run: what is measured is not to be disturbed. */
const KEEP_ALIVE_MS = 600_000

export const rsocketPeer: StreamPeer = {
  name: 'rsocket',
  serve(stream, options) {
    const server = new RSocketServer({
      getRequestHandler: () => responder(options),
      transport: {
        start: () => just(new RSocketTcpConnection(stream, BufferEncoders)),
        stop: () => undefined,
      },
    })
    server.start()
  },
  connect: connectRsocket,
}

function responder({ ledger, echo }: ServeOptions): Responder {
  return {
    requestResponse: ({ data }) => single({ data: Buffer.from(echo(data)) }),
    requestChannel: (payloads) => ({
      subscribe(answer) {
        answer.onSubscribe({ request: () => undefined, cancel: () => undefined })
        sink(payloads, ledger, answer)
      },
    }),
  }
}

/** The first payload names the transfer. The answer is the number of bytes, when the channel is complete. */
function sink(
  payloads: Publisher<Payload>,
  ledger: ServeOptions['ledger'],
  answer: Subscriber<Payload>,
): void {
  let subscription: Subscription | undefined
  let transfer = -1
  let received = 0
  let asked = AHEAD
  payloads.subscribe({
    onSubscribe(given) {
      subscription = given
      given.request(AHEAD)
    },
    onNext({ data }) {
      asked -= 1
      if (asked <= AHEAD / 2) {
        subscription?.request(AHEAD - asked)
        asked = AHEAD
      }
      if (transfer < 0) {
        transfer = data.readUInt32LE()
        return
      }
      received += data.length
      ledger.received(transfer, data)
    },
    onComplete() {
      answer.onNext({ data: Buffer.from(String(received)) })
      answer.onComplete()
    },
    onError: (error) => answer.onError(error),
  })
}

async function connectRsocket(stream: Duplex): Promise<BenchClient> {
  const transport = new RSocketTcpConnection(stream, BufferEncoders)
  transport.connect = () => undefined // the stream is connected already
  const client = new RSocketClient({
    setup: {
      keepAlive: KEEP_ALIVE_MS,
      lifetime: 2 * KEEP_ALIVE_MS,
      dataMimeType: 'application/octet-stream',
      metadataMimeType: 'application/octet-stream',
    },
    transport,
  })
  const socket = await valueOf(client.connect())
  return {
    bulk: (byteCount, transfer) => sendChannel(socket, byteCount, transfer),
    async request(body) {
      return (await valueOf(socket.requestResponse({ data: Buffer.from(body) }))).data
    },
    close() {
      socket.close()
      return Promise.resolve()
    },
  }
}

function sendChannel(socket: RSocket, byteCount: number, transfer: number): Promise<number> {
  const pieces = patternPieces(byteCount, PIECE_BYTES)
  const first = Buffer.alloc(4)
  first.writeUInt32LE(transfer)
  const payloads: Publisher<Payload> = {
    subscribe(subscriber) {
      let isFirst = true
      let isComplete = false
      subscriber.onSubscribe({
        cancel: () => undefined,
        request(count) {
          for (let left = count; left > 0 && !isComplete; left--) {
            if (isFirst) {
              isFirst = false
              subscriber.onNext({ data: first })
              continue
            }
            const next = pieces.next()
            if (!next.done) subscriber.onNext({ data: next.value.piece })
            else {
              isComplete = true
              subscriber.onComplete()
            }
          }
        },
      })
    },
  }
  return new Promise((resolve, reject) => {
    socket.requestChannel(payloads).subscribe({
      onSubscribe: (subscription) => subscription.request(16),
      onNext: ({ data }) => resolve(Number(data.toString())),
      onComplete: () => undefined,
      onError: reject,
    })
  })
}

const just = <T>(value: T): Publisher<T> => ({
  subscribe(subscriber) {
    let isGiven = false
    subscriber.onSubscribe({
      cancel: () => undefined,
      request() {
        if (isGiven) return
        isGiven = true
        subscriber.onNext(value)
      },
    })
  },
})

const single = <T>(value: T): SinglePublisher<T> => ({
  subscribe(subscriber) {
    subscriber.onSubscribe(() => undefined)
    subscriber.onComplete(value)
  },
})

const valueOf = <T>(source: SinglePublisher<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    source.subscribe({ onSubscribe: () => undefined, onComplete: resolve, onError: reject })
  })
