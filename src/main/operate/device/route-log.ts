import {
  KEPT_DURATIONS,
  MAX_LISTED_ROUTES,
  type RouteFigures,
  type RoutesState,
} from '../../../shared/model/device-log'
import { STATUS_ERROR, STATUS_HEADER } from '../../../shared/model/peer-error'
import type { Direction, MessageOpened, TraceEvent } from '../../../shared/model/trace'

/** Requests of one link whose answers are still awaited. */
const MAX_OPEN_REQUESTS = 8192

interface Route {
  readonly linkId: number
  readonly dir: Direction
  readonly route: string
  requests: number
  events: number
  answers: number
  errors: number
  readonly durations: Float64Array
  measured: number
  lastAtMs: number
  lastKey: number
}

interface OpenRequest {
  readonly route: Route
  /** When all of it was there; NaN before. */
  thereAtMs: number
}

/** What passes on the routes of all links, both ways: an observer of the trace, bounded. */
export class RouteLog {
  readonly #messageIdOf: (linkId: number, messageKey: number) => number
  readonly #maxRoutes: number
  readonly #routes: Route[] = []
  /** By the direction, the link and the name. */
  readonly #byName = { in: new Map<number, Map<string, Route>>(), out: new Map<number, Map<string, Route>>() }
  readonly #requests = new Map<string, OpenRequest>()
  readonly #unlisted = new Set<string>()
  readonly #listeners = new Set<() => void>()
  #version = 0

  /** @param messageIdOf - Number of a message in the capture. */
  constructor(messageIdOf: (linkId: number, messageKey: number) => number, maxRoutes = MAX_LISTED_ROUTES) {
    this.#messageIdOf = messageIdOf
    this.#maxRoutes = maxRoutes
  }

  /** Grows whenever `state` may be another. */
  get version(): number {
    return this.#version
  }

  /** Calls `listener` when a figure changed: it must be cheap. Returns how to end it. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  readonly observe = (event: TraceEvent): void => {
    const before = this.#version
    this.#note(event)
    if (this.#version === before) return
    for (const listener of this.#listeners) listener()
  }

  #note(event: TraceEvent): void {
    switch (event.type) {
      case 'message-opened':
        if (event.kind === 'request' || event.kind === 'event') this.#began(event)
        else if (event.answersKey !== 0 && event.kind === 'response') this.#answered(event)
        return
      case 'message-closed': {
        if (this.#requests.size === 0) return
        const open = this.#requests.get(`${event.linkId}:${event.messageKey}`)
        if (open === undefined) return
        if (event.outcome === 'complete') open.thereAtMs = event.atMs
        else this.#requests.delete(`${event.linkId}:${event.messageKey}`)
        return
      }
      case 'request-settled': {
        const key = `${event.linkId}:${event.requestKey}`
        const open = this.#requests.get(key)
        this.#requests.delete(key)
        if (open === undefined || event.code === null) return
        open.route.errors += 1
        this.#version += 1
        return
      }
      default:
    }
  }

  state(): RoutesState {
    const routes = this.#routes.map((route): RouteFigures => {
      const { linkId, dir, route: name, requests, events, answers, errors, lastAtMs, lastKey } = route
      const durations = route.durations.slice(0, Math.min(route.measured, KEPT_DURATIONS)).toSorted()
      const isMeasured = durations.length > 0
      const sum = durations.reduce((total, ms) => total + ms, 0)
      return {
        linkId,
        dir,
        route: name,
        requests,
        events,
        answers,
        errors,
        meanMs: isMeasured ? sum / durations.length : null,
        p99Ms: isMeasured ? durations[Math.ceil(durations.length * 0.99) - 1]! : null,
        lastAtMs,
        lastMessageId: this.#messageIdOf(linkId, lastKey),
      }
    })
    return { routes, unlisted: this.#unlisted.size }
  }

  #began({ linkId, dir, route: name, kind, messageKey, atMs }: MessageOpened): void {
    const route = this.#routeOf(linkId, dir, name)
    if (route === undefined) return
    this.#version += 1
    route.lastAtMs = atMs
    route.lastKey = messageKey
    if (kind === 'event') {
      route.events += 1
      return
    }
    route.requests += 1
    this.#requests.set(`${linkId}:${messageKey}`, { route, thereAtMs: Number.NaN })
    if (this.#requests.size > MAX_OPEN_REQUESTS) this.#requests.delete(this.#requests.keys().next().value!)
  }

  #answered({ linkId, dir, answersKey, atMs, headers }: MessageOpened): void {
    const open = this.#requests.get(`${linkId}:${answersKey}`)
    if (open === undefined || open.route.dir === dir) return
    const { route, thereAtMs } = open
    route.answers += 1
    if (headers[STATUS_HEADER] === STATUS_ERROR) route.errors += 1
    if (!Number.isNaN(thereAtMs)) {
      route.durations[route.measured % KEPT_DURATIONS] = Math.max(0, atMs - thereAtMs)
      route.measured += 1
    }
    this.#version += 1
  }

  #routeOf(linkId: number, dir: Direction, name: string): Route | undefined {
    const byLink = this.#byName[dir]
    const names = byLink.get(linkId) ?? new Map<string, Route>()
    const known = names.get(name)
    if (known !== undefined) return known
    if (this.#routes.length >= this.#maxRoutes) {
      if (this.#unlisted.size < this.#maxRoutes) this.#unlisted.add(`${linkId}:${dir}:${name}`)
      this.#version += 1
      return undefined
    }
    const route: Route = {
      linkId,
      dir,
      route: name,
      requests: 0,
      events: 0,
      answers: 0,
      errors: 0,
      durations: new Float64Array(KEPT_DURATIONS),
      measured: 0,
      lastAtMs: 0,
      lastKey: 0,
    }
    this.#routes.push(route)
    byLink.set(linkId, names.set(name, route))
    return route
  }
}
