export { Scheduler } from './scheduler'
export {
  type CronRule,
  type DisconnectedPolicy,
  type LatenessView,
  MAX_TASKS,
  type OverrunPolicy,
  type RunOutcome,
  type SchedulerOptions,
  type SchedulerTime,
  type TaskContext,
  type TaskOptions,
  type TaskRun,
  type TaskState,
  type TaskTiming,
  type TaskView,
} from './task-types'
