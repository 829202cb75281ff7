import type { MessageDetail } from '../../../shared/model/views'

export type TimingPart = 'queued' | 'wire' | 'interleaved' | 'peer' | 'rest'

export interface Timing {
  readonly totalMs: number
  /** In the order of time. They add up to the total; what is not known is `rest`. */
  readonly parts: readonly { readonly part: TimingPart; readonly ms: number }[]
}

/** Below this a part is rounding, not a fact. */
const NOTHING_MS = 0.005

/**
 * Where the time of a message went, as far as it was seen from here. For an answered request the total is its round trip;
 * else it ends with the last chunk. Null while there is nothing to divide.
 */
export function timingOf(detail: MessageDetail): Timing | null {
  const { openedMs, lastChunkMs, queuedMs, wireMs, interleavedMs } = detail.timing
  if (lastChunkMs === null) return null
  const transferMs = lastChunkMs - openedMs
  const answerMs = detail.dir === 'out' && detail.status === 'answered' ? detail.roundTripMs : null
  const known = [
    { part: 'queued' as const, ms: queuedMs ?? 0 },
    { part: 'wire' as const, ms: wireMs ?? 0 },
    { part: 'interleaved' as const, ms: interleavedMs ?? 0 },
    { part: 'peer' as const, ms: answerMs === null ? 0 : Math.max(0, answerMs - transferMs) },
  ]
  const knownMs = known.reduce((sum, { ms }) => sum + ms, 0)
  const totalMs = Math.max(answerMs ?? transferMs, knownMs)
  if (totalMs < NOTHING_MS) return null
  const parts = [...known, { part: 'rest' as const, ms: totalMs - knownMs }]
  return { totalMs, parts: parts.filter(({ ms }) => ms >= NOTHING_MS) }
}
