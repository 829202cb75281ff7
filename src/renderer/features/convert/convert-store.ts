import { create } from 'zustand'

/** Which dialog is open. */
export type ConvertDialog =
  | { readonly kind: 'export'; readonly recording: string }
  | { readonly kind: 'import' }

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
