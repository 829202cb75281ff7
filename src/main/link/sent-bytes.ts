import { concatBytes } from '../../shared/bytes'
import type { BytesEvent } from '../../shared/model/trace'

/** Bytes that left in parts: joined when an observer reads them, because most only count. */
export class SentBytes implements BytesEvent {
  readonly type = 'bytes'
  readonly dir = 'out'
  readonly linkId: number
  readonly atMs: number
  readonly streamOffset: number
  readonly byteCount: number
  #parts: readonly Uint8Array[]

  constructor(
    parts: readonly Uint8Array[],
    {
      linkId,
      atMs,
      streamOffset,
      byteCount,
    }: Pick<BytesEvent, 'linkId' | 'atMs' | 'streamOffset' | 'byteCount'>,
  ) {
    this.#parts = parts
    this.linkId = linkId
    this.atMs = atMs
    this.streamOffset = streamOffset
    this.byteCount = byteCount
  }

  get bytes(): Uint8Array {
    if (this.#parts.length > 1) this.#parts = [concatBytes(this.#parts)]
    return this.#parts[0]!
  }
}
