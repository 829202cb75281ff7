import type { StateCreator } from 'zustand'
import { isReplayOpen, type ReplayPolicy, type ReplayState } from '../../shared/model/replay'

/** Where a recording that is looked at is sent to, besides the screen. */
export type ReplayGoal = 'view' | 'simulator' | 'device'

/** A run of a recording with a peer, and how the next one is wanted. */
export interface ReplaySlice {
  /** The run that was asked for last; null before the first. */
  readonly replay: ReplayState | null
  readonly replayPolicy: ReplayPolicy
  readonly replayGoal: ReplayGoal
  readonly replayStopsAtDifference: boolean
  readonly replayIsRecorded: boolean
  /** A run that is being read out of its recording. */
  readonly isReplayBeginning: boolean
  readonly replayReceived: (replay: ReplayState | null) => void
  readonly replayPolicyChosen: (replayPolicy: ReplayPolicy) => void
  readonly replayGoalChosen: (replayGoal: ReplayGoal) => void
  readonly replayStopToggled: () => void
  readonly replayRecordToggled: () => void
  readonly replayBeginning: (isReplayBeginning: boolean) => void
}

export const createReplaySlice: StateCreator<ReplaySlice, [], [], ReplaySlice> = (set) => ({
  replay: null,
  replayPolicy: 'reply',
  replayGoal: 'view',
  replayStopsAtDifference: false,
  replayIsRecorded: true,
  isReplayBeginning: false,
  replayReceived: (replay) => set({ replay }),
  replayPolicyChosen: (replayPolicy) => set({ replayPolicy }),
  replayGoalChosen: (replayGoal) => set({ replayGoal }),
  replayStopToggled: () => set((s) => ({ replayStopsAtDifference: !s.replayStopsAtDifference })),
  replayRecordToggled: () => set((s) => ({ replayIsRecorded: !s.replayIsRecorded })),
  replayBeginning: (isReplayBeginning) => set({ isReplayBeginning }),
})

export const selectIsRunOpen = (s: ReplaySlice): boolean => s.replay !== null && isReplayOpen(s.replay)
