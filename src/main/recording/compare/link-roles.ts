/** A link of a recording as far as it can be told apart from others. */
export interface RecordedLink {
  readonly linkId: number
  readonly url: string
  readonly scheme: string
  readonly dialect: string
}

/**
 * Says which links of two recordings play the same part, as numbers that are the same in both: those with the same
 * address first, then those of one kind and dialect in order, then one after another. A link without a counterpart has
 * a number of its own.
 */
export function linkRoles(
  a: readonly RecordedLink[],
  b: readonly RecordedLink[],
): { readonly a: ReadonlyMap<number, number>; readonly b: ReadonlyMap<number, number> } {
  const roles = { a: new Map<number, number>(), b: new Map<number, number>() }
  let next = 0
  const pair = (isSame: (left: RecordedLink, right: RecordedLink) => boolean): void => {
    for (const left of a) {
      if (roles.a.has(left.linkId)) continue
      const right = b.find((link) => !roles.b.has(link.linkId) && isSame(left, link))
      if (right === undefined) continue
      roles.a.set(left.linkId, next)
      roles.b.set(right.linkId, next)
      next += 1
    }
  }
  pair((left, right) => left.url === right.url && left.dialect === right.dialect)
  pair((left, right) => left.scheme === right.scheme && left.dialect === right.dialect)
  pair((left, right) => left.dialect === right.dialect)
  pair(() => true)
  for (const [links, numbers] of [
    [a, roles.a],
    [b, roles.b],
  ] as const) {
    for (const { linkId } of links) {
      if (!numbers.has(linkId)) numbers.set(linkId, next++)
    }
  }
  return roles
}
