import type { StateCreator } from 'zustand'
import type { PageSlice } from './page-slice'

/** Two recordings that are compared: A over B. */
export interface ComparedPair {
  readonly a: string
  readonly b: string
}

export interface CompareSlice {
  /** Null while somebody still chooses. */
  readonly comparedPair: ComparedPair | null
  /** Shows two recordings beside each other; from the library, the palette, and after a run. */
  readonly compareChosen: (a: string, b: string) => void
  readonly compareLeft: () => void
}

export const createCompareSlice: StateCreator<CompareSlice & PageSlice, [], [], CompareSlice> = (set) => ({
  comparedPair: null,
  compareChosen: (a, b) => set({ comparedPair: { a, b }, page: 'recordings', recordingsTab: 'compare' }),
  compareLeft: () => set({ comparedPair: null }),
})
