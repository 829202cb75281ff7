import type { StateCreator } from 'zustand'

/** The pages of the screen. One is shown; what the others show is kept, and drawn again when they are. */
export type Page = 'live' | 'terminal' | 'charts' | 'tasks' | 'send' | 'device' | 'problems'

export interface PageSlice {
  readonly page: Page
  readonly pageChosen: (page: Page) => void
}

export const createPageSlice: StateCreator<PageSlice, [], [], PageSlice> = (set) => ({
  page: 'live',
  pageChosen: (page) => set({ page }),
})
