import { useEffect, useState } from 'react'
import type { TaskRunEntry } from '../../../shared/model/tasks'
import { MAX_KEPT_RUNS } from '../../../shared/model/tasks'
import { useSession } from '../../store/session-context'

const NO_RUNS: readonly TaskRunEntry[] = []

/** The runs of a task, oldest first, as they come; at most `MAX_KEPT_RUNS`. */
export function useTaskRuns(task: string): readonly TaskRunEntry[] {
  const { client } = useSession()
  const [held, setHeld] = useState({ task, runs: NO_RUNS })
  useEffect(
    () =>
      client.subscribe('task-runs', { task }, ({ isReset, runs }) => {
        setHeld((before) => {
          const kept = isReset || before.task !== task ? NO_RUNS : before.runs
          return { task, runs: [...kept, ...runs].slice(-MAX_KEPT_RUNS) }
        })
      }),
    [client, task],
  )
  return held.task === task ? held.runs : NO_RUNS
}
