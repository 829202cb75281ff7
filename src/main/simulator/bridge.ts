import { asConsoleError, ConsoleError } from '../../shared/errors'
import type { CloseReason, Connection, ConnectionHandlers, Transport } from '../transport/transport'
import { writeStream } from '../transport/write-stream'

/** Bytes that may wait on either side of the bridge; a peer that causes more (or does not read) is hung up on. */
export const MAX_BRIDGED_BYTES = 16 * 1024 * 1024

/**
 * Joins a peer to a device behind another transport, byte by byte, as a serial device server does: the peer meets the
 * speed and the faults of the device's line. The end of either side ends the other.
 */
export class Bridge implements ConnectionHandlers {
  readonly #peer: Connection
  readonly #onEnd: (cause: ConsoleError | null) => void
  readonly #stop = new AbortController()
  #device: Connection | undefined
  #early: Uint8Array[] = []
  #earlyBytes = 0
  #hasEnded = false

  /** @param onEnd - Called once; the cause is null when the peer or we ended it properly. */
  constructor(peer: Connection, device: Transport, onEnd: (cause: ConsoleError | null) => void) {
    this.#peer = peer
    this.#onEnd = onEnd
    void this.#open(device)
  }

  onBytes(bytes: Uint8Array): void {
    if (this.#device) this.#device.write(bytes)
    else {
      this.#early.push(bytes)
      this.#earlyBytes += bytes.length
    }
    this.#limit(
      this.#earlyBytes + (this.#device?.unsentBytes ?? 0),
      'sends faster than the line of the device takes',
    )
  }

  onWritable(): void {} // both sides queue; the limit is the brake

  onClosed(reason: CloseReason): void {
    this.#end(causeOf(reason))
  }

  async close(): Promise<void> {
    this.#end(null)
    await this.#peer.close()
  }

  async #open(device: Transport): Promise<void> {
    try {
      const connection = await device.open(
        {
          onBytes: (bytes) => {
            writeStream(this.#peer, bytes)
            this.#limit(this.#peer.unsentBytes, 'does not read')
          },
          onWritable: () => {},
          onClosed: (reason) => this.#end(causeOf(reason)),
        },
        this.#stop.signal,
      )
      if (this.#hasEnded) return void connection.close()
      this.#device = connection
      for (const bytes of this.#early.splice(0)) connection.write(bytes)
      this.#earlyBytes = 0
    } catch (error) {
      this.#end(asConsoleError(error))
    }
  }

  #limit(waitingBytes: number, fault: string): void {
    if (waitingBytes <= MAX_BRIDGED_BYTES) return
    this.#end(new ConsoleError('QUEUE_FULL', `${this.#peer.peerName} ${fault}: ${waitingBytes} bytes wait`))
  }

  #end(cause: ConsoleError | null): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#stop.abort()
    void this.#device?.close()
    void this.#peer.close()
    this.#onEnd(cause)
  }
}

const causeOf = ({ kind, code, detail }: CloseReason): ConsoleError | null =>
  kind === 'lost' ? new ConsoleError(code ?? 'LINK_LOST', detail) : null
