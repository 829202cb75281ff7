import {
  SERIES_METRICS,
  type SeriesBins,
  type SeriesColumns,
  type SeriesMetric,
} from '../../../shared/model/series'

/** Figures on screen: bins in a row, at the middle of each its values. */
export interface SeriesData {
  readonly binMs: number
  readonly first: number
  readonly count: number
  /** Middle of each bin. */
  readonly atMs: Float64Array
  readonly columns: SeriesColumns
  /** End of the newest bin. */
  readonly endMs: number
}

export const NO_SERIES: SeriesData = freshData(0, 0, 0)

export const seriesData = ({ binMs, first, count, columns }: SeriesBins): SeriesData => ({
  ...freshData(binMs, first, count),
  columns,
})

/** What is shown with the bins of an item: those replace what they overlap, and the oldest go beyond `bins`. */
export function withNews(shown: SeriesData, news: SeriesBins, bins: number): SeriesData {
  const end = news.first + news.count
  if (shown.count === 0 || shown.binMs !== news.binMs || news.first > shown.first + shown.count) {
    return news.count === 0 ? shown : seriesData(news)
  }
  const first = Math.max(Math.min(shown.first, news.first), end - bins)
  const merged = freshData(news.binMs, first, end - first)
  for (const metric of SERIES_METRICS) {
    const column = merged.columns[metric]
    const kept = shown.columns[metric].subarray(
      Math.max(0, first - shown.first),
      Math.max(0, news.first - shown.first),
    )
    column.set(kept, Math.max(0, shown.first - first))
    column.set(
      news.columns[metric].subarray(Math.max(0, first - news.first)),
      Math.max(0, news.first - first),
    )
  }
  return merged
}

/** Number of the bin that holds a moment, counted within the data; clipped to what is there. */
export const binAt = ({ atMs, binMs, first, count }: SeriesData, ms: number): number =>
  atMs.length === 0 ? -1 : Math.min(count - 1, Math.max(0, Math.floor(ms / binMs) - first))

function freshData(binMs: number, first: number, count: number): SeriesData {
  const columns = {} as Record<SeriesMetric, Float64Array>
  for (const metric of SERIES_METRICS) columns[metric] = new Float64Array(count).fill(Number.NaN)
  const atMs = Float64Array.from({ length: count }, (_, at) => (first + at + 0.5) * binMs)
  return { binMs, first, count, atMs, columns, endMs: (first + count) * binMs }
}
