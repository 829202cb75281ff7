import { type JSX, type KeyboardEvent, useRef } from 'react'
import type { TriggersState, TriggerStatus } from '../../../shared/model/triggers'
import { useApp } from '../../store/app-store'
import { formatClock, sentences } from '../../ui/format'
import { Icon } from '../../ui/icons'
import { roving } from '../../ui/roving'
import { revealLine } from '../../ui/visible-text'
import { triggerTexts as t } from './texts'

interface TriggerListProps {
  /** Null until the core has told. */
  readonly state: TriggersState | null
  readonly editedId: string | null
  readonly onAdd: () => void
  readonly onEdit: (trigger: TriggerStatus) => void
  readonly onSwitch: (trigger: TriggerStatus) => void
}

/** The triggers there are, each with its switch and what it did. Up and down lead from one to the next. */
export function TriggerList({ state, editedId, onAdd, onEdit, onSwitch }: TriggerListProps): JSX.Element {
  const list = useRef<HTMLUListElement>(null)
  const moved = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('.trigger-open') ?? [])]
    const at = rows.findIndex((row) => row.parentElement?.contains(document.activeElement))
    const next = roving(event.key, at, rows.length)
    if (next === undefined) return
    event.preventDefault()
    rows[next]?.focus()
  }
  return (
    <section className="trigger-side" aria-label={t.list}>
      <button type="button" className="btn" data-first onClick={onAdd}>
        <Icon name="plus" />
        {t.add}
      </button>
      {state === null ? (
        <p className="t3">{t.loading}</p>
      ) : (
        <ul ref={list} className="scrolls" onKeyDown={moved}>
          {state.triggers.map((trigger) => (
            <TriggerRow
              key={trigger.triggerId}
              trigger={trigger}
              isEdited={trigger.triggerId === editedId}
              onEdit={onEdit}
              onSwitch={onSwitch}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

interface TriggerRowProps extends Pick<TriggerListProps, 'onEdit' | 'onSwitch'> {
  readonly trigger: TriggerStatus
  readonly isEdited: boolean
}

function TriggerRow({ trigger, isEdited, onEdit, onSwitch }: TriggerRowProps): JSX.Element {
  const startedAtMs = useApp((s) => s.startedAtMs)
  const { name, filter, isEnabled, isSpent, fired, matched, lastAtMs, problem } = trigger
  const shownName = revealLine(name)
  const last = lastAtMs === null ? t.never : formatClock(startedAtMs, lastAtMs).slice(0, 8)
  return (
    <li className={isEdited ? 'trigger-row sel' : 'trigger-row'}>
      <input
        type="checkbox"
        role="switch"
        checked={isEnabled}
        disabled={problem !== null && !isEnabled}
        aria-label={t.enabled(shownName)}
        onChange={() => onSwitch(trigger)}
      />
      <button
        type="button"
        className="trigger-open"
        aria-current={isEdited}
        title={t.counts(fired, matched)}
        onClick={() => onEdit(trigger)}
      >
        <span className="b ell">{shownName}</span>
        <span className="num">{t.fired(fired)}</span>
        {problem === null ? (
          <span className="t3 ell mono">{revealLine(filter)}</span>
        ) : (
          <span className="err ell" title={sentences(problem.message, problem.remedy)}>
            {problem.message}
          </span>
        )}
        <span className="t3 num" title={isSpent ? t.spentHint : undefined}>
          {isSpent ? t.spent : isEnabled ? last : t.off}
        </span>
      </button>
    </li>
  )
}
