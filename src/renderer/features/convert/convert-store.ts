import { create } from 'zustand'
import type { TapeSpan } from '../../../shared/model/tape'

/** Which dialog is open. */
export type ConvertDialog =
  | { readonly kind: 'export'; readonly recording: string }
  | { readonly kind: 'import' }
  /** Span: what it begins with, in session times; else the whole recording. */
  | { readonly kind: 'trim'; readonly recording: string; readonly span: TapeSpan | null }
  | { readonly kind: 'redact'; readonly recording: string }

interface ConvertState {
  readonly dialog: ConvertDialog | null
  readonly opened: (dialog: ConvertDialog) => void
  readonly closed: () => void
}

export const useConvert = create<ConvertState>()((set) => ({
  dialog: null,
  opened: (dialog) => set({ dialog }),
  closed: () => set({ dialog: null }),
}))
