import type { TaskRunEvent } from '../../shared/model/trace'
import type { LaneTaskRun } from '../../shared/model/views'

/** The latest runs of tasks, numbered from 0, in a ring: the oldest go. */
export class TaskRunLog {
  readonly #runs: LaneTaskRun[] = []
  readonly #capacity: number
  #end = 0
  #first = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Number of the next run. */
  get end(): number {
    return this.#end
  }

  /** Number of the oldest kept run. */
  get first(): number {
    return Math.max(this.#first, this.#end - this.#capacity)
  }

  add({ linkId, atMs, runId, task, outcome, startedMs, lateMs }: TaskRunEvent): void {
    const run = { linkId, atMs: startedMs ?? atMs, untilMs: atMs, runId, task, outcome, lateMs }
    this.#runs[this.#end % this.#capacity] = run
    this.#end += 1
  }

  /** At most `limit` runs from number `from` on. */
  since(from: number, limit: number): LaneTaskRun[] {
    const begin = Math.max(from, this.first)
    const count = Math.max(0, Math.min(limit, this.#end - begin))
    return Array.from({ length: count }, (_, at) => this.#runs[(begin + at) % this.#capacity]!)
  }

  clear(): void {
    this.#first = this.#end
  }
}
