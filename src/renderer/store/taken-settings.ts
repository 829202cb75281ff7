import type { StoreApi } from 'zustand'
import { RECORDER_SETTING } from '../../shared/model/recorder'
import { type AppState, createAppState } from './app-store'
import { onSettingsTaken } from './kept-settings'

/**
 * Brings what other windows, other hosts and editors choose into a store. The filter in force and sizes of panes are each
 * window's own business and count from its next start.
 */
export function followTakenSettings(store: StoreApi<AppState>): void {
  onSettingsTaken((names) => {
    // what a store that begins now would say
    const fresh = createAppState(store.setState, store.getState, store)
    const has = (...wanted: readonly string[]): boolean => wanted.some((name) => names.has(name))
    if (has('theme', 'motion', 'code-size')) {
      const { chosenTheme, isMotionReduced, codeSizePx } = fresh
      store.setState({ chosenTheme, isMotionReduced, codeSizePx })
    }
    if (has('density')) store.setState({ density: fresh.density })
    if (has('copy-shape')) store.setState({ copyShape: fresh.copyShape })
    if (has('list-columns')) store.setState({ listColumns: fresh.listColumns, listFields: fresh.listFields })
    if (has(RECORDER_SETTING)) store.setState({ recorderSettings: fresh.recorderSettings })
    if (has('sounds-muted')) store.setState({ areSoundsMuted: fresh.areSoundsMuted })
    if (has('filter-history')) store.setState({ filterHistory: fresh.filterHistory })
    if (has('filter-chips')) store.getState().chipsTaken(fresh.filters.chips)
  })
}

/** Begins anew with the choices that are known now. Only before anything is shown. */
export const beginAnew = (store: StoreApi<AppState>): void =>
  store.setState(createAppState(store.setState, store.getState, store), true)
