import { nothing } from './fields'

/** Commands for routes, events and problems of the session. */
export const sessionRequests = {
  'routes.list': nothing,
  'problems.list': nothing,
} as const

/** What can be followed of it. */
export const sessionSubscriptions = {
  /** What passed on the routes of all links, whenever something did, at most twice a second. */
  routes: nothing,
  /** What happened to the program and to its links: what is kept first, then what comes. */
  events: nothing,
  /** What is wrong now: all of it on subscribing and whenever it changed. */
  problems: nothing,
} as const
