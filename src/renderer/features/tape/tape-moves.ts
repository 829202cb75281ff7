import type { TapeMark, TapeSpan, TapeState } from '../../../shared/model/tape'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'

/** Speeds offered, slowest first; null is as fast as possible. */
export const SPEEDS = [0.1, 1, 4, 16, 100, null] as const

/** What A and B were last, so that the loop can be switched off and on again. */
let kept: {
  readonly recording: string
  readonly fromMs: number | null
  readonly toMs: number | null
} | null = null

function keptOf({ recording }: TapeState): { fromMs: number | null; toMs: number | null } {
  return kept?.recording === recording ? kept : { fromMs: null, toMs: null }
}

/** Where A and B stand: those of the loop, else those that were set last. */
export function loopPlaces(tape: TapeState): {
  readonly fromMs: number | null
  readonly toMs: number | null
} {
  return tape.loop ?? keptOf(tape)
}

/** Sets A or B at the playhead; the loop begins when both are set. */
export function setLoopPlace(session: Session, place: 'fromMs' | 'toMs'): void {
  const { tape } = useApp.getState()
  if (tape === null) return
  const { fromMs, toMs } = loopPlaces(tape)
  const places = { fromMs, toMs, [place]: tape.positionMs }
  kept = { recording: tape.recording, ...places }
  const loop = spanOf(places)
  if (loop !== null) session.tape?.loop(loop)
}

/** Switches the loop; without A and B it is a tenth of the recording from the playhead on. */
export function toggleLoop(session: Session): void {
  const { tape } = useApp.getState()
  if (tape === null) return
  if (tape.loop !== null) {
    kept = { recording: tape.recording, ...tape.loop }
    session.tape?.loop(null)
    return
  }
  session.tape?.loop(spanOf(keptOf(tape)) ?? usualSpan(tape))
}

const spanOf = ({ fromMs, toMs }: { fromMs: number | null; toMs: number | null }): TapeSpan | null =>
  fromMs === null || toMs === null || fromMs === toMs
    ? null
    : { fromMs: Math.min(fromMs, toMs), toMs: Math.max(fromMs, toMs) }

function usualSpan({ fromMs, toMs, positionMs }: TapeState): TapeSpan {
  const lengthMs = (toMs - fromMs) / 10
  const beginMs = Math.min(positionMs, toMs - lengthMs)
  return { fromMs: beginMs, toMs: beginMs + lengthMs }
}

export function changeSpeed(session: Session, by: 1 | -1): void {
  const { tape } = useApp.getState()
  if (tape === null) return
  const here = SPEEDS.findIndex((speed) => speed === tape.speed)
  const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, (here < 0 ? 1 : here) + by))]
  if (next !== undefined) session.tape?.setSpeed(next)
}

/** To the marker or problem before or after the playhead. */
export function goToMark(session: Session, direction: 1 | -1): void {
  const { tape, tapeFacts } = useApp.getState()
  if (tape === null || tapeFacts === null) return
  const mark = nextMark([...tapeFacts.markers, ...tapeFacts.problems], tape.positionMs, direction)
  if (mark !== undefined) session.tape?.seek(mark.atMs)
}

export function nextMark(
  marks: readonly TapeMark[],
  positionMs: number,
  direction: 1 | -1,
): TapeMark | undefined {
  const sorted = [...marks].sort((a, b) => a.atMs - b.atMs)
  return direction > 0
    ? sorted.find(({ atMs }) => atMs > positionMs)
    : sorted.findLast(({ atMs }) => atMs < positionMs)
}
