import type { StateCreator } from 'zustand'

/** The pages of the screen. One is shown; what the others show is kept, and drawn again when they are. */
export type Page = 'live' | 'terminal' | 'charts' | 'tasks' | 'send' | 'device' | 'problems' | 'recordings'

/** What the page of things to send shows. */
export const SEND_TABS = ['messages', 'snippets'] as const
export type SendTab = (typeof SEND_TABS)[number]

/** What the page of recordings shows. */
export const RECORDINGS_TABS = ['library', 'compare', 'what-if'] as const
export type RecordingsTab = (typeof RECORDINGS_TABS)[number]

export interface PageSlice {
  readonly page: Page
  readonly sendTab: SendTab
  readonly pageChosen: (page: Page) => void
  readonly sendTabChosen: (sendTab: SendTab) => void
  readonly recordingsTab: RecordingsTab
  readonly recordingsTabChosen: (recordingsTab: RecordingsTab) => void
}

export const createPageSlice: StateCreator<PageSlice, [], [], PageSlice> = (set) => ({
  page: 'live',
  sendTab: 'messages',
  pageChosen: (page) => set({ page }),
  sendTabChosen: (sendTab) => set({ sendTab }),
  recordingsTab: 'library',
  recordingsTabChosen: (recordingsTab) => set({ recordingsTab }),
})
