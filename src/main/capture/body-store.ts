import { SegmentRing } from './segment-ring'

interface BodyColumns {
  readonly buffers: (Uint8Array | undefined)[]
  readonly offsets: Uint32Array
  readonly lengths: Float64Array
}

const bodyColumns = (rows: number): BodyColumns => ({
  buffers: new Array<Uint8Array | undefined>(rows).fill(undefined),
  offsets: new Uint32Array(rows),
  lengths: new Float64Array(rows),
})

/** Looks at the bytes `from` … `to` of a buffer, which it borrows. */
export type BytesTest = (bytes: Uint8Array, from: number, to: number) => boolean

const SLAB_BYTES = 256 * 1024
/** A typed array of its own costs some 200 bytes: bodies up to this size share slabs. */
const SMALL_BYTES = 2048
const NO_BYTES = new Uint8Array(0)

/**
 * Bodies of closed messages, in the order they closed. Large bodies are kept by reference (they are immutable), small
 * ones are copied into shared slabs, and so are views into a much larger buffer, which would pin it.
 */
export class BodyStore {
  readonly #ring: SegmentRing<BodyColumns>
  #slab = NO_BYTES
  #slabUsed = 0
  #heldBytes = 0

  constructor(segmentRows: number) {
    this.#ring = new SegmentRing(segmentRows, bodyColumns)
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Entries from the oldest one that may still hold bytes to the newest. */
  get entries(): number {
    return this.#ring.kept
  }

  /** Keeps a body and returns the number of its entry. */
  keep(body: Uint8Array): number {
    const entry = this.#ring.append()
    const columns = this.#ring.segmentOf(entry)
    const at = this.#ring.indexOf(entry)
    columns.lengths[at] = body.length
    this.#heldBytes += body.length
    if (body.length > SMALL_BYTES) {
      const pinsMuchMore = body.buffer.byteLength > body.length * 1.125
      columns.buffers[at] = pinsMuchMore ? body.slice() : body
      columns.offsets[at] = 0
    } else {
      if (this.#slabUsed + body.length > this.#slab.length) {
        this.#slab = new Uint8Array(SLAB_BYTES)
        this.#slabUsed = 0
      }
      this.#slab.set(body, this.#slabUsed)
      columns.buffers[at] = this.#slab
      columns.offsets[at] = this.#slabUsed
      this.#slabUsed += body.length
    }
    return entry
  }

  /** The body of an entry, borrowed; undefined when it was released. */
  read(entry: number): Uint8Array | undefined {
    if (!this.#ring.has(entry)) return undefined
    const columns = this.#ring.segmentOf(entry)
    const at = this.#ring.indexOf(entry)
    const offset = columns.offsets[at]!
    return columns.buffers[at]?.subarray(offset, offset + columns.lengths[at]!)
  }

  /** Whether `test` holds for the bytes of an entry; false when it was released. Makes no view of them. */
  passes(entry: number, test: BytesTest): boolean {
    if (!this.#ring.has(entry)) return false
    const columns = this.#ring.segmentOf(entry)
    const at = this.#ring.indexOf(entry)
    const buffer = columns.buffers[at]
    if (buffer === undefined) return false
    const offset = columns.offsets[at]!
    return test(buffer, offset, offset + columns.lengths[at]!)
  }

  /** Lets go of one body; harmless when it is gone. */
  release(entry: number): void {
    if (!this.#ring.has(entry)) return
    const columns = this.#ring.segmentOf(entry)
    const at = this.#ring.indexOf(entry)
    if (columns.buffers[at] === undefined) return
    this.#heldBytes -= columns.lengths[at]!
    columns.buffers[at] = undefined
    this.#forgetReleased()
  }

  /** Lets go of the body that has been kept longest. False when there is none. */
  releaseOldest(): boolean {
    if (this.#ring.kept === 0) return false
    this.release(this.#ring.firstRow) // the first entry always holds a body: released ones are forgotten at once
    return true
  }

  #forgetReleased(): void {
    let first = this.#ring.firstRow
    while (
      this.#ring.has(first) &&
      this.#ring.segmentOf(first).buffers[this.#ring.indexOf(first)] === undefined
    ) {
      first += 1
    }
    this.#ring.forgetBefore(first)
  }
}
