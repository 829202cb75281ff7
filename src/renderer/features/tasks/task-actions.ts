import { asConsoleError, toWireError } from '../../../shared/errors'
import { formatTask } from '../../../shared/workspace/task-file'
import type { TaskFile } from '../../../shared/workspace/workspace-types'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { sentences } from '../../ui/format'
import { taskTexts as t } from './texts'
import { useTasks } from './tasks-store'

/** What failed is told: the row itself shows what it came to. */
function told(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    const { code, message, remedy } = toWireError(asConsoleError(error))
    useApp
      .getState()
      .toasted({ key: `task-${code}`, text: t.failed, tone: 'err', detail: sentences(message, remedy) })
  })
}

export const runNow = ({ client }: Session, name: string): void => told(client.call('task.run', { name }))

export const skipNext = ({ client }: Session, name: string): void => told(client.call('task.skip', { name }))

export const pauseAll = ({ client }: Session, isPaused: boolean): void =>
  told(client.call('tasks.pause', { isPaused }))

/** Off while it is on, and on while it is off, done or stopped. */
export function toggleTask({ client }: Session, name: string): void {
  const state = useTasks.getState().tasks.get(name)?.state
  if (state === undefined || state === 'broken') return
  told(
    client.call('task.enable', {
      name,
      isEnabled: state === 'off' || state === 'done' || state === 'stopped',
    }),
  )
}

export function cloneTask({ client }: Session, name: string): void {
  told(client.call('task.clone', { name }).then((copy) => useTasks.getState().selectedChanged(copy.name)))
}

export function removeTask({ client }: Session, name: string): void {
  const revision = useTasks.getState().tasks.get(name)?.revision
  if (revision === undefined) return
  told(client.call('workspace.remove', { kind: 'tasks', name, revision }))
}

/** Changes some of what the file says, and leaves its comments. */
export function changeTask({ client }: Session, name: string, changes: Partial<TaskFile>): void {
  const known = useTasks.getState().tasks.get(name)
  if (known === undefined || known.task === null) return
  const { task, revision } = known
  const change = async (): Promise<void> => {
    const { text } = (await client.call('workspace.read', { kind: 'tasks', name })).file
    await client.call('workspace.save', {
      kind: 'tasks',
      name,
      text: formatTask({ ...task, ...changes }, text),
      revision,
    })
  }
  told(change())
}

/** Selects a message everywhere and shows it on the live page; with its explanation when that is asked for. */
export function showMessage(messageId: number, isExplained = false): void {
  const { listFollowChanged, messageSelected, pageChosen, inspectorTabChosen, explainAsked } =
    useApp.getState()
  listFollowChanged(false)
  messageSelected(messageId, 'inspector')
  pageChosen('live')
  if (!isExplained) return
  inspectorTabChosen('time')
  explainAsked(messageId)
}
