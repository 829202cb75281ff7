import type { JSX } from 'react'
import { CachePane } from '../features/cache/CachePane'
import { TasksPane } from '../features/tasks/TasksPane'

/** Tasks at the left, the cache at the right: what runs by itself, and what it leaves behind. */
export function TasksPage(): JSX.Element {
  return (
    <div className="tasks-page">
      <TasksPane />
      <CachePane />
    </div>
  )
}
