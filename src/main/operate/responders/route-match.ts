/**
 * Orders patterns by how closely they name a route: the whole route first, then the longest beginning. Ties go by the
 * name of the responder, so that it is the same on every machine.
 */
export function byCloseness(
  left: { readonly route: string; readonly name: string },
  right: { readonly route: string; readonly name: string },
): number {
  const byKind = Number(left.route.endsWith('*')) - Number(right.route.endsWith('*'))
  if (byKind !== 0) return byKind
  if (left.route.length !== right.route.length) return right.route.length - left.route.length
  if (left.name === right.name) return 0
  return left.name < right.name ? -1 : 1
}
