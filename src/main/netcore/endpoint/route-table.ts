import type { Handler, IncomingRequest, RequestOutcome, RequestServer } from '../stack-types'

/** Exact routes and the handler for everything else. A failing handler harms nobody but its request. */
export class RouteTable implements RequestServer {
  readonly #handlers = new Map<string, Handler>()
  #unrouted: Handler | undefined

  /** The last handler given for a route is the one that runs. */
  route(route: string, handler: Handler): void {
    this.#handlers.set(route, handler)
  }

  onUnrouted(handler: Handler): void {
    this.#unrouted = handler
  }

  serve(request: IncomingRequest, outcome: RequestOutcome): boolean {
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
