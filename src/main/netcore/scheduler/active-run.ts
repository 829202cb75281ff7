import type { ConsoleError } from '../../../shared/errors'
import type { HeapItem } from '../deadline-heap'
import type { BusyRun, Due } from './task'
import type { TaskContext } from './task-types'

/** A run that began and has not ended; to the task it is its context. */
export class ActiveRun implements BusyRun, HeapItem, TaskContext {
  heapIndex = -1
  /** Made when somebody looks at the signal: most runs never do, and a controller costs more than the rest of a run. */
  #controller: AbortController | undefined
  #reason: ConsoleError | undefined

  constructor(
    readonly due: Due,
    readonly startedMs: number,
    /** Infinity: it may take for ever. */
    readonly deadlineMs: number,
  ) {}

  get taskId(): number {
    return this.due.task.id
  }

  get dueMs(): number {
    return this.due.dueMs
  }

  get isManual(): boolean {
    return this.due.isManual
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    return this.#controller.signal
  }

  /** Tells the run that its result is no longer wanted. The first reason stays. */
  abort(reason: ConsoleError): void {
    this.#reason ??= reason
    this.#controller?.abort(this.#reason)
  }
}
