import { CELLS, PAGE_BUCKETS, type Page, type PageHolder, type PagePool } from './page-pool'
import { ROUND_TRIP_BINS } from './round-trip-bins'

/** Beyond some 140 years a number is no session time: it would push everything real out of the ring. */
const NO_TIME_MS = 2 ** 42
const MAX_COUNT = 0xffff

/**
 * Counts per bucket of equal length over the latest `buckets` of them, in pages: time in which nothing happened takes no
 * memory. Adding costs O(1) (for a span: O(buckets in it)) and allocates only with a new page.
 */
export class BucketRing implements PageHolder {
  readonly bucketMs: number
  readonly #buckets: number
  readonly #pool: PagePool
  readonly #pages: (Page | undefined)[]
  /** Number of the newest bucket. */
  #head = 0
  #lostBeforeMs = 0

  constructor(bucketMs: number, buckets: number, pool: PagePool) {
    this.bucketMs = bucketMs
    this.#buckets = buckets
    this.#pool = pool
    // one more, so that a page begun anew takes nothing from the time that is kept
    this.#pages = new Array<Page | undefined>(Math.ceil(buckets / PAGE_BUCKETS) + 1).fill(undefined)
  }

  /** What lies before is no longer known. */
  oldestMs(nowMs: number): number {
    const head = Math.max(this.#head, Math.floor(nowMs / this.bucketMs))
    return Math.max(this.#lostBeforeMs, (head - this.#buckets + 1) * this.bucketMs)
  }

  add(atMs: number, cell: number, amount: number): void {
    const bucket = this.#bucketOf(atMs)
    const page = this.#pageFor(bucket)
    if (page === undefined) return
    const index = (bucket % PAGE_BUCKETS) * CELLS + cell
    page.cells[index] = page.cells[index]! + amount
  }

  raise(atMs: number, cell: number, value: number): void {
    const bucket = this.#bucketOf(atMs)
    const page = this.#pageFor(bucket)
    if (page === undefined) return
    const index = (bucket % PAGE_BUCKETS) * CELLS + cell
    if (value > page.cells[index]!) page.cells[index] = value
  }

  /** Adds `perMs` for every millisecond of a span, to each bucket its part, and raises another cell there. */
  spread(startMs: number, endMs: number, cell: number, perMs = 1, raised = -1, value = 0): void {
    const last = this.#bucketOf(endMs)
    const oldest = Math.max(this.#head, last) - this.#buckets + 1
    for (let bucket = Math.max(this.#bucketOf(startMs), oldest, 0); bucket <= last; bucket++) {
      const begin = Math.max(startMs, bucket * this.bucketMs)
      const end = Math.min(endMs, (bucket + 1) * this.bucketMs)
      if (end <= begin) continue
      this.add(begin, cell, perMs * (end - begin))
      if (raised >= 0) this.raise(begin, raised, value)
    }
  }

  addRoundTrip(atMs: number, bin: number): void {
    const bucket = this.#bucketOf(atMs)
    const page = this.#pageFor(bucket)
    if (page === undefined) return
    const counts = page.roundTrips ?? this.#pool.addRoundTrips(page)
    const index = (bucket % PAGE_BUCKETS) * ROUND_TRIP_BINS + bin
    if (counts[index]! < MAX_COUNT) counts[index] = counts[index]! + 1
  }

  /** Where the counts of a bucket are; undefined when nothing was counted there. */
  pageOf(bucket: number): Page | undefined {
    const number = Math.floor(bucket / PAGE_BUCKETS)
    const page = this.#pages[number % this.#pages.length]
    return page?.number === number ? page : undefined
  }

  /** Forgets everything that was counted. */
  clear(nowMs: number): void {
    for (let slot = 0; slot < this.#pages.length; slot++) {
      const page = this.#pages[slot]
      if (page !== undefined) this.#pool.giveBack(page)
      this.#pages[slot] = undefined
    }
    this.#lostBeforeMs = nowMs
  }

  /** The pool takes a page back: what it held is unknown from now on. */
  release(page: Page): void {
    this.#pages[page.number % this.#pages.length] = undefined
    this.#lostBeforeMs = Math.max(this.#lostBeforeMs, (page.number + 1) * PAGE_BUCKETS * this.bucketMs)
  }

  /** -1 for what is no time. */
  #bucketOf(atMs: number): number {
    return atMs >= 0 && atMs < NO_TIME_MS ? Math.floor(atMs / this.bucketMs) : -1
  }

  #pageFor(bucket: number): Page | undefined {
    if (bucket < 0 || bucket <= this.#head - this.#buckets) return undefined
    if (bucket > this.#head) this.#head = bucket
    const number = Math.floor(bucket / PAGE_BUCKETS)
    const slot = number % this.#pages.length
    const page = this.#pages[slot]
    if (page?.number === number) return page
    if (page !== undefined) {
      page.number = number
      page.cells.fill(0)
      page.roundTrips?.fill(0)
      return page
    }
    const fresh = this.#pool.take(this, number)
    this.#pages[slot] = fresh
    return fresh
  }
}
