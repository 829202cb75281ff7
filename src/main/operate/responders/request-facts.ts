import { type BodyPath, valueAt } from '../../../shared/body/body-paths'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode, BodyTree } from '../../../shared/body/body-types'
import { timeText } from '../../../shared/body/short-text'
import { lenientUtf8, toHex } from '../../../shared/bytes'
import type { LosslessJson } from '../../../shared/model/trace'
import type { PlaceholderValue, Placeholders } from './answer-template'

/** The part of a request that answers are made of. */
export interface RequestFacts {
  readonly route: string
  readonly ref: string
  readonly headers: Readonly<Record<string, LosslessJson>>
  /** Of a large body its beginning. */
  readonly body: Uint8Array
  readonly bodyBytes: number
}

/** What placeholders know besides the request. */
export interface AnswerMoment {
  /** Which answer of its responder this is, from 1. */
  readonly count: number
  /** The wall clock. */
  readonly nowIso: string
}

const MISSING: PlaceholderValue = { json: 'null', text: '' }
const textValue = (text: string): PlaceholderValue => ({ json: JSON.stringify(text), text })
const numberValue = (value: number): PlaceholderValue => ({ json: String(value), text: String(value) })

/** Values of `{{request.body.x}}` and the like. What a request does not have is null in JSON, and empty in text. */
export function placeholdersOf(request: RequestFacts, { count, nowIso }: AnswerMoment): Placeholders {
  let tree: BodyTree | undefined
  const decoded = (): BodyTree =>
    (tree ??= bodyTree(request.body, { isPart: request.body.length < request.bodyBytes }))
  return (name) => {
    if (name === 'now') return textValue(nowIso)
    if (name === 'nowMs') return numberValue(Date.parse(nowIso))
    if (name === 'count') return numberValue(count)
    const [first, second, ...path] = pathOf(name)
    if (first !== 'request') return MISSING
    switch (second) {
      case 'route':
        return textValue(request.route)
      case 'id':
        return textValue(request.ref)
      case 'bytes':
        return numberValue(request.bodyBytes)
      case 'headers':
        return headerValue(request.headers, path)
      case 'body':
        return bodyValue(decoded(), path, request.body)
      default:
        return MISSING
    }
  }
}

/** `request.body.list[2].name` as its steps. */
const pathOf = (name: string): (string | number)[] =>
  [...name.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? '') : Number(index),
  )

function headerValue(headers: RequestFacts['headers'], path: BodyPath): PlaceholderValue {
  let found: LosslessJson | undefined = headers
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return MISSING
    found = (found as Readonly<Record<string, LosslessJson>>)[step]
  }
  if (found === undefined || found === null) return MISSING
  const json = jsonOf(found)
  return { json, text: typeof found === 'string' ? found : json }
}

function bodyValue(tree: BodyTree, path: BodyPath, body: Uint8Array): PlaceholderValue {
  if (tree.format === 'text' && path.length === 0) return textValue(lenientUtf8(body))
  if (tree.format === 'bytes' && path.length === 0) return textValue(toHex(body))
  const node = valueAt(tree, path)
  if (node === undefined) return MISSING
  // JSON stays as the peer wrote it: no digit of a number is lost.
  const json = tree.format === 'json' ? lenientUtf8(body.subarray(node.valueFrom, node.to)) : nodeJson(node)
  return { json, text: typeof node.scalar === 'string' ? node.scalar : json === 'null' ? '' : json }
}

function nodeJson({ kind, children, scalar }: BodyNode): string {
  if (kind === 'array') return `[${(children ?? []).map(nodeJson).join(', ')}]`
  if (kind === 'object') {
    const fields = (children ?? []).map((child) => `${JSON.stringify(String(child.key))}: ${nodeJson(child)}`)
    return `{${fields.join(', ')}}`
  }
  if (kind === 'time' && typeof scalar === 'bigint') return JSON.stringify(timeText(scalar))
  if (scalar instanceof Uint8Array) return JSON.stringify(toHex(scalar))
  if (typeof scalar === 'bigint') return String(scalar)
  return JSON.stringify(scalar ?? null)
}

/** Integers of any size keep their digits. */
function jsonOf(value: LosslessJson): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(jsonOf).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${jsonOf(item)}`)
    .join(', ')}}`
}

const isList = (value: LosslessJson): value is readonly LosslessJson[] => Array.isArray(value)
