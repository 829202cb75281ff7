import { createHash, type Hash } from 'node:crypto'

/**
 * What a measured server has received, by transfer. Counting is all it does while time is taken; in a pass of its own it
 * also hashes, so that a peer which mixes up bytes is caught without paying for it in the figures.
 */
export class BulkLedger {
  /** True in the correctness pass. */
  readonly isHashing: boolean
  readonly #hashes = new Map<number, Hash>()
  #counts = new Map<number, number>()
  #countedBytes = 0
  #halfBytes = Number.POSITIVE_INFINITY
  #atHalf: readonly number[] = []

  constructor(isHashing: boolean) {
    this.isHashing = isHashing
  }

  /** Bytes of a transfer arrived, in order. */
  received(transfer: number, bytes: Uint8Array): void {
    this.count(transfer, bytes.length)
    this.hash(transfer, bytes)
  }

  /** Part of `received`, for peers that learn of progress before they see the bytes. */
  count(transfer: number, byteCount: number): void {
    this.#counts.set(transfer, (this.#counts.get(transfer) ?? 0) + byteCount)
    this.#countedBytes += byteCount
    if (this.#countedBytes < this.#halfBytes) return
    this.#halfBytes = Number.POSITIVE_INFINITY
    this.#atHalf = [...this.#counts.values()]
  }

  /** The other part of `received`. */
  hash(transfer: number, bytes: Uint8Array): void {
    if (!this.isHashing) return
    const hash = this.#hashes.get(transfer) ?? createHash('sha256')
    this.#hashes.set(transfer, hash)
    hash.update(bytes)
  }

  /** Begins to count anew, and keeps what each transfer has when half of `totalBytes` have arrived. */
  watchHalf(totalBytes: number): void {
    this.#counts = new Map()
    this.#countedBytes = 0
    this.#atHalf = []
    this.#halfBytes = totalBytes / 2
  }

  /** Bytes of each transfer that had begun when half of all had arrived; empty before that. */
  get atHalf(): readonly number[] {
    return this.#atHalf
  }

  get countedBytes(): number {
    return this.#countedBytes
  }

  /** SHA-256 in hex of everything a transfer brought. Once per transfer, only in the correctness pass. */
  takeSha256(transfer: number): string {
    return this.#hashes.get(transfer)?.digest('hex') ?? ''
  }
}
