import type { Priority } from '../../../shared/model/trace'
import { Fifo } from '../pipe/fifo'

/** Something that runs for a while. */
export interface Job {
  readonly priority: Priority
  /** Begins it; must not throw. `leave` has to follow, once, whenever it is done. */
  start(): void
}

interface Place<J extends Job> {
  readonly job: J
  isForgotten: boolean
}

/**
 * Lets a number of jobs run at the same time. The others wait: the more urgent ones first, among equals in the order in
 * which they came; and when too many wait, further ones are refused.
 */
export class Turnstile<J extends Job> {
  readonly #maxRunning: number
  readonly #maxWaiting: number
  readonly #queues = Array.from({ length: 8 }, () => new Fifo<Place<J>>())
  readonly #places = new Map<J, Place<J>>()
  #forgotten = 0
  #running = 0
  #isStarting = false

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning
    this.#maxWaiting = maxWaiting
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#places.size
  }

  /** Starts the job now, or when its turn comes; or refuses it. */
  admit(job: J): 'started' | 'waiting' | 'refused' {
    if (this.#running < this.#maxRunning && this.#places.size === 0) {
      this.#running += 1
      job.start()
      return 'started'
    }
    if (this.#places.size >= this.#maxWaiting) return 'refused'
    const place = { job, isForgotten: false }
    this.#places.set(job, place)
    this.#queues[job.priority]!.push(place)
    return 'waiting'
  }

  /** A running job is done: its place is free. */
  leave(): void {
    this.#running -= 1
    // A job that is done at once leaves while it is being started: the loop below goes on, instead of a deeper call.
    if (this.#isStarting) return
    this.#isStarting = true
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#running += 1
      next.start()
    }
    this.#isStarting = false
  }

  /** Takes a job out that waits. False when it does not. */
  forget(job: J): boolean {
    const place = this.#places.get(job)
    if (place === undefined) return false
    this.#places.delete(job)
    place.isForgotten = true
    this.#forgotten += 1
    if (this.#forgotten > this.#places.size + 64) {
      for (const queue of this.#queues) queue.keep(({ isForgotten }) => !isForgotten)
      this.#forgotten = 0
    }
    return true
  }

  /** Takes out everything that waits. */
  clear(): J[] {
    const jobs = [...this.#places.keys()]
    this.#places.clear()
    this.#forgotten = 0
    for (const queue of this.#queues) queue.clear()
    return jobs
  }

  #next(): J | undefined {
    if (this.#running >= this.#maxRunning) return undefined
    for (const queue of this.#queues) {
      for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
        if (place.isForgotten) {
          this.#forgotten -= 1
          continue
        }
        this.#places.delete(place.job)
        return place.job
      }
    }
    return undefined
  }
}
