import type { StateCreator } from 'zustand'
import type { MessagesChanged } from '../../shared/model/views'
import type { ListViewSlice } from './list-view-slice'

/** Which messages are kept: the ids `firstId` … `firstId + total - 1`. */
export interface MessageBounds {
  readonly firstId: number
  readonly total: number
  readonly evicted: number
}

const NO_MESSAGES: MessageBounds = { firstId: 1, total: 0, evicted: 0 }

/** First id that is not there yet. */
export const endId = (bounds: MessageBounds): number => bounds.firstId + bounds.total

export type SelectedBy = 'list' | 'lanes' | 'composer' | 'inspector' | 'find' | 'palette'

/** What is looked at: what is kept, pause, follow, and the one selected message all views share. */
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
  /** Pauses with this message kept, and rows of the list up to a position, also when they are not told of yet. */
  readonly viewPausedAt: (messageId: number, listEnd: number) => void
  readonly listFollowChanged: (isFollowing: boolean) => void
  readonly lanesFollowChanged: (isFollowing: boolean) => void
  readonly newestFollowed: () => void
  readonly messageSelected: (id: number | null, by: SelectedBy) => void
  /** The messages are others now, under numbers of their own. */
  readonly messagesExchanged: () => void
}

/** A pause holds for the rows of the list too. */
type Listing = Pick<ListViewSlice, 'listed' | 'frozenListed'>

export const createViewSlice: StateCreator<ViewSlice & Listing, [], [], ViewSlice> = (set) => ({
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
      return isCleared
        ? { bounds, frozen: null, frozenListed: null, isListFollowing: true, selectedId: null }
        : { bounds }
    }),
  pauseToggled: () =>
    set((s) =>
      s.frozen === null ? { frozen: s.bounds, frozenListed: s.listed } : { frozen: null, frozenListed: null },
    ),
  viewPausedAt: (messageId, listEnd) =>
    set((s) => {
      if (s.frozen !== null) return s
      const total = Math.max(s.bounds.total, messageId + 1 - s.bounds.firstId)
      return {
        frozen: { ...s.bounds, total },
        frozenListed: { ...s.listed, end: Math.max(s.listed.end, listEnd) },
      }
    }),
  listFollowChanged: (isListFollowing) => set({ isListFollowing }),
  lanesFollowChanged: (areLanesFollowing) => set({ areLanesFollowing }),
  newestFollowed: () =>
    set({ frozen: null, frozenListed: null, isListFollowing: true, areLanesFollowing: true }),
  messageSelected: (selectedId, selectedBy) => set({ selectedId, selectedBy }),
  messagesExchanged: () =>
    set({
      bounds: NO_MESSAGES,
      frozen: null,
      frozenListed: null,
      isListFollowing: true,
      areLanesFollowing: true,
      selectedId: null,
    }),
})

export const selectIsPaused = (s: ViewSlice): boolean => s.frozen !== null

/** Messages that came since the view was paused. */
export const selectWaitingCount = (s: ViewSlice): number =>
  s.frozen === null ? 0 : Math.max(0, endId(s.bounds) - endId(s.frozen))
