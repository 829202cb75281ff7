import type { TriggerDeeds } from '../triggers'
import type { RecorderDesk } from './recorder-desk'

/**
 * What triggers may ask of the recorder. What is wished for already is done: a recording that runs is not begun again, and
 * where none runs none is ended.
 *
 * @param recorder - Asked for when a trigger fires: it may be made after the triggers.
 */
export const recordingDeeds = (
  recorder: () => Pick<RecorderDesk, 'start' | 'stop' | 'saveMemory' | 'isRecording'>,
): Pick<TriggerDeeds, 'startRecording' | 'stopRecording' | 'saveMemory'> => ({
  startRecording: () => {
    if (!recorder().isRecording) recorder().start({ by: 'trigger' })
  },
  stopRecording: async () => {
    if (recorder().isRecording) await recorder().stop()
  },
  saveMemory: async (minutes) => {
    await recorder().saveMemory({ minutes })
  },
})
