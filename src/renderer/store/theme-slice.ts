import type { StateCreator } from 'zustand'

export type Theme = 'dark' | 'light'

/** How the screen looks: the person's choice, else what the system prefers. */
export interface ThemeSlice {
  readonly chosenTheme: Theme | null
  readonly systemTheme: Theme
  readonly isHelpOpen: boolean
  readonly themeChosen: (theme: Theme) => void
  readonly systemThemeChanged: (theme: Theme) => void
  readonly helpToggled: (isOpen: boolean) => void
}

export const createThemeSlice: StateCreator<ThemeSlice, [], [], ThemeSlice> = (set) => ({
  chosenTheme: null,
  systemTheme: 'dark',
  isHelpOpen: false,
  themeChosen: (chosenTheme) => set({ chosenTheme }),
  systemThemeChanged: (systemTheme) => set({ systemTheme }),
  helpToggled: (isHelpOpen) => set({ isHelpOpen }),
})

export const selectTheme = (s: ThemeSlice): Theme => s.chosenTheme ?? s.systemTheme
