import { type JSX, type KeyboardEvent, useId, useRef, useState } from 'react'
import { Icon } from './icons'
import { revealLine } from './visible-text'

interface ComboBoxProps {
  readonly value: string
  readonly options: readonly string[]
  readonly label: string
  readonly placeholder?: string
  readonly suffix?: string
  readonly isBad?: boolean
  readonly onChange: (value: string) => void
}

/**
 * A field that takes any text and offers likely ones. The list opens on typing, on arrow down and on its button; Escape
 * closes only the list.
 */
export function ComboBox(props: ComboBoxProps): JSX.Element {
  const { value, options, label, placeholder, suffix, isBad = false, onChange } = props
  const [isOpen, setIsOpen] = useState(false)
  const [isFiltering, setIsFiltering] = useState(false)
  const [active, setActive] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const listId = useId()
  const needle = value.trim().toLowerCase()
  const offered = isFiltering ? options.filter((option) => option.toLowerCase().includes(needle)) : options
  const isSettled = isFiltering && offered.length === 1 && offered[0] === value
  const isShown = isOpen && offered.length > 0 && !isSettled

  const open = (): void => {
    setIsOpen(true)
    setIsFiltering(false)
    setActive(options.indexOf(value))
  }
  const close = (): void => setIsOpen(false)
  const choose = (option: string): void => {
    onChange(option)
    close()
    input.current?.focus()
  }
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (options.length === 0) return
      event.preventDefault()
      event.stopPropagation()
      if (!isShown) open()
      else {
        const step = event.key === 'ArrowDown' ? 1 : -1
        setActive((active + step + offered.length + (active < 0 && step < 0 ? 1 : 0)) % offered.length)
      }
    } else if (isShown && event.key === 'Enter' && active >= 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      event.stopPropagation()
      choose(offered[active]!)
    } else if (event.key === 'Enter') {
      close() // the key goes on: it sends or connects
    } else if (isShown && event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      close()
    }
  }

  return (
    <span className={isBad ? 'combo bad' : 'combo'} onBlur={close}>
      <input
        ref={input}
        role="combobox"
        aria-label={label}
        aria-expanded={isShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isShown && active >= 0 ? `${listId}-${active}` : undefined}
        aria-invalid={isBad}
        autoComplete="off"
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        onChange={(event) => {
          onChange(event.target.value)
          setIsOpen(true)
          setIsFiltering(true)
          setActive(-1)
        }}
        onKeyDown={pressed}
      />
      {suffix !== undefined && <span className="t3">{suffix}</span>}
      {options.length > 0 && (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          className="combo-open"
          onMouseDown={(event) => {
            event.preventDefault() // the focus stays in, or goes to, the field
            input.current?.focus()
            if (isShown) close()
            else open()
          }}
        >
          <Icon name="down" />
        </button>
      )}
      {isShown && (
        <div className="pop scrolls" role="listbox" id={listId} aria-label={label}>
          {offered.map((option, index) => (
            <div
              key={option}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              onMouseDown={(event) => {
                event.preventDefault()
                choose(option)
              }}
            >
              {revealLine(option)}
            </div>
          ))}
        </div>
      )}
    </span>
  )
}
