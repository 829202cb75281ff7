import { toHex, tryUtf8 } from '../../../shared/bytes'
import { entryNameProblem, foldedName } from '../../../shared/workspace/entry-name'
import { EMPTY_DRAFT } from '../../../shared/workspace/message-file'
import type { BodyText, Snippet } from '../../../shared/workspace/workspace-types'
import type { MessageDetail } from '../../../shared/model/views'

/** Values of an answer that are held against it. */
const MAX_CHECKED_VALUES = 8
const MAX_CHECKED_LENGTH = 200
const MIN_WITHIN_MS = 1000
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * A request and its answer as a snippet: the request is sent again as it was, and the answer has to say the same.
 *
 * @param answer - Null when there was none: then only the request is sent.
 */
export function exchangeSnippet(
  request: MessageDetail,
  answer: MessageDetail | null,
  title: string,
): Snippet {
  const isEvent = request.kind !== 'request'
  const send = {
    step: 'send',
    message: {
      ...EMPTY_DRAFT,
      route: request.route,
      kind: isEvent ? 'event' : 'request',
      priority: request.priority,
      headers: plainHeaders(request),
      body: bodyText(request.body),
    },
    save: '',
  } as const
  const filter = answer === null ? '' : answerFilter(answer.body)
  if (answer === null || filter === '') return { title, variables: {}, timeoutMs: 60_000, steps: [send] }
  const withinMs = Math.max(MIN_WITHIN_MS, Math.ceil(((request.roundTripMs ?? 0) * 10) / 1000) * 1000)
  return { title, variables: {}, timeoutMs: 60_000, steps: [send, { step: 'expect', filter, withinMs }] }
}

/** A name for the snippet of a route that nobody has yet. */
export function exchangeName(route: string, taken: readonly string[]): string {
  const slug = route
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60)
  const wanted = slug === '' || entryNameProblem(slug) !== null ? 'exchange' : slug
  const folded = new Set(taken.map(foldedName))
  for (let turn = 1; ; turn++) {
    const name = turn === 1 ? wanted : `${wanted}-${turn}`
    if (!folded.has(foldedName(name))) return name
  }
}

/** Headers that a person may set; the others are made again when it is sent. */
function plainHeaders({ headers }: MessageDetail): Record<string, string | number | boolean | null> {
  const plain: Record<string, string | number | boolean | null> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'object' && typeof value !== 'bigint') plain[name] = value
    else if (value === null) plain[name] = null
  }
  return plain
}

function bodyText(body: Uint8Array): BodyText | null {
  if (body.length === 0) return null
  const text = tryUtf8(body)
  if (text === undefined) return { format: 'hex', text: toHex(body) }
  // braces of the message would be taken for variables of the snippet
  if (text.includes('{{')) return { format: 'hex', text: toHex(body) }
  return { format: jsonOf(text) === undefined ? 'text' : 'json', text }
}

/** A filter that holds for this answer, and hardly for another; empty where it says nothing that can be compared. */
function answerFilter(body: Uint8Array): string {
  const text = tryUtf8(body)
  const json = text === undefined ? undefined : jsonOf(text)
  if (typeof json === 'object' && json !== null) {
    const parts = leaves(json, 'body').slice(0, MAX_CHECKED_VALUES)
    return parts.join(' and ')
  }
  if (text !== undefined && text !== '' && text.length <= MAX_CHECKED_LENGTH)
    return `text == ${quotedText(text)}`
  return body.length === 0 ? '' : `msg.size == ${body.length}`
}

function leaves(value: unknown, path: string): string[] {
  if (typeof value === 'string') {
    return value.length <= MAX_CHECKED_LENGTH && !value.includes('{{')
      ? [`${path} == ${quotedText(value)}`]
      : []
  }
  if (typeof value === 'number') return Number.isSafeInteger(value) ? [`${path} == ${value}`] : []
  if (typeof value === 'boolean') return [`${path} == ${value}`]
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, item]) =>
    leaves(item, `${path}.${PLAIN_KEY.test(key) ? key : JSON.stringify(key)}`),
  )
}

const quotedText = (text: string): string => JSON.stringify(text)

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
