import { useEffect } from 'react'
import { focusPlaceOf } from '../commands/focus-place'
import { chordOf, isTypedChord, type KeyPress } from '../commands/key-chord'
import type { KeyMap } from '../commands/key-map'
import { useApp } from '../store/app-store'
import { isMade, pressKnownKey } from './pane-commands'

const pressOfEvent = (event: KeyboardEvent): KeyPress => ({
  key: event.key,
  code: event.code,
  isCommand: event.ctrlKey || event.metaKey,
  isShift: event.shiftKey,
  isAlt: event.altKey,
})

/** A dialog over the whole screen has the keyboard for itself; the connection card covers only the page. */
const isModalOpen = (): boolean => document.querySelector('[aria-modal=true]:not(.veil *)') !== null

/** Lists that find an entry by its first letters: those letters are no keys of the pane. */
const TYPE_AHEAD = '[role=menu], [role=listbox], [role=dialog], [role=alertdialog]'

/** Keys of the whole page. Panes that handle a key themselves stop it before it comes here. */
export function useGlobalKeys(keyMap: KeyMap): void {
  useEffect(() => {
    /** Before the pane reads it: keys that were bound anew, and letters that were turned off. */
    const first = (event: KeyboardEvent): void => {
      if (isMade(event) || !(event.target instanceof Element)) return
      const chord = chordOf(pressOfEvent(event))
      const pane = event.target.closest<HTMLElement>('[data-pane]')?.dataset['pane']
      if (chord === null || pane === undefined || event.target.closest(TYPE_AHEAD) !== null) return
      const isTyped = isTypedChord(chord)
      if (isTyped && focusPlaceOf(event.target) === 'text') return
      const known = keyMap.paneKey(chord, pane)
      const isOff = isTyped && useApp.getState().areLettersOff
      if (known === null && !isOff) return
      event.stopPropagation() // of the window: the pane does not hear of it, what is meant everywhere does
      if (known?.kind === 'known' && !isOff) {
        event.preventDefault()
        pressKnownKey(known.chord, event.target)
      } else pressed(event)
    }
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isModalOpen()) return
      const { isConnectOpen, page, areLettersOff } = useApp.getState()
      const chord = chordOf(pressOfEvent(event))
      if (chord === null || (areLettersOff && isTypedChord(chord))) return
      const place = focusPlaceOf(event.target instanceof Element ? event.target : null)
      const command = keyMap.find(chord, { place, page })
      // the card covers the page: what it covers must not act behind it
      if (command === null || (isConnectOpen && command.isOverCard !== true)) return
      event.preventDefault()
      if (command.isEnabled?.() !== false) command.run()
    }
    window.addEventListener('keydown', first, true)
    window.addEventListener('keydown', pressed)
    return () => {
      window.removeEventListener('keydown', first, true)
      window.removeEventListener('keydown', pressed)
    }
  }, [keyMap])
}
