import type { Duplex } from 'node:stream'
import type { yamux } from '@chainsafe/libp2p-yamux'
import { logger } from './silent-logger'

type MessageStream = Parameters<ReturnType<ReturnType<typeof yamux>>['createStreamMuxer']>[0]

/** The list of buffers that yamux hands over for each frame. */
interface BufferList extends Iterable<Uint8Array> {
  readonly byteLength: number
}

/**
 * A stream of bytes as the connection that libp2p's muxers expect: `send` takes bytes and says whether there is room for
 * more, `message`, `drain` and `close` are events. Only what yamux uses.
 */
export class YamuxCarrier extends EventTarget {
  readonly direction: 'inbound' | 'outbound'
  readonly log = logger
  readonly #stream: Duplex

  constructor(stream: Duplex, direction: 'inbound' | 'outbound') {
    super()
    this.#stream = stream
    this.direction = direction
    stream.on('data', (data: Buffer) => this.dispatchEvent(new MessageEvent('message', { data })))
    stream.on('drain', () => this.dispatchEvent(new Event('drain')))
    stream.on('close', () => this.dispatchEvent(new Event('close')))
    stream.on('error', () => stream.destroy())
  }

  /** Buffers of one frame leave in one write; yamux may use them again afterwards, the bulk pieces it does not. */
  send(bytes: Uint8Array | BufferList): boolean {
    if (this.#stream.destroyed) return false
    if (bytes instanceof Uint8Array) return this.#stream.write(bytes)
    this.#stream.cork()
    for (const part of bytes) this.#stream.write(part)
    this.#stream.uncork()
    return !this.#stream.writableNeedDrain
  }

  abort(): void {
    this.#stream.destroy()
  }

  asMessageStream(): MessageStream {
    return this as unknown as MessageStream
  }
}
