import { type PixelScale, unitAt } from './time-scale'

/** `10:42:07.512` of an instant of the session. */
export const clockOf = (atMs: number, ofDayAtZeroMs: number): string => clockText(atMs + ofDayAtZeroMs, true)

export interface AxisTick {
  /** In units of the axis. */
  readonly at: number
  /** Empty for a line without a label. */
  readonly label: string
}

interface Step {
  readonly ms: number
  /** Lines between two labels, plus one. */
  readonly parts: number
  /** Every so many labels one is written in full. */
  readonly fullEvery: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const STEPS: readonly Step[] = [
  ...[0.01, 0.1, 1, 10, 100].flatMap((ms) => [
    { ms, parts: 2, fullEvery: 5 },
    { ms: 2 * ms, parts: 2, fullEvery: 5 },
    { ms: 5 * ms, parts: 5, fullEvery: ms === 100 ? 2 : 4 }, // whole seconds are never cut short
  ]),
  ...[1000, 2000].map((ms) => ({ ms, parts: 2, fullEvery: 1 })),
  { ms: 5000, parts: 5, fullEvery: 1 },
  { ms: 10_000, parts: 2, fullEvery: 1 },
  { ms: 15_000, parts: 3, fullEvery: 1 },
  { ms: 30_000, parts: 3, fullEvery: 1 },
  ...[1, 2].map((count) => ({ ms: count * MINUTE, parts: 2, fullEvery: 1 })),
  ...[5, 10, 15, 30].map((count) => ({ ms: count * MINUTE, parts: 5, fullEvery: 1 })),
  ...[1, 2, 6, 12].map((count) => ({ ms: count * HOUR, parts: 2, fullEvery: 1 })),
  { ms: DAY, parts: 2, fullEvery: 1 },
]

const two = (value: number): string => String(value).padStart(2, '0')

/** `10:42:07.100` of a time of day in milliseconds; without fraction for whole-second steps. */
function clockText(ofDayMs: number, withMillis: boolean): string {
  // rounded to microseconds first: 0.1 ms steps summed in binary must not show as 99.999
  const total = Math.floor(Math.round(ofDayMs * 1000) / 1000)
  const day = ((total % DAY) + DAY) % DAY
  const text = `${two(Math.floor(day / HOUR))}:${two(Math.floor(day / MINUTE) % 60)}:${two(Math.floor(day / 1000) % 60)}`
  return withMillis ? `${text}.${String(day % 1000).padStart(3, '0')}` : text
}

const micros = (ofDayMs: number): number => ((Math.round(ofDayMs * 1000) % 1000) + 1000) % 1000

function labelOf(ofDayMs: number, step: Step, isFull: boolean): string {
  if (step.ms >= MINUTE) return clockText(ofDayMs, false).slice(0, 5)
  if (step.ms >= 1000) return clockText(ofDayMs, false)
  if (step.ms >= 1) {
    const text = clockText(ofDayMs, true)
    return isFull ? text : text.slice(8)
  }
  const us = micros(ofDayMs)
  if (us === 0) return clockText(ofDayMs, true)
  return isFull ? `${clockText(ofDayMs, true)} +${us} µs` : `+${us} µs`
}

/**
 * Lines and labels of the time axis.
 *
 * @param ofDayAtZeroMs - Time of day (local zone) when the session clock stood at 0.
 * @param minLabelPx - Least distance between two labels, device pixels.
 */
export function timeTicks(scale: PixelScale, ofDayAtZeroMs: number, minLabelPx: number): AxisTick[] {
  const step = STEPS.find(({ ms }) => ms * scale.pxPerUnit >= minLabelPx) ?? STEPS[STEPS.length - 1]!
  const lineMs = step.ms / step.parts
  const fromMs = unitAt(scale, 0) + ofDayAtZeroMs
  const toMs = unitAt(scale, scale.widthPx) + ofDayAtZeroMs
  const ticks: AxisTick[] = []
  let hasFull = step.ms >= 1
  for (let line = Math.floor(fromMs / lineMs); line * lineMs <= toMs; line++) {
    const ofDayMs = line * lineMs
    if (line % step.parts !== 0) {
      ticks.push({ at: ofDayMs - ofDayAtZeroMs, label: '' })
      continue
    }
    const isWholeMs = step.ms >= 1 || micros(ofDayMs) === 0
    const isVisible = ofDayMs >= fromMs
    const isFull = (isWholeMs && (line / step.parts) % step.fullEvery === 0) || (!hasFull && isVisible)
    hasFull ||= isFull
    ticks.push({ at: ofDayMs - ofDayAtZeroMs, label: labelOf(ofDayMs, step, isFull) })
  }
  return ticks
}

/** Time of day, in the zone of the person who looks, at which the session clock stood at 0. */
export function ofDayAtZero(originEpochMs: number): number {
  const zoneMs = new Date(originEpochMs).getTimezoneOffset() * MINUTE
  return (((originEpochMs - zoneMs) % DAY) + DAY) % DAY
}
