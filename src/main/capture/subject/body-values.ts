import { type BodyPath, valuesAt } from '../../../shared/body/body-paths'
import type { BodyNode, BodyTree } from '../../../shared/body/body-types'
import { shortText, timeText } from '../../../shared/body/short-text'
import type { SubjectValue, SubjectValues } from '../../../shared/filter/filter-types'
import type { Headers, LosslessJson } from '../../../shared/model/trace'

/** Characters of an object that is compared as a whole, as text. */
const MAX_OBJECT_CHARACTERS = 4096

/**
 * What a filter compares at a path of a body: the value; of a list, each of its items; of an object, the line
 * that lists show for it; of a time, its ISO form. `null` is no value, and neither is an empty list or object.
 */
export function bodyValues(tree: BodyTree, path: BodyPath): SubjectValues {
  const values: SubjectValue[] = []
  for (const node of valuesAt(tree, path)) {
    for (const item of node.kind === 'array' ? (node.children ?? []) : [node]) {
      const value = nodeValue(item)
      if (value !== undefined) values.push(value)
    }
  }
  return oneOrSeveral(values)
}

function nodeValue(node: BodyNode): SubjectValue | undefined {
  if (node.children?.length === 0) return undefined
  if (node.children !== undefined) return shortText(node, MAX_OBJECT_CHARACTERS)
  if (node.kind === 'time' && typeof node.scalar === 'bigint') return timeText(node.scalar)
  return node.scalar ?? undefined
}

/** The same for the headers of a message. */
export function headerValues(headers: Headers, path: BodyPath): SubjectValues {
  let found: LosslessJson | undefined = headers
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined
    // Names come from filters and peers: only what is really there counts.
    found = Object.hasOwn(found, step) ? (found as Readonly<Record<string, LosslessJson>>)[step] : undefined
  }
  if (found === undefined) return undefined
  const items = isList(found) ? found : [found]
  return oneOrSeveral(items.map(headerValue).filter((value) => value !== undefined))
}

function headerValue(value: LosslessJson): SubjectValue | undefined {
  if (value === null) return undefined
  if (typeof value !== 'object') return value
  if (Object.keys(value).length === 0) return undefined
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item))
}

const isList = (value: LosslessJson): value is readonly LosslessJson[] => Array.isArray(value)

const oneOrSeveral = (values: readonly SubjectValue[]): SubjectValues =>
  values.length > 1 ? values : values[0]
