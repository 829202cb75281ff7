import { parseDocument } from 'yaml'
import { z } from 'zod'
import { bodyFields, bodyOf, type WrittenBody, writtenBody } from './body-fields'
import { DURATION_REMEDY, formatDuration, parseDuration } from './duration'
import { type FileReading, readYaml } from './read-yaml'
import type { BodyText, Responder, ResponderAnswer } from './workspace-types'
import { formatYaml, type YamlData } from './write-yaml'

/** Answers of one sequence. */
export const MAX_SEQUENCE_ANSWERS = 256
/** Sequences within sequences. */
export const MAX_SEQUENCE_DEPTH = 4
/** The peer gave up long before. */
export const MAX_ANSWER_DELAY_MS = 3_600_000
const MAX_ROUTE_LENGTH = 1024
const MAX_TEXT_LENGTH = 4096
const MAX_HEADERS = 64

/** What may stand between `{{` and `}}` of an answer. */
const PLACEHOLDER = /^(?:now|nowMs|count|request\.(?:route|id|bytes|body(?:[.[].*)?|headers[.[].+))$/s
const PLACEHOLDER_REMEDY =
  'Known: request.body, request.body.name, request.headers.name, request.route, request.id, request.bytes, now, nowMs, count.'

const text = (maxLength: number) => z.string().max(maxLength)

function refusePlaceholders(value: string, context: z.RefinementCtx): void {
  for (const [, name = ''] of value.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)) {
    if (PLACEHOLDER.test(name)) continue
    const params = { remedy: PLACEHOLDER_REMEDY }
    context.addIssue({ code: 'custom', message: `{{${name}}} is not known in an answer`, params })
  }
}

const header = z.union([
  text(MAX_TEXT_LENGTH).superRefine(refusePlaceholders),
  z.number(),
  z.boolean(),
  z.null(),
])
const headers = z.record(text(256), header).refine((value) => Object.keys(value).length <= MAX_HEADERS, {
  message: `has over ${MAX_HEADERS} entries`,
  params: { remedy: 'Leave some out.' },
})

type WrittenAnswer =
  | 'echo'
  | 'silence'
  | { readonly error: { readonly code: string; readonly message: string } }
  | { readonly sequence: readonly WrittenAnswer[]; readonly cyclic?: boolean | undefined }
  | (WrittenBody & { readonly headers?: z.infer<typeof headers> | undefined })

const word = z.enum(['echo', 'silence'])
const error = z.strictObject({
  error: z.strictObject({
    code: text(128).min(1),
    message: text(MAX_TEXT_LENGTH).superRefine(refusePlaceholders).default(''),
  }),
})
const sequence = z.strictObject({
  sequence: z.lazy(() => z.array(written).min(1).max(MAX_SEQUENCE_ANSWERS)),
  cyclic: z.boolean().optional(),
})
const body = z.strictObject({ ...bodyFields, headers: headers.optional() }).superRefine((value, context) => {
  const found = bodyOf(value)
  if (typeof found !== 'string') {
    refusePlaceholders(found.text, context)
    return
  }
  const params = {
    remedy: 'Write one of: json, msgpack, text, hex, file, error, sequence; or echo or silence.',
  }
  context.addIssue({ code: 'custom', message: found, params })
})

/** The way of writing an answer that was meant: a mistake is told of that one, not of all there are. */
function checkOf(value: unknown): z.ZodType<WrittenAnswer> {
  if (typeof value !== 'object' || value === null) return word
  if ('error' in value) return error
  return 'sequence' in value ? sequence : body
}

const written: z.ZodType<WrittenAnswer> = z.unknown().transform((value, context): WrittenAnswer => {
  const result = checkOf(value).safeParse(value)
  if (result.success) return result.data
  // what is missing altogether is told by the mapping that lacks it
  for (const issue of result.error.issues) {
    context.issues.push({ ...issue, path: [...issue.path] } as z.core.$ZodRawIssue)
  }
  return z.NEVER
})

const answer = written.transform((value, context): ResponderAnswer => {
  if (depthOf(value) > MAX_SEQUENCE_DEPTH) {
    const params = { remedy: 'Write the answers of the inner sequences into one.' }
    context.addIssue({ code: 'custom', message: `sequences lie over ${MAX_SEQUENCE_DEPTH} deep`, params })
    return z.NEVER
  }
  return answerOf(value)
})

const delay = z.string().transform((value, context): number => {
  const ms = parseDuration(value)
  if (ms !== undefined && ms <= MAX_ANSWER_DELAY_MS) return ms
  const message = ms === undefined ? `"${value}" is no duration` : 'is over an hour'
  context.addIssue({ code: 'custom', message, params: { remedy: DURATION_REMEDY } })
  return z.NEVER
})

const route = text(MAX_ROUTE_LENGTH)
  .min(1)
  .refine((value) => !value.slice(0, -1).includes('*'), {
    message: '"*" may stand at the end only',
    params: { remedy: 'Write the route as it is, or its beginning with * at the end: cfg.*' },
  })

const file = z.strictObject({
  route,
  enabled: z.boolean().default(true),
  link: text(256).default(''),
  path: text(MAX_ROUTE_LENGTH)
    .refine((value) => value === '' || value.startsWith('/'), {
      message: 'does not begin with /',
      params: { remedy: 'Write it as in the address that the peer connects to: /demo' },
    })
    .default(''),
  when: text(4096).default(''),
  delay: delay.default(0),
  answer,
})

/** Reads a responder; `path` is its file in the workspace, for the problem. Never throws. */
export function parseResponder(source: string, path: string): FileReading<Responder> {
  const reading = readYaml(source, path, file)
  if (reading.problem !== undefined) return reading
  const { enabled, link, path: asked, when, delay: delayMs, answer: given, route: taken } = reading.value
  return {
    value: { isEnabled: enabled, route: taken, link, path: asked, delayMs, filter: when, answer: given },
  }
}

/**
 * A responder as a person would write it: what is usual is left out.
 *
 * @param before - Text of the file so far, whose comments and order are kept.
 */
export function formatResponder(responder: Responder, before?: string): string {
  const { isEnabled, route: taken, link, path, delayMs, filter, answer: given } = responder
  const data = {
    route: taken,
    enabled: isEnabled ? undefined : false,
    link: link === '' ? undefined : link,
    path: path === '' ? undefined : path,
    when: filter === '' ? undefined : filter,
    delay: delayMs > 0 ? formatDuration(delayMs) : undefined,
    answer: writtenOf(given),
  }
  return formatYaml(data, before)
}

/** The same text with the switch set, and every comment where it was. */
export function withSwitch(source: string, isEnabled: boolean): string {
  const document = parseDocument(source)
  if (isEnabled) document.delete('enabled')
  else document.set('enabled', false)
  return document.toString({ lineWidth: 0 })
}

/** A responder in one line, for lists. */
export const responderSummary = ({ route: taken, answer: given }: Responder): string =>
  `${taken} · ${answerWords(given)}`

/** Does the route of a responder take this one? `*` at the end stands for any rest. */
export const takesRoute = (pattern: string, taken: string): boolean =>
  pattern.endsWith('*') ? taken.startsWith(pattern.slice(0, -1)) : pattern === taken

/** An answer in a few words, for lists. */
export function answerWords(given: ResponderAnswer): string {
  switch (given.answer) {
    case 'echo':
      return 'echo'
    case 'silence':
      return 'silence'
    case 'error':
      return `error ${given.code}`
    case 'sequence':
      return `${given.answers.length} in turn${given.isCyclic ? ', again and again' : ', the last stays'}`
    case 'body':
      return `${given.body.format} ${given.body.text.replaceAll(/\s+/g, ' ').slice(0, 120)}`
  }
}

function answerOf(value: WrittenAnswer): ResponderAnswer {
  if (typeof value === 'string') return { answer: value }
  if ('error' in value) return { answer: 'error', ...value.error }
  if ('sequence' in value) {
    return { answer: 'sequence', answers: value.sequence.map(answerOf), isCyclic: value.cyclic ?? false }
  }
  return { answer: 'body', body: bodyOf(value) as BodyText, headers: value.headers ?? {} }
}

function writtenOf(given: ResponderAnswer): YamlData {
  switch (given.answer) {
    case 'echo':
    case 'silence':
      return given.answer
    case 'error':
      return { error: { code: given.code, message: given.message === '' ? undefined : given.message } }
    case 'sequence':
      return { sequence: given.answers.map(writtenOf), cyclic: given.isCyclic ? true : undefined }
    case 'body':
      return {
        ...writtenBody(given.body),
        headers: Object.keys(given.headers).length === 0 ? undefined : given.headers,
      }
  }
}

function depthOf(value: WrittenAnswer): number {
  if (typeof value === 'string' || !('sequence' in value)) return 0
  return 1 + Math.max(0, ...value.sequence.map(depthOf))
}
