import { asConsoleError, hasCode, toWireError } from '../../../shared/errors'
import { DEFAULT_REPLAY_SEED, type ReplayTarget } from '../../../shared/model/replay'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'

const told = (error: unknown): void => {
  if (!hasCode(error, 'CHANNEL_CLOSED')) useApp.getState().noticeShown(toWireError(asConsoleError(error)))
}

/** Begins a run of the recording that is looked at, as it was chosen. */
export function startRun({ live }: Session, target: ReplayTarget): void {
  const { tape, replayPolicy, replayStopsAtDifference, replayIsRecorded, replayBeginning } = useApp.getState()
  if (tape === null) return
  replayBeginning(true)
  live
    .call('replay.start', {
      recording: tape.recording,
      recordedLink: null,
      target,
      policy: replayPolicy,
      speed: tape.speed,
      seed: DEFAULT_REPLAY_SEED,
      stopAtDifference: replayStopsAtDifference,
      record: replayIsRecorded,
    })
    .catch(told)
    .finally(() => replayBeginning(false))
}

function onRun(act: (runId: number) => Promise<unknown>): void {
  const runId = useApp.getState().replay?.runId
  if (runId !== undefined) act(runId).catch(told)
}

export const confirmRun = ({ live }: Session): void =>
  onRun((runId) => live.call('replay.confirm', { runId }))
export const stepRun = ({ live }: Session): void => onRun((runId) => live.call('replay.step', { runId }))
export const stopRun = ({ live }: Session): void => onRun((runId) => live.call('replay.stop', { runId }))
