import { formatElapsed } from '../../ui/format'

/** Below this share of its life the time left is shown as running out. */
export const LOW_SHARE = 0.15
const TICK_MS = 100

/** A life as the bar shows it; null for what is pinned. */
export interface Life {
  readonly fromMs: number
  readonly untilMs: number
}

export function shareLeft({ fromMs, untilMs }: Life, nowMs: number): number {
  const whole = untilMs - fromMs
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, (untilMs - nowMs) / whole))
}

export const textLeft = ({ untilMs }: Life, nowMs: number): string =>
  formatElapsed(Math.max(0, untilMs - nowMs))

type Tick = () => void
const ticking = new Set<Tick>()
let timer: ReturnType<typeof setInterval> | undefined

/** Calls `tick` ten times a second, all of them from one timer, while any is wanted. Returns how to end it. */
export function everyTick(tick: Tick): () => void {
  ticking.add(tick)
  timer ??= setInterval(() => {
    if (!document.hidden) for (const each of ticking) each()
  }, TICK_MS)
  return () => {
    ticking.delete(tick)
    if (ticking.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
