import { asConsoleError, hasCode, toWireError } from '../../../shared/errors'
import { useApp } from '../../store/app-store'
import { selectIsRecording } from '../../store/recorder-slice'
import type { Session } from '../../store/session'

/** How it ends is told to all screens as an outcome; what cannot begin is told here. */
const told = (error: unknown): void => {
  if (hasCode(error, 'CHANNEL_CLOSED')) return
  const isToldAnyway = hasCode(error, 'RECORDING_DISK_FULL') || hasCode(error, 'RECORDING_WRITE_FAILED')
  if (!isToldAnyway) useApp.getState().noticeShown(toWireError(asConsoleError(error)))
}

export function toggleRecording({ client }: Session): void {
  const isRecording = selectIsRecording(useApp.getState())
  void (isRecording ? client.call('recorder.stop', {}) : client.call('recorder.start', {})).catch(told)
}

/** Without a recording, `recorder.stop` means that somebody has seen why the last one ended. */
export function dismissProblem({ client }: Session): void {
  void client.call('recorder.stop', {}).catch(told)
}

export function saveLast({ client }: Session, minutes: number): void {
  void client.call('recorder.save-flight', { minutes }).catch((error: unknown) => {
    useApp.getState().noticeShown(toWireError(asConsoleError(error)))
  })
}
