import { ConsoleError } from '../../../shared/errors'

interface Flight<V> {
  readonly key: string
  readonly controller: AbortController
  /** What ends the wait of each caller. */
  readonly callers: Set<(outcome: Promise<V>) => void>
}

export interface FlightPlan<V> {
  readonly key: string
  /** Runs once for all callers. Its signal aborts when the last of them has gone. */
  readonly compute: (signal: AbortSignal) => V | Promise<V>
  /** Gets the value before the callers do, unless the flight was detached meanwhile. Must not throw. */
  readonly keep: (value: V) => void
  readonly signal: AbortSignal | undefined
}

/**
 * One computation for callers that want the same. Each caller has its own wait: one that gives up leaves the others alone,
 * and only when all are gone is the computation told to stop; who asks after that begins a new one.
 */
export class SingleFlight<V> {
  readonly #maxWaiting: number
  /** Flights that new callers join. Detached ones go on for their callers, but nobody joins them. */
  readonly #current = new Map<string, Flight<V>>()
  #running = 0
  #waiting = 0

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#waiting
  }

  has(key: string): boolean {
    return this.#current.has(key)
  }

  /**
   * Rejects with what the computation failed with (the same for all callers), with the reason of `signal`, or with
   * ConsoleError `CACHE_BUSY`.
   */
  join(plan: FlightPlan<V>): Promise<V> {
    // Computations that nobody waits for any more, but that do not listen to their signal, count as well.
    if (Math.max(this.#waiting, this.#running) >= this.#maxWaiting)
      return Promise.reject(this.#busy(plan.key))
    const known = this.#current.get(plan.key)
    const flight = known ?? { key: plan.key, controller: new AbortController(), callers: new Set() }
    const answer = this.#wait(flight, plan.signal)
    if (known === undefined) this.#begin(flight, plan)
    return answer
  }

  /** What runs for the key has been overtaken: its value is for its present callers only. */
  detach(key: string): void {
    this.#current.delete(key)
  }

  detachAll(): void {
    this.#current.clear()
  }

  #begin(flight: Flight<V>, plan: FlightPlan<V>): void {
    this.#current.set(flight.key, flight)
    this.#running += 1
    const computed = new Promise<V>((resolve) => resolve(plan.compute(flight.controller.signal)))
    const end = (keep: () => void): void => {
      this.#running -= 1
      if (this.#current.get(flight.key) === flight) {
        this.#current.delete(flight.key)
        keep()
      }
      for (const settle of [...flight.callers]) settle(computed)
    }
    computed.then(
      (value) => end(() => plan.keep(value)),
      () => end(() => undefined),
    )
  }

  #wait(flight: Flight<V>, signal: AbortSignal | undefined): Promise<V> {
    return new Promise<V>((resolve) => {
      const settle = (outcome: Promise<V>): void => {
        flight.callers.delete(settle)
        signal?.removeEventListener('abort', abandon)
        this.#waiting -= 1
        resolve(outcome)
      }
      const abandon = (): void => {
        const reason = abortReasonOf(signal!, flight.key)
        settle(Promise.reject(reason))
        if (flight.callers.size > 0) return
        if (this.#current.get(flight.key) === flight) this.#current.delete(flight.key)
        flight.controller.abort(reason)
      }
      flight.callers.add(settle)
      signal?.addEventListener('abort', abandon)
      this.#waiting += 1
    })
  }

  #busy(key: string): ConsoleError {
    const limit = this.#maxWaiting
    return new ConsoleError('CACHE_BUSY', `${limit} callers or computations are under way already`, {
      key,
      limit,
    })
  }
}

export function abortReasonOf(signal: AbortSignal, key: string): Error {
  const cause: unknown = signal.reason
  if (cause instanceof Error) return cause
  return new ConsoleError('REQUEST_CANCELLED', `the wait for "${key}" was ended on request`, {}, { cause })
}
