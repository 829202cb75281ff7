import type { JSX, ReactNode } from 'react'
import { Icon } from '../../ui/icons'
import type { FormField, LinkForm } from './link-form'

export interface FieldsProps {
  readonly form: LinkForm
  readonly badField: FormField | null
  readonly onChange: (change: Partial<LinkForm>) => void
}

interface CellProps {
  readonly label: string
  readonly isBad?: boolean
  readonly children: ReactNode
}

/** A label over its field. */
export function Cell({ label, isBad = false, children }: CellProps): JSX.Element {
  return (
    <label className="cell">
      {label}
      <span className={isBad ? 'field bad' : 'field'}>{children}</span>
    </label>
  )
}

interface TextCellProps {
  readonly label: string
  readonly value: string
  readonly isBad: boolean
  readonly placeholder?: string
  readonly suffix?: string
  readonly isNumber?: boolean
  readonly onChange: (value: string) => void
}

export function TextCell(props: TextCellProps): JSX.Element {
  const { label, value, isBad, placeholder, suffix, isNumber = false, onChange } = props
  return (
    <Cell label={label} isBad={isBad}>
      <input
        value={value}
        placeholder={placeholder}
        aria-invalid={isBad}
        inputMode={isNumber ? 'decimal' : 'text'}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      {suffix !== undefined && <span className="t3">{suffix}</span>}
    </Cell>
  )
}

interface SelectCellProps {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}

export function SelectCell({ label, value, options, onChange }: SelectCellProps): JSX.Element {
  return (
    <Cell label={label}>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </Cell>
  )
}
