import { asConsoleError, ConsoleError, hasCode } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import type { Priority } from '../../../shared/model/trace'
import type { IncomingHead } from '../dialects/dialect'
import type { Events, SystemEvents } from '../events'
import type { BodyWriter } from '../pipe/message-body'
import type { IncomingRequest, Reply, RequestOutcome } from '../stack-types'
import { isThenable } from '../thenable'
import { AnswerStream, isStream, type Stream } from './answer-stream'
import { isReply, toReply } from './body-encoding'
import type { RequestContext, RequestScope } from './endpoint-types'
import type { RouteBook, RoutePlan } from './route-book'
import { runPlan } from './run-plan'
import { UntoldFailure } from './told-error'
import { type Job, Turnstile } from './turnstile'

export interface ServiceOptions {
  readonly book: RouteBook
  readonly clock: Clock
  readonly events: Events<SystemEvents>
  readonly scope: RequestScope | undefined
  readonly maxConcurrent: number
  readonly maxWaiting: number
  readonly answersErrors: boolean
  /** Only replies are sent; every other result is dropped (netcore-lso.md §6). */
  readonly sendsOnlyReplies: boolean
}

/** The side of an endpoint that serves requests: finds what has to run, lets it run in its turn, sends what comes of it. */
export class Service {
  readonly #options: ServiceOptions
  readonly #turnstile: Turnstile<Serving>
  readonly #streams = new Set<AnswerStream>()
  #isStopped = false
  #idleWaiters: (() => void)[] = []

  constructor(options: ServiceOptions) {
    this.#options = options
    this.#turnstile = new Turnstile(options.maxConcurrent, options.maxWaiting)
  }

  /** Handlers that run now. */
  get running(): number {
    return this.#turnstile.running
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.#turnstile.waiting
  }

  start(): void {
    this.#isStopped = false
  }

  /** @returns false when nothing serves this route. */
  serve(request: IncomingRequest, outcome: RequestOutcome, pipe: string): boolean {
    if (this.#isStopped) {
      this.#giveUp(request, outcome, new ConsoleError('ENDPOINT_STOPPED', 'the endpoint does not serve now'))
      return true
    }
    const { book, clock } = this.#options
    let plan: RoutePlan | undefined
    try {
      plan = book.planFor(request.route, request.path)
    } catch (error) {
      this.#giveUp(request, outcome, error) // a middleware failed to wrap its handler
      return true
    }
    if (plan === undefined) return this.#unrouted(request, outcome)
    const serving = new Serving(
      request,
      outcome,
      plan,
      { request, pipe, receivedMs: clock.nowMs(), clock },
      (begun) => this.#begin(begun),
    )
    const admission = this.#turnstile.admit(serving)
    if (admission === 'refused') {
      const message = `${this.#turnstile.waiting} requests wait already`
      this.#giveUp(request, outcome, new ConsoleError('ENDPOINT_BUSY', message))
    } else if (admission === 'waiting') this.#watchWaiting(serving)
    return true
  }

  /** @throws ConsoleError: the message fails alone. */
  bodyWriter(head: IncomingHead): BodyWriter | undefined {
    if (this.#isStopped || head.kind === 'response') return undefined
    try {
      return this.#options.book.optionsFor(head.route, head.path ?? '')?.body?.(head)
    } catch (error) {
      throw asConsoleError(error)
    }
  }

  /** Answers of a handler that sends them itself. @throws ConsoleError as `IncomingRequest.reply`. */
  reply(request: IncomingRequest, reply: Reply): void {
    request.reply(reply)
    this.#tellResponse(request, reply)
  }

  /** Refuses what comes and what waits, ends what streams. Resolves when nothing runs any more. */
  stop(): Promise<void> {
    this.#isStopped = true
    const reason = new ConsoleError('ENDPOINT_STOPPED', 'the endpoint was stopped')
    for (const { request, outcome } of this.#turnstile.clear()) this.#giveUp(request, outcome, reason)
    for (const stream of this.#streams) stream.stop(reason)
    if (this.running === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idleWaiters.push(resolve))
  }

  #unrouted(request: IncomingRequest, outcome: RequestOutcome): boolean {
    this.#tellRequest(request, false)
    if (this.#options.answersErrors || !request.isAnswerable) return false
    const error = new ConsoleError('ROUTE_UNKNOWN', `there is no handler for the route "${request.route}"`)
    outcome.failed(request, new UntoldFailure(error))
    return true
  }

  /** A request that nobody wants answered any more gives up its place. */
  #watchWaiting(serving: Serving): void {
    const { request, outcome } = serving
    serving.watch(() => {
      if (this.#turnstile.forget(serving)) outcome.finished(request, undefined)
    })
  }

  #begin(serving: Serving): void {
    serving.unwatch()
    const { scope } = this.#options
    if (scope) scope.run(serving.context, () => this.#run(serving))
    else this.#run(serving)
  }

  #run(serving: Serving): void {
    const { plan, request, context } = serving
    let result: unknown
    let isLater: boolean
    try {
      result = runPlan(plan, request, context)
      isLater = isThenable(result)
    } catch (error) {
      this.#failed(serving, error)
      return
    }
    if (!isLater) this.#returned(serving, result)
    else {
      Promise.resolve(result).then(
        (value) => this.#returned(serving, value),
        (error: unknown) => this.#failed(serving, error),
      )
    }
  }

  #returned(serving: Serving, value: unknown): void {
    this.#tellServed(serving)
    let reply: Reply | undefined
    try {
      if (this.#isSent(serving, value)) {
        if (isStream(value)) {
          void this.#stream(serving, value)
          return
        }
        reply = toReply(value)
      }
    } catch (error) {
      this.#failed(serving, error)
      return
    }
    this.#finish(serving, reply)
  }

  #isSent({ plan, request }: Serving, value: unknown): boolean {
    if (value === undefined || plan.isMute || request.kind === 'event') return false
    return !this.#options.sendsOnlyReplies || isReply(value)
  }

  async #stream(serving: Serving, values: Stream): Promise<void> {
    const { request } = serving
    const stream = new AnswerStream(request, values, (reply) => this.#tellResponse(request, reply))
    this.#streams.add(stream)
    try {
      const last = await stream.run()
      // A dialect which does not know that many answers were wanted is not told of their end by `finished`.
      if (last === undefined && !request.isSubscription) request.end()
      this.#finish(serving, last)
    } catch (error) {
      if (request.signal.aborted) this.#finish(serving, undefined)
      else this.#failed(serving, error)
    } finally {
      this.#streams.delete(stream)
    }
  }

  #failed(serving: Serving, error: unknown): void {
    this.#tellServed(serving)
    const { plan, request, outcome } = serving
    if (plan.errorHandlers.length > 0 && !this.#isNoFailure(request, error)) {
      void this.#recover(serving, error)
      return
    }
    this.#giveUp(request, outcome, error)
    this.#leave()
  }

  /** That nobody wants the answer any more, or that the endpoint stops, is not the handler's fault. */
  #isNoFailure({ signal }: IncomingRequest, error: unknown): boolean {
    return hasCode(error, 'ENDPOINT_STOPPED') || (signal.aborted && error === signal.reason)
  }

  async #recover(serving: Serving, error: unknown): Promise<void> {
    const { plan, request, context, outcome } = serving
    let cause = error
    for (const handler of plan.errorHandlers) {
      try {
        const value = await handler(cause, request, context)
        if (value === undefined) continue
        this.#finish(serving, this.#isSent(serving, value) ? toReply(value) : undefined)
        return
      } catch (failure) {
        cause = failure
      }
    }
    this.#giveUp(request, outcome, cause)
    this.#leave()
  }

  #finish(serving: Serving, reply: Reply | undefined): void {
    const { request, outcome } = serving
    outcome.finished(request, reply)
    if (reply !== undefined) this.#tellResponse(request, reply)
    this.#leave()
  }

  #giveUp(request: IncomingRequest, outcome: RequestOutcome, error: unknown): void {
    outcome.failed(request, this.#options.answersErrors ? error : new UntoldFailure(error))
  }

  #leave(): void {
    this.#turnstile.leave()
    if (this.running > 0) return
    for (const resolve of this.#idleWaiters.splice(0)) resolve()
  }

  #tellServed(serving: Serving): void {
    if (serving.isTold) return
    serving.isTold = true
    this.#tellRequest(serving.request, true)
  }

  #tellRequest(request: IncomingRequest, isHandled: boolean): void {
    const { events, clock } = this.#options
    if (events.handlerCount('request') === 0) return
    void events.emit('request', { atMs: clock.nowMs(), request, isHandled })
  }

  #tellResponse(request: IncomingRequest, reply: Reply): void {
    const { events, clock } = this.#options
    if (events.handlerCount('response') === 0) return
    void events.emit('response', { atMs: clock.nowMs(), request, reply })
  }
}

/** One request while it is being served. */
class Serving implements Job {
  readonly request: IncomingRequest
  readonly outcome: RequestOutcome
  readonly plan: RoutePlan
  readonly context: RequestContext
  readonly #begin: (serving: Serving) => void
  #unwanted: (() => void) | undefined
  /** The event `request` was emitted. */
  isTold = false

  constructor(
    request: IncomingRequest,
    outcome: RequestOutcome,
    plan: RoutePlan,
    context: RequestContext,
    begin: (serving: Serving) => void,
  ) {
    this.request = request
    this.outcome = outcome
    this.plan = plan
    this.context = context
    this.#begin = begin
  }

  get priority(): Priority {
    return this.request.priority
  }

  start(): void {
    this.#begin(this)
  }

  watch(unwanted: () => void): void {
    this.#unwanted = unwanted
    this.request.signal.addEventListener('abort', unwanted, { once: true })
  }

  unwatch(): void {
    if (this.#unwanted) this.request.signal.removeEventListener('abort', this.#unwanted)
  }
}
