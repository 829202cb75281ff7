import { ConsoleError } from '../../../shared/errors'
import { isThenable } from '../thenable'

/** Handlers of one event that an emitter takes by default; more are a leak rather than a wish. */
export const MAX_HANDLERS_PER_EVENT = 1000

export type EventHandler<Payload> = (payload: Payload) => void | Promise<void>

export interface EventsOptions<Map extends object> {
  /**
   * A handler threw, or its promise rejected. What this function throws itself is dropped: nobody is left to tell.
   */
  readonly onError: (event: keyof Map, error: unknown) => void
  /** Counted per event, `on` and `once` together. Default: 1000. */
  readonly maxHandlersPerEvent?: number
}

interface Registration<Payload> {
  readonly handler: EventHandler<Payload>
  /** False from the moment it was removed (or, for `once`, called): an `emit` that still has it in hand passes it over. */
  isActive: boolean
}

interface Handlers<Payload> {
  readonly always: Registration<Payload>[]
  readonly once: Registration<Payload>[]
}

/**
 * A typed emitter whose handlers cannot harm the emitter or one another.
 *
 * Order of one `emit`: the handlers of `on` in the order they were added, then those of `once`, each removed before it is
 * called. All are called before `emit` returns; an async handler is not waited for before the next one.
 *
 * While an event is emitted: a handler added by a handler waits for the next `emit` (Python calls it in the same one, so
 * that a handler which adds itself never ends); a handler removed by a handler is not called any more (Python still calls
 * it once). A handler of `once` that emits its own event again is not called again.
 */
export class Events<Map extends object> {
  readonly #onError: (event: keyof Map, error: unknown) => void
  readonly #maxHandlers: number
  /** Only events that have handlers: names of events do not pile up. */
  readonly #handlers: globalThis.Map<keyof Map, Handlers<never>> = new Map()

  constructor(options: EventsOptions<Map>) {
    this.#onError = options.onError
    this.#maxHandlers = options.maxHandlersPerEvent ?? MAX_HANDLERS_PER_EVENT
  }

  /**
   * Calls `handler` at each `emit` of the event. The same function added twice is called twice.
   *
   * @returns takes this one registration back; harmless when it is gone already.
   * @throws ConsoleError `HANDLERS_TOO_MANY`.
   */
  on<E extends keyof Map>(event: E, handler: EventHandler<Map[E]>): () => void {
    return this.#add(event, 'always', handler)
  }

  /** Like `on`, for the next `emit` only. @throws ConsoleError `HANDLERS_TOO_MANY`. */
  once<E extends keyof Map>(event: E, handler: EventHandler<Map[E]>): () => void {
    return this.#add(event, 'once', handler)
  }

  /** Removes every registration of `handler` for the event, `on` and `once`; without `handler`, all of the event. */
  off<E extends keyof Map>(event: E, handler?: EventHandler<Map[E]>): void {
    const handlers = this.#of(event)
    if (handlers === undefined) return
    const isMeant = (registration: Registration<Map[E]>): boolean =>
      handler === undefined || registration.handler === handler
    for (const registration of [...handlers.always, ...handlers.once].filter(isMeant)) {
      this.#remove(event, registration)
    }
  }

  /**
   * Calls the handlers. Never throws and never rejects: failures go to `onError`, one call each.
   *
   * @returns resolves when every async handler has settled, also after failures; for ever pending when one never does.
   * Ignoring it is harmless.
   */
  emit<E extends keyof Map>(
    event: E,
    ...[payload]: undefined extends Map[E] ? [payload?: Map[E]] : [payload: Map[E]]
  ): Promise<void> {
    const handlers = this.#of(event)
    if (handlers === undefined) return Promise.resolve()
    const once = [...handlers.once] // as of now, like those of `on`: what handlers add waits for the next emit
    const running: Promise<unknown>[] = []
    for (const registration of [...handlers.always]) {
      if (registration.isActive) this.#call(event, registration.handler, payload as Map[E], running)
    }
    for (const registration of once) {
      if (!registration.isActive) continue
      this.#remove(event, registration)
      this.#call(event, registration.handler, payload as Map[E], running)
    }
    return Promise.all(running).then(() => undefined)
  }

  /** Handlers waiting for the event, `on` and `once` together. */
  handlerCount(event: keyof Map): number {
    const handlers = this.#handlers.get(event)
    return handlers === undefined ? 0 : handlers.always.length + handlers.once.length
  }

  #of<E extends keyof Map>(event: E): Handlers<Map[E]> | undefined {
    return this.#handlers.get(event) as Handlers<Map[E]> | undefined
  }

  #add<E extends keyof Map>(
    event: E,
    list: keyof Handlers<never>,
    handler: EventHandler<Map[E]>,
  ): () => void {
    if (this.handlerCount(event) >= this.#maxHandlers) {
      const limit = this.#maxHandlers
      throw new ConsoleError('HANDLERS_TOO_MANY', `event "${String(event)}" has ${limit} handlers already`, {
        event: String(event),
        limit,
      })
    }
    const registration = { handler, isActive: true }
    const handlers = this.#of(event) ?? { always: [], once: [] }
    handlers[list].push(registration)
    this.#handlers.set(event, handlers)
    return () => this.#remove(event, registration)
  }

  #remove<E extends keyof Map>(event: E, registration: Registration<Map[E]>): void {
    if (!registration.isActive) return
    registration.isActive = false
    const handlers = this.#of(event)
    if (handlers === undefined) return
    for (const list of [handlers.always, handlers.once]) {
      const at = list.indexOf(registration)
      if (at >= 0) list.splice(at, 1)
    }
    if (handlers.always.length + handlers.once.length === 0) this.#handlers.delete(event)
  }

  #call<E extends keyof Map>(
    event: E,
    handler: EventHandler<Map[E]>,
    payload: Map[E],
    running: Promise<unknown>[],
  ): void {
    try {
      const result: unknown = handler(payload)
      if (!isThenable(result)) return
      running.push(Promise.resolve(result).catch((error: unknown) => this.#failed(event, error)))
    } catch (error) {
      this.#failed(event, error)
    }
  }

  #failed(event: keyof Map, error: unknown): void {
    try {
      this.#onError(event, error)
    } catch {
      // The last resort failed: throwing here would hit the emitter, who did nothing wrong.
    }
  }
}
