import { DeadlineHeap } from '../deadline-heap'
import type { Due, Task } from './task'
import type { SchedulerTime } from './task-types'

/** While a cron rule waits, the wall clock is looked at this often: nobody tells when it is set forward. */
const WALL_LOOK_MS = 10_000

/** The tasks that will come due, in order, on the clock that each follows; and both clocks as they were last looked at. */
export class DueTimes {
  readonly #time: SchedulerTime
  readonly #byClock = new DeadlineHeap<Task>((a, b) => a.series.nextMs! < b.series.nextMs!)
  readonly #byWall = new DeadlineHeap<Task>((a, b) => a.series.nextMs! < b.series.nextMs!)
  #nowMs: number
  #wallMs: number

  constructor(time: SchedulerTime) {
    this.#time = time
    this.#nowMs = time.nowMs()
    this.#wallMs = time.wallMs()
  }

  /** The monotonic clock at the last look. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** The wall clock less the monotonic one, at the last look. */
  get offsetMs(): number {
    return this.#wallMs - this.#nowMs
  }

  /** Reads both clocks. @returns whether the wall clock went back since it was read last. */
  look(): boolean {
    const before = this.#wallMs
    this.#nowMs = this.#time.nowMs()
    this.#wallMs = this.#time.wallMs()
    return this.#wallMs < before
  }

  /** The clock that the task follows, at the last look. */
  clockOf(task: Task): number {
    return task.followsWall ? this.#wallMs : this.#nowMs
  }

  /** Harmless for a task that is in already, paused, cancelled, or without a due time. */
  add(task: Task): void {
    if (task.isCancelled || task.isPaused || task.series.nextMs === null || task.heapIndex >= 0) return
    this.#heapOf(task).add(task)
  }

  /** To be done before the due time of a task changes. Harmless for a task that is not in. */
  remove(task: Task): void {
    this.#heapOf(task).remove(task)
  }

  /** Takes out a task whose time had come at the last look; undefined when there is none (any more). */
  takeDue(): Task | undefined {
    for (const heap of [this.#byClock, this.#byWall]) {
      const task = heap.first
      if (task === undefined || task.series.nextMs! > this.clockOf(task)) continue
      heap.remove(task)
      return task
    }
    return undefined
  }

  /** A moment of the clock that the task follows, on both clocks. */
  dueAt(task: Task, atMs: number): Due {
    const isWall = task.followsWall
    return {
      task,
      dueMs: isWall ? atMs - this.offsetMs : atMs,
      dueWallMs: isWall ? atMs : null,
      isManual: false,
    }
  }

  /** When to look again, on the monotonic clock; Infinity when nothing waits. */
  get nextLookMs(): number {
    const byClockMs = this.#byClock.first?.series.nextMs ?? Infinity
    const wallMs = this.#byWall.first?.series.nextMs ?? Infinity
    if (wallMs === Infinity) return byClockMs
    return Math.min(byClockMs, this.#nowMs + Math.min(wallMs - this.#wallMs, WALL_LOOK_MS))
  }

  #heapOf(task: Task): DeadlineHeap<Task> {
    return task.followsWall ? this.#byWall : this.#byClock
  }
}
