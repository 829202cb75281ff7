/** What of a responder decides who is asked first. */
interface Claim {
  readonly route: string
  readonly path: string
  readonly name: string
}

/**
 * Orders patterns by how closely they name a request: one path before all of them, then the whole route, then the longest
 * beginning. Ties go by the name of the responder, so that it is the same on every machine.
 */
export function byCloseness(left: Claim, right: Claim): number {
  const byPath = Number(left.path === '') - Number(right.path === '')
  if (byPath !== 0) return byPath
  const byKind = Number(left.route.endsWith('*')) - Number(right.route.endsWith('*'))
  if (byKind !== 0) return byKind
  if (left.route.length !== right.route.length) return right.route.length - left.route.length
  if (left.name === right.name) return 0
  return left.name < right.name ? -1 : 1
}
