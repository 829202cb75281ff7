import { createContext, useContext } from 'react'
import { chordWords, keyStyleOf } from './key-chord'
import { KeyMap } from './key-map'

/** Which key means what now; made by the frame. */
export const KeyMapContext = createContext(new KeyMap([]))

export const keyStyle = keyStyleOf(navigator.platform)

/** The first key of a command as it stands beside it: `Ctrl O`; empty when it has none. */
export function useKeyWords(id: string): string {
  const chord = useContext(KeyMapContext).chordsOf(id)[0]
  return chord === undefined ? '' : chordWords(chord, keyStyle)
}
