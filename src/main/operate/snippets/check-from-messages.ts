import { toHex, tryUtf8 } from '../../../shared/bytes'
import { bodyTree } from '../../../shared/body/body-tree'
import type { BodyNode } from '../../../shared/body/body-types'
import { ConsoleError } from '../../../shared/errors'
import { compileFilter } from '../../../shared/filter'
import type { Headers } from '../../../shared/model/trace'
import {
  type CheckedExchange,
  type CheckedField,
  type FieldReason,
  MAX_CHECKED_EXCHANGES,
  MAX_CHECKED_FIELDS,
  type RecordedCheck,
} from '../../../shared/model/recorded-check'
import type { MessageDetail } from '../../../shared/model/views'
import { EMPTY_DRAFT } from '../../../shared/workspace/message-file'
import { formatSnippet, MAX_SNIPPET_STEPS } from '../../../shared/workspace/snippet-file'
import type { BodyText, SnippetStep } from '../../../shared/workspace/workspace-types'

/** What a check is made from: the live session or a recording. */
export interface CheckSource {
  detail(messageId: number): MessageDetail
  /** The body as a whole; undefined where it is not kept so. */
  body(messageId: number): Uint8Array | undefined
  /** The message before this one with the same link, route, direction and kind; null when there is none. */
  previousOf(messageId: number): number | null
}

export interface CheckOptions {
  /** Messages of either side of exchanges; each exchange is taken once, in the order in which it was sent. */
  readonly messageIds: readonly number[]
  /** By `CheckedField.key`; what is not named is as proposed. */
  readonly chosen: Readonly<Record<string, boolean>>
  /** Waits between exchanges are kept when they are longer than `MIN_WAIT_MS`. */
  readonly keepsWaits: boolean
  readonly title: string
}

const MIN_WAIT_MS = 20
const LONGEST_WAIT_MS = 60_000
/** Earlier answers to the same request that are looked at. */
const MAX_REPEATS = 20
/** Messages of the same route that are passed on the way to them. */
const MAX_LOOKED_BACK = 200
const MAX_VALUE_LENGTH = 200
/** Fields that are seldom the same twice. */
const FLEETING =
  /(^|[._-])(time|timestamp|ts|at|date|uptime|up|age|now|clock|seq|sequence|counter|count|id|uuid|guid|nonce|token|session|random|rev)$|(time|stamp|uptime|Ms|At|Id|Uuid|Seq)$/

/**
 * Makes a snippet of exchanges that happened: each request is sent again, and its answer is held against the recorded one,
 * field by field, so that a run names what differs. Fields that were another whenever the same was asked, and those called
 * as times and identities are, are proposed to be left out.
 *
 * @throws ConsoleError `CHECK_EMPTY` when none of the messages is a request or an event of ours with its body,
 *   `CHECK_TOO_LARGE`.
 */
export function checkFromMessages(source: CheckSource, options: CheckOptions): RecordedCheck {
  const { sent, leftOut } = sentOf(source, options.messageIds)
  const [first] = sent
  if (first === undefined) {
    throw new ConsoleError(
      'CHECK_EMPTY',
      'none of these messages was sent from here and is kept with its body',
    )
  }
  const steps: SnippetStep[] = []
  const exchanges: CheckedExchange[] = []
  let before: MessageDetail | undefined
  for (const request of sent) {
    const waitMs = before === undefined ? 0 : Math.round(request.openedMs - endOf(before))
    if (options.keepsWaits && waitMs >= MIN_WAIT_MS) {
      steps.push({ step: 'wait', waitMs: Math.min(waitMs, LONGEST_WAIT_MS) })
    }
    before = request
    steps.push(sendStep(request, source.body(request.id)!))
    const exchange = exchangeOf(source, request, exchanges.length, options.chosen)
    exchanges.push(exchange)
    for (const { isChosen, condition } of exchange.fields) {
      if (isChosen) steps.push({ step: 'check', filter: condition })
    }
  }
  if (steps.length > MAX_SNIPPET_STEPS) {
    throw new ConsoleError(
      'CHECK_TOO_LARGE',
      `this would be ${steps.length} steps, ${MAX_SNIPPET_STEPS} are allowed`,
    )
  }
  const snippet = { title: options.title, variables: {}, timeoutMs: 60_000, steps }
  return { name: nameOf(first.route, sent.length), text: formatSnippet(snippet), exchanges, leftOut }
}

function sentOf(
  source: CheckSource,
  messageIds: readonly number[],
): { sent: MessageDetail[]; leftOut: number } {
  const taken = new Map<number, MessageDetail>()
  let leftOut = 0
  for (const messageId of messageIds) {
    const chosen = source.detail(messageId)
    const isAnswer = chosen.kind === 'response' && chosen.partnerId !== 0
    const request = isAnswer ? source.detail(chosen.partnerId) : chosen
    const isOurs = request.dir === 'out' && (request.kind === 'request' || request.kind === 'event')
    if (!isOurs || source.body(request.id) === undefined) leftOut += 1
    else taken.set(request.id, request)
  }
  if (taken.size > MAX_CHECKED_EXCHANGES) {
    throw new ConsoleError(
      'CHECK_TOO_LARGE',
      `${taken.size} exchanges were chosen, ${MAX_CHECKED_EXCHANGES} are allowed`,
    )
  }
  return { sent: [...taken.values()].sort((a, b) => a.id - b.id), leftOut }
}

const endOf = ({ openedMs, roundTripMs }: MessageDetail): number => openedMs + (roundTripMs ?? 0)

function sendStep(request: MessageDetail, body: Uint8Array): SnippetStep {
  const { route, priority, headers } = request
  const kind = request.kind === 'event' ? 'event' : 'request'
  const message = {
    ...EMPTY_DRAFT,
    route,
    kind,
    priority,
    headers: plainHeaders(headers),
    body: bodyText(body),
  } as const
  return { step: 'send', message, save: '' }
}

function exchangeOf(
  source: CheckSource,
  request: MessageDetail,
  index: number,
  chosen: Readonly<Record<string, boolean>>,
): CheckedExchange {
  const { id: messageId, route, hue, partnerId } = request
  const answer = partnerId === 0 ? null : source.detail(partnerId)
  if (answer === null) return { messageId, route, hue, repeats: 0, fields: [], more: 0 }
  const repeats = repeatsOf(source, request)
  const conditions = answerConditions(source, answer)
  const others = repeats.map(
    (id) => new Set(answerConditions(source, source.detail(id)).map(({ condition }) => condition)),
  )
  const fields = conditions.slice(0, MAX_CHECKED_FIELDS).map(({ field, condition }): CheckedField => {
    const key = `${index} ${field}`
    const hasChanged = others.some((known) => !known.has(condition))
    // where the same was asked before, what happened tells more than a name
    const isNamed = others.length === 0 && FLEETING.test(field)
    const reason: FieldReason = hasChanged ? 'changed' : isNamed ? 'named' : 'stable'
    const isChosen = Object.hasOwn(chosen, key) ? chosen[key]! : reason === 'stable'
    return { key, field, condition, isChosen, reason }
  })
  return {
    messageId,
    route,
    hue,
    repeats: repeats.length,
    fields,
    more: Math.max(0, conditions.length - MAX_CHECKED_FIELDS),
  }
}

/** Answers to earlier requests of the same route with the same body. */
function repeatsOf(source: CheckSource, request: MessageDetail): number[] {
  const body = source.body(request.id)!
  const answers: number[] = []
  let at = source.previousOf(request.id)
  for (let looked = 0; at !== null && looked < MAX_LOOKED_BACK && answers.length < MAX_REPEATS; looked++) {
    const earlier = source.detail(at)
    const its = source.body(at)
    if (earlier.partnerId !== 0 && its !== undefined && sameBytes(its, body)) answers.push(earlier.partnerId)
    at = source.previousOf(at)
  }
  return answers
}

interface Condition {
  readonly field: string
  readonly condition: string
}

/** Everything that can be said of an answer, one field at a time; only what the filter language can say. */
function answerConditions(source: CheckSource, answer: MessageDetail): Condition[] {
  const conditions: Condition[] = [{ field: 'msg.kind', condition: 'msg.kind == response' }]
  const status = answer.headers['status']
  if (typeof status === 'string' || typeof status === 'number') {
    conditions.push({ field: 'header.status', condition: `header.status == ${literal(status)}` })
  }
  if (answer.route !== '')
    conditions.push({ field: 'msg.route', condition: `msg.route == ${literal(answer.route)}` })
  const body = source.body(answer.id)
  if (body === undefined) conditions.push({ field: 'msg.size', condition: `msg.size == ${answer.bodyBytes}` })
  else conditions.push(...bodyConditions(body))
  return conditions.filter(({ condition }) => !condition.includes('{{') && compileFilter(condition).ok)
}

function bodyConditions(body: Uint8Array): Condition[] {
  const { format, root } = bodyTree(body)
  const size = { field: 'msg.size', condition: `msg.size == ${body.length}` }
  if (format === 'text') {
    const text = tryUtf8(body) ?? ''
    return text.length > MAX_VALUE_LENGTH
      ? [size]
      : [{ field: 'text', condition: `text == ${literal(text)}` }]
  }
  if (root === null || (format !== 'json' && format !== 'msgpack')) return [size]
  const conditions: Condition[] = []
  collect(root, 'body', conditions)
  return conditions.length === 0 ? [size] : conditions
}

function collect(node: BodyNode, path: string, into: Condition[]): void {
  if (into.length > MAX_CHECKED_FIELDS * 4) return
  if (node.children !== undefined) {
    for (const child of node.children) {
      const step = typeof child.key === 'number' ? `[${child.key}]` : `.${plainKey(String(child.key))}`
      collect(child, path + step, into)
    }
    return
  }
  const { scalar } = node
  if (typeof scalar === 'string' && scalar.length > MAX_VALUE_LENGTH) return
  const isSaid = ['string', 'number', 'bigint', 'boolean'].includes(typeof scalar)
  if (!isSaid || node.kind === 'time') return
  into.push({ field: path, condition: `${path} == ${literal(scalar as string | number | bigint | boolean)}` })
}

const literal = (value: string | number | bigint | boolean): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value)
const plainKey = (key: string): string => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key))

/** Headers that a person may set; the others are made again when it is sent. */
function plainHeaders(headers: Headers): Record<string, string | number | boolean | null> {
  const plain: Record<string, string | number | boolean | null> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      plain[name] = value as string | number | boolean | null
    }
  }
  return plain
}

/** Braces of a message would be taken for variables of the snippet. */
function bodyText(body: Uint8Array): BodyText | null {
  if (body.length === 0) return null
  const text = tryUtf8(body)
  if (text === undefined || text.includes('{{')) return { format: 'hex', text: toHex(body) }
  return { format: bodyTree(body).format === 'json' ? 'json' : 'text', text }
}

function nameOf(route: string, count: number): string {
  const slug = route
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60)
  const base = slug === '' ? 'exchange' : slug
  return count === 1 ? base : `${base}-and-${count - 1}-more`
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])
