import type { ByteChannel } from '../shared/contract/envelope'

/** One end of a channel in memory, with what a test wants to know about it. */
export interface TestChannel extends ByteChannel {
  /** Frames given to `send`, in order. */
  readonly sent: Uint8Array[]
  /** Settable: what the host would say has not left yet. */
  bufferedBytes: number
  readonly isClosed: boolean
  /** The reason this end was told, once closed. */
  readonly closeReason: string | undefined
}

/** Two ends joined in memory: a frame given to one is received by the other within the same call. */
export function createChannelPair(): [TestChannel, TestChannel] {
  const a = new MemoryChannel()
  const b = new MemoryChannel()
  a.peer = b
  b.peer = a
  return [a, b]
}

class MemoryChannel implements TestChannel {
  readonly sent: Uint8Array[] = []
  bufferedBytes = 0
  closeReason: string | undefined
  peer: MemoryChannel | undefined
  #receive: ((frame: Uint8Array) => void) | undefined
  #closed: ((reason: string) => void) | undefined

  get isClosed(): boolean {
    return this.closeReason !== undefined
  }

  send(frame: Uint8Array): void {
    if (this.isClosed) return
    const copy = frame.slice() // what a real channel does: the sender's buffer is its own again
    this.sent.push(copy)
    this.peer?.receive(copy)
  }

  onFrame(receive: (frame: Uint8Array) => void): void {
    this.#receive = receive
  }

  onClosed(closed: (reason: string) => void): void {
    this.#closed = closed
  }

  receive(frame: Uint8Array): void {
    this.#receive?.(frame)
  }

  close(): void {
    this.end('closed here')
    this.peer?.end('closed by the other side')
  }

  end(reason: string): void {
    if (this.isClosed) return
    this.closeReason = reason
    this.#closed?.(reason)
  }
}
