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
  /** What the handlers return is not sent: the default handler of the Python Netcore. */
  readonly isMute: boolean
}

/** Says what runs for a route. */
export interface RouteBook {
  /** @param path - Of the session; empty where sessions have none. */
  planFor(route: string, path: string): RoutePlan | undefined
  /** How the bodies of its requests gather. */
  optionsFor(route: string, path: string): RouteOptions | undefined
}

interface Planned extends RoutePlan {
  readonly options: RouteOptions
}

interface DefaultPlan {
  readonly prefix: string
  readonly isOfPath: boolean
  readonly plan: Planned
}

interface Compiled {
  readonly routes: ReadonlyMap<string, Planned>
  /** The longest prefix first; of equal ones that of the path, then the outer. */
  readonly defaults: readonly DefaultPlan[]
}

/**
 * Plans in which every group keeps what it brings to its own routes: hooks and middleware of outer groups surround those of
 * inner ones. Made when they are first needed after a change, not for each request.
 */
export class IsolatedRoutes implements RouteBook {
  readonly #root: RouteGroup
  /** By path, of those that blueprints name: what a peer makes up takes no memory. */
  readonly #compiled = new Map<string | undefined, Compiled>()
  #paths: ReadonlySet<string> | undefined

  constructor(root: RouteGroup) {
    this.#root = root
    root.watch(() => {
      this.#compiled.clear()
      this.#paths = undefined
    })
  }

  planFor(route: string, path: string): RoutePlan | undefined {
    return this.#find(route, path)
  }

  optionsFor(route: string, path: string): RouteOptions | undefined {
    return this.#find(route, path)?.options
  }

  #compiledFor(path: string): Compiled {
    this.#paths ??= this.#root.paths
    const known = this.#paths.has(path) ? path : undefined
    let compiled = this.#compiled.get(known)
    if (compiled === undefined) {
      compiled = compile(this.#root, known)
      this.#compiled.set(known, compiled)
    }
    return compiled
  }

  #find(route: string, path: string): Planned | undefined {
    const { routes, defaults } = this.#compiledFor(path)
    return routes.get(route) ?? defaults.find(({ prefix }) => liesUnder(prefix, route))?.plan
  }
}

function compile(root: RouteGroup, path: string | undefined): Compiled {
  const general = new Map<string, Planned>()
  const ofPath = new Map<string, Planned>()
  const defaults: DefaultPlan[] = []
  const visit = (group: RouteGroup, outer: readonly RouteGroup[], outerPrefix: string): void => {
    if (group.path !== undefined && group.path !== path) return
    const prefix = outerPrefix + group.prefix
    const chain = [...outer, group]
    const isOfPath = chain.some((each) => each.path !== undefined)
    const routes = isOfPath ? ofPath : general
    for (const [route, entry] of group.routes) routes.set(prefix + route, planOf(entry, chain))
    if (group.defaultEntry) defaults.push({ prefix, isOfPath, plan: planOf(group.defaultEntry, chain) })
    for (const child of group.blueprints) visit(child, chain, prefix)
  }
  visit(root, [], '')
  return {
    routes: new Map([...general, ...ofPath]),
    defaults: defaults.toSorted(
      (a, b) => b.prefix.length - a.prefix.length || Number(b.isOfPath) - Number(a.isOfPath),
    ),
  }
}

/** @param chain - The groups around the handler, the outermost first. */
function planOf(entry: RouteEntry, chain: readonly RouteGroup[]): Planned {
  const fromInside = chain.toReversed()
  return {
    before: chain.flatMap((group) => group.beforeHooks),
    handler: wrapped(
      entry.handler,
      fromInside.flatMap((group) => group.middleware),
    ),
    after: fromInside.flatMap((group) => group.afterHooks),
    errorHandlers: fromInside.flatMap(({ errorHandler }) => errorHandler ?? []),
    isMute: false,
    options: entry,
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
