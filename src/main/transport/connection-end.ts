import type { ErrorCode } from '../../shared/errors'
import type { ModemLines } from '../../shared/model/views'
import type { CloseReason, ConnectionHandlers } from './transport'

/**
 * The end of a connection, told exactly once. Everything a transport tells its owner goes through here, so that nothing
 * can be told after `onClosed`.
 */
export class ConnectionEnd {
  #handlers: ConnectionHandlers | undefined
  #reason: CloseReason | undefined
  #resolve: () => void = () => undefined
  /** Resolves after `onClosed` was called. */
  readonly reached = new Promise<void>((resolve) => {
    this.#resolve = resolve
  })

  /** @param handlers - Absent for an accepted peer until `accept` returned them: then `attach` brings them. */
  constructor(handlers?: ConnectionHandlers) {
    this.#handlers = handlers
  }

  /** Brings the handlers later. An end that came meanwhile is told now. */
  attach(handlers: ConnectionHandlers): void {
    this.#handlers = handlers
    if (this.#reason !== undefined) this.#tell(this.#reason)
  }

  get isReached(): boolean {
    return this.#reason !== undefined
  }

  bytes(bytes: Uint8Array): void {
    if (!this.isReached && bytes.length > 0) this.#handlers?.onBytes(bytes)
  }

  writable(): void {
    if (!this.isReached) this.#handlers?.onWritable()
  }

  leftOut(code: ErrorCode, byteCount: number, detail: string): void {
    if (!this.isReached) this.#handlers?.onLeftOut?.(code, byteCount, detail)
  }

  lines(lines: ModemLines): void {
    if (!this.isReached) this.#handlers?.onLines?.(lines)
  }

  /** The first reason counts; later ones are consequences of it. */
  finish(reason: CloseReason): void {
    if (this.isReached) return
    this.#reason = reason
    this.#tell(reason)
  }

  #tell(reason: CloseReason): void {
    try {
      this.#handlers?.onClosed(reason)
    } finally {
      if (this.#handlers !== undefined) this.#resolve()
    }
  }
}

export const CLOSED_BY_US: CloseReason = { kind: 'local', code: null, detail: 'closed' }
