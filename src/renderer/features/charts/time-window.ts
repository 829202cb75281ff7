/** Which time is shown: the newest of some length, or a part that stands still. */
export const FOLLOW_SPANS = [30_000, 120_000, 600_000, 3_600_000, 'all'] as const
export type FollowSpan = (typeof FOLLOW_SPANS)[number]
export type TimeWindow =
  | { readonly kind: 'follow'; readonly span: FollowSpan }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number }

export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

/** Ten of the finest bins. */
const LEAST_SPAN_MS = 1000
/** Lengths that the core is asked for when everything is shown: then it is asked anew seldom. */
const LADDER_MS = [30_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000]

/** How much time is asked for to follow: for everything, the shortest rung that holds the session. */
export const askedSpanMs = (span: FollowSpan, nowMs: number): number =>
  span === 'all' ? (LADDER_MS.find((rung) => rung >= nowMs) ?? LADDER_MS.at(-1)!) : span

/** What is seen of a window when `endMs` is the end of the newest figures. */
export function rangeOf(window: TimeWindow, endMs: number): TimeRange {
  if (window.kind === 'fixed') return window
  const spanMs = window.span === 'all' ? Math.min(endMs, LADDER_MS.at(-1)!) : window.span
  return { fromMs: endMs - Math.max(LEAST_SPAN_MS, spanMs), toMs: endMs }
}

/** Shows `factor` times as much time, with `atMs` at the same place; within the session. */
export function zoomed({ fromMs, toMs }: TimeRange, factor: number, atMs: number, endMs: number): TimeWindow {
  const most = Math.max(LEAST_SPAN_MS, endMs)
  const span = Math.min(most, Math.max(LEAST_SPAN_MS, (toMs - fromMs) * factor))
  const place = Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs)))
  return within(atMs - place * span, span, endMs)
}

/** Moves by a share of what is shown. */
export const panned = ({ fromMs, toMs }: TimeRange, share: number, endMs: number): TimeWindow =>
  within(fromMs + share * (toMs - fromMs), toMs - fromMs, endMs)

/** A part that was drawn with the pointer, however short. */
export const chosen = (fromMs: number, toMs: number, endMs: number): TimeWindow => {
  const span = Math.max(LEAST_SPAN_MS, toMs - fromMs)
  return within((fromMs + toMs - span) / 2, span, endMs)
}

function within(fromMs: number, span: number, endMs: number): TimeWindow {
  const from = Math.max(0, Math.min(fromMs, endMs - span))
  return { kind: 'fixed', fromMs: from, toMs: from + span }
}
