import type { Blueprint, RouteGroup } from './blueprint'
import type { RouteOptions } from './endpoint-types'
import { type RouteBook, type RoutePlan, wrapped } from './route-book'

/**
 * Plans as the Python Netcore makes them (netcore-lso.md §9), for programs that came to rely on it: the default handler
 * runs without hooks and middleware, for any route, and its result is not sent; middleware is applied anew for each request.
 * Blueprints are taken apart by `leakInto` when they are registered.
 */
export class PythonRoutes implements RouteBook {
  readonly #root: RouteGroup

  constructor(root: RouteGroup) {
    this.#root = root
  }

  planFor(route: string): RoutePlan | undefined {
    const { routes, beforeHooks, afterHooks, middleware, errorHandler, defaultEntry } = this.#root
    const errorHandlers = errorHandler ? [errorHandler] : []
    const entry = routes.get(route)
    if (entry !== undefined) {
      const handler = wrapped(entry.handler, middleware)
      return {
        before: beforeHooks,
        handler,
        after: afterHooks,
        errorHandlers,
        isMute: false,
      }
    }
    if (defaultEntry === undefined) return undefined
    return { before: [], handler: defaultEntry.handler, after: [], errorHandlers, isMute: true }
  }

  optionsFor(route: string): RouteOptions | undefined {
    return this.#root.routes.get(route) ?? this.#root.defaultEntry
  }
}

/**
 * Registers a blueprint as the Python Netcore does: hooks and middleware are appended to those of the endpoint (unless they
 * are there), so that they run for all its routes, also those registered before; its error handler and its default handler
 * are taken when the endpoint has none. What is added to the blueprint later does not count.
 *
 * Not copied: that all routes of a blueprint run the handler registered last in it (netcore-lso.md §11 Q18).
 */
export function leakInto(root: RouteGroup, blueprint: Blueprint, outerPrefix = ''): void {
  const prefix = outerPrefix + blueprint.prefix
  for (const [route, { handler, ...options }] of blueprint.routes)
    root.request(prefix + route, options, handler)
  for (const hook of blueprint.beforeHooks) if (!root.beforeHooks.includes(hook)) root.before(hook)
  for (const hook of blueprint.afterHooks) if (!root.afterHooks.includes(hook)) root.after(hook)
  for (const wrap of blueprint.middleware) if (!root.middleware.includes(wrap)) root.use(wrap)
  const { errorHandler, defaultEntry } = blueprint
  if (errorHandler !== undefined && root.errorHandler === undefined) root.onError(errorHandler)
  if (defaultEntry !== undefined && root.defaultEntry === undefined) {
    const { handler, ...options } = defaultEntry
    root.onDefault(options, handler)
  }
  for (const child of blueprint.blueprints) leakInto(root, child, prefix)
}
