import type { JSX } from 'react'
import { useCharts } from './charts-store'
import type { Plot } from './kept-plots'
import type { PointData } from './point-data'
import { readoutAt } from './readout'
import type { SeriesData } from './series-data'
import { chartTexts as t } from './texts'

interface ReadoutRowProps {
  readonly data: SeriesData
  readonly plots: readonly Plot[]
  readonly points: ReadonlyMap<number, readonly PointData[]>
  readonly startedAtMs: number
}

/** Time and values at the cursor, of the chart that is read. */
export function ReadoutRow({ data, plots, points, startedAtMs }: ReadoutRowProps): JSX.Element {
  const cursorMs = useCharts((s) => s.cursorMs)
  const panel = useCharts((s) => s.panel)
  const hidden = useCharts((s) => s.hidden)
  if (cursorMs === null || data.count === 0) return <p className="ch-readout t3">{t.noCursor}</p>
  const readout = readoutAt(panel, cursorMs, { data, plots, points, hidden, startedAtMs })
  return (
    <p className="ch-readout">
      <b className="num">{readout.time}</b>
      {readout.panel !== '' && <span className="t2">{readout.panel}</span>}
      {readout.values.map(({ label, value }) => (
        <span key={label} className="ell">
          <span className="t3">{label}</span> <span className="ch-value">{value}</span>
        </span>
      ))}
    </p>
  )
}
