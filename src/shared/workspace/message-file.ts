import { z } from 'zod'
import { DEFAULT_PRIORITY } from '../model/trace'
import { bodyFields, bodyOf, writtenBody } from './body-fields'
import { DURATION_REMEDY, formatDuration, parseDuration } from './duration'
import { type FileReading, readYaml } from './read-yaml'
import type { MessageDraft } from './workspace-types'
import { formatYaml, type YamlMapping } from './write-yaml'

export const MAX_ROUTE_LENGTH = 1024
export const MAX_HEADERS = 64
export const MAX_HEADER_NAME_LENGTH = 256
export const MAX_HEADER_LENGTH = 4096
export const MAX_EXPECT_LENGTH = 2000
export const DEFAULT_TIMEOUT_MS = 30_000
export const MAX_TIMEOUT_MS = 3_600_000

/** What a new message is before anything is written. */
export const EMPTY_DRAFT: MessageDraft = {
  route: '',
  kind: 'request',
  priority: DEFAULT_PRIORITY,
  timeoutMs: DEFAULT_TIMEOUT_MS,
  headers: {},
  body: null,
  confirms: false,
  expect: '',
}

const text = (maxLength: number) => z.string().max(maxLength)

const duration = z.string().transform((written, context) => {
  const ms = parseDuration(written)
  if (ms !== undefined && ms >= 1 && ms <= MAX_TIMEOUT_MS) return ms
  const message = ms === undefined ? `"${written}" is no duration` : 'a timeout is 1ms to 1h'
  context.addIssue({ code: 'custom', message, params: { remedy: DURATION_REMEDY } })
  return z.NEVER
})

const headers = z
  .record(
    text(MAX_HEADER_NAME_LENGTH).min(1),
    z.union([text(MAX_HEADER_LENGTH), z.number(), z.boolean(), z.null()]),
  )
  .superRefine((given, context) => {
    if (Object.keys(given).length <= MAX_HEADERS) return
    context.addIssue({
      code: 'custom',
      message: `at most ${MAX_HEADERS} headers`,
      params: { remedy: 'Leave some out.' },
    })
  })

const body = z.strictObject(bodyFields).transform((written, context) => {
  const result = bodyOf(written)
  if (typeof result !== 'string') return result
  context.addIssue({
    code: 'custom',
    message: result,
    params: { remedy: 'Write one line such as "json: {a: 1}".' },
  })
  return z.NEVER
})

/** A message as it stands in a file of its own, or within a snippet or a task. */
export const draftCheck = z
  .strictObject({
    route: text(MAX_ROUTE_LENGTH),
    kind: z.enum(['request', 'subscribe', 'event', 'bytes']).default('request'),
    priority: z.int().min(0).max(7).default(DEFAULT_PRIORITY),
    timeout: duration.default(DEFAULT_TIMEOUT_MS),
    headers: headers.default({}),
    body: body.nullable().default(null),
    confirm: z.boolean().default(false),
    expect: text(MAX_EXPECT_LENGTH).default(''),
  })
  .transform(
    ({ timeout, confirm, ...rest }): MessageDraft => ({ ...rest, timeoutMs: timeout, confirms: confirm }),
  )

/** The keys of a message in a file; what is as usual is left out. */
export function plainDraft(draft: MessageDraft): YamlMapping {
  return {
    route: draft.route,
    kind: draft.kind === 'request' ? undefined : draft.kind,
    priority: draft.priority === DEFAULT_PRIORITY ? undefined : draft.priority,
    timeout: draft.timeoutMs === DEFAULT_TIMEOUT_MS ? undefined : formatDuration(draft.timeoutMs),
    headers: Object.keys(draft.headers).length === 0 ? undefined : draft.headers,
    body: draft.body === null ? undefined : writtenBody(draft.body),
    confirm: draft.confirms || undefined,
    expect: draft.expect === '' ? undefined : draft.expect,
  }
}

/** Reads a file of the folder `messages`. */
export const parseMessage = (text: string, file: string): FileReading<MessageDraft> =>
  readYaml(text, file, draftCheck)

/** A message as text. @param before - Text of the file so far, whose comments and order are kept. */
export const formatMessage = (draft: MessageDraft, before?: string): string =>
  formatYaml(plainDraft(draft), before)

/** A message in one line, for lists. */
export const messageSummary = ({ route, kind, body }: MessageDraft): string =>
  [kind === 'bytes' ? '' : route, kind === 'request' ? '' : kind, body?.format ?? '']
    .filter((part) => part !== '')
    .join(' · ')
