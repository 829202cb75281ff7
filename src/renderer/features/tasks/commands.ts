import type { Command } from '../../commands/command'
import { useApp } from '../../store/app-store'
import type { Session } from '../../store/session'
import { cloneTask, pauseAll, runNow, skipNext, toggleTask } from './task-actions'
import { useTasks } from './tasks-store'
import { taskTexts as t } from './texts'

/** What can be done with tasks from anywhere: it is meant for the one that is chosen. */
export function taskCommands(session: Session): readonly Command[] {
  const on = (work: (session: Session, name: string) => void) => ({
    group: t.title,
    keys: [],
    isEnabled: () => useTasks.getState().selected !== null,
    run: () => {
      const { selected } = useTasks.getState()
      if (selected !== null) work(session, selected)
    },
  })
  const hasTasks = (): boolean => (useTasks.getState().names?.length ?? 0) > 0
  return [
    {
      id: 'tasks.new',
      title: 'New task',
      group: t.title,
      keys: [],
      run: () => {
        useApp.getState().pageChosen('tasks')
        useTasks.getState().addingChanged(true)
      },
    },
    { id: 'tasks.run', title: 'Run the chosen task now', ...on(runNow) },
    { id: 'tasks.pause', title: 'Pause or resume the chosen task', ...on(toggleTask) },
    { id: 'tasks.skip', title: 'Skip the next run of the chosen task', ...on(skipNext) },
    { id: 'tasks.clone', title: 'Clone the chosen task', ...on(cloneTask) },
    {
      id: 'tasks.pauseAll',
      title: 'Pause or resume all tasks',
      group: t.title,
      keys: [],
      isEnabled: hasTasks,
      run: () => pauseAll(session, !useTasks.getState().isPaused),
    },
  ]
}
