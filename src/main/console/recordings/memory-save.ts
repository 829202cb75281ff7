import type { Clock } from '../../../shared/model/clock'
import type { Note } from '../../../shared/model/notes'
import type { TraceEvent } from '../../../shared/model/trace'
import type { Recorder } from '../../recording/write/recorder'
import type { Operation } from './operations'

/** Of one turn: so much is written before anybody else has a turn, a few milliseconds of work. */
const EVENTS_A_TURN = 200
const BYTES_A_TURN = 256 * 1024
/** The disk is waited for while so much is on its way. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024
const WAIT_MS = 5

/** What memory has of some minutes, each in order of time. */
export interface Remembered {
  readonly events: readonly TraceEvent[]
  readonly operations: readonly Operation[]
  readonly notes: readonly Note[]
  readonly placeOf: (note: Note) => { readonly linkId: number; readonly messageKey: number } | null
}

/**
 * Writes what is remembered, as it would have been written then, in turns: links and screens go on meanwhile.
 *
 * @param onShare - How much is written, from 0 to 1.
 * @throws the problem of the recorder.
 */
export async function writeRemembered(
  recorder: Recorder,
  { events, operations, notes, placeOf }: Remembered,
  clock: Clock,
  onShare: (share: number) => void,
): Promise<void> {
  let [operation, note] = [0, 0]
  const writeBeside = (untilMs: number): void => {
    for (let next = operations[operation]; next && next.atMs <= untilMs; next = operations[++operation])
      recorder.operation(next.atMs, next.operation, next.detail)
    for (let next = notes[note]; next && next.atMs <= untilMs; next = notes[++note])
      recorder.note(next.atMs, next, placeOf(next))
  }
  for (let at = 0; at < events.length; ) {
    let bytes = 0
    for (let turn = 0; turn < EVENTS_A_TURN && bytes < BYTES_A_TURN && at < events.length; turn++) {
      const event = events[at++]!
      writeBeside(event.atMs)
      recorder.observe(event)
      if (event.type === 'bytes') bytes += event.byteCount
      if (event.type === 'message-closed') bytes += event.body.length
    }
    onShare(at / events.length)
    do {
      if (recorder.problem !== null) throw recorder.problem
      await turnOf(clock, recorder.counts.queuedBytes > MOST_WAITING_BYTES ? WAIT_MS : 0)
    } while (recorder.counts.queuedBytes > MOST_WAITING_BYTES)
  }
  writeBeside(Number.POSITIVE_INFINITY)
}

const turnOf = (clock: Clock, afterMs: number): Promise<void> =>
  new Promise((go) => clock.schedule(clock.nowMs() + afterMs, go))
