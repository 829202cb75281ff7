import type { BodyText, MessageDraft } from '../../shared/workspace/workspace-types'
import type { Headers, LosslessJson, Priority } from '../../shared/model/trace'
import type { Draft, HeaderText } from './composer-slice'

type HeaderValue = MessageDraft['headers'][string]

/** What the composer holds, as a message of the workspace. An empty body is none, whatever its format. */
export function messageOfDraft(draft: Draft, timeoutMs: number, isRaw = false): MessageDraft {
  return {
    route: isRaw ? '' : draft.route.trim(),
    kind: isRaw ? 'bytes' : draft.kind,
    priority: draft.priority,
    timeoutMs,
    headers: headersOf(draft.headers),
    body: bodyOf(draft),
    confirms: draft.confirms,
    expect: draft.expect.trim(),
  }
}

function bodyOf({ format, body }: Draft): BodyText | null {
  if (format === 'text' ? body === '' : body.trim() === '') return null
  return { format: format === 'form' ? 'json' : format, text: body }
}

/** A message of the workspace as the composer holds it. */
export function draftOfMessage(message: MessageDraft): Draft {
  return {
    route: message.route,
    kind: message.kind === 'bytes' ? 'request' : message.kind,
    format: message.body?.format ?? 'json',
    body: message.body?.text ?? '',
    priority: Math.min(7, Math.max(0, message.priority)) as Priority,
    timeoutText: String(message.timeoutMs / 1000),
    headers: headerRows(message.headers),
    expect: message.expect,
    confirms: message.confirms,
  }
}

/** `true`, `12`, `null` and `"12"` are JSON; other text is text. A number whose digits a double would change stays text. */
export function headerValue(text: string): HeaderValue {
  const trimmed = text.trim()
  if (/^(?:true|false|null|-?\d[\d.eE+-]*|".*")$/s.test(trimmed)) {
    try {
      const value = JSON.parse(trimmed) as HeaderValue
      if (typeof value !== 'number' || String(value) === trimmed) return value
    } catch {
      return text
    }
  }
  return text
}

/** Those that can be written by hand: no lists, objects or integers beyond what a double holds. */
export const plainHeaders = (headers: Headers): Record<string, HeaderValue> =>
  Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, HeaderValue] => isPlain(entry[1])),
  )

const isPlain = (value: LosslessJson): value is HeaderValue =>
  value === null || (typeof value !== 'object' && typeof value !== 'bigint')

export const headerRows = (headers: Headers): HeaderText[] =>
  Object.entries(plainHeaders(headers)).map(([name, value]) => ({ name, value: headerText(value) }))

export function headerText(value: HeaderValue): string {
  if (typeof value !== 'string') return String(value)
  return headerValue(value) === value ? value : JSON.stringify(value)
}

/** Typed values by name; rows without a name are left out. */
const headersOf = (rows: readonly HeaderText[]): Record<string, HeaderValue> =>
  Object.fromEntries(
    rows.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), headerValue(value)]),
  )
