/** What went one way inside an area. */
export interface DirectionTotals {
  readonly messages: number
  readonly chunks: number
  readonly payloadBytes: number
  readonly wireBytes: number
  /** Time in which at least one chunk of this direction was on the line; at most the length of the area. */
  readonly busyMs: number
}

export interface PriorityTotals {
  readonly priority: number
  readonly messages: number
  readonly payloadBytes: number
}

/**
 * Sums over a span of time. A chunk counts where it begins, so that the sums of neighbouring areas add up; the time the
 * line was busy is cut at the edges of the area.
 */
export interface AreaTotals {
  readonly fromMs: number
  readonly toMs: number
  readonly out: DirectionTotals
  readonly in: DirectionTotals
  /** Messages with at least one chunk in the area. */
  readonly messages: number
  /** Only priorities that occur, most urgent first. */
  readonly priorities: readonly PriorityTotals[]
  /** Chunks that came summed up, because the screen was slow: their times are rough. */
  readonly mergedChunks: number
  /** The area begins before what is kept: older chunks are missing in the sums. */
  readonly isCut: boolean
}
