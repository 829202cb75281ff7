import type { Handler, Reply } from '../stack-types'
import type { ReceivedRequest } from './received-request'

/** What became of a request that was handed to its handler. */
export interface HandlerOutcome {
  /** The handler is done; without a reply it has nothing (more) to say. */
  finished(request: ReceivedRequest, reply: Reply | undefined): void
  failed(request: ReceivedRequest, error: unknown): void
}

/** Exact routes and the handler for everything else. A failing handler harms nobody but its request. */
export class RouteTable {
  readonly #handlers = new Map<string, Handler>()
  #unrouted: Handler | undefined

  /** The last handler given for a route is the one that runs. */
  route(route: string, handler: Handler): void {
    this.#handlers.set(route, handler)
  }

  onUnrouted(handler: Handler): void {
    this.#unrouted = handler
  }

  /** Runs the handler of the request. False when there is none. */
  dispatch(request: ReceivedRequest, outcome: HandlerOutcome): boolean {
    const handler = this.#handlers.get(request.route) ?? this.#unrouted
    if (handler === undefined) return false
    let result: ReturnType<Handler>
    try {
      result = handler(request)
    } catch (error) {
      outcome.failed(request, error)
      return true
    }
    if (result instanceof Promise) {
      result.then(
        (reply) => outcome.finished(request, reply),
        (error: unknown) => outcome.failed(request, error),
      )
    } else outcome.finished(request, result)
    return true
  }
}
