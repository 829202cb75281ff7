const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0')

/** `00:03:12.418`: where a recording stands, from its beginning. */
export function tapeClock(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  const [hours, minutes, seconds] = [whole / 3_600_000, (whole / 60_000) % 60, (whole / 1000) % 60]
  return `${pad(Math.floor(hours))}:${pad(Math.floor(minutes))}:${pad(Math.floor(seconds))}.${pad(whole % 1000, 3)}`
}

/** `2.5×`; large ones without digits that nobody reads. */
export function speedWords(speed: number): string {
  const digits = speed >= 100 ? 0 : speed >= 10 ? 1 : 2
  return `${speed.toFixed(digits)}×`
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000, 604_800_000,
] as const

/** Distance of the labels on a scale: at most one in `minPx`. */
export function labelStepMs(lengthMs: number, widthPx: number, minPx: number): number {
  const leastMs = (lengthMs / Math.max(1, widthPx)) * minPx
  return STEPS_MS.find((step) => step >= leastMs) ?? STEPS_MS.at(-1)!
}

/** `03:00`, `1:03:00`, `12.5` seconds: a label of the scale. */
export function labelWords(ms: number, stepMs: number): string {
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  const clock =
    minutes >= 60
      ? `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`
      : `${pad(minutes)}:${pad(seconds % 60)}`
  return stepMs >= 1000 ? clock : `${clock}.${pad(Math.round(ms % 1000), 3)}`
}
