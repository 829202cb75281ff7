/**
 * What is drawn over time: figures of the links in equal bins, and numbers out of messages as points.
 *
 * Times are session milliseconds. In a column, NaN stands where nothing is known: before the link was there, after now,
 * and for percentiles where nothing was answered.
 */

/** Columns of a time series, in the order in which they are shown. */
export const SERIES_METRICS = [
  /** Bytes on the wire per second, with all overhead. */
  'bytesIn',
  'bytesOut',
  /** Frames per second. */
  'framesIn',
  'framesOut',
  /** Messages per second that came or went to their end. */
  'messagesIn',
  'messagesOut',
  /** Share of the time in which frames held the line, 0 to 1; NaN where the speed of the line is not known. */
  'busyIn',
  'busyOut',
  /** Depth of the outgoing queue: the most, and the mean over time. */
  'queuedBytesMax',
  'queuedBytesMean',
  'queuedMessagesMax',
  'queuedMessagesMean',
  /** From request to answer, in ms, by when the answer was there. Percentiles are right within 5 %, the most exactly. */
  'rttP50',
  'rttP95',
  'rttP99',
  'rttMax',
  /** Counts within the bin. */
  'answers',
  'unanswered',
  'faults',
] as const

export type SeriesMetric = (typeof SERIES_METRICS)[number]
export type SeriesColumns = { readonly [M in SeriesMetric]: Float64Array }

/** Bins `first` … `first + count - 1`; bin n covers n × binMs … (n + 1) × binMs. Only bins that are over. */
export interface SeriesBins {
  readonly binMs: number
  readonly first: number
  readonly count: number
  /** When it was read. */
  readonly nowMs: number
  readonly columns: SeriesColumns
}

/** Most bins of one answer. */
export const MAX_SERIES_BINS = 2000
/** How far back series reach: as fine as 100 ms, and as coarse as 1 s. */
export const FINE_SERIES_MS = 5 * 60_000
export const COARSE_SERIES_MS = 6 * 3_600_000

/** Most messages that one plot takes its numbers from. */
export const MAX_FIELD_POINTS = 100_000

/** Numbers out of messages, in order of time. */
export interface FieldPoints {
  readonly atMs: Float64Array
  readonly values: Float64Array
  readonly messageIds: Uint32Array
  /** Numbers that were found; where there are more than points, the points are the least and the most per bin. */
  readonly of: number
  /** Messages that match without having a number there. */
  readonly withoutNumber: number
  /** Older ones may be missing: the limit was reached, or messages or bodies of that time are no longer kept. */
  readonly isPartial: boolean
  /** Time of the oldest matching message that is still under way: what it says may change. */
  readonly openFromMs: number | null
}

/** A field that has a number in some recent message. */
export interface NumericField {
  /** As it is written in a filter: `body.temp.value`. */
  readonly field: string
  readonly route: string
  /** The latest number. */
  readonly example: number
}
