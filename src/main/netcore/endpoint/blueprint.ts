import { ConsoleError } from '../../../shared/errors'
import type {
  AfterHook,
  BeforeHook,
  EndpointHandler,
  ErrorHandler,
  Middleware,
  RouteOptions,
} from './endpoint-types'

export interface RouteEntry extends RouteOptions {
  readonly handler: EndpointHandler
}

/**
 * Routes with what surrounds them: middleware, hooks, an error handler and a handler for everything else. All methods
 * return the group, so that calls can be chained; all may be called at any time, also while requests are served: the next
 * request sees them.
 */
export abstract class RouteGroup {
  /** Plain concatenation: the route of a request is `prefix + route`. */
  readonly prefix: string
  /** Path of the sessions that it serves; undefined: all. */
  readonly path: string | undefined
  readonly #routes = new Map<string, RouteEntry>()
  readonly #before: BeforeHook[] = []
  readonly #after: AfterHook[] = []
  readonly #middleware: Middleware[] = []
  readonly #children: Blueprint[] = []
  readonly #watchers = new Set<() => void>()
  #errorHandler: ErrorHandler | undefined
  #defaultEntry: RouteEntry | undefined

  constructor(prefix: string, path?: string) {
    this.prefix = prefix
    this.path = path
  }

  get routes(): ReadonlyMap<string, RouteEntry> {
    return this.#routes
  }

  get beforeHooks(): readonly BeforeHook[] {
    return this.#before
  }

  get afterHooks(): readonly AfterHook[] {
    return this.#after
  }

  /** In the order of registration: the last one is the outermost. */
  get middleware(): readonly Middleware[] {
    return this.#middleware
  }

  get blueprints(): readonly Blueprint[] {
    return this.#children
  }

  get errorHandler(): ErrorHandler | undefined {
    return this.#errorHandler
  }

  get defaultEntry(): RouteEntry | undefined {
    return this.#defaultEntry
  }

  /**
   * Serves requests whose route is exactly this (behind the prefix). The handler given last for a route is the one that
   * runs; each route has its own (the Python Netcore runs the last one of a blueprint for all its routes).
   */
  request(route: string, handler: EndpointHandler): this
  request(route: string, options: RouteOptions, handler: EndpointHandler): this
  request(route: string, second: RouteOptions | EndpointHandler, third?: EndpointHandler): this {
    this.#routes.set(route, entryOf(second, third))
    return this.#changed()
  }

  /**
   * Serves requests whose route begins with the prefix and has no handler of its own. Among several the one with the
   * longest prefix serves. Hooks and middleware run for it, and its result is the answer.
   */
  onDefault(handler: EndpointHandler): this
  onDefault(options: RouteOptions, handler: EndpointHandler): this
  onDefault(first: RouteOptions | EndpointHandler, second?: EndpointHandler): this {
    this.#defaultEntry = entryOf(first, second)
    return this.#changed()
  }

  /** Wraps all handlers of the group and of the groups in it. The last one added is the outermost of this group. */
  use(middleware: Middleware): this {
    this.#middleware.push(middleware)
    return this.#changed()
  }

  /** Runs before the handlers of the group and of the groups in it, outer groups first, in the order added. */
  before(hook: BeforeHook): this {
    this.#before.push(hook)
    return this.#changed()
  }

  /** Runs after the handlers of the group and of the groups in it, inner groups first, in the order added. */
  after(hook: AfterHook): this {
    this.#after.push(hook)
    return this.#changed()
  }

  /** Takes failures of the group's routes, also of the hooks and the middleware on the way to them. One per group. */
  onError(handler: ErrorHandler): this {
    this.#errorHandler = handler
    return this.#changed()
  }

  /**
   * Adds a blueprint with everything in it. What it brings holds for its own routes only. Adding it again is harmless; one
   * blueprint may be in several groups.
   *
   * @throws ConsoleError `BLUEPRINT_CYCLE` when this group lies within the blueprint.
   */
  register(blueprint: Blueprint): this {
    if (blueprint.contains(this)) {
      throw new ConsoleError('BLUEPRINT_CYCLE', `the blueprint "${blueprint.prefix}" would contain itself`)
    }
    if (this.#children.includes(blueprint)) return this
    this.#children.push(blueprint)
    blueprint.watch(() => this.#changed())
    return this.#changed()
  }

  /** Paths that blueprints in here are for. */
  get paths(): ReadonlySet<string> {
    const own = this.path === undefined ? [] : [this.path]
    return new Set([...own, ...this.#children.flatMap((child) => [...child.paths])])
  }

  contains(group: RouteGroup): boolean {
    return group === this || this.#children.some((child) => child.contains(group))
  }

  /** Calls `changed` whenever something was added here or in a group within. */
  watch(changed: () => void): void {
    this.#watchers.add(changed)
  }

  #changed(): this {
    for (const changed of this.#watchers) changed()
    return this
  }
}

export interface BlueprintOptions {
  /**
   * Only for sessions that were opened for exactly this path (`IncomingRequest.path`): there its routes go before those of
   * groups without a path; everywhere else they do not exist.
   */
  readonly path?: string
}

/** Routes that belong together: to be registered at an endpoint, or within another blueprint. */
export class Blueprint extends RouteGroup {
  constructor(prefix: string, { path }: BlueprintOptions = {}) {
    super(prefix, path)
  }
}

function entryOf(first: RouteOptions | EndpointHandler, second: EndpointHandler | undefined): RouteEntry {
  return typeof first === 'function' ? { handler: first } : { ...first, handler: second! }
}
