import type { LinkGap } from '../worker-protocol'

export interface LinkEvent {
  readonly atMs: number
  readonly linkId: number
  readonly isUp: boolean
  /** When it comes up: how long it was down. */
  readonly downMs: number | null
}

/** When links went and came, in the order of time. What is down since the session began did not go down. */
export function linkEvents(gaps: readonly LinkGap[]): LinkEvent[] {
  const events: LinkEvent[] = []
  for (const { linkId, fromMs, toMs } of gaps) {
    if (fromMs > 0) events.push({ atMs: fromMs, linkId, isUp: false, downMs: null })
    if (toMs !== null) events.push({ atMs: toMs, linkId, isUp: true, downMs: toMs - fromMs })
  }
  return events.sort((a, b) => a.atMs - b.atMs)
}
