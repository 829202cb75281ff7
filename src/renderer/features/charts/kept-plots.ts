import { MAX_FILTER_LENGTH } from '../../../shared/model/list-view'
import { keepSetting, readSetting } from '../../store/kept-settings'

/** One number of messages over time. */
export interface PlotSeries {
  readonly filter: string
  readonly field: string
  readonly shape: 'line' | 'points'
}

/** A chart that somebody made: its series share an axis. */
export interface Plot {
  readonly id: number
  readonly series: readonly PlotSeries[]
}

export const MAX_PLOTS = 8
export const MAX_PLOT_SERIES = 6
const MAX_FIELD_LENGTH = 256
export const PLOTS_SETTING = 'charts-plots'

/** The plots of last time; what is damaged is left out. */
export function keptPlots(text: string | null = readSetting(PLOTS_SETTING)): Plot[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]')
    if (!Array.isArray(kept)) return []
    const plots = kept.map((series) => (Array.isArray(series) ? series.filter(isPlotSeries) : []))
    return plots
      .filter((series) => series.length > 0)
      .slice(0, MAX_PLOTS)
      .map((series, at) => ({ id: at + 1, series: series.slice(0, MAX_PLOT_SERIES) }))
  } catch {
    return []
  }
}

export const keepPlots = (plots: readonly Plot[]): void => keepSetting(PLOTS_SETTING, printPlots(plots))

export const printPlots = (plots: readonly Plot[]): string =>
  JSON.stringify(plots.map(({ series }) => series))

function isPlotSeries(value: unknown): value is PlotSeries {
  if (typeof value !== 'object' || value === null) return false
  const { filter, field, shape } = value as Partial<Record<keyof PlotSeries, unknown>>
  return (
    typeof filter === 'string' &&
    filter.length <= MAX_FILTER_LENGTH &&
    typeof field === 'string' &&
    field.length > 0 &&
    field.length <= MAX_FIELD_LENGTH &&
    (shape === 'line' || shape === 'points')
  )
}

const ROUTE_FILTER = /^msg\.route == "([^"\\]*)"$/

/** What a series is called: its field, and of which messages. */
export function seriesTitle({ filter, field }: PlotSeries): string {
  if (filter.trim() === '') return field
  const route = ROUTE_FILTER.exec(filter.trim())?.[1]
  return `${field} · ${route ?? filter.trim()}`
}
