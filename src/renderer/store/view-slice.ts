import type { StateCreator } from 'zustand'
import type { MessagesChanged } from '../../shared/model/views'
import { endId, type MessageBounds, NO_MESSAGES } from './row-window'

export type SelectedBy = 'list' | 'lanes' | 'composer' | 'inspector'

/** What is looked at: the bounds of the list, pause, follow, and the one selected message all views share. */
export interface ViewSlice {
  readonly bounds: MessageBounds
  /** The bounds when the view was paused; the capture goes on. */
  readonly frozen: MessageBounds | null
  readonly isListFollowing: boolean
  readonly areLanesFollowing: boolean
  readonly selectedId: number | null
  readonly selectedBy: SelectedBy
  readonly messagesChanged: (news: MessagesChanged) => void
  readonly pauseToggled: () => void
  readonly listFollowChanged: (isFollowing: boolean) => void
  readonly lanesFollowChanged: (isFollowing: boolean) => void
  readonly newestFollowed: () => void
  readonly messageSelected: (id: number | null, by: SelectedBy) => void
}

export const createViewSlice: StateCreator<ViewSlice, [], [], ViewSlice> = (set) => ({
  bounds: NO_MESSAGES,
  frozen: null,
  isListFollowing: true,
  areLanesFollowing: true,
  selectedId: null,
  selectedBy: 'list',
  messagesChanged: ({ firstId, total, evicted }) =>
    set((s) => {
      const bounds = { firstId, total, evicted }
      const isCleared = endId(bounds) < endId(s.bounds)
      return isCleared ? { bounds, frozen: null, isListFollowing: true, selectedId: null } : { bounds }
    }),
  pauseToggled: () => set((s) => ({ frozen: s.frozen === null ? s.bounds : null })),
  listFollowChanged: (isListFollowing) => set({ isListFollowing }),
  lanesFollowChanged: (areLanesFollowing) => set({ areLanesFollowing }),
  newestFollowed: () => set({ frozen: null, isListFollowing: true, areLanesFollowing: true }),
  messageSelected: (selectedId, selectedBy) => set({ selectedId, selectedBy }),
})

export const selectIsPaused = (s: ViewSlice): boolean => s.frozen !== null

/** What the list shows: everything, or what was there when the view was paused. */
export const selectListBounds = (s: ViewSlice): MessageBounds => s.frozen ?? s.bounds

/** Messages that came since the view was paused. */
export const selectWaitingCount = (s: ViewSlice): number =>
  s.frozen === null ? 0 : endId(s.bounds) - endId(s.frozen)
