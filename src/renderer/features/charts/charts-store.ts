import { create } from 'zustand'
import { onSettingsTaken } from '../../store/kept-settings'
import {
  keepPlots,
  keptPlots,
  MAX_PLOT_SERIES,
  MAX_PLOTS,
  PLOTS_SETTING,
  type Plot,
  type PlotSeries,
} from './kept-plots'
import { METRIC_PANELS } from './panels'
import type { TimeWindow } from './time-window'

export interface ChartsState {
  /** Null: all links together. */
  readonly linkId: number | null
  readonly window: TimeWindow
  readonly isPaused: boolean
  readonly isTable: boolean
  /** Series that are not drawn: metrics by name, those of plots by `plot:number`. */
  readonly hidden: ReadonlySet<string>
  readonly plots: readonly Plot[]
  /** Where the values are read; null when nobody points anywhere. */
  readonly cursorMs: number | null
  /** The panel that is read: a metric panel by name, a plot by `plot-id`. */
  readonly panel: string
  readonly linkChosen: (linkId: number | null) => void
  readonly windowChosen: (window: TimeWindow) => void
  readonly pauseToggled: () => void
  readonly tableToggled: () => void
  readonly seriesToggled: (name: string) => void
  readonly cursorMoved: (cursorMs: number | null) => void
  readonly panelChosen: (panel: string) => void
  /** Without a plot, a new one is made. */
  readonly seriesAdded: (series: PlotSeries, plotId: number | null) => void
  /** A plot without series goes. */
  readonly seriesRemoved: (plotId: number, at: number) => void
  readonly shapeToggled: (plotId: number, at: number) => void
  readonly plotRemoved: (plotId: number) => void
}

const EXTRA = METRIC_PANELS.flatMap(({ series }) =>
  series.filter(({ isExtra }) => isExtra === true).map(({ metric }) => metric as string),
)

/** What the charts show. It outlives the page, which is gone while another is shown. */
export const useCharts = create<ChartsState>()((set) => {
  const setPlots = (change: (plots: readonly Plot[]) => readonly Plot[]): void =>
    set((s) => {
      const plots = change(s.plots)
      keepPlots(plots)
      return { plots }
    })
  const changeSeries = (
    plotId: number,
    change: (series: readonly PlotSeries[]) => readonly PlotSeries[],
  ): void =>
    setPlots((plots) =>
      plots
        .map((plot) => (plot.id === plotId ? { ...plot, series: change(plot.series) } : plot))
        .filter(({ series }) => series.length > 0),
    )
  return {
    linkId: null,
    window: { kind: 'follow', span: 120_000 },
    isPaused: false,
    isTable: false,
    hidden: new Set(EXTRA),
    plots: keptPlots(),
    cursorMs: null,
    panel: METRIC_PANELS[0]!.name,
    linkChosen: (linkId) => set({ linkId, isPaused: false }),
    windowChosen: (window) => set(window.kind === 'follow' ? { window, isPaused: false } : { window }),
    pauseToggled: () => set((s) => ({ isPaused: !s.isPaused })),
    tableToggled: () => set((s) => ({ isTable: !s.isTable })),
    seriesToggled: (name) =>
      set((s) => {
        const hidden = new Set(s.hidden)
        if (!hidden.delete(name)) hidden.add(name)
        return { hidden }
      }),
    cursorMoved: (cursorMs) => set((s) => (s.cursorMs === cursorMs ? s : { cursorMs })),
    panelChosen: (panel) => set((s) => (s.panel === panel ? s : { panel })),
    seriesAdded: (series, plotId) => {
      if (plotId !== null) {
        changeSeries(plotId, (before) => [...before, series].slice(0, MAX_PLOT_SERIES))
        return
      }
      setPlots((plots) =>
        plots.length >= MAX_PLOTS
          ? plots
          : [...plots, { id: 1 + Math.max(0, ...plots.map(({ id }) => id)), series: [series] }],
      )
    },
    seriesRemoved: (plotId, at) =>
      changeSeries(plotId, (series) => series.filter((_, index) => index !== at)),
    shapeToggled: (plotId, at) =>
      changeSeries(plotId, (series) =>
        series.map((each, index) =>
          index === at ? { ...each, shape: each.shape === 'line' ? 'points' : 'line' } : each,
        ),
      ),
    plotRemoved: (plotId) => setPlots((plots) => plots.filter(({ id }) => id !== plotId)),
  }
})

onSettingsTaken((names) => {
  if (names.has(PLOTS_SETTING)) useCharts.setState({ plots: keptPlots() })
})
