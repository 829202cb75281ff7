import { type BodyPath, valuesAt } from '../../../shared/body/body-paths'
import type { BodyNode, BodyTree } from '../../../shared/body/body-types'
import { readJsonBody } from '../../../shared/body/json-reader'
import { skimJson } from '../../../shared/body/json-skim'
import { DEFAULT_MAX_NODES } from '../../../shared/body/tree-builder'
import { shortText, timeText } from '../../../shared/body/short-text'
import type { SubjectValue, SubjectValues } from '../../../shared/filter/filter-types'
import type { Headers, LosslessJson } from '../../../shared/model/trace'

/** Characters of an object that is compared as a whole, as text. */
const MAX_OBJECT_CHARACTERS = 4096

/**
 * What a filter compares at a path of a body: the value; of a list, each of its items; of an object, the line
 * that lists show for it; of a time, its ISO form. `null` is no value, and neither is an empty list or object.
 */
export const bodyValues = (tree: BodyTree, path: BodyPath): SubjectValues =>
  comparedValues(valuesAt(tree, path))

/** Bodies above this are decoded as a whole, whose tree has a limit. */
const MAX_SKIMMED_BYTES = 64 * 1024

/**
 * The same for a body of which nothing else is asked. Undefined when it has to be decoded as a whole; `found` is
 * undefined when there is no such value.
 */
export function skimmedValues(
  body: Uint8Array,
  path: BodyPath,
): { readonly found: SubjectValues } | undefined {
  if (path.length === 0 || body.length > MAX_SKIMMED_BYTES) return undefined
  const spans = skimJson(body, path)
  if (spans === undefined) return undefined
  const [span] = spans
  if (span === undefined) return NOTHING_FOUND
  if (spans.length === 1) {
    const value = plainScalar(body, span[0], span[1])
    if (value !== undefined) return { found: value }
  }
  return { found: comparedValues(spans.map(([from, to]) => decodedSpan(body, from, to))) }
}

const NOTHING_FOUND = { found: undefined }
const ZERO = 0x30
const QUOTE = 0x22
const BACKSLASH = 0x5c
const MAX_PLAIN_CHARACTERS = 32

/** What most fields are, read without a decoder: truth, whole numbers of few digits, short texts as they are. */
function plainScalar(body: Uint8Array, from: number, to: number): SubjectValue | undefined {
  const lead = body[from]
  if (lead === 0x74) return true
  if (lead === 0x66) return false
  return lead === QUOTE ? plainText(body, from + 1, to - 1) : smallInteger(body, from, to)
}

function plainText(body: Uint8Array, from: number, to: number): string | undefined {
  if (to - from > MAX_PLAIN_CHARACTERS) return undefined
  let text = ''
  for (let at = from; at < to; at++) {
    const byte = body[at]!
    if (byte >= 0x80 || byte === BACKSLASH) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}

function smallInteger(body: Uint8Array, from: number, to: number): number | undefined {
  if (to - from > 9) return undefined
  let value = 0
  for (let at = from; at < to; at++) {
    const digit = body[at]! - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value
}

/** The bytes are known to be one JSON value. */
function decodedSpan(body: Uint8Array, from: number, to: number): BodyNode {
  const { root } = readJsonBody(body.subarray(from, to), DEFAULT_MAX_NODES)
  if (root === null) throw new Error(`nothing was decoded from ${to - from} bytes`)
  return root
}

function comparedValues(nodes: readonly BodyNode[]): SubjectValues {
  const values: SubjectValue[] = []
  for (const node of nodes) {
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
