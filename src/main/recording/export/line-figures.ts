import type { TraceEvent } from '../../../shared/model/trace'
import { wireMs, type LineRate } from '../../../shared/model/line-rate'

/** Ten times a second: what a plot of a session needs, and no more. */
const FIGURES_EVERY_MS = 100
/** Round trips that the 95th percentile is made of. */
const ROUND_TRIPS_KEPT = 200
/** Silence is told once; then the figures wait for traffic, so that a night costs nothing. */
const MAX_STEPS_AT_ONCE = 50

export interface Figures {
  readonly atMs: number
  readonly rx_Bps: number
  readonly tx_Bps: number
  /** Of the line in its busier direction, 0 to 1; null where its speed is not known. */
  readonly utilisation: number | null
  readonly queue: number
  /** Bytes lost since the beginning. */
  readonly lost: number
  /** Of the newest answers, in milliseconds; null before the first. */
  readonly rtt_p95: number | null
}

/** Figures of one link over time, made of its trace: one at each tenth of a second that something happened near. */
export class LineFigures {
  #nextMs: number | null = null
  #rxBytes = 0
  #txBytes = 0
  #queue = 0
  #lost = 0
  #roundTrips: number[] = []
  #wasFlowing = false

  /** @returns The figures that are complete now that time has come to this event. */
  take(event: TraceEvent, rate: LineRate | null): Figures[] {
    const figures = this.#until(event.atMs, rate)
    switch (event.type) {
      case 'bytes':
        if (event.dir === 'in') this.#rxBytes += event.byteCount
        else this.#txBytes += event.byteCount
        break
      case 'queue':
        this.#queue = event.queuedBytes
        break
      case 'fault':
        this.#lost += event.lostBytes
        break
      case 'request-settled':
        if (event.answerKey === 0) break
        this.#roundTrips.push(event.roundTripMs)
        if (this.#roundTrips.length > ROUND_TRIPS_KEPT) this.#roundTrips.shift()
        break
      default:
    }
    return figures
  }

  /** What there is at the end. */
  end(atMs: number, rate: LineRate | null): Figures[] {
    return this.#until(atMs + FIGURES_EVERY_MS, rate)
  }

  #until(atMs: number, rate: LineRate | null): Figures[] {
    this.#nextMs ??= (Math.floor(atMs / FIGURES_EVERY_MS) + 1) * FIGURES_EVERY_MS
    const figures: Figures[] = []
    for (; this.#nextMs <= atMs; this.#nextMs += FIGURES_EVERY_MS) {
      const isFlowing = this.#rxBytes + this.#txBytes > 0
      if (!isFlowing && !this.#wasFlowing && figures.length >= MAX_STEPS_AT_ONCE) {
        this.#nextMs = Math.floor(atMs / FIGURES_EVERY_MS) * FIGURES_EVERY_MS
        if (this.#nextMs > atMs) break
      }
      figures.push(this.#figures(this.#nextMs, rate))
      this.#wasFlowing = isFlowing
      this.#rxBytes = 0
      this.#txBytes = 0
    }
    return figures
  }

  #figures(atMs: number, rate: LineRate | null): Figures {
    const perSecond = 1000 / FIGURES_EVERY_MS
    const busiest = Math.max(this.#rxBytes, this.#txBytes)
    return {
      atMs,
      rx_Bps: this.#rxBytes * perSecond,
      tx_Bps: this.#txBytes * perSecond,
      utilisation: rate === null ? null : Math.min(1, wireMs(busiest, rate) / FIGURES_EVERY_MS),
      queue: this.#queue,
      lost: this.#lost,
      rtt_p95: percentile95(this.#roundTrips),
    }
  }
}

function percentile95(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)]!
}
