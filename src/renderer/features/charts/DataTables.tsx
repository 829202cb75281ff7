import type { JSX } from 'react'
import { formatClock } from '../../ui/format'
import { type Plot, seriesTitle } from './kept-plots'
import { formatNumber, METRIC_PANELS } from './panels'
import { type PointData, NO_POINTS } from './point-data'
import type { SeriesData } from './series-data'
import { chartTexts as t } from './texts'

const MOST_POINTS = 60

interface DataTablesProps {
  readonly data: SeriesData
  readonly plots: readonly Plot[]
  readonly points: ReadonlyMap<number, readonly PointData[]>
  readonly startedAtMs: number
  readonly onMessage: (messageId: number) => void
}

/** Everything that is drawn, as numbers. */
export function DataTables({ data, plots, points, startedAtMs, onMessage }: DataTablesProps): JSX.Element {
  const rows = Array.from({ length: data.count }, (_, at) => data.count - 1 - at)
  return (
    <div className="ch-tables">
      <table aria-label={t.tableCaption(data.count)}>
        <thead>
          <tr>
            <th rowSpan={2}>{t.time}</th>
            {METRIC_PANELS.map(({ name, series }) => (
              <th key={name} scope="colgroup" colSpan={series.length}>
                {t.panels[name]}
              </th>
            ))}
          </tr>
          <tr>
            {METRIC_PANELS.flatMap(({ series }) =>
              series.map(({ metric }) => (
                <th key={metric} scope="col">
                  {t.series[metric]}
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((at) => (
            <tr key={data.first + at}>
              <th scope="row">{formatClock(startedAtMs, (data.first + at) * data.binMs)}</th>
              {METRIC_PANELS.flatMap(({ series }) =>
                series.map(({ metric, format }) => {
                  const value = data.columns[metric][at]!
                  return <td key={metric}>{Number.isNaN(value) ? t.none : format(value)}</td>
                }),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {plots.flatMap((plot) =>
        plot.series.map((series, at) => (
          <PointTable
            key={`${plot.id} ${at}`}
            title={seriesTitle(series)}
            points={points.get(plot.id)?.[at] ?? NO_POINTS}
            startedAtMs={startedAtMs}
            onMessage={onMessage}
          />
        )),
      )}
    </div>
  )
}

interface PointTableProps extends Pick<DataTablesProps, 'startedAtMs' | 'onMessage'> {
  readonly title: string
  readonly points: PointData
}

function PointTable({ title, points, startedAtMs, onMessage }: PointTableProps): JSX.Element {
  const { atMs, values, messageIds } = points
  const shown = Math.min(MOST_POINTS, atMs.length)
  const rows = Array.from({ length: shown }, (_, at) => atMs.length - 1 - at)
  return (
    <table aria-label={t.pointsCaption(title, shown)}>
      <thead>
        <tr>
          <th scope="col">{t.time}</th>
          <th scope="col">{title}</th>
          <th scope="col">{t.message}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((at) => (
          <tr key={messageIds[at]}>
            <th scope="row">{formatClock(startedAtMs, atMs[at]!)}</th>
            <td>{formatNumber(values[at]!)}</td>
            <td>
              <button type="button" className="textlink" onClick={() => onMessage(messageIds[at]!)}>
                {`#${messageIds[at]!}`}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
