import { type JSX, type ReactNode, useEffect, useRef } from 'react'
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
  readonly maxLength?: number
  /** Takes the focus when it appears. */
  readonly isFocused?: boolean
  readonly onChange: (value: string) => void
}

export function TextCell(props: TextCellProps): JSX.Element {
  const { label, value, isBad, placeholder, suffix, isNumber = false, maxLength, isFocused, onChange } = props
  return (
    <Cell label={label} isBad={isBad}>
      <input
        value={value}
        placeholder={placeholder}
        aria-invalid={isBad}
        inputMode={isNumber ? 'decimal' : 'text'}
        maxLength={maxLength}
        autoFocus={isFocused}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      {suffix !== undefined && <span className="t3">{suffix}</span>}
    </Cell>
  )
}

interface CheckCellProps {
  /** Reads on in `what`: `Line`, `can damage bytes`. */
  readonly label: string
  readonly what: string
  readonly hint: string
  readonly isChecked: boolean
  readonly onChange: (isChecked: boolean) => void
}

export function CheckCell({ label, what, hint, isChecked, onChange }: CheckCellProps): JSX.Element {
  return (
    <label className="cell check" title={hint}>
      {label}
      <span className="field">
        <input type="checkbox" checked={isChecked} onChange={(event) => onChange(event.target.checked)} />
        {what}
      </span>
    </label>
  )
}

interface PasswordCellProps {
  readonly label: string
  readonly value: string
  readonly isBad: boolean
  readonly placeholder: string
  readonly onChange: (value: string) => void
}

/**
 * Its label stands inside, for rows without labels above. What is typed is a property of the element only: an attribute
 * would put it into every copy of the page.
 */
export function PasswordCell(props: PasswordCellProps): JSX.Element {
  const { label, value, isBad, placeholder, onChange } = props
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current !== null && input.current.value !== value) input.current.value = value
  }, [value])
  return (
    <label className={isBad ? 'field bad' : 'field'}>
      <span className="lab">{label}</span>
      <input
        ref={input}
        type="password"
        placeholder={placeholder}
        aria-invalid={isBad}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  )
}

interface InnerTextCellProps extends PasswordCellProps {
  /** Says more than there is room for. */
  readonly name: string
}

/** A text whose label stands inside, for rows without labels above. */
export function InnerTextCell(props: InnerTextCellProps): JSX.Element {
  const { label, name, value, isBad, placeholder, onChange } = props
  return (
    <label className={isBad ? 'field bad' : 'field'}>
      <span className="lab">{label}</span>
      <input
        value={value}
        placeholder={placeholder}
        aria-label={name}
        aria-invalid={isBad}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  )
}

interface SelectCellProps {
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  /** Id of an element that says more. */
  readonly describedBy?: string
  readonly isDisabled?: boolean
  readonly onChange: (value: string) => void
}

export function SelectCell(props: SelectCellProps): JSX.Element {
  const { label, value, options, describedBy, isDisabled = false, onChange } = props
  return (
    <Cell label={label}>
      <select
        disabled={isDisabled}
        value={value}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.value)}
      >
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
