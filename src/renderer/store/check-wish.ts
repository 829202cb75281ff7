import { create } from 'zustand'

interface CheckWish {
  /** Messages to make a check of; empty for those selected in the list. Null while nobody wants one. */
  readonly messageIds: readonly number[] | null
  readonly wished: (messageIds: readonly number[]) => void
  readonly left: () => void
}

/** Somebody wants a check of messages: the list and the palette ask, the dialog of snippets answers. */
export const useCheckWish = create<CheckWish>()((set) => ({
  messageIds: null,
  wished: (messageIds) => set({ messageIds }),
  left: () => set({ messageIds: null }),
}))
