import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode } from '../../../shared/body/body-types'
import { printField } from '../../../shared/filter'
import type { NumericField } from '../../../shared/model/series'
import type { RowFilter } from '../views/row-filter'
import type { ViewSource } from '../views/view'

const MAX_MESSAGES = 2000
const MAX_PER_ROUTE = 4
const MAX_FIELDS = 200
const MAX_BODY_BYTES = 65_536
const MAX_NODES = 500
const MAX_DEPTH = 8
/** Of a list, the first items are offered. */
const MAX_ITEMS = 4

/** Paths inside recent bodies that lead to a number: the latest messages, a few of each route. */
export function numericFields({ messages }: ViewSource, filter: RowFilter | null): NumericField[] {
  const found = new Map<string, NumericField>()
  const looked = new Map<string, number>()
  const oldest = Math.max(messages.firstId, messages.nextId - MAX_MESSAGES)
  for (let id = messages.nextId - 1; id >= oldest && found.size < MAX_FIELDS; id--) {
    const columns = messages.columnsOf(id)
    const at = messages.indexOf(id)
    const route = columns.routes[at]!
    const body = messages.bodyOf(id)
    const times = looked.get(route) ?? 0
    if (body === undefined || body.length === 0 || times >= MAX_PER_ROUTE) continue
    if (filter !== null && !filter.admits(columns, at, id)) continue
    looked.set(route, times + 1)
    if (body.length > MAX_BODY_BYTES) continue
    const { root } = bodyTree(body, { maxNodes: MAX_NODES })
    if (root === null) continue
    for (const [path, example] of numbersIn(root, [])) {
      const field = printField({ name: 'body', path, slice: null })
      const key = `${route}\n${field}`
      if (!found.has(key)) found.set(key, { field, route, example })
      if (found.size >= MAX_FIELDS) break
    }
  }
  return [...found.values()].sort((a, b) => compare(a.route, b.route) || compare(a.field, b.field))
}

function* numbersIn(
  node: BodyNode,
  path: readonly (string | number)[],
): Generator<readonly [readonly (string | number)[], number]> {
  const { scalar, children, kind } = node
  if (kind !== 'time' && (typeof scalar === 'number' || typeof scalar === 'bigint'))
    yield [path, Number(scalar)]
  if (children === undefined || path.length >= MAX_DEPTH) return
  for (const child of kind === 'array' ? children.slice(0, MAX_ITEMS) : children) {
    yield* numbersIn(child, [...path, child.key ?? 0])
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
