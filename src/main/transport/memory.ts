import { ByteQueue } from '../../shared/bytes'
import { ConsoleError } from '../../shared/errors'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import { openCancelled } from './open-abort'
import type {
  CloseReason,
  Connection,
  ConnectionHandlers,
  Listener,
  ListeningTransport,
  Transport,
} from './transport'
import { WriteGate } from './write-gate'

export interface MemoryOptions {
  /** Bytes a side may have waiting before `canWrite` turns false. */
  readonly highWaterBytes?: number
  /** Largest piece handed to `onBytes`; writes are joined and cut without regard to their boundaries. */
  readonly maxReadBytes?: number
}

/** A reliable connection inside this process: what TCP is, without a system underneath. */
export interface MemoryNetwork {
  /** Opens a connection to whoever listens; `LINK_REFUSED` when nobody does. */
  readonly transport: Transport
  readonly listening: ListeningTransport
  /** Ends every connection as `lost`, as a cut cable would. */
  cut(): void
}

const MEMORY_URL = 'memory:'

/**
 * Makes a private in-process network with one address. Any number of connections may be open at a time.
 *
 * Bytes arrive in promise callbacks, never inside `write`: a virtual clock need not move for them. A proper close lets
 * the bytes written before it arrive first.
 */
export function createMemoryNetwork(options: MemoryOptions = {}): MemoryNetwork {
  const limits = { highWaterBytes: 65_536, maxReadBytes: 65_536, ...options }
  const ends = new Set<MemoryEnd>()
  const accepted = new Set<MemoryEnd>()
  let accept: ((connection: Connection) => ConnectionHandlers) | undefined

  const forget = (end: MemoryEnd): void => {
    ends.delete(end)
    accepted.delete(end)
  }
  const connect = (handlers: ConnectionHandlers, onPeer: NonNullable<typeof accept>): Connection => {
    const near = new MemoryEnd('memory peer', limits, forget)
    const far = new MemoryEnd('memory client', limits, forget)
    near.join(far)
    far.join(near)
    ends.add(near).add(far)
    accepted.add(far)
    near.end.attach(handlers)
    far.end.attach(onPeer(far))
    return near
  }

  const open = (handlers: ConnectionHandlers, signal: AbortSignal | undefined): Connection => {
    if (signal?.aborted) throw openCancelled(MEMORY_URL)
    if (accept === undefined) throw new ConsoleError('LINK_REFUSED', 'nobody listens on this memory network')
    return connect(handlers, accept)
  }
  const listen = (onPeer: NonNullable<typeof accept>): Listener => {
    if (accept !== undefined) {
      throw new ConsoleError('LINK_ADDRESS_IN_USE', 'this memory network has a listener already')
    }
    accept = onPeer
    return {
      url: MEMORY_URL,
      async close() {
        if (accept === onPeer) accept = undefined
        await Promise.all([...accepted].map((end) => end.close()))
      },
    }
  }

  return {
    transport: {
      open: (handlers, signal) => new Promise((resolve) => resolve(open(handlers, signal))),
    },
    listening: {
      listen: (onPeer) => new Promise((resolve) => resolve(listen(onPeer))),
    },
    cut() {
      for (const end of [...ends]) end.finish(CUT)
    },
  }
}

const CLOSED_BY_PEER: CloseReason = { kind: 'remote', code: null, detail: 'the peer closed the connection' }
const CUT: CloseReason = { kind: 'lost', code: 'LINK_LOST', detail: 'the memory connection was cut' }

class MemoryEnd implements Connection {
  readonly peerName: string
  readonly lineRate = undefined
  readonly isLossy = false
  readonly end = new ConnectionEnd()
  readonly #outgoing = new ByteQueue()
  readonly #gate: WriteGate
  readonly #maxReadBytes: number
  readonly #onEnded: (end: MemoryEnd) => void
  #peer: MemoryEnd | undefined
  #isPumping = false

  constructor(peerName: string, options: Required<MemoryOptions>, onEnded: (end: MemoryEnd) => void) {
    this.peerName = peerName
    this.#gate = new WriteGate(options.highWaterBytes)
    this.#maxReadBytes = options.maxReadBytes
    this.#onEnded = onEnded
  }

  join(peer: MemoryEnd): void {
    this.#peer = peer
  }

  get canWrite(): boolean {
    return !this.end.isReached && this.#gate.isOpen
  }

  get unsentBytes(): number {
    return this.#outgoing.byteLength
  }

  write(bytes: Uint8Array): void {
    if (this.end.isReached) return
    this.#outgoing.append(bytes)
    this.#gate.grown(this.#outgoing.byteLength)
    this.#pumpSoon()
  }

  async close(): Promise<void> {
    if (!this.end.isReached) {
      const rest = this.#outgoing.take(this.#outgoing.byteLength)
      const peer = this.#peer
      this.finish(CLOSED_BY_US)
      queueMicrotask(() => {
        peer?.end.bytes(rest)
        peer?.finish(CLOSED_BY_PEER)
      })
    }
    await this.end.reached
  }

  finish(reason: CloseReason): void {
    if (this.end.isReached) return
    this.#outgoing.clear()
    this.#onEnded(this)
    this.end.finish(reason)
  }

  /** Two turns later, so that `open` has resolved before the first byte arrives. */
  #pumpSoon(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    queueMicrotask(() => queueMicrotask(() => this.#pump()))
  }

  #pump(): void {
    this.#isPumping = false
    const count = Math.min(this.#outgoing.byteLength, this.#maxReadBytes)
    if (count === 0) return
    this.#peer?.end.bytes(this.#outgoing.take(count))
    if (this.#gate.shrunk(this.#outgoing.byteLength)) this.end.writable()
    if (this.#outgoing.byteLength > 0) this.#pumpSoon()
  }
}
