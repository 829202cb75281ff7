import { type JSX, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useOutsidePress } from './use-outside-press'
import { rememberFocus } from './focus-before'
import { placeAt, type ScreenPoint } from './Menu'
import './popups.css'

interface TextPromptProps {
  readonly label: string
  readonly at: ScreenPoint
  readonly initial: string
  readonly placeholder: string
  readonly save: string
  readonly maxLength: number
  readonly isMono?: boolean
  /** What Enter does with the text, trimmed. */
  readonly onSave: (text: string) => void
  readonly onClose: () => void
}

/** One line of text asked for in place: Enter takes it, Escape and a press outside do not. The focus goes back. */
export function TextPrompt(props: TextPromptProps): JSX.Element {
  const { label, at, initial, placeholder, save, maxLength, isMono = false, onSave, onClose } = props
  const [text, setText] = useState(initial)
  const box = useRef<HTMLFormElement>(null)
  const { x, y } = at
  useLayoutEffect(() => {
    if (box.current !== null) placeAt(box.current, { x, y })
  }, [x, y])
  useEffect(() => {
    const giveBack = rememberFocus()
    box.current?.querySelector('input')?.select()
    return giveBack
  }, [])
  useOutsidePress(box, onClose)
  const pressed = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key !== 'Escape') return
    event.preventDefault()
    onClose()
  }
  return createPortal(
    <form
      ref={box}
      className="prompt"
      role="dialog"
      aria-label={label}
      onKeyDown={pressed}
      onSubmit={(event) => {
        event.preventDefault()
        onClose()
        onSave(text.trim())
      }}
    >
      <label className="field">
        <span className="lab">{label}</span>
        <input
          className={isMono ? 'mono' : undefined}
          value={text}
          placeholder={placeholder}
          maxLength={maxLength}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="btn primary">
        {save}
        <kbd>⏎</kbd>
      </button>
    </form>,
    document.body,
  )
}
