import type { StateCreator } from 'zustand'
import {
  parseRecorderSettings,
  RECORDER_SETTING,
  type RecorderSettings,
  type RecorderState,
} from '../../shared/model/recorder'
import { keepSetting, readSetting } from './kept-settings'
import type { PageSlice } from './page-slice'

/** The recording that is being written, and what the library is asked to show. */
export interface RecorderSlice {
  /** Null before the core has told. */
  readonly recorder: RecorderState | null
  readonly recorderSettings: RecorderSettings
  /** A recording that the library is to show; taken by it. */
  readonly recordingWish: string | null
  readonly recorderReceived: (recorder: RecorderState) => void
  readonly recorderSettingsChosen: (change: Partial<RecorderSettings>) => void
  /** Shows the library with this recording. */
  readonly recordingWished: (recording: string) => void
  readonly recordingWishTaken: () => void
}

export const createRecorderSlice: StateCreator<RecorderSlice & PageSlice, [], [], RecorderSlice> = (
  set,
  get,
) => ({
  recorder: null,
  recorderSettings: parseRecorderSettings(readSetting(RECORDER_SETTING)),
  recordingWish: null,
  recorderReceived: (recorder) => set({ recorder }),
  recorderSettingsChosen: (change) => {
    const recorderSettings = { ...get().recorderSettings, ...change }
    keepSetting(RECORDER_SETTING, JSON.stringify(recorderSettings))
    set({ recorderSettings })
  },
  recordingWished: (recordingWish) => set({ recordingWish, recordingsTab: 'library', page: 'recordings' }),
  recordingWishTaken: () => set({ recordingWish: null }),
})

export const selectIsRecording = (s: RecorderSlice): boolean => (s.recorder?.now ?? null) !== null
