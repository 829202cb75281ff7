/** Bins per level. A level covers `BINS × binMs`, and the next one four times that. */
const BINS = 16_384
const FINEST_BIN_MS = 1
const FACTOR = 4
/** 16,384 × 4^7 ms is three days. */
const LEVELS = 8
/** Beyond some 140 years a number is no session time: it would push everything real out of the bins. */
const NO_TIME_MS = 2 ** 42

interface Level {
  readonly binMs: number
  readonly sums: Float64Array
  /** Number of the newest bin; the ring holds the bins from `head - BINS + 1` on. */
  head: number
}

/**
 * Amounts over time in several resolutions, so that any span that ends about now is answered from at least 4096 bins
 * (or bins of 1 ms) and at most 16,384, whatever happened in it. 1 MiB of memory, constant.
 */
export class TimeHistogram {
  readonly #levels: Level[] = []
  #newestMs = 0

  constructor() {
    for (let level = 0; level < LEVELS; level++) {
      this.#levels.push({ binMs: FINEST_BIN_MS * FACTOR ** level, sums: new Float64Array(BINS), head: 0 })
    }
  }

  /** Spreads `amount` evenly over `startMs` … `endMs` (the same for a point in time). */
  add(startMs: number, endMs: number, amount: number): void {
    if (!(Math.abs(startMs) < NO_TIME_MS && Math.abs(endMs) < NO_TIME_MS)) return // also NaN
    if (endMs > this.#newestMs) this.#newestMs = endMs
    for (const level of this.#levels) {
      const first = Math.floor(startMs / level.binMs)
      const last = Math.floor(endMs / level.binMs)
      if (last > level.head) advance(level, last)
      if (last <= first) put(level, first, amount)
      else spread(level, first, last, startMs, endMs, amount)
    }
  }

  /** Amounts per bin of `bins` equal parts of `fromMs` … `toMs`; a stored bin across a border is shared out. */
  read(fromMs: number, toMs: number, bins: number): Float32Array {
    const amounts = new Float64Array(bins)
    const outMs = (toMs - fromMs) / bins
    if (!(outMs > 0)) return new Float32Array(bins)
    const level = this.#levels.find((each) => oldestMs(each) <= fromMs) ?? this.#levels[LEVELS - 1]!
    const first = Math.max(Math.floor(fromMs / level.binMs), level.head - BINS + 1, 0)
    const last = Math.min(Math.floor(toMs / level.binMs), level.head)
    for (let bin = first; bin <= last; bin++) {
      const amount = level.sums[bin % BINS]!
      if (amount === 0) continue
      const beginMs = bin * level.binMs
      // the newest bin is filled only so far: nothing in it lies in the future
      const lengthMs = bin === level.head ? Math.min(level.binMs, this.#newestMs - beginMs) : level.binMs
      shareOut(amount, beginMs, lengthMs, fromMs, outMs, amounts)
    }
    return Float32Array.from(amounts)
  }

  clear(): void {
    for (const level of this.#levels) level.sums.fill(0)
  }
}

const oldestMs = (level: Level): number => Math.max(0, level.head - BINS + 1) * level.binMs

function advance(level: Level, head: number): void {
  const steps = Math.min(head - level.head, BINS)
  for (let bin = head - steps + 1; bin <= head; bin++) level.sums[bin % BINS] = 0
  level.head = head
}

function put(level: Level, bin: number, amount: number): void {
  if (bin <= level.head - BINS || bin < 0) return // older than this resolution reaches
  const slot = bin % BINS
  level.sums[slot] = level.sums[slot]! + amount
}

function spread(
  level: Level,
  first: number,
  last: number,
  startMs: number,
  endMs: number,
  amount: number,
): void {
  const perMs = amount / (endMs - startMs)
  for (let bin = Math.max(first, last - BINS + 1); bin <= last; bin++) {
    const begin = Math.max(startMs, bin * level.binMs)
    const end = Math.min(endMs, (bin + 1) * level.binMs)
    put(level, bin, perMs * (end - begin))
  }
}

function shareOut(
  amount: number,
  beginMs: number,
  lengthMs: number,
  fromMs: number,
  outMs: number,
  amounts: Float64Array,
): void {
  const first = Math.max(0, Math.floor((beginMs - fromMs) / outMs))
  if (lengthMs <= 0) {
    const out = Math.min(first, amounts.length - 1)
    amounts[out] = amounts[out]! + amount
    return
  }
  const last = Math.min(amounts.length - 1, Math.floor((beginMs + lengthMs - fromMs) / outMs))
  for (let out = first; out <= last; out++) {
    const begin = Math.max(beginMs, fromMs + out * outMs)
    const end = Math.min(beginMs + lengthMs, fromMs + (out + 1) * outMs)
    if (end > begin) amounts[out] = amounts[out]! + (amount * (end - begin)) / lengthMs
  }
}
