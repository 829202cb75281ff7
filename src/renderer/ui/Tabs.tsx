import { type JSX, type KeyboardEvent, useRef } from 'react'
import { roving } from './roving'

interface TabsProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly tabs: readonly { readonly value: T; readonly label: string }[]
  /** Id of the element the tabs switch. */
  readonly panelId: string
  readonly className?: string
  /** The chosen tab is where F6 and page keys bring the focus. */
  readonly isPaneFocus?: boolean
  readonly onChange: (value: T) => void
}

/** A tab list; the panel is the caller's. Arrows switch at once. */
export function Tabs<T extends string>(props: TabsProps<T>): JSX.Element {
  const { label, value, tabs, panelId, className = 'tabs', isPaneFocus = false, onChange } = props
  const list = useRef<HTMLDivElement>(null)
  const moved = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') return // theirs is the content
    const index = roving(
      event.key,
      tabs.findIndex((tab) => tab.value === value),
      tabs.length,
    )
    if (index === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onChange(tabs[index]!.value)
    list.current?.querySelectorAll('button')[index]?.focus()
  }
  return (
    <div className={className} role="tablist" aria-label={label} ref={list} onKeyDown={moved}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          aria-selected={tab.value === value}
          aria-controls={panelId}
          tabIndex={tab.value === value ? 0 : -1}
          data-pane-focus={isPaneFocus && tab.value === value ? '' : undefined}
          onClick={() => onChange(tab.value)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}
