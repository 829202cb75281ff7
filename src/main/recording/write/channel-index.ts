const MESSAGE_INDEX = 0x07
const INDEX_HEAD_BYTES = 15
const PLACE_BYTES = 16
const FIRST_PLACES = 64

/** Where in a block the entries of one channel begin, with their times. */
export class ChannelIndex {
  readonly channelId: number
  #times = new BigUint64Array(FIRST_PLACES)
  #offsets = new Uint32Array(FIRST_PLACES)
  #count = 0

  constructor(channelId: number) {
    this.channelId = channelId
  }

  get count(): number {
    return this.#count
  }

  /** What the record of it takes in the file. */
  get recordBytes(): number {
    return INDEX_HEAD_BYTES + this.#count * PLACE_BYTES
  }

  add(timeNs: bigint, offset: number): void {
    if (this.#count === this.#times.length) {
      const [times, offsets] = [this.#times, this.#offsets]
      this.#times = new BigUint64Array(this.#count * 2)
      this.#times.set(times)
      this.#offsets = new Uint32Array(this.#count * 2)
      this.#offsets.set(offsets)
    }
    this.#times[this.#count] = timeNs
    this.#offsets[this.#count] = offset
    this.#count += 1
  }

  /** Writes the record (MCAP, "Message Index"). */
  write(view: DataView, at: number): void {
    view.setUint8(at, MESSAGE_INDEX)
    view.setBigUint64(at + 1, BigInt(this.recordBytes - 9), true)
    view.setUint16(at + 9, this.channelId, true)
    view.setUint32(at + 11, this.#count * PLACE_BYTES, true)
    for (let place = 0; place < this.#count; place++) {
      const from = at + INDEX_HEAD_BYTES + place * PLACE_BYTES
      view.setBigUint64(from, this.#times[place]!, true)
      view.setUint32(from + 8, this.#offsets[place]!, true)
      view.setUint32(from + 12, 0, true)
    }
  }

  reset(): void {
    this.#count = 0
  }
}

/** One for each channel, used again for each block. */
export class ChannelIndexes {
  readonly #byChannel = new Map<number, ChannelIndex>()

  of(channelId: number): ChannelIndex {
    let index = this.#byChannel.get(channelId)
    if (index === undefined) {
      index = new ChannelIndex(channelId)
      this.#byChannel.set(channelId, index)
    }
    return index
  }

  filled(): ChannelIndex[] {
    return [...this.#byChannel.values()].filter(({ count }) => count > 0)
  }

  reset(): void {
    for (const index of this.#byChannel.values()) index.reset()
  }
}
