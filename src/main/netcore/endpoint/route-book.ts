import type { RouteEntry, RouteGroup } from './blueprint'
import type {
  AfterHook,
  BeforeHook,
  EndpointHandler,
  ErrorHandler,
  Middleware,
  RouteOptions,
} from './endpoint-types'

/** All that runs for a request of one route. */
export interface RoutePlan {
  readonly before: readonly BeforeHook[]
  /** With the middleware around it. */
  readonly handler: EndpointHandler
  readonly after: readonly AfterHook[]
  /** The nearest first. */
  readonly errorHandlers: readonly ErrorHandler[]
  readonly body: RouteOptions['body']
  /** What the handlers return is not sent: the default handler of the Python Netcore. */
  readonly isMute: boolean
}

/** Says what runs for a route. */
export interface RouteBook {
  planFor(route: string): RoutePlan | undefined
}

interface DefaultPlan {
  readonly prefix: string
  readonly plan: RoutePlan
}

interface Compiled {
  readonly routes: ReadonlyMap<string, RoutePlan>
  /** The longest prefix first; of equal ones the outer first. */
  readonly defaults: readonly DefaultPlan[]
}

/**
 * Plans in which every group keeps what it brings to its own routes: hooks and middleware of outer groups surround those of
 * inner ones. Made when they are first needed after a change, not for each request.
 */
export class IsolatedRoutes implements RouteBook {
  readonly #root: RouteGroup
  #compiled: Compiled | undefined

  constructor(root: RouteGroup) {
    this.#root = root
    root.watch(() => {
      this.#compiled = undefined
    })
  }

  planFor(route: string): RoutePlan | undefined {
    this.#compiled ??= compile(this.#root)
    const { routes, defaults } = this.#compiled
    return routes.get(route) ?? defaults.find(({ prefix }) => liesUnder(prefix, route))?.plan
  }
}

function compile(root: RouteGroup): Compiled {
  const routes = new Map<string, RoutePlan>()
  const defaults: DefaultPlan[] = []
  const visit = (group: RouteGroup, outer: readonly RouteGroup[], outerPrefix: string): void => {
    const prefix = outerPrefix + group.prefix
    const chain = [...outer, group]
    for (const [route, entry] of group.routes) routes.set(prefix + route, planOf(entry, chain))
    if (group.defaultEntry) defaults.push({ prefix, plan: planOf(group.defaultEntry, chain) })
    for (const child of group.blueprints) visit(child, chain, prefix)
  }
  visit(root, [], '')
  return { routes, defaults: defaults.toSorted((a, b) => b.prefix.length - a.prefix.length) }
}

/** @param chain - The groups around the handler, the outermost first. */
function planOf({ handler, body }: RouteEntry, chain: readonly RouteGroup[]): RoutePlan {
  const fromInside = chain.toReversed()
  return {
    before: chain.flatMap((group) => group.beforeHooks),
    handler: wrapped(
      handler,
      fromInside.flatMap((group) => group.middleware),
    ),
    after: fromInside.flatMap((group) => group.afterHooks),
    errorHandlers: fromInside.flatMap(({ errorHandler }) => errorHandler ?? []),
    body,
    isMute: false,
  }
}

export const wrapped = (handler: EndpointHandler, middleware: readonly Middleware[]): EndpointHandler =>
  middleware.reduce<EndpointHandler>((inner, wrap) => wrap(inner), handler)

/** `/device` covers `/device` and `/device/x`, not `/devices`: that is another word. */
function liesUnder(prefix: string, route: string): boolean {
  if (!route.startsWith(prefix)) return false
  const next = route[prefix.length]
  const last = prefix.at(-1)
  if (next === undefined || last === undefined) return true
  return !(WORD.test(last) && WORD.test(next))
}

const WORD = /[\p{L}\p{N}_]/u
