import type { ClockSample } from './session-types'

/** The four stamps of a PING and its PONG: ours in milliseconds, the peer's in its ticks (u32, they wrap). */
export interface ClockReading {
  readonly sentAtMs: number
  readonly peerReceivedTicks: number
  readonly peerSentTicks: number
  readonly receivedAtMs: number
}

interface Sample {
  readonly atMs: number
  readonly offsetMs: number
  readonly delayMs: number
}

const TICKS = 2 ** 32
const WINDOW = 8
/** At one sample in five seconds, the last quarter of an hour. */
const REMEMBERED = 180
const DRIFT_SPAN_MS = 60_000
const DRIFT_SAMPLES = 8
/** Quartz is within 100 ppm. A ceramic resonator is not, but its drift is known after a minute. */
const UNKNOWN_DRIFT_PPM = 100
const KNOWN_DRIFT_PPM = 10

/**
 * The peer's clock from ours. With stamps t1…t4, offset = ((t2−t1)+(t3−t4))/2 and delay = (t4−t1)−(t3−t2); the truth lies
 * within ± delay/2 of the offset, so the sample that waited least says most. Because clocks drift, an old sample is worth
 * less: of the newest eight the one counts whose delay/2 plus what the clocks may have drifted apart since is least. Drift
 * is the slope of a line through the quicker half of the samples, once they span a minute.
 */
export class ClockEstimate {
  readonly #tickMs: number
  #samples: Sample[] = []
  #lastPeerTicks: number | null = null
  #lastAtMs = 0

  /** @param tickNs - Length of the peer's tick, more than 0. */
  constructor(tickNs: number) {
    this.#tickMs = tickNs / 1e6
  }

  /** How many samples there are, as far as it matters. */
  get sampleCount(): number {
    return this.#samples.length
  }

  /** What is known with this reading; null when the reading contradicts itself (the peer worked longer than we waited). */
  add(reading: ClockReading): ClockSample | null {
    const { sentAtMs, receivedAtMs } = reading
    const waitedMs = receivedAtMs - sentAtMs
    const insideMs = forwards(reading.peerSentTicks - reading.peerReceivedTicks) * this.#tickMs
    // Stamps are cut to whole ticks, so the difference of two may be one tick too large.
    if (waitedMs < 0 || insideMs > waitedMs + this.#tickMs) return null
    const delayMs = Math.max(0, waitedMs - insideMs)

    const peerReceived = this.#unwrap(reading.peerReceivedTicks, sentAtMs + delayMs / 2)
    const peerReceivedMs = peerReceived * this.#tickMs
    const offsetMs = (peerReceivedMs - sentAtMs + (peerReceivedMs + insideMs - receivedAtMs)) / 2
    this.#lastPeerTicks = peerReceived
    this.#lastAtMs = sentAtMs + delayMs / 2

    this.#samples.push({ atMs: (sentAtMs + receivedAtMs) / 2, offsetMs, delayMs })
    if (this.#samples.length > REMEMBERED) this.#samples.shift()
    return this.#estimate(receivedAtMs, delayMs)
  }

  #estimate(nowMs: number, roundTripMs: number): ClockSample {
    const driftPpm = driftOf(this.#samples)
    const boundPpm = driftPpm === null ? UNKNOWN_DRIFT_PPM : KNOWN_DRIFT_PPM
    let best = { offsetMs: 0, uncertaintyMs: Infinity }
    for (const sample of this.#samples.slice(-WINDOW)) {
      const ageMs = nowMs - sample.atMs
      const uncertaintyMs = sample.delayMs / 2 + this.#tickMs + (ageMs * boundPpm) / 1e6
      if (uncertaintyMs > best.uncertaintyMs) continue
      best = { offsetMs: sample.offsetMs + (ageMs * (driftPpm ?? 0)) / 1e6, uncertaintyMs }
    }
    return { ...best, driftPpm, roundTripMs }
  }

  /** The full count behind 32 bits: the one nearest to what our clock expects, so that any pause may lie between. */
  #unwrap(ticks: number, atMs: number): number {
    if (this.#lastPeerTicks === null) return ticks
    const expected = this.#lastPeerTicks + (atMs - this.#lastAtMs) / this.#tickMs
    return ticks + Math.round((expected - ticks) / TICKS) * TICKS
  }
}

const forwards = (difference: number): number => (difference + TICKS) % TICKS

/** Slope in parts per million of offset over time, by least squares; null before it means something. */
function driftOf(samples: readonly Sample[]): number | null {
  const first = samples[0]
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.atMs - first.atMs < DRIFT_SPAN_MS) return null
  const delays = samples.map((sample) => sample.delayMs).sort((a, b) => a - b)
  const limitMs = delays[delays.length >> 1]!
  const good = samples.filter((sample) => sample.delayMs <= limitMs)
  const spanMs = good.at(-1)!.atMs - good[0]!.atMs
  if (good.length < DRIFT_SAMPLES || spanMs < DRIFT_SPAN_MS) return null
  const meanAt = mean(good.map((sample) => sample.atMs))
  const meanOffset = mean(good.map((sample) => sample.offsetMs))
  let up = 0
  let across = 0
  for (const { atMs, offsetMs } of good) {
    up += (atMs - meanAt) * (offsetMs - meanOffset)
    across += (atMs - meanAt) ** 2
  }
  return (up / across) * 1e6
}

const mean = (values: readonly number[]): number => {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
