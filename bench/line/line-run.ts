import { type UrgentBound, urgentBoundBytes, urgentBoundMs } from '../../src/shared/model/urgent-bound'
import { bytesPerMs, type LineVariant, nominalRate, PLAIN, VARIANTS } from './line-variant'
import type { LineFigures } from './open-loop'

/** Lateness of a refill that the goal allows for (performance.md §3: timer, event loop, completion), and its slack. */
export const REFILL_LATENESS_MS = 5
const SLACK_MS = 5

/** What a stack's own trace tells of its frames. */
export interface LineLimits {
  /** Payload and frame of the largest bulk frame. */
  readonly chunkBytes: number
  readonly headBytes: number
  /** Bytes of the largest urgent message with its heads. */
  readonly urgentBytes: number
  /** Most bytes that an urgent message found in front of it: in the driver, and handed over before its first byte. */
  readonly aheadBytes: number
}

export interface LineRun {
  readonly figures: LineFigures
  /** Only of our own stack. */
  readonly limits?: LineLimits
}

export interface LineResult {
  readonly peer: string
  readonly baud: number
  readonly variant: string
  readonly idle: LineFigures
  readonly loaded: LineFigures
  readonly limits?: LineLimits
  /** When an urgent message must be there at the latest (`boundMs`), and how many bytes may be in front of it. */
  readonly boundMs?: number
  readonly allowedBytes?: number
}

/** (A + c + h + m) / R + 5 ms, with A = J · R: what target 9 allows. @param latenessMs - J. */
export const boundMs = (limits: LineLimits, baud: number, latenessMs: number): number =>
  urgentBoundMs(urgentBound(limits, baud, latenessMs), nominalRate(baud)) + SLACK_MS

/** Bytes that may lie in front of an urgent message: A + c + h. */
export const allowedBytes = (limits: LineLimits, baud: number, latenessMs: number): number =>
  Math.floor(urgentBoundBytes({ ...urgentBound(limits, baud, latenessMs), messageBytes: 0 }))

const urgentBound = (
  { chunkBytes, headBytes, urgentBytes }: LineLimits,
  baud: number,
  latenessMs: number,
): UrgentBound => ({
  aheadBytes: latenessMs * bytesPerMs(baud),
  chunkBytes,
  frameOverheadBytes: headBytes,
  messageBytes: urgentBytes,
})

const BAUDS = [115_200, 921_600] as const

/** Which runs there are: every peer on a good line at two speeds, ours on bad lines at the slower one. */
export async function measureLines(
  runOurs: (dialect: string, baud: number, variant: LineVariant, isUnderBulk: boolean) => Promise<LineRun>,
  runOther: (peer: string, baud: number, isUnderBulk: boolean) => Promise<LineRun>,
  {
    dialects,
    others,
    isQuick,
  }: { readonly dialects: readonly string[]; readonly others: readonly string[]; readonly isQuick: boolean },
  onResult: (result: LineResult) => void,
): Promise<void> {
  const ours = async (dialect: string, baud: number, variant: LineVariant): Promise<void> => {
    const idle = await runOurs(dialect, baud, variant, false)
    const loaded = await runOurs(dialect, baud, variant, true)
    const latenessMs = REFILL_LATENESS_MS + (variant.lateMs ?? 0)
    onResult({
      peer: dialect,
      baud,
      variant: variant.name,
      idle: idle.figures,
      loaded: loaded.figures,
      limits: loaded.limits!,
      boundMs: boundMs(loaded.limits!, baud, latenessMs),
      allowedBytes: allowedBytes(loaded.limits!, baud, latenessMs),
    })
  }
  for (const baud of isQuick ? BAUDS.slice(0, 1) : BAUDS) {
    for (const dialect of dialects) await ours(dialect, baud, PLAIN)
    for (const peer of others) {
      const idle = await runOther(peer, baud, false)
      const loaded = await runOther(peer, baud, true)
      onResult({ peer, baud, variant: PLAIN.name, idle: idle.figures, loaded: loaded.figures })
    }
  }
  for (const variant of isQuick ? [] : VARIANTS)
    for (const dialect of dialects) await ours(dialect, 115_200, variant)
}
