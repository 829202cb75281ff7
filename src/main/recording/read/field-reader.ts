/** Reads the fields of a record one after the other. Whatever does not fit is a RangeError. */
export class FieldReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get at(): number {
    return this.#at
  }

  /** Whether all of the record is read. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  u16(): number {
    this.#at += 2
    return this.#view.getUint16(this.#at - 2, true)
  }

  u32(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  u64(): bigint {
    this.#at += 8
    return this.#view.getBigUint64(this.#at - 8, true)
  }

  /** Borrowed. */
  bytes(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#at) throw new RangeError('a field is longer than its record')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  text(): string {
    return new TextDecoder().decode(this.bytes(this.u32()))
  }

  map(): Map<string, string> {
    const end = this.u32() + this.#at
    const values = new Map<string, string>()
    while (this.#at < end) values.set(this.text(), this.text())
    if (this.#at !== end) throw new RangeError('a field is longer than its record')
    return values
  }
}
