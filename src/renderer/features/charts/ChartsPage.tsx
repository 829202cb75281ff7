import { type JSX, type KeyboardEvent, useCallback, useEffect, useId, useRef, useState } from 'react'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { selectTheme } from '../../store/theme-slice'
import { sentences } from '../../ui/format'
import { Chart, type ChartActions } from './Chart'
import { chartKey } from './chart-keys'
import { ChartsHead } from './ChartsHead'
import { useCharts } from './charts-store'
import { seriesCsv } from './csv'
import { DataTables } from './DataTables'
import { MAX_PLOTS, type PlotSeries } from './kept-plots'
import { MetricChart } from './MetricChart'
import { METRIC_PANELS } from './panels'
import { messageAt, messageOfPoint, showMessage } from './pick-message'
import { PlotChart } from './PlotChart'
import { PlotEditor } from './PlotEditor'
import { plotPanel, plotTitle } from './plot-name'
import type { PointData } from './point-data'
import { readoutAt, readoutText } from './readout'
import { ReadoutRow } from './ReadoutRow'
import { binAt } from './series-data'
import { chartTexts as t } from './texts'
import { chosen, panned, rangeOf, zoomed } from './time-window'
import { usePageHidden } from './use-page-hidden'
import { useSeries } from './use-series'
import './charts.css'

const NO_AXIS_RANGE = (): [number, number] => [0, 1]
const NO_TEXT = (): string => ''

/** Figures of the links and numbers out of messages over time, above one another on one axis. */
export function ChartsPage(): JSX.Element {
  const { client } = useSession()
  const theme = useApp(selectTheme)
  const startedAtMs = useApp((s) => s.startedAtMs)
  const linkId = useCharts((s) => s.linkId)
  const window = useCharts((s) => s.window)
  const isPaused = useCharts((s) => s.isPaused)
  const isTable = useCharts((s) => s.isTable)
  const plots = useCharts((s) => s.plots)
  const isHidden = usePageHidden()
  const [attempt, setAttempt] = useState(0)
  const [outcome, setOutcome] = useState('')
  const [spoken, setSpoken] = useState('')
  const [editing, setEditing] = useState<'new' | number | null>(null)
  const [points, setPoints] = useState<ReadonlyMap<number, readonly PointData[]>>(new Map())
  const series = useSeries(client, { linkId, window, isPaused: isPaused || isHidden, isTable, attempt })
  const body = useRef<HTMLDivElement>(null)
  const keysId = useId()
  const { data, endMs } = series
  const range = rangeOf(window, Math.max(data.endMs, window.kind === 'fixed' ? endMs : 0))
  const newestMs = Math.max(endMs, data.endMs)

  // an outcome is told, and then it is over
  useEffect(() => {
    if (outcome === '') return
    const timer = setTimeout(() => setOutcome(''), 6000)
    return () => clearTimeout(timer)
  }, [outcome])

  const gotPoints = useCallback((plotId: number, got: readonly PointData[]) => {
    setPoints((before) => new Map(before).set(plotId, got))
  }, [])
  const { windowChosen, cursorMoved, panelChosen, pauseToggled, seriesAdded } = useCharts.getState()

  const pick = (atMs: number, panel = useCharts.getState().panel): void => {
    const plot = plots.find((each) => plotPanel(each) === panel)
    const found = plot === undefined ? null : messageOfPoint(points.get(plot.id) ?? [], atMs)
    if (found !== null) {
      showMessage(found)
      return
    }
    messageAt(client, atMs).then(
      (messageId) => (messageId === null ? setOutcome(t.noMessage) : showMessage(messageId)),
      () => setOutcome(t.noMessage),
    )
  }
  const actions: ChartActions = {
    onZoom: (fromMs, toMs) => windowChosen(chosen(fromMs, toMs, newestMs)),
    onWheel: (factor, atMs) => windowChosen(zoomed(range, factor, atMs, newestMs)),
    onPan: (share) => windowChosen(panned(range, share, newestMs)),
    onPick: (atMs) => pick(atMs),
  }
  const copy = (text: string, rows: number): void => {
    // in an insecure context there is no clipboard at all
    if (!('clipboard' in navigator)) setOutcome(t.copyFailed)
    else {
      navigator.clipboard.writeText(text).then(
        () => setOutcome(t.copied(rows)),
        () => setOutcome(t.copyFailed),
      )
    }
  }
  const panels = [...METRIC_PANELS.map(({ name }): string => name), ...plots.map(plotPanel)]
  const say = (): void => {
    const { cursorMs, panel, hidden } = useCharts.getState()
    if (cursorMs !== null)
      setSpoken(readoutText(readoutAt(panel, cursorMs, { data, plots, points, hidden, startedAtMs })))
  }
  const moveCursor = (bins: number): void => {
    const { cursorMs } = useCharts.getState()
    const here = cursorMs === null ? null : binAt(data, cursorMs)
    const at = here === null ? data.count - 1 : Math.min(data.count - 1, Math.max(0, here + bins))
    if (at < 0) return
    cursorMoved(data.atMs[at]!)
  }
  const choosePanel = (step: 1 | -1): void => {
    const at = panels.indexOf(useCharts.getState().panel)
    const next = panels[Math.min(panels.length - 1, Math.max(0, at + step))]!
    panelChosen(next)
    body.current?.querySelectorAll('.ch-panel')[panels.indexOf(next)]?.scrollIntoView({ block: 'nearest' })
    if (useCharts.getState().cursorMs === null) moveCursor(0)
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const action = chartKey(event.key, event.shiftKey)
    if (action === null) return
    event.preventDefault()
    event.stopPropagation()
    const { cursorMs } = useCharts.getState()
    switch (action.kind) {
      case 'cursor':
        moveCursor(action.bins)
        say()
        break
      case 'panel':
        choosePanel(action.step)
        say()
        break
      case 'zoom':
        windowChosen(zoomed(range, action.factor, cursorMs ?? (range.fromMs + range.toMs) / 2, newestMs))
        break
      case 'pan':
        windowChosen(panned(range, action.share, newestMs))
        break
      case 'oldest':
        windowChosen(chosen(0, range.toMs - range.fromMs, newestMs))
        break
      case 'follow':
        windowChosen({ kind: 'follow', span: window.kind === 'follow' ? window.span : 120_000 })
        break
      case 'pause':
        pauseToggled()
        break
      case 'pick':
        if (cursorMs !== null) pick(cursorMs)
        break
      case 'clear':
        cursorMoved(null)
        setSpoken('')
    }
  }
  const edited = plots.find(({ id }) => id === editing)
  const closeEditor = (): void => {
    setEditing(null)
    body.current?.focus()
  }
  const isEmpty = !series.isLoading && series.problem === null && data.count === 0
  return (
    <section className="pane charts" data-pane="charts" aria-label={t.pane}>
      <ChartsHead
        outcome={outcome}
        onCopy={() => copy(seriesCsv(data, startedAtMs), data.count)}
        onAddPlot={() =>
          plots.length >= MAX_PLOTS ? setOutcome(t.plot.tooMany(MAX_PLOTS)) : setEditing('new')
        }
      />
      {editing !== null && (
        <PlotEditor
          key={editing}
          client={client}
          title={edited === undefined ? null : plotTitle(edited)}
          onAdd={(added: PlotSeries) => {
            seriesAdded(added, edited?.id ?? null)
            closeEditor()
          }}
          onClose={closeEditor}
        />
      )}
      <ReadoutRow data={data} plots={plots} points={points} startedAtMs={startedAtMs} />
      <p className="sr-only" aria-live="polite" data-testid="chart-spoken">
        {spoken}
      </p>
      <p className="sr-only" id={keysId}>
        {t.keys}
      </p>
      {series.problem !== null && (
        <p className="ch-problem" role="alert">
          {t.failed(sentences(series.problem.message, series.problem.remedy))}
          <button type="button" className="btn sm" onClick={() => setAttempt(attempt + 1)}>
            {t.retry}
          </button>
        </p>
      )}
      <div
        ref={body}
        className="ch-body scrolls"
        role="group"
        tabIndex={0}
        data-pane-focus
        aria-label={t.body}
        aria-describedby={keysId}
        onKeyDown={pressed}
      >
        {isTable && (
          <DataTables
            data={data}
            plots={plots}
            points={points}
            startedAtMs={startedAtMs}
            onMessage={showMessage}
          />
        )}
        <div className="ch-panels" hidden={isTable}>
          {!isTable &&
            METRIC_PANELS.map((panel) => (
              <MetricChart
                key={panel.name}
                panel={panel}
                data={data}
                range={range}
                theme={theme}
                startedAtMs={startedAtMs}
                actions={actions}
              />
            ))}
          {plots.map((plot) => (
            <PlotChart
              key={plot.id}
              plot={plot}
              client={client}
              linkId={linkId}
              window={window}
              range={range}
              theme={theme}
              startedAtMs={startedAtMs}
              actions={actions}
              onPoints={gotPoints}
              onCopy={copy}
              onAddSeries={setEditing}
            />
          ))}
        </div>
        {(series.isLoading || isEmpty) && (
          <div className="empty">
            <p>{series.isLoading ? t.loading : t.nothingYet}</p>
            {isEmpty && <p>{t.nothingHint}</p>}
          </div>
        )}
      </div>
      {!isTable && (
        <Chart
          {...actions}
          panel="axis"
          isAxis
          theme={theme}
          startedAtMs={startedAtMs}
          series={[]}
          data={AXIS_DATA}
          range={range}
          leftRange={NO_AXIS_RANGE}
          leftFormat={NO_TEXT}
          rightFormat={null}
        />
      )}
    </section>
  )
}

const AXIS_DATA: [number[]] = [[]]
