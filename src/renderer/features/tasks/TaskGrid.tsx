import { type JSX, type KeyboardEvent, useState } from 'react'
import { useApp } from '../../store/app-store'
import { useSession } from '../../store/session-context'
import { useSessionNow } from '../../store/use-session-now'
import { formatMsNumber, groupDigits } from '../../ui/format'
import { offsetToShow, pageRows } from '../../ui/scaled-scroll'
import { useVirtualViewport } from '../../ui/use-virtual-viewport'
import { revealLine } from '../../ui/visible-text'
import type { TaskStatus } from '../../../shared/model/tasks'
import { FiringStrip } from './FiringStrip'
import { runNow, skipNext, toggleTask } from './task-actions'
import { dotOf, nextWords, triggerOf } from './task-words'
import { useTasks } from './tasks-store'
import { taskTexts as t } from './texts'

const ROW_PX = 28

/** Whoever looks at tasks sees them count down. */
const COUNT_MS = 100

/** All tasks: how each stands, when it runs next, and its firings around now. */
export function TaskGrid(): JSX.Element {
  const session = useSession()
  const names = useTasks((s) => s.names) ?? []
  const tasks = useTasks((s) => s.tasks)
  const selected = useTasks((s) => s.selected)
  const isPageShown = useApp((s) => s.page === 'tasks')
  const { selectedChanged, viewChosen, removingChanged, addingChanged } = useTasks.getState()
  const nowMs = useSessionNow(COUNT_MS, isPageShown)
  const [offset, setOffset] = useState(0)
  const { ref, geometry, spacerPx, rows } = useVirtualViewport(names.length, ROW_PX, offset, setOffset)
  const at = selected === null ? -1 : names.indexOf(selected)
  const [shownAt, setShownAt] = useState(at)
  if (at !== shownAt) {
    setShownAt(at)
    if (at >= 0) setOffset(offsetToShow(at, offset, geometry))
  }
  const go = (index: number): void => {
    const name = names[Math.max(0, Math.min(names.length - 1, index))]
    if (name !== undefined) selectedChanged(name)
  }
  const pressed = (event: KeyboardEvent): void => {
    const page = pageRows(geometry)
    const act = (work: (name: string) => void) => (): void => {
      if (selected !== null) work(selected)
    }
    const steps: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + page),
      PageUp: () => go(at - page),
      Home: () => go(0),
      End: () => go(names.length - 1),
      Enter: act(() => viewChosen('edit')),
      Delete: act((name) => removingChanged(name)),
      r: act((name) => runNow(session, name)),
      p: act((name) => toggleTask(session, name)),
      s: act((name) => skipNext(session, name)),
      n: () => addingChanged(true),
    }
    const step = steps[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    step()
  }
  const shown = names.slice(rows.first, rows.end)
  return (
    <>
      <div className="gh" aria-hidden="true">
        <span />
        <span>{t.columns.name}</span>
        <span>{t.columns.trigger}</span>
        <span className="num tasks-on">{t.columns.next}</span>
        <span className="num">{t.columns.counts}</span>
        <span className="num" title={t.p99Hint}>
          {t.columns.p99}
        </span>
        <span className="tasks-axis">
          <span>{t.past}</span>
          <span>{t.now}</span>
          <span>{t.ahead}</span>
        </span>
      </div>
      <div
        ref={ref}
        className="vp scrolls tasks-grid"
        role="grid"
        tabIndex={0}
        data-pane-focus=""
        aria-label={t.grid}
        aria-description={t.gridHint}
        aria-rowcount={names.length}
        aria-activedescendant={at >= rows.first && at < rows.end ? `task-row-${at}` : undefined}
        onKeyDown={pressed}
        style={{ height: Math.min(names.length, 9) * ROW_PX }}
      >
        <div className="vp-layer" style={{ height: geometry.viewportPx, marginBottom: -geometry.viewportPx }}>
          <div className="tasks-rows" style={{ transform: `translateY(${rows.shiftPx}px)` }}>
            {shown.map((name, index) => {
              const task = tasks.get(name)
              return (
                task !== undefined && (
                  <TaskRow
                    key={name}
                    task={task}
                    nowMs={nowMs}
                    index={rows.first + index}
                    isSelected={name === selected}
                    onSelect={() => selectedChanged(name)}
                  />
                )
              )
            })}
            <FiringStrip names={shown} rowHeight={ROW_PX} />
          </div>
        </div>
        <div style={{ height: spacerPx }} />
      </div>
    </>
  )
}

interface TaskRowProps {
  readonly task: TaskStatus
  readonly nowMs: number
  readonly index: number
  readonly isSelected: boolean
  readonly onSelect: () => void
}

function TaskRow({ task, nowMs, index, isSelected, onSelect }: TaskRowProps): JSX.Element {
  const { name, state, reason, ok, failed, punctuality, problem } = task
  const trigger = revealLine(triggerOf(task))
  const isQuiet = state === 'off' || state === 'done'
  const p99 = punctuality?.p99Ms
  return (
    <div
      id={`task-row-${index}`}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      aria-label={t.row(name, t.states[state], trigger)}
      className={`gr${isSelected ? ' sel' : ''}`}
      onPointerDown={(event) => event.button === 0 && onSelect()}
      onDoubleClick={() => useTasks.getState().viewChosen('edit')}
    >
      <span
        role="gridcell"
        className="tasks-state"
        aria-label={t.states[state]}
        title={reason || t.states[state]}
      >
        <span className={`dot ${dotOf(task)}`} />
      </span>
      <span role="gridcell" className={isQuiet ? 't3' : isSelected ? 'b' : ''} title={name}>
        {revealLine(name)}
      </span>
      <span role="gridcell" className={problem === null ? 't2' : 'err tasks-wide'} title={trigger}>
        {problem === null ? trigger : t.problemIn(problem.line, trigger)}
      </span>
      {problem === null && (
        <>
          <span
            role="gridcell"
            title={reason}
            className={`num ${state === 'held' || state === 'stopped' || state === 'paused' ? 'warn' : isQuiet ? 't3' : ''}`}
          >
            {nextWords(task, nowMs)}
          </span>
          <span role="gridcell" className="num t2">
            {groupDigits(ok)} / <span className={failed > 0 ? 'err b' : ''}>{groupDigits(failed)}</span>
          </span>
          <span role="gridcell" className="num t2">
            {p99 === undefined ? <span className="t4">{t.absent}</span> : formatMsNumber(p99)}
          </span>
        </>
      )}
      <span role="gridcell" aria-label={t.columns.strip} />
    </div>
  )
}
