import type { ErrorCode } from '../../shared/errors'
import type { ModemLines } from '../../shared/model/views'
import type { CloseReason, ConnectionHandlers } from '../transport/transport'

/**
 * Keeps what a connection says until its owner is ready to hear it: between the moment a transport has opened and the
 * moment whoever awaited that runs, bytes may come already.
 */
export class HeldHandlers implements ConnectionHandlers {
  #held: ((handlers: ConnectionHandlers) => void)[] = []
  #handlers: ConnectionHandlers | undefined

  /** Tells `handlers` what was held, and from now on everything at once. */
  release(handlers: ConnectionHandlers): void {
    this.#handlers = handlers
    for (const tell of this.#held.splice(0)) tell(handlers)
  }

  onBytes(bytes: Uint8Array): void {
    this.#tell((handlers) => handlers.onBytes(bytes))
  }

  onWritable(): void {
    this.#tell((handlers) => handlers.onWritable())
  }

  onClosed(reason: CloseReason): void {
    this.#tell((handlers) => handlers.onClosed(reason))
  }

  onLeftOut(code: ErrorCode, byteCount: number, detail: string): void {
    this.#tell((handlers) => handlers.onLeftOut?.(code, byteCount, detail))
  }

  onLines(lines: ModemLines): void {
    this.#tell((handlers) => handlers.onLines?.(lines))
  }

  #tell(tell: (handlers: ConnectionHandlers) => void): void {
    if (this.#handlers) tell(this.#handlers)
    else this.#held.push(tell)
  }
}
