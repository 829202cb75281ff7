/** Spans kept per message: a small picture shows no more. */
const MAX_SPANS = 400
/** Messages whose spans are collected while nobody knows yet which of them matter. */
const MAX_LANES = 4096
/** Spans nearer than this share of the whole are drawn as one. */
const NEAR_SHARE = 1 / 500

/** When frames of messages were on the line, coarse enough for a picture of bounded size. */
export class SpanLanes {
  readonly #fromMs: number
  readonly #untilMs: number
  readonly #nearMs: number
  readonly #lanes = new Map<number, number[]>()

  constructor(fromMs: number, untilMs: number) {
    this.#fromMs = fromMs
    this.#untilMs = untilMs
    this.#nearMs = (untilMs - fromMs) * NEAR_SHARE
  }

  add(messageId: number, startMs: number, endMs: number): void {
    const from = Math.max(startMs, this.#fromMs)
    const until = Math.min(endMs, this.#untilMs)
    if (from > until) return
    let lane = this.#lanes.get(messageId)
    if (lane === undefined) {
      if (this.#lanes.size >= MAX_LANES) return
      lane = []
      this.#lanes.set(messageId, lane)
    }
    const lastMs = lane.at(-1)
    if (lastMs !== undefined && (from - lastMs <= this.#nearMs || lane.length >= 2 * MAX_SPANS)) {
      lane[lane.length - 1] = Math.max(lastMs, until)
    } else lane.push(from, until)
  }

  spansOf(messageId: number): readonly number[] {
    return this.#lanes.get(messageId) ?? []
  }
}
