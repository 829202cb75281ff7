import type { StateCreator } from 'zustand'

/** The pages of the screen. One is shown; what the others show is kept, and drawn again when they are. */
export type Page = 'live' | 'terminal' | 'charts' | 'tasks' | 'send' | 'device' | 'problems'

/** What the page of things to send shows. */
export const SEND_TABS = ['messages', 'snippets'] as const
export type SendTab = (typeof SEND_TABS)[number]

export interface PageSlice {
  readonly page: Page
  readonly sendTab: SendTab
  readonly pageChosen: (page: Page) => void
  readonly sendTabChosen: (sendTab: SendTab) => void
}

export const createPageSlice: StateCreator<PageSlice, [], [], PageSlice> = (set) => ({
  page: 'live',
  sendTab: 'messages',
  pageChosen: (page) => set({ page }),
  sendTabChosen: (sendTab) => set({ sendTab }),
})
