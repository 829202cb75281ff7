import type { StateCreator } from 'zustand'

/** A moment everything is to be shown at; another object for each wish. */
export interface AskedTime {
  /** Session time. */
  readonly atMs: number
}

/** Parts of the settings, in the order of their tabs. */
export const SETTINGS_PARTS = ['looks', 'keys', 'layouts', 'recording'] as const
export type SettingsPart = (typeof SETTINGS_PARTS)[number]

/** The palette over the screen, and the dialog of the settings. */
export interface PaletteSlice {
  readonly isPaletteOpen: boolean
  readonly isSettingsOpen: boolean
  /** The part that the dialog opens with. */
  readonly settingsPart: SettingsPart
  /** Where lanes and list are to stand. */
  readonly askedTime: AskedTime | null
  readonly paletteToggled: (isOpen: boolean) => void
  readonly settingsToggled: (isOpen: boolean) => void
  readonly settingsAsked: (part: SettingsPart) => void
  readonly timeAsked: (atMs: number) => void
}

export const createPaletteSlice: StateCreator<PaletteSlice, [], [], PaletteSlice> = (set) => ({
  isPaletteOpen: false,
  isSettingsOpen: false,
  settingsPart: 'looks',
  askedTime: null,
  paletteToggled: (isPaletteOpen) => set({ isPaletteOpen }),
  settingsToggled: (isSettingsOpen) => set({ isSettingsOpen, settingsPart: 'looks' }),
  settingsAsked: (settingsPart) => set({ isSettingsOpen: true, settingsPart }),
  timeAsked: (atMs) => set({ askedTime: { atMs } }),
})
