import { useSyncExternalStore } from 'react'

const watch = (listener: () => void): (() => void) => {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}

/** Nobody can see the page: its window is covered, minimised or behind another tab. */
export const usePageHidden = (): boolean => useSyncExternalStore(watch, () => document.hidden)
