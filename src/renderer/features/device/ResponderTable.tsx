import { type JSX, type KeyboardEvent, useRef } from 'react'
import type { ResponderState } from '../../../shared/model/responders'
import { useApp } from '../../store/app-store'
import { formatClock, formatDuration, groupDigits } from '../../ui/format'
import { roving } from '../../ui/roving'
import { revealLine } from '../../ui/visible-text'
import { showMessage } from './open-responder'
import { deviceTexts as t } from './texts'

interface ResponderTableProps {
  readonly responders: readonly ResponderState[]
  readonly chosen: string | null
  readonly onChoose: (name: string) => void
  readonly onSwitch: (responder: ResponderState) => void
}

/** All responders: a grid whose rows take turns with the arrows; Enter opens one, Space is its switch. */
export function ResponderTable({ responders, chosen, onChoose, onSwitch }: ResponderTableProps): JSX.Element {
  const grid = useRef<HTMLDivElement>(null)
  const at = Math.max(
    0,
    responders.findIndex(({ name }) => name === chosen),
  )
  const pressed = (event: KeyboardEvent<HTMLDivElement>): void => {
    const rows = [...(grid.current?.querySelectorAll<HTMLElement>('[role="row"][tabindex]') ?? [])]
    const here = rows.findIndex((row) => row === document.activeElement)
    const responder = responders[here]
    if (responder === undefined) return
    const next = roving(event.key, here, rows.length)
    if (event.key === 'Enter') onChoose(responder.name)
    else if (event.key === ' ') onSwitch(responder)
    else if (next === undefined || event.key === 'ArrowLeft' || event.key === 'ArrowRight') return
    else rows[next]?.focus()
    event.preventDefault()
  }
  return (
    <div
      className="device-grid responder-grid"
      role="grid"
      aria-label={t.table}
      aria-rowcount={responders.length + 1}
      ref={grid}
      onKeyDown={pressed}
    >
      <div className="gh" role="row" aria-rowindex={1}>
        <span role="columnheader">{t.columns.on}</span>
        <span role="columnheader">{t.columns.route}</span>
        <span role="columnheader">{t.columns.answer}</span>
        <span role="columnheader" className="num">
          {t.columns.delay}
        </span>
        <span role="columnheader" className="num">
          {t.columns.count}
        </span>
        <span role="columnheader" className="num">
          {t.columns.last}
        </span>
      </div>
      <div className="device-rows scrolls">
        {responders.map((responder, index) => (
          <ResponderRow
            key={responder.name}
            responder={responder}
            index={index}
            isChosen={responder.name === chosen}
            isEntry={index === at}
            onChoose={() => onChoose(responder.name)}
            onSwitch={() => onSwitch(responder)}
          />
        ))}
      </div>
    </div>
  )
}

interface ResponderRowProps {
  readonly responder: ResponderState
  readonly index: number
  readonly isChosen: boolean
  /** Where Tab and page keys come in. */
  readonly isEntry: boolean
  readonly onChoose: () => void
  readonly onSwitch: () => void
}

function ResponderRow(props: ResponderRowProps): JSX.Element {
  const { responder, index, isChosen, isEntry, onChoose, onSwitch } = props
  const { name, problem, isEnabled, route, answer, delayMs, answered, link, path } = responder
  const startedAtMs = useApp((s) => s.startedAtMs)
  return (
    <div
      className={['gr', isChosen ? 'sel' : '', isEnabled ? '' : 'is-off'].join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      tabIndex={isEntry ? 0 : -1}
      data-pane-focus={isEntry ? '' : undefined}
      title={problem === null ? name : `${problem.file}: ${problem.message}`}
      onClick={onChoose}
    >
      <span role="gridcell">
        <input
          type="checkbox"
          role="switch"
          checked={isEnabled}
          disabled={problem !== null}
          tabIndex={-1}
          aria-label={t.turn(name)}
          onClick={(event) => event.stopPropagation()}
          onChange={onSwitch}
        />
      </span>
      <span role="gridcell" className="ell">
        {problem === null ? revealLine(route) : revealLine(name)}
        {link !== '' && <span className="t3"> · {revealLine(link)}</span>}
        {path !== '' && <span className="t3"> · {revealLine(path)}</span>}
      </span>
      <span role="gridcell" className={problem === null ? 'mono t2 ell' : 'err ell'}>
        {problem === null
          ? revealLine(answer)
          : `${t.broken}: ${t.line(problem.line, revealLine(problem.message))}`}
      </span>
      <span role="gridcell" className="num t2">
        {delayMs === 0 ? t.never : formatDuration(delayMs)}
      </span>
      <span role="gridcell" className="num">
        <Counts responder={responder} />
        <span className={answered === 0 ? 't3' : undefined}>{groupDigits(answered)}</span>
      </span>
      <span role="gridcell" className="num t2">
        <Last responder={responder} startedAtMs={startedAtMs} />
      </span>
    </div>
  )
}

/** What did not come to an answer, when there was some. */
function Counts({ responder }: { readonly responder: ResponderState }): JSX.Element {
  const { failed, withheld, waiting, lastFailure } = responder
  return (
    <>
      {failed > 0 && (
        <span className="err" title={lastFailure?.message}>
          {t.failed(failed)}{' '}
        </span>
      )}
      {withheld > 0 && (
        <span className="warn" title={t.withheldHint}>
          {t.withheld(withheld)}{' '}
        </span>
      )}
      {waiting > 0 && <span className="t3">{t.waiting(waiting)} </span>}
    </>
  )
}

interface LastProps {
  readonly responder: ResponderState
  readonly startedAtMs: number
}

function Last({ responder: { lastAtMs, lastMessageId }, startedAtMs }: LastProps): JSX.Element {
  if (lastAtMs === null) return <>{t.never}</>
  const clock = formatClock(startedAtMs, lastAtMs).slice(0, 8)
  if (lastMessageId === null) return <>{clock}</>
  return (
    <button
      type="button"
      className="textlink"
      tabIndex={-1}
      title={t.jumpHint(lastMessageId)}
      onClick={(event) => {
        event.stopPropagation()
        showMessage(lastMessageId)
      }}
    >
      {clock}
    </button>
  )
}
