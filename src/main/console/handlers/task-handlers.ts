import type { Tasks } from '../../operate/tasks/tasks'
import type { Handlers } from './handlers'

type TaskCommand = 'tasks.list' | 'tasks.pause' | 'task.run' | 'task.skip' | 'task.enable' | 'task.clone'

export const taskHandlers = (tasks: Tasks): Pick<Handlers, TaskCommand> => ({
  'tasks.list': () => ({ tasks: tasks.names.map((name) => tasks.status(name)), isPaused: tasks.isPaused }),
  'tasks.pause': ({ isPaused }) => {
    tasks.pauseAll(isPaused)
    return { isPaused }
  },
  'task.run': ({ name }) => {
    tasks.runNow(name)
    return {}
  },
  'task.skip': ({ name }) => ({ wasSkipped: tasks.skipNext(name) }),
  'task.enable': async ({ name, isEnabled }) => {
    await tasks.enable(name, isEnabled)
    return {}
  },
  'task.clone': async ({ name }) => ({ name: await tasks.clone(name) }),
})
