import { type JSX, useLayoutEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { placeAt, type ScreenPoint } from '../../ui/Menu'
import { useDialog } from '../../ui/use-dialog'
import { texts } from './texts'
import '../../ui/popups.css'

interface SecretPromptProps {
  readonly label: string
  readonly at: ScreenPoint
  readonly maxLength: number
  readonly onSave: (value: string) => void
  readonly onClose: () => void
}

/** The value of a secret, typed unseen; it goes to the core and stays on no screen. */
export function SecretPrompt({ label, at, maxLength, onSave, onClose }: SecretPromptProps): JSX.Element {
  const { ref, pressed } = useDialog(onClose)
  const [value, setValue] = useState('')
  const { x, y } = at
  useLayoutEffect(() => {
    if (ref.current !== null) placeAt(ref.current, { x, y })
  }, [ref, x, y])
  return createPortal(
    <div ref={ref} className="prompt" role="dialog" aria-label={label} onKeyDown={pressed}>
      <form
        className="secret-form"
        onSubmit={(event) => {
          event.preventDefault()
          onClose()
          if (value !== '') onSave(value)
        }}
      >
        <label className="field">
          <span className="lab">{label}</span>
          <input
            data-first=""
            type="password"
            autoComplete="off"
            maxLength={maxLength}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </label>
        <button type="submit" className="btn primary">
          {texts.save}
          <kbd>⏎</kbd>
        </button>
        <button type="button" className="btn ghost" onClick={onClose}>
          {texts.dismiss}
        </button>
      </form>
    </div>,
    document.body,
  )
}
