import { STRIP_BINS, type RecordingStrip } from '../../../shared/model/library'

/** Fine enough for any thumbnail, whatever the length turns out to be. */
const FINE_BINS = 4 * STRIP_BINS
const FIRST_BIN_MS = 1
const FULL = 255

/** Sums of bytes over a time whose length is not known before its end: when it does not fit, columns are joined in pairs. */
export class StripBins {
  readonly #in = new Float64Array(FINE_BINS)
  readonly #out = new Float64Array(FINE_BINS)
  readonly #faults = new Float64Array(FINE_BINS)
  #binMs = FIRST_BIN_MS
  #lastMs = 0

  /** @param fromStartMs - From the beginning; what comes before it counts as at it. */
  add(kind: 'in' | 'out' | 'faults', fromStartMs: number, amount: number): void {
    const atMs = Math.max(0, fromStartMs)
    while (atMs >= this.#binMs * FINE_BINS) this.#join()
    this.#lastMs = Math.max(this.#lastMs, atMs)
    const bins = kind === 'in' ? this.#in : kind === 'out' ? this.#out : this.#faults
    bins[Math.floor(atMs / this.#binMs)]! += amount
  }

  /** @param lengthMs - What the columns span; at least up to what was added last. */
  strip(lengthMs: number): RecordingStrip {
    const spanMs = Math.max(lengthMs, this.#lastMs, FIRST_BIN_MS)
    const columns = { in: columnsOf(), out: columnsOf(), faults: columnsOf() }
    for (const [kind, bins] of [
      ['in', this.#in],
      ['out', this.#out],
      ['faults', this.#faults],
    ] as const) {
      for (let bin = 0; bin < FINE_BINS; bin++)
        columns[kind][columnAt((bin * this.#binMs) / spanMs)]! += bins[bin]!
    }
    return packed(columns)
  }

  #join(): void {
    this.#binMs *= 2
    for (const bins of [this.#in, this.#out, this.#faults]) {
      for (let bin = 0; bin < FINE_BINS; bin++) {
        bins[bin] = 2 * bin + 1 < FINE_BINS ? bins[2 * bin]! + bins[2 * bin + 1]! : 0
      }
    }
  }
}

interface Columns {
  readonly in: Float64Array
  readonly out: Float64Array
  readonly faults: Float64Array
}

export interface PlacedStrip {
  readonly strip: RecordingStrip
  readonly fromMs: number
  readonly lengthMs: number
}

/** The strips of the parts of a recording as one, each at its place in the time of the whole. */
export function joinedStrip(parts: readonly PlacedStrip[]): RecordingStrip {
  const startMs = Math.min(...parts.map(({ fromMs }) => fromMs))
  const endMs = Math.max(...parts.map(({ fromMs, lengthMs }) => fromMs + lengthMs))
  const spanMs = Math.max(endMs - startMs, FIRST_BIN_MS)
  const columns = { in: columnsOf(), out: columnsOf(), faults: columnsOf() }
  for (const { strip, fromMs, lengthMs } of parts) {
    for (let bin = 0; bin < STRIP_BINS; bin++) {
      const at = columnAt((fromMs - startMs + (bin / STRIP_BINS) * lengthMs) / spanMs)
      columns.in[at]! += (strip.in[bin]! / FULL) * strip.mostBytes
      columns.out[at]! += (strip.out[bin]! / FULL) * strip.mostBytes
      columns.faults[at]! += strip.faults[bin]!
    }
  }
  return packed(columns)
}

const columnsOf = (): Float64Array => new Float64Array(STRIP_BINS)
const columnAt = (share: number): number => Math.min(STRIP_BINS - 1, Math.floor(share * STRIP_BINS))

function packed(columns: Columns): RecordingStrip {
  let mostBytes = 0
  for (let at = 0; at < STRIP_BINS; at++) mostBytes = Math.max(mostBytes, columns.in[at]!, columns.out[at]!)
  // what is there at all is seen
  const heights = (values: Float64Array): Uint8Array =>
    Uint8Array.from(values, (value) =>
      value === 0 ? 0 : Math.max(1, Math.round((value / mostBytes) * FULL)),
    )
  return {
    in: heights(columns.in),
    out: heights(columns.out),
    faults: Uint8Array.from(columns.faults, (value) => (value > 0 ? 1 : 0)),
    mostBytes,
  }
}
