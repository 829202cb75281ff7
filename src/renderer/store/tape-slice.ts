import type { StateCreator } from 'zustand'
import { LIVE_SOURCE } from '../../shared/contract/envelope'
import type { TapeFacts, TapeState } from '../../shared/model/tape'

/** What the screen looks at, and how the recording that it is stands. */
export interface TapeSlice {
  /** 0 is the live session. */
  readonly source: number
  /** Grows when everything that is shown was exchanged for something else. */
  readonly lookEpoch: number
  /** Null while the live session is looked at. */
  readonly tape: TapeState | null
  readonly tapeFacts: TapeFacts | null
  /** `performance.now()` when `tape` came. */
  readonly tapeAtMs: number
  /** Position of the first row of the list after the playhead; null where there is none to tell. */
  readonly playheadRow: number | null
  readonly lookedAt: (source: number) => void
  readonly tapeReceived: (tape: TapeState, atMs: number) => void
  readonly playheadRowFound: (playheadRow: number | null) => void
}

export const createTapeSlice: StateCreator<TapeSlice, [], [], TapeSlice> = (set) => ({
  source: LIVE_SOURCE,
  lookEpoch: 0,
  tape: null,
  tapeFacts: null,
  tapeAtMs: 0,
  playheadRow: null,
  lookedAt: (source) =>
    set((s) => ({
      source,
      lookEpoch: s.lookEpoch + 1,
      playheadRow: null,
      ...(source !== s.source && { tape: null, tapeFacts: null }),
    })),
  tapeReceived: (tape, tapeAtMs) => set((s) => ({ tape, tapeAtMs, tapeFacts: tape.facts ?? s.tapeFacts })),
  playheadRowFound: (playheadRow) => set({ playheadRow }),
})

/** The screen looks at a recording. */
export const selectIsReplay = (s: TapeSlice): boolean => s.source !== LIVE_SOURCE
