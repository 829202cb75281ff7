import type { StateCreator } from 'zustand'

/** A moment everything is to be shown at; another object for each wish. */
export interface AskedTime {
  /** Session time. */
  readonly atMs: number
}

/** The palette over the screen, and the dialog of the settings. */
export interface PaletteSlice {
  readonly isPaletteOpen: boolean
  readonly isSettingsOpen: boolean
  /** Where lanes and list are to stand. */
  readonly askedTime: AskedTime | null
  readonly paletteToggled: (isOpen: boolean) => void
  readonly settingsToggled: (isOpen: boolean) => void
  readonly timeAsked: (atMs: number) => void
}

export const createPaletteSlice: StateCreator<PaletteSlice, [], [], PaletteSlice> = (set) => ({
  isPaletteOpen: false,
  isSettingsOpen: false,
  askedTime: null,
  paletteToggled: (isPaletteOpen) => set({ isPaletteOpen }),
  settingsToggled: (isSettingsOpen) => set({ isSettingsOpen }),
  timeAsked: (atMs) => set({ askedTime: { atMs } }),
})
