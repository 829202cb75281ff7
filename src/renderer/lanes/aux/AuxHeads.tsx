import { type JSX, type KeyboardEvent, useRef, useState } from 'react'
import { auxTexts } from './aux-texts'
import type { AuxHead } from './aux-types'

interface AuxHeadsProps {
  readonly heads: readonly AuxHead[]
  readonly linkTitle: (linkId: number) => string
  readonly onStep: (key: string, direction: 1 | -1) => void
  readonly onLeave: () => void
}

/** Heads of the lanes below those of the messages. The arrow keys go through what happened in them. */
export function AuxHeads({ heads, linkTitle, onStep, onLeave }: AuxHeadsProps): JSX.Element {
  const list = useRef<HTMLUListElement>(null)
  const [current, setCurrent] = useState('')
  const active = heads.find(({ key }) => key === current)?.key ?? heads[0]?.key
  const pressed = (event: KeyboardEvent, key: string): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
    const at = heads.findIndex((head) => head.key === key)
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
      onStep(key, event.key === 'ArrowRight' ? 1 : -1)
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const next = at + (event.key === 'ArrowDown' ? 1 : -1)
      list.current?.querySelectorAll('button')[next]?.focus()
    } else if (event.key === 'Escape') onLeave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <ul className="lanes-aux-heads" ref={list} aria-label={auxTexts.group}>
      {heads.map((head) => {
        const name = auxTexts.name(head)
        const link = head.isOneOfSeveral ? ` · ${linkTitle(head.linkId)}` : ''
        return (
          <li key={head.key} style={{ height: head.height }}>
            <button
              type="button"
              className="lanes-gutter-row"
              title={auxTexts.headHint}
              aria-description={auxTexts.headHint}
              tabIndex={head.key === active ? 0 : -1}
              onFocus={() => setCurrent(head.key)}
              onBlur={onLeave}
              onKeyDown={(event) => pressed(event, head.key)}
              onClick={() => onStep(head.key, 1)}
            >
              <span className="lanes-name">
                {name}
                {link}
              </span>
              <span className={head.kind === 'faults' ? 'err' : 't3'}>{auxTexts.value(head)}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
