import type { StateCreator } from 'zustand'
import { keepSetting, readSetting } from './kept-settings'

export const THEMES = ['dark', 'light', 'contrast'] as const
export type Theme = (typeof THEMES)[number]

export const ZOOM_STEPS = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300] as const
export const CODE_SIZES_PX = [11, 12, 13, 14, 15, 16] as const

const SETTINGS = { theme: 'theme', zoom: 'zoom', motion: 'motion', code: 'code-size' } as const

/** How the screen looks: the person's choice, else what the system prefers. The zoom is kept by the browser: screens differ. */
export interface ThemeSlice {
  /** Null to follow the system. */
  readonly chosenTheme: Theme | null
  readonly systemTheme: Theme
  /** Percent, one of `ZOOM_STEPS`. */
  readonly zoomPercent: number
  /** Nothing moves, whatever the system prefers. */
  readonly isMotionReduced: boolean
  /** Size of letters in bytes, bodies and filters. */
  readonly codeSizePx: number
  readonly isHelpOpen: boolean
  /** What the sheet of keys is narrowed to when it opens. */
  readonly helpWanted: string
  readonly themeChosen: (theme: Theme | null) => void
  readonly systemThemeChanged: (theme: Theme) => void
  readonly zoomChosen: (percent: number) => void
  /** One step larger (1) or smaller (-1). */
  readonly zoomStepped: (step: 1 | -1) => void
  readonly motionReduced: (isReduced: boolean) => void
  readonly codeSizeChosen: (px: number) => void
  readonly helpToggled: (isOpen: boolean, wanted?: string) => void
}

/** The nearest step; 100 for what is no number. */
function zoomStep(percent: number): number {
  if (!Number.isFinite(percent) || percent <= 0) return 100
  const steps: readonly number[] = ZOOM_STEPS
  return steps.reduce((best, step) => (Math.abs(step - percent) < Math.abs(best - percent) ? step : best))
}

const isTheme = (kept: string | null): kept is Theme => THEMES.some((theme) => theme === kept)

export const createThemeSlice: StateCreator<ThemeSlice, [], [], ThemeSlice> = (set, get) => {
  const theme = readSetting(SETTINGS.theme)
  const codePx = Number(readSetting(SETTINGS.code))
  const zoomed = (percent: number): void => {
    const zoomPercent = zoomStep(percent)
    keepSetting(SETTINGS.zoom, String(zoomPercent))
    set({ zoomPercent })
  }
  return {
    chosenTheme: isTheme(theme) ? theme : null,
    systemTheme: 'dark',
    zoomPercent: zoomStep(Number(readSetting(SETTINGS.zoom) ?? 100)),
    isMotionReduced: readSetting(SETTINGS.motion) === 'reduced',
    codeSizePx: CODE_SIZES_PX.find((px) => px === codePx) ?? 12,
    isHelpOpen: false,
    helpWanted: '',
    themeChosen: (chosenTheme) => {
      keepSetting(SETTINGS.theme, chosenTheme ?? 'system')
      set({ chosenTheme })
    },
    systemThemeChanged: (systemTheme) => set({ systemTheme }),
    zoomChosen: zoomed,
    zoomStepped: (step) => {
      const at = ZOOM_STEPS.findIndex((one) => one === get().zoomPercent)
      zoomed(ZOOM_STEPS[Math.min(ZOOM_STEPS.length - 1, Math.max(0, at + step))] ?? 100)
    },
    motionReduced: (isMotionReduced) => {
      keepSetting(SETTINGS.motion, isMotionReduced ? 'reduced' : 'system')
      set({ isMotionReduced })
    },
    codeSizeChosen: (codeSizePx) => {
      keepSetting(SETTINGS.code, String(codeSizePx))
      set({ codeSizePx })
    },
    helpToggled: (isHelpOpen, helpWanted = '') => set({ isHelpOpen, helpWanted }),
  }
}

export const selectTheme = (s: ThemeSlice): Theme => s.chosenTheme ?? s.systemTheme
