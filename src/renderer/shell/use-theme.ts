import { useEffect, useLayoutEffect } from 'react'
import { useApp } from '../store/app-store'
import { selectTheme, type Theme } from '../store/theme-slice'
import { pageHeightPx, watchPageSize } from '../ui/page-zoom'

const LIGHT = '(prefers-color-scheme: light)'
/** Forced colours are the system's own contrast theme. */
const CONTRAST = ['(prefers-contrast: more)', '(forced-colors: active)'] as const

function systemTheme(): Theme {
  if (CONTRAST.some((query) => matchMedia(query).matches)) return 'contrast'
  return matchMedia(LIGHT).matches ? 'light' : 'dark'
}

/** What `100vh` would be if it knew of the zoom. */
const tellHeight = (): void =>
  document.documentElement.style.setProperty('--page-height', `${pageHeightPx()}px`)

function show(): void {
  const state = useApp.getState()
  const { dataset, style } = document.documentElement
  dataset['theme'] = selectTheme(state)
  if (state.isMotionReduced) dataset['motion'] = 'reduced'
  else delete dataset['motion']
  style.setProperty('--fs-code', `${state.codeSizePx}px`)
  const { zoomPercent } = state
  style.zoom = zoomPercent === 100 ? '' : String(zoomPercent / 100)
  if (zoomPercent === 100) delete dataset['zoom']
  else dataset['zoom'] = String(zoomPercent)
  tellHeight()
}

/** What the system prefers and what was chosen last time. Before the first drawing, so that nothing flashes. */
export function readTheme(): void {
  useApp.getState().systemThemeChanged(systemTheme())
  show()
}

/** Keeps the page in the looks of the store, and the store at the system's wish. */
export function useTheme(): Theme {
  const theme = useApp(selectTheme)
  const zoomPercent = useApp((s) => s.zoomPercent)
  const isMotionReduced = useApp((s) => s.isMotionReduced)
  const codeSizePx = useApp((s) => s.codeSizePx)
  useLayoutEffect(show, [theme, zoomPercent, isMotionReduced, codeSizePx])
  useEffect(() => watchPageSize(tellHeight), [])
  useEffect(() => {
    const queries = [LIGHT, ...CONTRAST].map((query) => matchMedia(query))
    const changed = (): void => useApp.getState().systemThemeChanged(systemTheme())
    for (const query of queries) query.addEventListener('change', changed)
    return () => {
      for (const query of queries) query.removeEventListener('change', changed)
    }
  }, [])
  return theme
}
