import type { JSX } from 'react'
import type { TaskStatus } from '../../../shared/model/tasks'
import { formatDuration } from '../../../shared/workspace/duration'
import { actionWords, triggerWords } from '../../../shared/workspace/task-file'
import type { TaskFile } from '../../../shared/workspace/workspace-types'
import { useSession } from '../../store/session-context'
import { useSessionNow } from '../../store/use-session-now'
import { Icon } from '../../ui/icons'
import { Segmented } from '../../ui/Segmented'
import { revealLine } from '../../ui/visible-text'
import { LatenessChart } from './LatenessChart'
import { RunLog } from './RunLog'
import { StepList } from './StepList'
import { changeTask, cloneTask, removeTask, runNow, skipNext, toggleTask } from './task-actions'
import { TaskEditor } from './TaskEditor'
import { dotOf } from './task-words'
import { type TaskView, useTasks } from './tasks-store'
import { taskTexts as t } from './texts'
import { useTaskRuns } from './use-task-runs'

const OVERRUNS = (['skip', 'queue', 'parallel'] as const).map((value) => ({
  value,
  label: t.overruns[value],
}))
const DOWNS = (['hold', 'drop', 'fail'] as const).map((value) => ({ value, label: t.downs[value] }))
const VIEWS = (['runs', 'edit', 'file'] as const).map((value) => ({ value, label: t.view[value] }))

/** The task that is chosen: what can be done with it, what it says, how it went. */
export function TaskDetail({ status }: { readonly status: TaskStatus }): JSX.Element {
  const session = useSession()
  const view = useTasks((s) => s.view)
  const isRemoving = useTasks((s) => s.removing === status.name)
  const { viewChosen, removingChanged } = useTasks.getState()
  const { name, task, state, problem } = status
  const isOn = state !== 'off' && state !== 'done' && state !== 'stopped'
  const canRun = state !== 'broken'
  const shown: TaskView = task === null && view === 'edit' ? 'file' : view
  return (
    <section className="tasks-detail" aria-label={name}>
      <header className="tasks-head">
        <span className={`dot ${dotOf(status)}`} />
        <h2 className="ell">{revealLine(name)}</h2>
        <span className="t3 ell grow">
          {task !== null && revealLine(actionWords(task.action) + (task.link === '' ? '' : t.on(task.link)))}
        </span>
        <Segmented label={t.views} value={shown} options={VIEWS} onChange={viewChosen} />
        <span className="sep" />
        <button
          type="button"
          className="btn ghost sm sq"
          title={t.clone}
          aria-label={t.clone}
          onClick={() => cloneTask(session, name)}
        >
          <Icon name="copy" />
        </button>
        <button
          type="button"
          className="btn ghost sm sq"
          title={t.remove}
          aria-label={t.remove}
          onClick={() => removingChanged(name)}
        >
          <Icon name="trash" />
        </button>
        <button
          type="button"
          className="btn ghost sm"
          disabled={status.nextMs === null}
          onClick={() => skipNext(session, name)}
        >
          <Icon name="skip" />
          {t.skipNext}
        </button>
        <button
          type="button"
          className="btn ghost sm"
          disabled={!canRun}
          onClick={() => toggleTask(session, name)}
        >
          <Icon name={isOn ? 'pause' : 'play'} />
          {isOn ? t.pause : t.resume}
        </button>
        <button type="button" className="btn sm" disabled={!canRun} onClick={() => runNow(session, name)}>
          <Icon name="play" />
          {t.runNow}
        </button>
      </header>
      {isRemoving && <Removing name={name} />}
      {problem !== null && (
        <div className="tasks-problem" role="alert">
          <Icon name="warn" tone="err" />
          <span className="grow">
            <b className="b">{t.problemAt(problem.file, problem.line)}</b> {problem.message}. {problem.remedy}
          </span>
          {shown !== 'file' && (
            <button type="button" className="btn sm" onClick={() => viewChosen('file')}>
              {t.openFile}
            </button>
          )}
        </div>
      )}
      {shown === 'runs' || (task === null && shown !== 'file') ? (
        <TaskRuns status={status} />
      ) : (
        <TaskEditor
          key={name}
          name={name}
          shape={shown === 'file' ? 'file' : 'form'}
          revision={status.revision}
        />
      )}
    </section>
  )
}

function Removing({ name }: { readonly name: string }): JSX.Element {
  const session = useSession()
  const { removingChanged } = useTasks.getState()
  const leave = (): void => {
    removingChanged(null)
    document.querySelector<HTMLElement>('.tasks-grid')?.focus()
  }
  return (
    <div
      className="tasks-problem"
      role="alertdialog"
      aria-label={t.removeAsk(name)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        leave()
      }}
    >
      <Icon name="trash" />
      <span className="grow">{t.removeAsk(revealLine(name))}</span>
      <button
        type="button"
        className="btn sm"
        autoFocus
        onClick={() => {
          removeTask(session, name)
          leave()
        }}
      >
        {t.removeYes}
      </button>
      <button type="button" className="btn ghost sm" onClick={leave}>
        {t.cancel}
      </button>
    </div>
  )
}

function TaskRuns({ status }: { readonly status: TaskStatus }): JSX.Element {
  const session = useSession()
  const runs = useTaskRuns(status.name)
  const { name, task, punctuality } = status
  const change = (changes: Partial<TaskFile>): void => changeTask(session, name, changes)
  return (
    <div className="tasks-overview">
      <div className="tasks-facts scrolls" tabIndex={-1}>
        {task !== null && (
          <dl className="kv">
            <dt>{t.trigger}</dt>
            <dd className="selectable" title={triggerWords(task.trigger)}>
              {revealLine(triggerWords(task.trigger))}
              {task.trigger.when === 'every' &&
                task.trigger.jitterMs > 0 &&
                t.jitter(formatDuration(task.trigger.jitterMs))}
            </dd>
            <dt>{t.action}</dt>
            <dd className="selectable">{revealLine(actionWords(task.action))}</dd>
            <dt>{t.link}</dt>
            <dd className={task.link === '' ? 't2' : 'selectable'}>
              {task.link === '' ? t.anyLink : revealLine(task.link)}
              {status.reason !== '' && status.downSinceMs !== null && (
                <span className="warn"> · {status.reason}</span>
              )}
            </dd>
            <dt>{t.overrun}</dt>
            <dd>
              <Segmented
                label={t.overrun}
                value={task.overrun}
                options={OVERRUNS}
                onChange={(overrun) => change({ overrun })}
              />
            </dd>
            <dt>{t.down}</dt>
            <dd>
              <Segmented
                label={t.down}
                value={task.disconnected}
                options={DOWNS}
                onChange={(disconnected) => change({ disconnected })}
              />
            </dd>
            <dt>{t.stopWhen}</dt>
            <dd className={task.stopWhen === '' ? 't2' : 'mono selectable'}>
              {revealLine(task.stopWhen) || t.never}
            </dd>
            <dt>{t.jitterLabel}</dt>
            <dd>{punctuality === null ? t.absent : t.jitterOf(punctuality.p50Ms, punctuality.p99Ms)}</dd>
            <dt>{t.drift}</dt>
            <dd>
              {punctuality === null ? (
                t.absent
              ) : (
                <Drift ms={punctuality.driftMs} sinceMs={punctuality.sinceMs} />
              )}
            </dd>
            <dt>{t.counted}</dt>
            <dd>{t.leftOut(status.skipped, status.held, status.dropped) || t.never}</dd>
          </dl>
        )}
        <LatenessChart runs={runs} punctuality={punctuality} />
        {task !== null && <StepList action={task.action} />}
      </div>
      <RunLog runs={runs} />
    </div>
  )
}

function Drift({ ms, sinceMs }: { readonly ms: number; readonly sinceMs: number }): JSX.Element {
  const nowMs = useSessionNow(1000, true)
  return <>{t.driftOf(ms, Math.max(0, nowMs - sinceMs))}</>
}
