import { formatClock } from '../../ui/format'
import { type Plot, seriesTitle } from './kept-plots'
import { formatNumber, METRIC_PANELS } from './panels'
import { plotPanel } from './plot-name'
import { nearestPoint, type PointData } from './point-data'
import { binAt, type SeriesData } from './series-data'
import { chartTexts as t } from './texts'

export interface ReadValue {
  readonly label: string
  readonly value: string
}

export interface Readout {
  readonly time: string
  readonly panel: string
  readonly values: readonly ReadValue[]
}

interface Shown {
  readonly data: SeriesData
  readonly plots: readonly Plot[]
  readonly points: ReadonlyMap<number, readonly PointData[]>
  readonly hidden: ReadonlySet<string>
  readonly startedAtMs: number
}

/** The values of one panel at a moment, with their units. */
export function readoutAt(panel: string, cursorMs: number, shown: Shown): Readout {
  const { data, plots, points, hidden, startedAtMs } = shown
  const time = formatClock(startedAtMs, cursorMs)
  const plot = plots.find((each) => plotPanel(each) === panel)
  if (plot !== undefined) {
    const values = plot.series.map((series, at): ReadValue => {
      const own = points.get(plot.id)?.[at]
      const value = own?.values[nearestPoint(own, cursorMs)]
      return { label: seriesTitle(series), value: value === undefined ? t.none : formatNumber(value) }
    })
    return { time, panel: '', values }
  }
  const metrics = METRIC_PANELS.find(({ name }) => name === panel) ?? METRIC_PANELS[0]!
  const bin = binAt(data, cursorMs)
  const values = metrics.series
    .filter(({ metric }) => !hidden.has(metric))
    .map(({ metric, format }): ReadValue => {
      const value = data.columns[metric][bin] ?? Number.NaN
      return { label: t.series[metric], value: Number.isNaN(value) ? t.none : format(value) }
    })
  return { time, panel: t.panels[metrics.name], values }
}

/** As it is said to people who do not see it. */
export const readoutText = ({ time, panel, values }: Readout): string =>
  [
    `${time}${panel === '' ? '' : `, ${panel}`}`,
    ...values.map(({ label, value }) => `${label} ${value}`),
  ].join(', ')
