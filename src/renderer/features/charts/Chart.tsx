import { type JSX, useEffect, useLayoutEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Theme } from '../../store/theme-slice'
import { useCharts } from './charts-store'
import type { Stroke } from './panels'
import type { TimeRange } from './time-window'
import { toPagePx } from '../../ui/page-zoom'

export interface DrawnSeries {
  readonly name: string
  readonly stroke: Stroke
  readonly isRight: boolean
  readonly isShown: boolean
  readonly isFilled: boolean
  readonly shape: 'line' | 'points'
  /** Moments stand alone: each gets a mark, or it would not be seen. */
  readonly isSparse: boolean
}

/** What a chart is told by the person. */
export interface ChartActions {
  readonly onZoom: (fromMs: number, toMs: number) => void
  readonly onWheel: (factor: number, atMs: number) => void
  readonly onPan: (share: number) => void
  readonly onPick: (atMs: number) => void
}

interface ChartProps extends ChartActions {
  readonly panel: string
  readonly theme: Theme
  readonly startedAtMs: number
  readonly series: readonly DrawnSeries[]
  /** Milliseconds since 1970 (so that ticks stand at whole seconds of the day), then a column per series. */
  readonly data: uPlot.AlignedData
  readonly range: TimeRange
  readonly leftRange: (least: number | null, most: number | null) => [number, number]
  readonly leftFormat: (value: number) => string
  readonly rightFormat: ((value: number) => string) | null
  /** Only the time axis. */
  readonly isAxis?: boolean
}

const LEFT_AXIS_PX = 76
const RIGHT_AXIS_PX = 48
const AXIS_HEIGHT_PX = 26
/** The types name it in an enumeration that is not there when the program runs. */
const ON_THE_RIGHT = { side: 1 }
const MOST_PX_OF_A_CLICK = 3

/**
 * A drawing that follows its data. It draws when data, range, size or theme changed, and at no other time; the cursor is
 * shared by all charts and moves without drawing.
 */
export function Chart(props: ChartProps): JSX.Element {
  const { panel, theme, startedAtMs, series, data, range, isAxis = false } = props
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const latest = useRef(props)
  const look = JSON.stringify(series)
  const hasRight = props.rightFormat !== null
  useLayoutEffect(() => {
    latest.current = props
  })
  useEffect(() => {
    const host = box.current
    if (host === null) return
    const chart = new uPlot(optionsOf(latest, host, isAxis), latest.current.data, host)
    plot.current = chart
    const { fromMs, toMs } = latest.current.range
    chart.setScale('x', { min: startedAtMs + fromMs, max: startedAtMs + toMs })
    const sizes = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = host
      if (width > 0 && height > 0 && (width !== chart.width || height !== chart.height)) {
        chart.setSize({ width, height })
        placeCursor(chart, startedAtMs)
      }
    })
    sizes.observe(host)
    const stopPointing = pointing(chart, host, latest)
    const stop = useCharts.subscribe((now, before) => {
      if (now.cursorMs !== before.cursorMs) placeCursor(chart, startedAtMs)
    })
    placeCursor(chart, startedAtMs)
    return () => {
      sizes.disconnect()
      stopPointing()
      stop()
      chart.destroy()
      plot.current = null
    }
  }, [look, theme, startedAtMs, isAxis, hasRight, panel])
  useEffect(() => {
    const chart = plot.current
    if (chart === null) return
    chart.batch(() => {
      chart.setData(data, false)
      chart.setScale('x', { min: startedAtMs + range.fromMs, max: startedAtMs + range.toMs })
    })
    placeCursor(chart, startedAtMs)
  }, [data, startedAtMs, range.fromMs, range.toMs])
  return <div className={isAxis ? 'ch-axis' : 'ch-plot'} ref={box} />
}

/** The line of the cursor, where the time is on screen. */
function placeCursor(chart: uPlot, startedAtMs: number): void {
  const { cursorMs } = useCharts.getState()
  const at = startedAtMs + (cursorMs ?? Number.NaN)
  const { min, max } = chart.scales['x']!
  // before its first drawing a chart has no range yet
  const isOn = typeof min === 'number' && typeof max === 'number' && at >= min && at <= max
  chart.setCursor({ left: isOn ? chart.valToPos(at, 'x') : -10, top: isOn ? 0 : -10 }, false)
}

function optionsOf(
  latest: { readonly current: ChartProps },
  host: HTMLElement,
  isAxis: boolean,
): uPlot.Options {
  const colours = getComputedStyle(host)
  const colour = (token: string): string => colours.getPropertyValue(token).trim()
  const font = `12px ${colours.fontFamily}`
  const grid = { stroke: colour('--border-1'), width: 1 }
  const ticks = { stroke: colour('--border-2'), width: 1, size: 4 }
  const text = colour('--text-3')
  const { series } = latest.current
  const right: uPlot.Axis = {
    scale: 'right',
    stroke: text,
    font,
    size: RIGHT_AXIS_PX,
    gap: 6,
    space: 26,
    grid: { show: false },
    ticks: { show: false },
    values: (_, splits) =>
      splits.map((value) => {
        const { rightFormat } = latest.current
        return rightFormat === null || value % 1 !== 0 ? '' : rightFormat(value)
      }),
  }
  Object.assign(right, ON_THE_RIGHT)
  return {
    width: Math.max(1, host.clientWidth),
    height: Math.max(1, host.clientHeight),
    ms: 1,
    legend: { show: false },
    // only when it is drawn does a chart know where its times are
    hooks: { draw: [(chart) => placeCursor(chart, latest.current.startedAtMs)] },
    padding: [isAxis ? 0 : 6, 0, isAxis ? 0 : 9, 0],
    cursor: {
      y: false,
      lock: false,
      drag: { x: false, y: false, setScale: false },
      points: { show: false },
      bind: {
        mousemove: () => null,
        mouseleave: () => null,
        mousedown: () => null,
        mouseup: () => null,
        dblclick: () => null,
      },
    },
    scales: {
      x: { time: true, auto: false },
      y: { range: (_, least, most) => latest.current.leftRange(least, most) },
      right: { range: (_, __, most) => [0, Math.max(4, most * 1.08)] },
    },
    axes: [
      {
        show: true,
        stroke: text,
        font,
        size: isAxis ? AXIS_HEIGHT_PX : 0,
        gap: 4,
        grid: { ...grid, show: !isAxis },
        ticks: { ...ticks, show: isAxis },
        space: 90,
        values: (_, splits, __, ___, step) => splits.map((at) => (isAxis ? clockOf(at, step) : '')),
      },
      {
        scale: 'y',
        stroke: text,
        font,
        size: LEFT_AXIS_PX,
        gap: 6,
        space: 26,
        grid: { ...grid, show: !isAxis },
        ticks: { show: false },
        values: (_, splits) => splits.map((value) => (isAxis ? '' : latest.current.leftFormat(value))),
      },
      right,
    ],
    series: [
      {},
      ...series.map((each, at): uPlot.Series => {
        const stroke = colour(each.stroke.token)
        const isPoints = each.shape === 'points'
        return {
          label: each.name,
          scale: each.isRight ? 'right' : 'y',
          show: each.isShown,
          stroke,
          width: isPoints ? 0 : 1.5,
          dash: [...each.stroke.dash],
          spanGaps: each.name.startsWith('plot:'),
          ...(isPoints && { paths: () => null }),
          ...(each.isFilled && { fill: `color-mix(in srgb, ${stroke} 12%, transparent)` }),
          points: {
            show: isPoints || each.isSparse,
            size: isPoints ? 5 + (at % 2) : 8 - 2 * (at % 3), // equal values lie on each other, the smaller on top
            width: 1,
            stroke,
            fill: at % 2 === 0 ? stroke : colour('--surface-1'),
          },
        }
      }),
    ],
  }
}

/** Time of day as finely as the ticks stand. */
function clockOf(atMs: number, stepMs: number): string {
  const at = new Date(atMs)
  const two = (value: number): string => String(value).padStart(2, '0')
  const minutes = `${two(at.getHours())}:${two(at.getMinutes())}`
  if (stepMs >= 60_000) return minutes
  const seconds = `${minutes}:${two(at.getSeconds())}`
  return stepMs >= 1000 ? seconds : `${seconds}.${Math.floor(at.getMilliseconds() / 100)}`
}

function canScroll(host: HTMLElement): boolean {
  const scroller = host.closest('.scrolls')
  return scroller !== null && scroller.scrollHeight > scroller.clientHeight
}

/** Pointing moves the cursor, dragging chooses time, a click picks, the wheel zooms and pans. */
function pointing(chart: uPlot, host: HTMLElement, latest: { readonly current: ChartProps }): () => void {
  const { over } = chart
  let downX: number | null = null
  const left = (event: MouseEvent): number =>
    Math.min(over.clientWidth, Math.max(0, toPagePx(event.clientX - over.getBoundingClientRect().left)))
  const timeAt = (x: number): number => chart.posToVal(x, 'x') - latest.current.startedAtMs
  const select = (from: number, to: number): void =>
    chart.setSelect(
      { left: Math.min(from, to), top: 0, width: Math.abs(to - from), height: over.clientHeight },
      false,
    )
  const moved = (event: PointerEvent): void => {
    const x = left(event)
    const { cursorMoved, panelChosen } = useCharts.getState()
    cursorMoved(timeAt(x))
    if (!latest.current.isAxis) panelChosen(latest.current.panel)
    if (downX !== null) select(downX, x)
  }
  const pressed = (event: PointerEvent): void => {
    if (event.button !== 0) return
    downX = left(event)
    over.setPointerCapture(event.pointerId)
  }
  const released = (event: PointerEvent): void => {
    if (downX === null) return
    const from = downX
    const to = left(event)
    downX = null
    select(0, 0)
    if (Math.abs(to - from) <= MOST_PX_OF_A_CLICK) latest.current.onPick(timeAt(to))
    else latest.current.onZoom(timeAt(Math.min(from, to)), timeAt(Math.max(from, to)))
  }
  const gone = (): void => {
    if (downX === null) useCharts.getState().cursorMoved(null)
  }
  const cancelled = (): void => {
    downX = null
    select(0, 0)
  }
  const wheeled = (event: WheelEvent): void => {
    const isZoom = event.ctrlKey || event.metaKey
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
    if (!isZoom && !isSideways && canScroll(host)) return // the wheel belongs to the page then
    event.preventDefault()
    if (!isSideways || isZoom) latest.current.onWheel(event.deltaY > 0 ? 1.25 : 0.8, timeAt(left(event)))
    else latest.current.onPan((event.deltaX || event.deltaY) / Math.max(1, over.clientWidth))
  }
  over.addEventListener('pointermove', moved)
  over.addEventListener('pointerdown', pressed)
  over.addEventListener('pointerup', released)
  over.addEventListener('pointercancel', cancelled)
  over.addEventListener('pointerleave', gone)
  host.addEventListener('wheel', wheeled, { passive: false })
  return () => {
    over.removeEventListener('pointermove', moved)
    over.removeEventListener('pointerdown', pressed)
    over.removeEventListener('pointerup', released)
    over.removeEventListener('pointercancel', cancelled)
    over.removeEventListener('pointerleave', gone)
    host.removeEventListener('wheel', wheeled)
  }
}
