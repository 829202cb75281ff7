import type { MessagePort } from 'node:worker_threads'
import type { ByteChannel } from '../src/shared/contract/envelope'

/** A port between threads as the byte channel that core and screen speak through; in the program it is one of Electron's. */
export class PortChannel implements ByteChannel {
  /** A port tells nothing about its queue. */
  readonly bufferedBytes = 0
  readonly #port: MessagePort

  constructor(port: MessagePort) {
    this.#port = port
  }

  send(frame: Uint8Array): void {
    this.#port.postMessage(new Uint8Array(frame)) // a view would be cloned with everything behind it
  }

  onFrame(receive: (frame: Uint8Array) => void): void {
    this.#port.on('message', receive)
  }

  onClosed(closed: (reason: string) => void): void {
    this.#port.on('close', () => closed('the port was closed'))
  }

  close(): void {
    this.#port.close()
  }
}
