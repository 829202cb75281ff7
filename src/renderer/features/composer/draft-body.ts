import { fromHex, toHex, tryUtf8, utf8 } from '../../../shared/bytes'
import { asConsoleError, type ErrorCode } from '../../../shared/errors'
import type { BodyFormat } from '../../store/composer-slice'
import { readJson } from '../../ui/json-source'

export interface BodyProblem {
  readonly code: ErrorCode
  /** What is wrong, with the position as people count: from 1. */
  readonly message: string
  /** Position in the text, 0-based. */
  readonly at: number
}
export type DraftBody =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: BodyProblem }

/**
 * The bytes a typed body stands for. JSON is checked but sent as it was typed: no number is rewritten. An empty field is an
 * empty body in every format.
 */
export function readDraftBody(format: BodyFormat, text: string): DraftBody {
  if (text.trim() === '' && format !== 'text') return { ok: true, bytes: new Uint8Array(0) }
  if (format === 'hex') return readHex(text)
  if (format === 'json') {
    const reading = readJson(text)
    if (!reading.ok) {
      const { at, line, column, message } = reading.problem
      const where = line === 1 ? `position ${column}` : `line ${line}, position ${column}`
      return { ok: false, problem: { code: 'JSON_INVALID', message: `${where}: ${message}`, at } }
    }
  }
  return { ok: true, bytes: utf8(text) }
}

function readHex(text: string): DraftBody {
  try {
    return { ok: true, bytes: fromHex(text) }
  } catch (error) {
    const { code, details } = asConsoleError(error)
    const at = Number(details['at'] ?? 0)
    const rest = text.slice(at, at + 2)
    const message =
      rest.length < 2 || /^[0-9a-fA-F]\s/.test(rest)
        ? `position ${at + 1}: "${rest.trim()}" is half a byte`
        : `position ${at + 1}: "${rest}" is not a pair of hex digits`
    return { ok: false, problem: { code, message, at } }
  }
}

export type Conversion =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: 'invalid' | 'not-text' }

/** The same bytes written in another format, when that loses nothing. */
export function convertDraft(from: BodyFormat, to: BodyFormat, text: string): Conversion {
  if (from !== 'hex' && to !== 'hex') return { ok: true, text }
  const body = readDraftBody(from, text)
  if (!body.ok)
    return from === 'json' ? { ok: true, text: spacedHex(utf8(text)) } : { ok: false, reason: 'invalid' }
  if (to === 'hex') return { ok: true, text: spacedHex(body.bytes) }
  const asText = tryUtf8(body.bytes)
  return asText === undefined ? { ok: false, reason: 'not-text' } : { ok: true, text: asText }
}

const spacedHex = (bytes: Uint8Array): string => toHex(bytes).replace(/..(?=.)/g, '$& ')
