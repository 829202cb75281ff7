import { type JSX, useCallback, useEffect, useMemo } from 'react'
import uPlot, { type AlignedData } from 'uplot'
import type { ContractClient } from '../../../shared/contract/contract-client'
import type { Theme } from '../../store/theme-slice'
import { sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { Chart, type ChartActions, type DrawnSeries } from './Chart'
import { useCharts } from './charts-store'
import { pointsCsv } from './csv'
import { MAX_PLOT_SERIES, type Plot, seriesTitle } from './kept-plots'
import { LegendKey } from './LegendKey'
import { formatNumber, PLOT_STROKES } from './panels'
import { plotPanel, plotTitle } from './plot-name'
import { around } from './plot-scale'
import { nearestPoint, NO_POINTS, type PointData } from './point-data'
import { chartTexts as t } from './texts'
import type { TimeRange, TimeWindow } from './time-window'
import { usePoints } from './use-points'

interface PlotChartProps {
  readonly plot: Plot
  readonly client: ContractClient
  readonly linkId: number | null
  readonly window: TimeWindow
  readonly range: TimeRange
  readonly theme: Theme
  readonly startedAtMs: number
  readonly actions: ChartActions
  readonly onPoints: (plotId: number, points: readonly PointData[]) => void
  readonly onCopy: (text: string, rows: number) => void
  readonly onAddSeries: (plotId: number) => void
}

/** A chart that somebody made: numbers out of messages over time. */
export function PlotChart(props: PlotChartProps): JSX.Element {
  const { plot, client, linkId, window, range, theme, startedAtMs, actions, onPoints, onCopy } = props
  const hidden = useCharts((s) => s.hidden)
  const isRead = useCharts((s) => s.panel === plotPanel(plot))
  const { seriesToggled, seriesRemoved, shapeToggled, plotRemoved } = useCharts.getState()
  const points = usePoints(client, { linkId, series: plot.series, window, range })
  useEffect(() => onPoints(plot.id, points), [onPoints, plot.id, points])
  const nameOf = (at: number): string => `plot:${plot.id}:${at}`
  const drawn = plot.series.map(
    ({ shape }, at): DrawnSeries => ({
      name: nameOf(at),
      stroke: PLOT_STROKES[at % PLOT_STROKES.length]!,
      isRight: false,
      isFilled: false,
      isShown: !hidden.has(nameOf(at)),
      shape,
      isSparse: false,
    }),
  )
  const count = plot.series.length
  const columns = useMemo(() => joined(count, points, startedAtMs), [count, points, startedAtMs])
  const title = plotTitle(plot)
  const note = noteOf(plot, points)
  const leftRange = useCallback((least: number | null, most: number | null) => around(least, most), [])
  return (
    <section className="ch-panel" aria-label={title} aria-current={isRead}>
      <header className="ch-head">
        {plot.series.map((series, at) => {
          const name = seriesTitle(series)
          return (
            <span className="ch-series" key={nameOf(at)}>
              <LegendKey
                label={name}
                stroke={drawn[at]!.stroke}
                shape={series.shape}
                isShown={drawn[at]!.isShown}
                value={<PointAtCursor points={points[at] ?? NO_POINTS} />}
                onToggle={() => seriesToggled(nameOf(at))}
              />
              <button
                type="button"
                className="btn ghost sm sq"
                aria-pressed={series.shape === 'points'}
                aria-label={t.plot.asPoints(name)}
                title={t.plot.asPoints(name)}
                onClick={() => shapeToggled(plot.id, at)}
              >
                <DotsIcon />
              </button>
              {count > 1 && (
                <button
                  type="button"
                  className="btn ghost sm sq"
                  aria-label={t.plot.removeSeries(name)}
                  title={t.plot.removeSeries(name)}
                  onClick={() => seriesRemoved(plot.id, at)}
                >
                  <Icon name="x" small />
                </button>
              )}
            </span>
          )
        })}
        <span className="grow" />
        {points.some(({ isPartial }) => isPartial) && <span className="t3 ell">{t.plot.partial}</span>}
        {points.some(({ of, atMs }) => of > atMs.length) && (
          <span className="t3 ell">{t.plot.thinned(points.reduce((sum, { of }) => sum + of, 0))}</span>
        )}
        <PanelButton
          icon="plus"
          label={t.plot.addSeries(title)}
          isDisabled={count >= MAX_PLOT_SERIES}
          onPress={() => props.onAddSeries(plot.id)}
        />
        <PanelButton
          icon="copy"
          label={t.plot.copy(title)}
          onPress={() => {
            const series = plot.series.map((each, at) => ({
              title: seriesTitle(each),
              points: points[at] ?? NO_POINTS,
            }))
            const rows = series.reduce((sum, each) => sum + each.points.atMs.length, 0)
            onCopy(pointsCsv(series, startedAtMs), rows)
          }}
        />
        <PanelButton icon="trash" label={t.plot.remove(title)} onPress={() => plotRemoved(plot.id)} />
      </header>
      <Chart
        {...actions}
        panel={plotPanel(plot)}
        theme={theme}
        startedAtMs={startedAtMs}
        series={drawn}
        data={columns}
        range={range}
        leftRange={leftRange}
        leftFormat={formatNumber}
        rightFormat={null}
      />
      {note !== null && <p className="ch-note">{note}</p>}
    </section>
  )
}

function PanelButton(props: {
  readonly icon: 'plus' | 'copy' | 'trash'
  readonly label: string
  readonly isDisabled?: boolean
  readonly onPress: () => void
}): JSX.Element {
  const { icon, label, isDisabled = false, onPress } = props
  return (
    <button
      type="button"
      className="btn ghost sm sq"
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon name={icon} small />
    </button>
  )
}

function DotsIcon(): JSX.Element {
  return (
    <svg className="i s" viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="3.5" cy="11" r="1" />
      <circle cx="8" cy="5.5" r="1" />
      <circle cx="12.5" cy="9" r="1" />
    </svg>
  )
}

function PointAtCursor({ points }: { readonly points: PointData }): JSX.Element {
  const text = useCharts(({ cursorMs }) => {
    const at = cursorMs === null ? points.values.length - 1 : nearestPoint(points, cursorMs)
    const value = points.values[at]
    return value === undefined ? t.none : formatNumber(value)
  })
  return <>{text}</>
}

/** The series on one axis of time: where one has no number at a moment, it has a hole that is drawn over. */
function joined(count: number, points: readonly PointData[], startedAtMs: number): AlignedData {
  const tables = Array.from({ length: count }, (_, at): AlignedData => {
    const { atMs, values } = points[at] ?? NO_POINTS
    return [atMs.map((ms) => startedAtMs + ms), [...values]]
  })
  return uPlot.join(tables)
}

function noteOf(plot: Plot, points: readonly PointData[]): string | null {
  const problem = points.find((each) => each.problem !== null)?.problem
  if (problem !== undefined && problem !== null) return sentences(problem.message, problem.remedy)
  if (points.length < plot.series.length || points.some(({ isLoading }) => isLoading)) return t.loading
  if (points.some(({ values }) => values.length > 0)) return null
  const without = points.reduce((sum, { withoutNumber }) => sum + withoutNumber, 0)
  return without === 0 ? t.plot.noMatch : t.plot.noNumber(without)
}
