import { concatBytes } from '../shared/bytes'
import type { ErrorCode } from '../shared/errors'
import type { CloseReason, ConnectionHandlers } from '../main/transport/transport'

/** Handlers of a connection that keep what they were told, and let a test wait for it without polling. */
export class RecordedConnection implements ConnectionHandlers {
  readonly reads: Uint8Array[] = []
  readonly closes: CloseReason[] = []
  receivedBytes = 0
  writableCount = 0
  readonly leftOut: { readonly code: ErrorCode; readonly byteCount: number; readonly detail: string }[] = []
  /** Calls that came after `onClosed`: always wrong. */
  readonly afterClose: string[] = []
  #waiters: { readonly isMet: () => boolean; readonly resolve: () => void }[] = []
  readonly #onRead: ((bytes: Uint8Array) => void) | undefined

  constructor(onRead?: (bytes: Uint8Array) => void) {
    this.#onRead = onRead
  }

  onBytes(bytes: Uint8Array): void {
    this.#note('onBytes')
    this.reads.push(bytes)
    this.receivedBytes += bytes.length
    this.#onRead?.(bytes)
    this.#check()
  }

  onWritable(): void {
    this.#note('onWritable')
    this.writableCount += 1
    this.#check()
  }

  onLeftOut(code: ErrorCode, byteCount: number, detail: string): void {
    this.#note('onLeftOut')
    this.leftOut.push({ code, byteCount, detail })
    this.#check()
  }

  onClosed(reason: CloseReason): void {
    this.#note('onClosed')
    this.closes.push(reason)
    this.#check()
  }

  get received(): Uint8Array {
    return concatBytes(this.reads)
  }

  get isClosed(): boolean {
    return this.closes.length > 0
  }

  /** Resolves at the first call (or now) after which `isMet` holds. */
  until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push({ isMet, resolve }))
  }

  untilReceived(byteCount: number): Promise<void> {
    return this.until(() => this.receivedBytes >= byteCount)
  }

  async untilClosed(): Promise<CloseReason> {
    await this.until(() => this.isClosed)
    return this.closes[0]!
  }

  #note(call: string): void {
    if (this.isClosed) this.afterClose.push(call)
  }

  #check(): void {
    const met = this.#waiters.filter(({ isMet }) => isMet())
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter))
    for (const { resolve } of met) resolve()
  }
}
