import { asConsoleError, ConsoleError } from '../../../shared/errors'
import type { IncomingHead } from '../dialects/dialect'
import { type EventHandler, Events, type SystemEvents } from '../events'
import type { BodyWriter } from '../pipe/message-body'
import type { Answer, IncomingRequest, Reply, RequestOutcome, RequestServer } from '../stack-types'
import { type Blueprint, RouteGroup } from './blueprint'
import { toReply } from './body-encoding'
import { Calls } from './calls'
import { Deadlines } from './deadlines'
import type {
  Asked,
  AskOptions,
  EndpointPipe,
  PostOptions,
  RequestScope,
  SendOptions,
  SentMessage,
  SubscribeOptions,
} from './endpoint-types'
import { PipeSet } from './pipe-set'
import { leakInto, PythonRoutes } from './python-routes'
import { IsolatedRoutes } from './route-book'
import { Service } from './service'
import type { Subscription } from './subscription'

/** Handlers that run at the same time, by default. */
export const MAX_CONCURRENT = 1024
/** Requests that may wait for their turn, by default. */
export const MAX_WAITING = 10_000

export interface EndpointOptions {
  /** Milliseconds of the session clock. */
  readonly nowMs: () => number
  /** When `wake` wants to be called; null: not at all. Needed for deadlines (RPC) that end by themselves. */
  readonly onWakeAt?: (atMs: number | null) => void
  /** Makes `currentRequest()` work below handlers. */
  readonly scope?: RequestScope
  /**
   * Handlers that run at the same time; a stream counts as long as it lasts. Default: 1024. With 1, handlers run one after
   * another, as in the Python Netcore; then a handler must not wait for a request that this endpoint would have to serve.
   */
  readonly maxConcurrent?: number
  /** Requests beyond them that wait for their turn: by priority, then in order. More are answered `ENDPOINT_BUSY`. Default: 10,000. */
  readonly maxWaiting?: number
  /**
   * Failures are answered with what went wrong (where the link does so too, which is its default). Default: true; with
   * `compat` false: the caller waits.
   */
  readonly answersErrors?: boolean
  /**
   * Behave like the Python Netcore 0.1.3 where it differs for programs that rely on it (netcore-lso.md §6, §9): what a
   * blueprint brings holds for all routes; only `Reply` objects are sent; what a default handler returns is not sent, and no
   * hooks run for it; failures without an error handler are not answered.
   */
  readonly compat?: 'python'
  /** What a handler of an event, or a callback, threw. Default: emitted as `fault`. */
  readonly onHandlerError?: (what: string, error: unknown) => void
}

/**
 * The application's side of the stack: routes with what surrounds them, requests and subscriptions of our own, on any
 * number of links at the same time. Pure: it has no timers; what it needs to know of time it is told.
 *
 * ```ts
 * const endpoint = createEndpoint({ clock })              // src/main/link/endpoint-link.ts
 *   .request('add', (request) => {
 *     const { a, b } = request.json() as { a: number; b: number }
 *     return { sum: a + b }
 *   })
 *   .request('count', async function* () { yield 1; yield 2; return 3 })
 *   .register(new Blueprint('/device').request('/info', () => INFO))
 * attachEndpoint(endpoint, link)
 * const { body } = await endpoint.send('echo', { text: 'hello' })
 * ```
 */
export class Endpoint extends RouteGroup implements RequestServer {
  readonly #options: EndpointOptions
  readonly #events: Events<SystemEvents>
  readonly #deadlines: Deadlines
  readonly #service: Service
  readonly #pipes = new PipeSet()
  readonly #calls = new Calls(this.#pipes)
  #state: 'new' | 'running' | 'stopped' = 'new'

  constructor(options: EndpointOptions) {
    super('')
    this.#options = options
    const { maxConcurrent = MAX_CONCURRENT, maxWaiting = MAX_WAITING, compat } = options
    const isPython = compat === 'python'
    this.#events = new Events<SystemEvents>({
      onError: (event, error) =>
        this.#handlerFailed(`a handler of the event "${event}"`, error, event === 'fault'),
    })
    this.#deadlines = new Deadlines({ nowMs: options.nowMs, onWakeAt: options.onWakeAt ?? (() => {}) })
    this.#service = new Service({
      book: isPython ? new PythonRoutes(this) : new IsolatedRoutes(this),
      clock: this.#deadlines,
      events: this.#events,
      scope: options.scope,
      maxConcurrent,
      maxWaiting,
      answersErrors: options.answersErrors ?? !isPython,
      sendsOnlyReplies: isPython,
    })
  }

  /** Handlers and streams that run now. */
  get running(): number {
    return this.#service.running
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#service.waiting
  }

  get wakeAtMs(): number | null {
    return this.#deadlines.wakeAtMs
  }

  wake(nowMs: number): void {
    this.#deadlines.wake(nowMs)
  }

  /**
   * @throws ConsoleError `BLUEPRINT_CYCLE`. With `compat: 'python'` what is added to the blueprint later does not count, and
   *   one for a path is refused with `OPTION_INVALID`.
   */
  override register(blueprint: Blueprint): this {
    if (this.#options.compat !== 'python') return super.register(blueprint)
    if (blueprint.paths.size > 0) {
      throw new ConsoleError('OPTION_INVALID', 'the Python Netcore knows no paths of sessions')
    }
    leakInto(this, blueprint)
    return this
  }

  // Life.

  /** Begins to serve; not needed before the first time, which is when a pipe is added or a request comes. */
  start(): this {
    if (this.#state === 'running') return this
    this.#state = 'running'
    this.#service.start()
    this.#calls.start()
    void this.#events.emit('start', { atMs: this.#options.nowMs() })
    return this
  }

  /**
   * Everything that waits on any pipe fails with `ENDPOINT_STOPPED`; requests that wait for their turn, come later, or are
   * being answered by a stream are answered so. Handlers that run are waited for: resolves when the last one is done (for
   * ever pending when one never is). The pipes stay, and `start` begins again.
   */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return
    const wasRunning = this.#state === 'running'
    this.#state = 'stopped'
    this.#calls.stop()
    await this.#service.stop()
    if (wasRunning) void this.#events.emit('stop', { atMs: this.#options.nowMs() })
  }

  // Pipes.

  /**
   * Serves what comes on the pipe from now on, and can send on it. At any time.
   *
   * @returns its name: the one given, or `pipe-1`, `pipe-2`, …
   * @throws ConsoleError `PIPE_NAME_TAKEN`.
   */
  addPipe(pipe: EndpointPipe, name?: string): string {
    if (this.#state === 'new') this.start()
    return this.#pipes.add(pipe, name, (ownName) => this.#serverOf(ownName))
  }

  /**
   * What waits for an answer on that pipe fails with `PIPE_REMOVED`; nothing else is touched: not the other pipes, nor the
   * link itself, nor handlers of its requests, which can still answer. False when there is no such pipe.
   */
  removePipe(name: string): boolean {
    return this.#pipes.remove(name)
  }

  /** In the order added. */
  get pipes(): readonly string[] {
    return this.#pipes.names
  }

  // Serving.

  /** For a stack that is served without being a pipe of this endpoint: `stack.serveWith(endpoint)`. */
  serve(request: IncomingRequest, outcome: RequestOutcome): boolean {
    return this.#serve(request, outcome, '')
  }

  bodyWriter(head: IncomingHead): BodyWriter | undefined {
    return this.#service.bodyWriter(head)
  }

  /**
   * An answer from outside the handler's result, any number of them (`hasMore` says that others follow). Goes back where
   * the request came from.
   *
   * @throws ConsoleError `BODY_NOT_ENCODABLE`, `QUEUE_FULL`, `LINK_LOST`, `REQUEST_CANCELLED`.
   */
  sendResponse(request: IncomingRequest, value: unknown, rest: Omit<Reply, 'body'> = {}): void {
    this.#service.reply(request, { ...toReply(value), ...rest })
  }

  // Asking.

  /**
   * Sends a request and waits for its answer. Never throws: what is wrong comes by the promise. Not listening to it is
   * harmless. A stored body of the answer belongs to the caller, who releases it.
   *
   * @param body - See `encodeBody`; bytes and sources are borrowed until the request has left.
   * @returns rejects with ConsoleError `PEER_FAILED` when the peer answers with an error (its words are in the details);
   *   `PIPE_UNKNOWN`, `PIPE_REMOVED`, `ENDPOINT_STOPPED`, `BODY_NOT_ENCODABLE`, `REQUEST_CANCELLED`, and what
   *   `Link.request` and `PendingRequest.answer` say.
   */
  send(route: string, body?: unknown, options: SendOptions = {}): Promise<Answer> {
    let answer: Promise<Answer>
    try {
      answer = this.ask(route, body, options).answer
    } catch (error) {
      answer = Promise.reject(asConsoleError(error))
      answer.catch(() => {})
    }
    const { callback } = options
    if (callback !== undefined) {
      answer
        .then(
          (got) => callback(null, got),
          (error: unknown) => callback(asConsoleError(error), undefined),
        )
        .catch((error: unknown) => this.#handlerFailed(`the callback for "${route}"`, error, false))
    }
    return answer
  }

  /** As `send`, for those who need the ids or want to cancel by hand. @throws what `send` rejects with at once. */
  ask(route: string, body?: unknown, options: AskOptions = {}): Asked {
    return this.#calls.ask(route, body, options)
  }

  /**
   * Sends without waiting for an answer. An event (the default) is not answered; a request may be, and its answer is
   * ignored: the Python Netcore answers events too, without saying what the answer belongs to.
   *
   * @throws ConsoleError `PIPE_UNKNOWN`, `ENDPOINT_STOPPED`, `BODY_NOT_ENCODABLE`, and what `Link.send` says.
   */
  post(
    route: string,
    body?: unknown,
    options: PostOptions & { readonly kind?: 'event' | 'request' } = {},
  ): SentMessage {
    return this.#calls.post(route, body, options.kind ?? 'event', options)
  }

  /** Takes back what has not left yet, and ends the wait for the answer. False when nothing was left, or the pipe is gone. */
  cancel(message: SentMessage): boolean {
    return this.#pipes.get(message.pipe)?.pipe.cancel(message.messageKey) ?? false
  }

  /**
   * Sends a request and gives all its answers, see `Subscription`. `timeoutMs` counts until the first answer begins to come.
   *
   * @throws ConsoleError what `send` rejects with at once.
   */
  subscribe(route: string, body?: unknown, options: SubscribeOptions = {}): Subscription {
    return this.#calls.subscribe(route, body, options)
  }

  // Events.

  /** @returns takes this registration back. @throws ConsoleError `HANDLERS_TOO_MANY`. */
  on<E extends keyof SystemEvents>(event: E, handler: EventHandler<SystemEvents[E]>): () => void {
    return this.#events.on(event, handler)
  }

  /** @returns takes this registration back. @throws ConsoleError `HANDLERS_TOO_MANY`. */
  once<E extends keyof SystemEvents>(event: E, handler: EventHandler<SystemEvents[E]>): () => void {
    return this.#events.once(event, handler)
  }

  off<E extends keyof SystemEvents>(event: E, handler?: EventHandler<SystemEvents[E]>): void {
    this.#events.off(event, handler)
  }

  /** For what carries the pipes: tells of links, faults and cancelled messages. */
  emit<E extends keyof SystemEvents>(event: E, payload: SystemEvents[E]): void {
    if (this.#events.handlerCount(event) > 0) void this.#events.emit(event, payload)
  }

  #serverOf(pipe: string): RequestServer {
    return {
      serve: (request, outcome) => this.#serve(request, outcome, pipe),
      bodyWriter: (head) => this.#service.bodyWriter(head),
    }
  }

  #serve(request: IncomingRequest, outcome: RequestOutcome, pipe: string): boolean {
    if (this.#state === 'new') this.start()
    return this.#service.serve(request, outcome, pipe)
  }

  /** @param isLast - It is the telling of faults that failed: nobody is left to tell. */
  #handlerFailed(what: string, error: unknown, isLast: boolean): void {
    const { onHandlerError, nowMs } = this.#options
    if (onHandlerError !== undefined) onHandlerError(what, error)
    else if (!isLast) {
      const reason = error instanceof Error ? error.message : String(error)
      this.emit('fault', {
        atMs: nowMs(),
        linkId: 0,
        code: 'HANDLER_FAILED',
        detail: `${what} failed: ${reason}`,
      })
    }
  }
}
