import { ConsoleError } from '../../../../shared/errors'
import type { IncomingRequest } from '../../stack-types'
import type { RequestContext } from '../endpoint-types'
import { DEADLINE_HEADER } from './rpc-contract'

/** What a method knows of the call that it serves. */
export interface RpcCall {
  readonly method: string
  readonly request: IncomingRequest
  /** Name of the pipe it came on. */
  readonly pipe: string
  /**
   * Aborts when nobody wants the result any more: the caller cancelled, the connection ended, or the time is over (reason:
   * ConsoleError `RPC_DEADLINE_EXCEEDED`). The caller is told at once; a result that comes later is dropped.
   */
  readonly signal: AbortSignal
  /** Milliseconds that are left, for calls that are passed on; Infinity without a deadline. */
  leftMs(): number
}

export class RunningCall implements RpcCall {
  readonly method: string
  readonly request: IncomingRequest
  readonly pipe: string
  readonly #context: RequestContext
  readonly #abort = new AbortController()
  readonly #onAbort: () => void
  readonly #deadlineMs: number
  readonly #cancelAlarm: () => void

  /** @throws ConsoleError `RPC_PARAMS_INVALID` when the header `deadline` is no time. */
  constructor(method: string, context: RequestContext) {
    const { request, clock, receivedMs, pipe } = context
    this.method = method
    this.request = request
    this.pipe = pipe
    this.#context = context
    this.#deadlineMs = receivedMs + allowedMs(request)
    const { signal } = request
    this.#onAbort = () => this.#abort.abort(signal.reason)
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
    const hasDeadline = this.#deadlineMs !== Number.POSITIVE_INFINITY
    this.#cancelAlarm = hasDeadline
      ? clock.schedule(this.#deadlineMs, () => this.#abort.abort(this.#exceeded()))
      : () => {}
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  leftMs(): number {
    return Math.max(0, this.#deadlineMs - this.#context.clock.nowMs())
  }

  /** @throws ConsoleError `RPC_DEADLINE_EXCEEDED`, also where nothing drives the alarms of the endpoint. */
  checkTime(): void {
    if (this.#context.clock.nowMs() >= this.#deadlineMs) throw this.#exceeded()
  }

  /** What `step` resolves to. @throws the reason of the signal, when that aborts before. */
  unlessOver<T>(step: T | PromiseLike<T>): Promise<T> {
    const { signal } = this
    return new Promise((resolve, reject) => {
      const over = (): void => reject(signal.reason as ConsoleError)
      if (signal.aborted) over()
      signal.addEventListener('abort', over, { once: true })
      Promise.resolve(step)
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', over))
    })
  }

  /** The items of a stream until the signal aborts; the stream is then closed. */
  async *unlessOverEach<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = items[Symbol.asyncIterator]()
    try {
      for (;;) {
        const step: IteratorResult<T, unknown> = await this.unlessOver(iterator.next())
        if (step.done === true) return
        yield step.value
      }
    } finally {
      // Not waited for: it may wait for something that never comes.
      Promise.resolve(iterator.return?.()).catch(() => {})
    }
  }

  /** To be called when it is done. */
  close(): void {
    this.#cancelAlarm()
    this.request.signal.removeEventListener('abort', this.#onAbort)
  }

  #exceeded(): ConsoleError {
    const allowed = this.#deadlineMs - this.#context.receivedMs
    return new ConsoleError('RPC_DEADLINE_EXCEEDED', `"${this.method}" was not done within ${allowed} ms`)
  }
}

/** From the header, as a number or its digits. */
function allowedMs({ headers }: IncomingRequest): number {
  const given = headers[DEADLINE_HEADER]
  if (given === undefined || given === null) return Number.POSITIVE_INFINITY
  const ms = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
  if (typeof ms === 'number' && ms >= 0) return ms
  throw new ConsoleError(
    'RPC_PARAMS_INVALID',
    `the header "${DEADLINE_HEADER}" is not a number of milliseconds`,
  )
}
