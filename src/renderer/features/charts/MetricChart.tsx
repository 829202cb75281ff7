import { type JSX, useMemo } from 'react'
import type { AlignedData } from 'uplot'
import type { Theme } from '../../store/theme-slice'
import { Chart, type ChartActions, type DrawnSeries } from './Chart'
import { useCharts } from './charts-store'
import { LegendKey } from './LegendKey'
import type { MetricPanel } from './panels'
import { fromZero } from './plot-scale'
import { binAt, type SeriesData } from './series-data'
import { chartTexts as t } from './texts'
import type { TimeRange } from './time-window'

interface MetricChartProps {
  readonly panel: MetricPanel
  readonly data: SeriesData
  readonly range: TimeRange
  readonly theme: Theme
  readonly startedAtMs: number
  readonly actions: ChartActions
}

/** One of the charts that are always there. */
export function MetricChart({
  panel,
  data,
  range,
  theme,
  startedAtMs,
  actions,
}: MetricChartProps): JSX.Element {
  const hidden = useCharts((s) => s.hidden)
  const isRead = useCharts((s) => s.panel === panel.name)
  const { seriesToggled } = useCharts.getState()
  const drawn = panel.series.map(
    ({ metric, stroke, isRight = false, isFilled = false }): DrawnSeries => ({
      name: metric,
      stroke,
      isRight,
      isFilled,
      isShown: !hidden.has(metric),
      shape: 'line',
      isSparse: panel.name === 'roundTrip',
    }),
  )
  const columns = useMemo(
    (): AlignedData => [
      data.atMs.map((ms) => startedAtMs + ms),
      ...panel.series.map(({ metric }) => nullable(data.columns[metric])),
    ],
    [data, panel, startedAtMs],
  )
  const isEmpty = isNothing(panel, data)
  const right = panel.series.find(({ metric, isRight }) => isRight === true && !hidden.has(metric))
  return (
    <section className="ch-panel" aria-label={t.panels[panel.name]} aria-current={isRead}>
      <header className="ch-head">
        <h3>{t.panels[panel.name]}</h3>
        {panel.series.map(({ metric, stroke, format }) => (
          <LegendKey
            key={metric}
            label={t.series[metric]}
            stroke={stroke}
            shape="line"
            isShown={!hidden.has(metric)}
            value={<ValueAtCursor data={data} column={data.columns[metric]} format={format} />}
            onToggle={() => seriesToggled(metric)}
          />
        ))}
      </header>
      <Chart
        {...actions}
        panel={panel.name}
        theme={theme}
        startedAtMs={startedAtMs}
        series={drawn}
        data={columns}
        range={range}
        leftRange={(_, most) => (panel.name === 'line' ? [0, 1] : fromZero(most, panel.least))}
        leftFormat={panel.series[0]!.format}
        rightFormat={right?.format ?? null}
      />
      {isEmpty && <p className="ch-note">{panel.empty}</p>}
    </section>
  )
}

/** Follows the cursor by itself: the chart around it stays as it is. */
function ValueAtCursor({
  data,
  column,
  format,
}: {
  readonly data: SeriesData
  readonly column: Float64Array
  readonly format: (value: number) => string
}): JSX.Element {
  const text = useCharts((s) => {
    const at = s.cursorMs === null ? data.count - 1 : binAt(data, s.cursorMs)
    const value = column[at] ?? Number.NaN
    return Number.isNaN(value) ? t.none : format(value)
  })
  return <>{text}</>
}

/** Gaps are null to the drawing: it would join what is on both sides of a NaN. */
const nullable = (column: Float64Array): (number | null)[] =>
  Array.from(column, (value) => (Number.isNaN(value) ? null : value))

function isNothing({ name, series }: MetricPanel, data: SeriesData): boolean {
  const isUnknownOnly = name === 'line' || name === 'roundTrip'
  const shown = series.filter(({ metric }) => metric !== 'answers')
  return shown.every(({ metric }) =>
    data.columns[metric].every((value) => Number.isNaN(value) || (!isUnknownOnly && value === 0)),
  )
}
