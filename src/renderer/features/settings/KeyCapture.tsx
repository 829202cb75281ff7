import { type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Command } from '../../commands/command'
import { chordOf, chordWords, type KeyChord } from '../../commands/key-chord'
import type { KeyMap } from '../../commands/key-map'
import { keyStyle } from '../../commands/key-map-context'
import { settingsTexts } from './texts'

const t = settingsTexts.keys

interface KeyCaptureProps {
  readonly command: Command
  readonly keyMap: KeyMap
  /** @param holder - Who loses the key by it. */
  readonly onTake: (chord: KeyChord | null, holder: Command | null) => void
  readonly onEnd: () => void
}

/** Takes the next keys pressed. When they mean something already, it says what, and asks. */
export function KeyCapture({ command, keyMap, onTake, onEnd }: KeyCaptureProps): JSX.Element {
  const [held, setHeld] = useState<{ readonly chord: KeyChord; readonly holder: Command } | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const { current } = box
    const line = current?.parentElement?.querySelector<HTMLElement>('.keys-of')
    current?.focus()
    return () => line?.focus()
  }, [])
  useEffect(() => first.current?.focus(), [held])
  const pressed = (event: KeyboardEvent): void => {
    if (held !== null) {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      setHeld(null)
      box.current?.focus()
      return
    }
    event.preventDefault()
    event.stopPropagation()
    const { key, ctrlKey, metaKey, shiftKey, altKey } = event
    const { code } = event.nativeEvent
    const chord = chordOf({ key, code, isCommand: ctrlKey || metaKey, isShift: shiftKey, isAlt: altKey })
    if (chord === 'Escape' || chord === 'Tab') onEnd()
    else if (chord === 'Backspace') onTake(null, null)
    else if (chord !== null) {
      const holder = keyMap.holderOf(chord, command.id)
      if (holder === null) onTake(chord, null)
      else setHeld({ chord, holder })
    }
  }
  return (
    <div
      ref={box}
      className="keys-capture"
      role="group"
      aria-label={t.press}
      tabIndex={-1}
      onKeyDown={pressed}
    >
      {held === null ? (
        <p role="status">{t.press}</p>
      ) : (
        <>
          <p className="grow" role="alert">
            {t.holds(chordWords(held.chord, keyStyle), held.holder.title)}
          </p>
          {held.holder.isFixed !== true && (
            <button
              ref={first}
              type="button"
              className="btn sm"
              onClick={() => onTake(held.chord, held.holder)}
            >
              {t.take}
            </button>
          )}
          <button
            type="button"
            className="btn sm"
            onClick={() => {
              setHeld(null)
              box.current?.focus()
            }}
          >
            {t.other}
          </button>
        </>
      )}
    </div>
  )
}
