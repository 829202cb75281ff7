import type { JSX, ReactNode } from 'react'
import { Icon } from '../../ui/icons'

interface LineProps {
  readonly label: string
  readonly hint?: string
  readonly children: ReactNode
}

/** One choice with its name, and what is to be known of it. */
export function SettingsLine({ label, hint, children }: LineProps): JSX.Element {
  return (
    <div className="settings-line">
      <span className="settings-label" aria-hidden="true">
        {label}
      </span>
      <div>
        {children}
        {hint !== undefined && <p className="t3">{hint}</p>}
      </div>
    </div>
  )
}

interface NumberChoiceProps {
  readonly label: string
  readonly value: number
  readonly values: readonly number[]
  readonly words: (value: number) => string
  readonly onChange: (value: number) => void
}

/** One of a few numbers; one that somebody wrote into the file is among them. */
export function NumberChoice({ label, value, values, words, onChange }: NumberChoiceProps): JSX.Element {
  const offered = values.includes(value) ? values : [...values, value].sort((a, b) => a - b)
  return (
    <div className="field settings-number">
      <select aria-label={label} value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {offered.map((one) => (
          <option key={one} value={one}>
            {words(one)}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </div>
  )
}
