import { type JSX, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Icon } from '../../ui/icons'
import { terminalTexts as t } from './texts'

interface FindBarProps {
  /** Searches anew. */
  readonly onFind: (wanted: string) => { readonly count: number; readonly at: number }
  readonly onStep: (direction: 1 | -1) => { readonly count: number; readonly at: number }
  readonly onClose: () => void
}

/** Finds text in the terminal, the newest hit first. */
export function FindBar({ onFind, onStep, onClose }: FindBarProps): JSX.Element {
  const [wanted, setWanted] = useState('')
  const [found, setFound] = useState({ count: 0, at: -1 })
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const step = (direction: 1 | -1): void => setFound(onStep(direction))
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="term-find card" role="search" onKeyDown={pressed}>
      <span className="field">
        <input
          ref={field}
          aria-label={t.findLabel}
          placeholder={t.find}
          value={wanted}
          spellCheck={false}
          onChange={(event) => {
            setWanted(event.target.value)
            setFound(onFind(event.target.value))
          }}
        />
      </span>
      <span className="t2 hits" role="status">
        {wanted === '' ? '' : t.hits(found.at, found.count)}
      </span>
      <FindButton label={t.previous} icon="arrowUp" onPress={() => step(-1)} />
      <FindButton label={t.next} icon="arrowDown" onPress={() => step(1)} />
      <FindButton label={t.closeFind} icon="x" onPress={onClose} />
    </div>
  )
}

interface FindButtonProps {
  readonly label: string
  readonly icon: 'arrowUp' | 'arrowDown' | 'x'
  readonly onPress: () => void
}

const FindButton = ({ label, icon, onPress }: FindButtonProps): JSX.Element => (
  <button type="button" className="btn ghost sm sq" title={label} aria-label={label} onClick={onPress}>
    <Icon name={icon} />
  </button>
)
