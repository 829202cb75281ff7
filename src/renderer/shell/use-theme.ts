import { useEffect, useLayoutEffect } from 'react'
import { useApp } from '../store/app-store'
import { keepSetting, readSetting } from '../store/kept-settings'
import { selectTheme, type Theme } from '../store/theme-slice'

const SETTING = 'theme'

/** Reads the choice of last time and what the system prefers. Before the first drawing, so that nothing flashes. */
export function readTheme(): void {
  const state = useApp.getState()
  state.systemThemeChanged(matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark')
  const kept = readSetting(SETTING)
  if (kept === 'dark' || kept === 'light') state.themeChosen(kept)
  document.documentElement.dataset['theme'] = selectTheme(useApp.getState())
}

/** Keeps the page in the theme of the store, and the store at the system's wish while nobody chose. */
export function useTheme(): Theme {
  const theme = useApp(selectTheme)
  const chosen = useApp((s) => s.chosenTheme)
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
  useEffect(() => {
    if (chosen !== null) keepSetting(SETTING, chosen)
  }, [chosen])
  useEffect(() => {
    const light = matchMedia('(prefers-color-scheme: light)')
    const changed = (): void => useApp.getState().systemThemeChanged(light.matches ? 'light' : 'dark')
    light.addEventListener('change', changed)
    return () => light.removeEventListener('change', changed)
  }, [])
  return theme
}
