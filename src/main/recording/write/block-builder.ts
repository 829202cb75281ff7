import { type ChannelIndex, ChannelIndexes } from './channel-index'

const MESSAGE = 0x05
const RECORD_HEAD_BYTES = 9
const MESSAGE_HEAD_BYTES = 22
const FIRST_BYTES = 96 * 1024
/** Memory beyond this is given back with the block that needed it. */
const KEPT_BYTES = 1024 * 1024

/** What one entry takes in a block beside its data, in bytes. */
export const ENTRY_HEAD_BYTES = RECORD_HEAD_BYTES + MESSAGE_HEAD_BYTES

/**
 * The records of a block while it grows (MCAP, "Chunk"), and where in it the entries of each channel begin. All of it lies in a
 * few arrays that the next block uses again: a busy line has a block every millisecond.
 */
export class BlockBuilder {
  readonly #indexes = new ChannelIndexes()
  #bytes = new Uint8Array(FIRST_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  #entries = 0
  #firstNs = 0n
  #lastNs = 0n

  get byteLength(): number {
    return this.#length
  }

  get entries(): number {
    return this.#entries
  }

  /** Earliest and latest time of an entry, in nanoseconds since 1970. */
  get firstNs(): bigint {
    return this.#firstNs
  }

  get lastNs(): bigint {
    return this.#lastNs
  }

  /** All records. Borrowed until something is added. */
  get records(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Of the channels that have entries in it. Borrowed until something is added. */
  get indexes(): readonly ChannelIndex[] {
    return this.#indexes.filled()
  }

  /** Adds a whole record that is no entry: a schema, a channel. */
  addRecord(record: Uint8Array): void {
    this.#makeRoom(record.length)
    this.#bytes.set(record, this.#length)
    this.#length += record.length
  }

  /** Adds an entry; its data is copied. @param sequence - 32 bits. */
  addEntry(channelId: number, sequence: number, timeNs: bigint, data: Uint8Array): void {
    this.#makeRoom(ENTRY_HEAD_BYTES + data.length)
    const at = this.#length
    const view = this.#view
    this.#indexes.of(channelId).add(timeNs, at)
    view.setUint8(at, MESSAGE)
    view.setUint32(at + 1, MESSAGE_HEAD_BYTES + data.length, true)
    view.setUint32(at + 5, 0, true) // lengths have 64 bits; no block is that long
    view.setUint16(at + 9, channelId, true)
    view.setUint32(at + 11, sequence, true)
    view.setBigUint64(at + 15, timeNs, true)
    view.setBigUint64(at + 23, timeNs, true)
    this.#bytes.set(data, at + ENTRY_HEAD_BYTES)
    this.#length += ENTRY_HEAD_BYTES + data.length
    if (this.#entries === 0 || timeNs < this.#firstNs) this.#firstNs = timeNs
    if (this.#entries === 0 || timeNs > this.#lastNs) this.#lastNs = timeNs
    this.#entries += 1
  }

  /** Begins the next block. */
  reset(): void {
    this.#length = 0
    this.#entries = 0
    this.#indexes.reset()
    if (this.#bytes.length > KEPT_BYTES) this.#grow(FIRST_BYTES)
  }

  #makeRoom(count: number): void {
    const needed = this.#length + count
    if (needed > this.#bytes.length) this.#grow(Math.max(needed, this.#bytes.length * 2))
  }

  #grow(bytes: number): void {
    const before = this.records
    this.#bytes = new Uint8Array(bytes)
    this.#bytes.set(before)
    this.#view = new DataView(this.#bytes.buffer)
  }
}
