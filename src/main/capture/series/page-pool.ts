import { ROUND_TRIP_BINS } from './round-trip-bins'

/** Ten minutes of seconds, or one of tenths. */
export const PAGE_BUCKETS = 600

/** What is counted per bucket. */
export const CELL = {
  bytesIn: 0,
  bytesOut: 1,
  framesIn: 2,
  framesOut: 3,
  messagesIn: 4,
  messagesOut: 5,
  busyMsIn: 6,
  busyMsOut: 7,
  queuedBytesMax: 8,
  /** Depth × time, for the mean. */
  queuedByteMs: 9,
  queuedMessagesMax: 10,
  queuedMessageMs: 11,
  roundTripMaxMs: 12,
  answers: 13,
  unanswered: 14,
  faults: 15,
} as const
export const CELLS = 16

export interface Page {
  /** Page n holds the buckets from n × PAGE_BUCKETS on. */
  number: number
  readonly cells: Float64Array
  /** Round trips per bin and bucket; made with the first one. */
  roundTrips: Uint16Array | null
}

/** Who holds a page: told when it has to be given up. */
export interface PageHolder {
  release(page: Page): void
  readonly bucketMs: number
}

const CELL_BYTES = PAGE_BUCKETS * CELLS * 8
const ROUND_TRIP_BYTES = PAGE_BUCKETS * ROUND_TRIP_BINS * 2

/** Memory of all series together. When it is used up, the page that ends first goes, whoever holds it. */
export class PagePool {
  readonly #maxBytes: number
  readonly #holders = new Map<Page, PageHolder>()
  #heldBytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  take(holder: PageHolder, number: number): Page {
    this.#makeRoom(CELL_BYTES)
    const page: Page = { number, cells: new Float64Array(PAGE_BUCKETS * CELLS), roundTrips: null }
    this.#holders.set(page, holder)
    this.#heldBytes += CELL_BYTES
    return page
  }

  /** Gives a page its room for round trips. */
  addRoundTrips(page: Page): Uint16Array {
    this.#makeRoom(ROUND_TRIP_BYTES, page)
    const counts = new Uint16Array(PAGE_BUCKETS * ROUND_TRIP_BINS)
    page.roundTrips = counts
    this.#heldBytes += ROUND_TRIP_BYTES
    return counts
  }

  giveBack(page: Page): void {
    if (!this.#holders.delete(page)) return
    this.#heldBytes -= CELL_BYTES + (page.roundTrips === null ? 0 : ROUND_TRIP_BYTES)
  }

  #makeRoom(bytes: number, wanted: Page | null = null): void {
    while (this.#heldBytes + bytes > this.#maxBytes) {
      let oldest: Page | undefined
      let oldestEndMs = Number.POSITIVE_INFINITY
      for (const [page, { bucketMs }] of this.#holders) {
        const endMs = (page.number + 1) * PAGE_BUCKETS * bucketMs
        if (page === wanted || endMs >= oldestEndMs) continue
        oldest = page
        oldestEndMs = endMs
      }
      if (oldest === undefined) return // smaller than what is needed at once: one page is always there
      this.#holders.get(oldest)!.release(oldest)
      this.giveBack(oldest)
    }
  }
}
