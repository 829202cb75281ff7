import { create } from 'zustand'
import { STRIP_MS, type TaskMark, type TasksChanged, type TaskStatus } from '../../../shared/model/tasks'

export type TaskView = 'runs' | 'edit' | 'file'

interface TasksState {
  /** Null until the core told. */
  readonly names: readonly string[] | null
  readonly tasks: ReadonlyMap<string, TaskStatus>
  readonly isPaused: boolean
  /** Changes with every item: the marks are changed in place. */
  readonly version: number
  readonly selected: string | null
  readonly view: TaskView
  /** A task that has no file yet is written. */
  readonly isAdding: boolean
  /** A task whose removal has to be confirmed. */
  readonly removing: string | null
  readonly received: (news: TasksChanged) => void
  readonly selectedChanged: (name: string | null) => void
  readonly viewChosen: (view: TaskView) => void
  readonly addingChanged: (isAdding: boolean) => void
  readonly removingChanged: (name: string | null) => void
}

/** Firings of each task within the strip, oldest first. Changed in place: a task may fire a hundred times a second. */
const marks = new Map<string, TaskMark[]>()
const NO_MARKS: readonly TaskMark[] = []

export const marksOf = (task: string): readonly TaskMark[] => marks.get(task) ?? NO_MARKS

export const useTasks = create<TasksState>()((set) => ({
  names: null,
  tasks: new Map(),
  isPaused: false,
  version: 0,
  selected: null,
  view: 'runs',
  isAdding: false,
  removing: null,
  received: (news) =>
    set(({ tasks, selected, version, names: before }) => {
      takeMarks(news)
      const changed = new Map(news.changed.map((task) => [task.name, task]))
      const next = new Map<string, TaskStatus>()
      for (const name of news.names) {
        const task = changed.get(name) ?? tasks.get(name)
        if (task !== undefined) next.set(name, task)
      }
      const isThere = selected !== null && next.has(selected)
      const at = selected === null ? 0 : Math.max(0, (before ?? []).indexOf(selected))
      const nearest = news.names[Math.min(at, news.names.length - 1)] ?? null
      return {
        names: news.names,
        tasks: next,
        isPaused: news.isPaused,
        version: version + 1,
        selected: isThere ? selected : nearest,
      }
    }),
  selectedChanged: (selected) => set({ selected, view: 'runs', isAdding: false, removing: null }),
  viewChosen: (view) => set({ view }),
  addingChanged: (isAdding) => set({ isAdding, removing: null }),
  removingChanged: (removing) => set({ removing }),
}))

function takeMarks({ nowMs, names, marks: news }: TasksChanged): void {
  for (const mark of news) {
    const own = marks.get(mark.task)
    if (own === undefined) marks.set(mark.task, [mark])
    else if ((own.at(-1)?.runId ?? 0) < mark.runId) own.push(mark)
  }
  const there = new Set(names)
  for (const [task, own] of marks) {
    if (!there.has(task)) marks.delete(task)
    let old = 0
    while (old < own.length && own[old]!.atMs < nowMs - STRIP_MS - 1000) old += 1
    if (old > 0) own.splice(0, old)
  }
}

/** The core is another one, or begins anew. */
export function forgetMarks(): void {
  marks.clear()
}
