import type { BodyPath } from '../../../shared/body/body-paths'
import type { BodyNode } from '../../../shared/body/body-types'
import type { FieldRef, FilterNode, FilterValue } from '../../../shared/filter/filter-types'
import { printField, printFilter } from '../../../shared/filter/print'

const fieldRef = (path: BodyPath): FieldRef => ({ name: 'body', path, slice: null })

/** A part of a body as the filter language writes it: `body.items[0]."a b"`. */
export const bodyField = (path: BodyPath): string => printField(fieldRef(path))

/** A filter that holds for bodies in which this part has this value; or is there at all, where it has no one value. */
export function bodyFilter(path: BodyPath, node: BodyNode): string {
  const place = { from: 0, to: 0, field: fieldRef(path) }
  const value = filterValue(node)
  const filter: FilterNode =
    value === null ? { ...place, op: 'has' } : { ...place, op: 'compare', comparison: '==', value }
  return printFilter(filter)
}

function filterValue({ kind, scalar }: BodyNode): FilterValue | null {
  if (typeof scalar === 'string') return { kind: 'text', text: scalar }
  if (typeof scalar === 'boolean') return { kind: 'boolean', value: scalar }
  if (scalar instanceof Uint8Array) return { kind: 'bytes', bytes: scalar }
  if (kind !== 'time' && (typeof scalar === 'number' || typeof scalar === 'bigint')) {
    return { kind: 'number', value: scalar, unit: null }
  }
  return null
}
