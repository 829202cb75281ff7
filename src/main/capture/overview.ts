import type { FaultEvent, FrameEvent } from '../../shared/model/trace'
import type { Overview } from '../../shared/model/views'
import { TimeHistogram } from './time-histogram'

/** Bytes on the wire and faults over time, for the strip that shows everything at once. */
export class OverviewBins {
  readonly #bytesIn = new TimeHistogram()
  readonly #bytesOut = new TimeHistogram()
  readonly #faults = new TimeHistogram()

  addFrame({ dir, startMs, endMs, wireBytes }: FrameEvent): void {
    const bytes = dir === 'in' ? this.#bytesIn : this.#bytesOut
    bytes.add(startMs, endMs, wireBytes)
  }

  addFault({ atMs }: FaultEvent): void {
    this.#faults.add(atMs, atMs, 1)
  }

  /** Costs O(bins), however much was captured. */
  read(fromMs: number, toMs: number, bins: number): Overview {
    return {
      fromMs,
      toMs,
      bytesIn: this.#bytesIn.read(fromMs, toMs, bins),
      bytesOut: this.#bytesOut.read(fromMs, toMs, bins),
      faults: this.#faults.read(fromMs, toMs, bins),
    }
  }

  clear(): void {
    this.#bytesIn.clear()
    this.#bytesOut.clear()
    this.#faults.clear()
  }
}
