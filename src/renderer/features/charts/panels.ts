import type { SeriesMetric } from '../../../shared/model/series'
import { formatDuration, formatPercent, formatRate, groupDigits, formatBytes } from '../../ui/format'
import { chartTexts as t } from './texts'

/** How a line is drawn: a hue of the theme, and a dash, so that colour is not alone. */
export interface Stroke {
  readonly token: string
  readonly dash: readonly number[]
}

export interface MetricSeries {
  readonly metric: SeriesMetric
  readonly stroke: Stroke
  readonly format: (value: number) => string
  /** Drawn against the axis on the right. */
  readonly isRight?: boolean
  /** Hidden until somebody wants it. */
  readonly isExtra?: boolean
  readonly isFilled?: boolean
}

export interface MetricPanel {
  readonly name: keyof typeof t.panels
  readonly series: readonly MetricSeries[]
  /** The axis on the left reaches at least to here. */
  readonly least: number
  /** What stands in the panel when there is nothing to draw. */
  readonly empty: string
}

const SOLID: readonly number[] = []
const DASHED = [6, 3]
const DOTTED = [2, 3]

const perSecond = (value: number): string => `${count(value)}${t.perSecond}`
const count = (value: number): string =>
  value < 99.95 && value % 1 !== 0 ? value.toFixed(1) : groupDigits(value)

/** The charts that are always there, from top to bottom. */
export const METRIC_PANELS: readonly MetricPanel[] = [
  {
    name: 'rates',
    least: 100,
    empty: t.noTraffic,
    series: [
      { metric: 'bytesIn', stroke: { token: '--stream-1', dash: SOLID }, format: formatRate, isFilled: true },
      { metric: 'bytesOut', stroke: { token: '--stream-2', dash: DASHED }, format: formatRate },
    ],
  },
  {
    name: 'messages',
    least: 5,
    empty: t.noTraffic,
    series: [
      {
        metric: 'messagesIn',
        stroke: { token: '--stream-1', dash: SOLID },
        format: perSecond,
        isFilled: true,
      },
      { metric: 'messagesOut', stroke: { token: '--stream-2', dash: DASHED }, format: perSecond },
      { metric: 'framesIn', stroke: { token: '--stream-5', dash: DOTTED }, format: perSecond, isExtra: true },
      {
        metric: 'framesOut',
        stroke: { token: '--stream-6', dash: [6, 3, 2, 3] },
        format: perSecond,
        isExtra: true,
      },
    ],
  },
  {
    name: 'line',
    least: 1,
    empty: t.noLineRate,
    series: [
      {
        metric: 'busyIn',
        stroke: { token: '--stream-1', dash: SOLID },
        format: formatPercent,
        isFilled: true,
      },
      { metric: 'busyOut', stroke: { token: '--stream-2', dash: DASHED }, format: formatPercent },
    ],
  },
  {
    name: 'queue',
    least: 100,
    empty: t.noQueue,
    series: [
      {
        metric: 'queuedBytesMax',
        stroke: { token: '--stream-2', dash: SOLID },
        format: formatBytes,
        isFilled: true,
      },
      { metric: 'queuedBytesMean', stroke: { token: '--stream-6', dash: DASHED }, format: formatBytes },
      {
        metric: 'queuedMessagesMax',
        stroke: { token: '--stream-4', dash: DOTTED },
        format: count,
        isRight: true,
      },
      {
        metric: 'queuedMessagesMean',
        stroke: { token: '--stream-8', dash: [6, 3, 2, 3] },
        format: count,
        isRight: true,
        isExtra: true,
      },
    ],
  },
  {
    name: 'roundTrip',
    least: 1,
    empty: t.noAnswers,
    series: [
      { metric: 'rttP50', stroke: { token: '--stream-3', dash: SOLID }, format: formatDuration },
      { metric: 'rttP95', stroke: { token: '--stream-2', dash: DASHED }, format: formatDuration },
      { metric: 'rttP99', stroke: { token: '--stream-7', dash: DOTTED }, format: formatDuration },
      {
        metric: 'rttMax',
        stroke: { token: '--stream-8', dash: [6, 3, 2, 3] },
        format: formatDuration,
        isExtra: true,
      },
      {
        metric: 'answers',
        stroke: { token: '--stream-5', dash: [1, 2] },
        format: count,
        isRight: true,
        isExtra: true,
      },
    ],
  },
  {
    name: 'faults',
    least: 4,
    empty: t.noFaults,
    series: [
      { metric: 'faults', stroke: { token: '--error', dash: SOLID }, format: count, isFilled: true },
      { metric: 'unanswered', stroke: { token: '--warn', dash: DASHED }, format: count },
    ],
  },
]

/** Looks of the lines of plots, by their number. */
export const PLOT_STROKES: readonly Stroke[] = [
  { token: '--stream-3', dash: SOLID },
  { token: '--stream-4', dash: DASHED },
  { token: '--stream-1', dash: DOTTED },
  { token: '--stream-2', dash: [6, 3, 2, 3] },
  { token: '--stream-7', dash: [10, 3] },
  { token: '--stream-5', dash: [1, 2] },
]

/** A number out of a message, as exactly as one reads it. */
export const formatNumber = (value: number): string =>
  Number.isInteger(value) ? groupDigits(value) : String(Number(value.toPrecision(7)))
