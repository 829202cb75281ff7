import { type JSX, useEffect, useRef } from 'react'
import { useSession } from '../../store/session-context'
import { Icon } from '../../ui/icons'
import { pauseAll } from './task-actions'
import { TaskDetail } from './TaskDetail'
import { TaskEditor } from './TaskEditor'
import { TaskGrid } from './TaskGrid'
import { forgetMarks, useTasks } from './tasks-store'
import { taskTexts as t } from './texts'
import './tasks.css'

/** What is scheduled: the table with its firings, and the task that is chosen. */
export function TasksPane(): JSX.Element {
  const session = useSession()
  const names = useTasks((s) => s.names)
  const tasks = useTasks((s) => s.tasks)
  const isPaused = useTasks((s) => s.isPaused)
  const isAdding = useTasks((s) => s.isAdding)
  const selected = useTasks((s) => s.selected)
  const { addingChanged } = useTasks.getState()
  const pane = useRef<HTMLElement>(null)
  useEffect(() => {
    forgetMarks()
    return session.client.subscribe('tasks', {}, (news) => useTasks.getState().received(news))
  }, [session])
  // Whoever came here before the tasks were there meant the tasks.
  const hasLoaded = names !== null
  useEffect(() => {
    const element = pane.current
    if (hasLoaded && element !== null && document.activeElement === element) {
      element.querySelector<HTMLElement>('[data-pane-focus]')?.focus()
    }
  }, [hasLoaded])
  const status = selected === null ? undefined : tasks.get(selected)
  const states = [...tasks.values()].map(({ state }) => state)
  const held = states.filter((state) => state === 'held').length
  const broken = states.filter((state) => state === 'broken').length
  const isEmpty = names !== null && names.length === 0
  return (
    <section ref={pane} className="pane tasks" data-pane="tasks" aria-label={t.title} tabIndex={-1}>
      <header className="phead">
        <h2>{t.title}</h2>
        {names !== null && <span className="t3">{t.counts(names.length, held, broken)}</span>}
        {isPaused && <span className="warn">{t.allPaused}</span>}
        <span className="grow" />
        <button
          type="button"
          className="btn ghost sm"
          aria-pressed={isPaused}
          disabled={!isPaused && tasks.size === 0}
          onClick={() => pauseAll(session, !isPaused)}
        >
          <Icon name={isPaused ? 'play' : 'pause'} />
          {isPaused ? t.resumeAll : t.pauseAll}
        </button>
        <button type="button" className="btn ghost sm" title={t.addHint} onClick={() => addingChanged(true)}>
          <Icon name="plus" />
          {t.add}
        </button>
      </header>
      {names === null ? (
        <div className="tasks-none">
          <div className="empty">
            <p>{t.loading}</p>
          </div>
        </div>
      ) : isEmpty ? (
        !isAdding && (
          <div className="tasks-none">
            <div className="tasks-start">
              <p>{t.none}</p>
              <p className="t3">{t.noneHint}</p>
              <button
                type="button"
                className="btn primary"
                data-pane-focus=""
                onClick={() => addingChanged(true)}
              >
                <Icon name="plus" />
                {t.add}
              </button>
            </div>
          </div>
        )
      ) : (
        <TaskGrid />
      )}
      {isAdding ? (
        <section className="tasks-detail" aria-label={t.add}>
          <header className="tasks-head">
            <h2>{t.add}</h2>
          </header>
          <TaskEditor name={null} shape="form" revision={null} />
        </section>
      ) : (
        status !== undefined && <TaskDetail key={status.name} status={status} />
      )}
    </section>
  )
}
