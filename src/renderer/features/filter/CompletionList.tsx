import { type CSSProperties, type JSX, useEffect, useRef } from 'react'
import type { CompletionItem } from '../../../shared/filter'
import { revealLine } from '../../ui/visible-text'
import { filterTexts as t } from './texts'

interface CompletionListProps {
  readonly listId: string
  readonly items: readonly CompletionItem[]
  readonly active: number
  /** Character at which the completed word begins: the list stands below it. */
  readonly from: number
  /** How far the field is scrolled to the side. */
  readonly scrollPx: number
  readonly onTake: (item: CompletionItem) => void
}

/** What could stand at the caret, with its type and meaning. The focus stays in the field. */
export function CompletionList(props: CompletionListProps): JSX.Element {
  const { listId, items, active, from, scrollPx, onTake } = props
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div
      ref={list}
      className="pop scrolls completions"
      role="listbox"
      id={listId}
      aria-label={t.completions}
      style={{ '--from': from, '--scrolled': `${scrollPx}px` } as CSSProperties}
    >
      {items.map((item, index) => (
        <div
          key={`${item.kind} ${item.label}`}
          id={`${listId}-${index}`}
          role="option"
          aria-selected={index === active}
          onMouseDown={(event) => {
            event.preventDefault() // the focus stays in the field
            onTake(item)
          }}
        >
          <span className="label">{revealLine(item.label)}</span>
          <span className="t3 ell">{item.detail}</span>
        </div>
      ))}
    </div>
  )
}
