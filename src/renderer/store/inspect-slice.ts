import type { StateCreator } from 'zustand'

export type InspectorTab = 'summary' | 'tree' | 'hex' | 'json' | 'text' | 'time' | 'diff'

/** Bytes of one body that all views of it highlight. */
export interface BodySelection {
  readonly messageId: number
  /** First byte, and one after the last. */
  readonly from: number
  readonly to: number
  /** The byte the keyboard moves and the data inspector reads from. */
  readonly cursor: number
  /** Where a selection that grows with Shift or by dragging began. */
  readonly anchor: number
  readonly by: 'tree' | 'hex' | 'summary' | 'diff'
}

/** How the selected message is looked at. */
export interface InspectSlice {
  readonly inspectorTab: InspectorTab
  readonly bodySelection: BodySelection | null
  /** The message others are compared with; null to compare with the previous one of the same route. */
  readonly pinnedId: number | null
  /** The message that somebody asked to have explained: its explanation takes the focus once it is there. */
  readonly explainAskedId: number | null
  readonly inspectorTabChosen: (tab: InspectorTab) => void
  readonly explainAsked: (messageId: number | null) => void
  readonly bodySelected: (selection: BodySelection | null) => void
  readonly diffPinned: (messageId: number | null) => void
}

export const createInspectSlice: StateCreator<InspectSlice, [], [], InspectSlice> = (set) => ({
  inspectorTab: 'summary',
  bodySelection: null,
  pinnedId: null,
  explainAskedId: null,
  inspectorTabChosen: (inspectorTab) => set({ inspectorTab }),
  explainAsked: (explainAskedId) => set({ explainAskedId }),
  bodySelected: (bodySelection) => set({ bodySelection }),
  diffPinned: (pinnedId) => set({ pinnedId }),
})
