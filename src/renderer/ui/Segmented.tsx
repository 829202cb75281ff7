import { type JSX, type KeyboardEvent, useRef } from 'react'
import { roving } from './roving'

interface SegmentedProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string; readonly title?: string }[]
  readonly isDisabled?: boolean
  readonly onChange: (value: T) => void
}

/** One choice out of few, all visible. A radio group: Tab enters it, arrows choose. */
export function Segmented<T extends string>(props: SegmentedProps<T>): JSX.Element {
  const { label, value, options, isDisabled = false, onChange } = props
  const group = useRef<HTMLDivElement>(null)
  const moved = (event: KeyboardEvent): void => {
    const index = roving(
      event.key,
      options.findIndex((option) => option.value === value),
      options.length,
    )
    if (index === undefined) return
    event.preventDefault()
    onChange(options[index]!.value)
    group.current?.querySelectorAll('button')[index]?.focus()
  }
  return (
    <div className="seg" role="radiogroup" aria-label={label} ref={group} onKeyDown={moved}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          disabled={isDisabled}
          title={option.title}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
