import { fromHex, toHex, tryUtf8, utf8 } from '../../../shared/bytes'
import { jsonToMsgpack } from '../../../shared/body/json-to-msgpack'
import { msgpackToJson } from '../../../shared/body/msgpack-to-json'
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

const VARIABLE = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g
const NO_BYTES = new Uint8Array(0)

/** The names between `{{` and `}}`, each once. */
export const variablesIn = (text: string): readonly string[] => [
  ...new Set(Array.from(text.matchAll(VARIABLE), ([, name = '']) => name)),
]

/** The text with the values of the variables that are known. */
export const withValues = (text: string, valueOf: (name: string) => string | undefined): string =>
  text.replace(VARIABLE, (braces, name: string) => valueOf(name) ?? braces)

/**
 * The bytes a typed body stands for. JSON is checked but sent as it was typed: no number is rewritten. An empty field is an
 * empty body in every format. A variable counts as a number of its own length here, so that positions stay true.
 */
export function readDraftBody(format: BodyFormat, text: string): DraftBody {
  if (format === 'file') return { ok: true, bytes: NO_BYTES } // read where the file lies
  if (format === 'text') return { ok: true, bytes: utf8(text) }
  if (text.trim() === '') return { ok: true, bytes: NO_BYTES }
  if (format === 'hex') return readHex(text.replace(VARIABLE, (braces) => '00'.padEnd(braces.length)))
  const plain = text.replace(VARIABLE, (braces) => '0'.padEnd(braces.length))
  const reading = readJson(plain)
  if (!reading.ok) {
    const { at, line, column, message } = reading.problem
    return jsonProblem(at, line, column, message)
  }
  if (format !== 'msgpack') return { ok: true, bytes: utf8(text) }
  try {
    return { ok: true, bytes: jsonToMsgpack(plain) }
  } catch (error) {
    const { details, message } = asConsoleError(error)
    const at = Number(details['at'] ?? 0)
    const before = plain.slice(0, at).split('\n')
    return jsonProblem(at, before.length, (before.at(-1)?.length ?? 0) + 1, message)
  }
}

function jsonProblem(at: number, line: number, column: number, message: string): DraftBody {
  const where = line === 1 ? `position ${column}` : `line ${line}, position ${column}`
  return { ok: false, problem: { code: 'JSON_INVALID', message: `${where}: ${message}`, at } }
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
  | { readonly ok: false; readonly reason: 'invalid' | 'not-text' | 'variables' }
  /** Of MessagePack: what JSON has no word for. */
  | { readonly ok: false; readonly reason: 'loses'; readonly what: string }

/** Formats whose text is JSON. */
const isJson = (format: BodyFormat): boolean => format === 'json' || format === 'form' || format === 'msgpack'

/** The same body written in another format, when that loses nothing. Files are not converted. */
export function convertDraft(from: BodyFormat, to: BodyFormat, text: string): Conversion {
  if (from !== 'hex' && to !== 'hex') {
    const mustRead = to === 'form' || (to === 'msgpack' && !isJson(from))
    return mustRead && !readDraftBody('json', text).ok ? { ok: false, reason: 'invalid' } : { ok: true, text }
  }
  if (from === to) return { ok: true, text }
  if (variablesIn(text).length > 0) return { ok: false, reason: 'variables' }
  const body = readDraftBody(from, text)
  if (!body.ok) {
    const isTextToo = from === 'json' || from === 'form'
    return isTextToo ? { ok: true, text: spacedHex(utf8(text)) } : { ok: false, reason: 'invalid' }
  }
  if (to === 'hex') return { ok: true, text: spacedHex(body.bytes) }
  if (body.bytes.length === 0) return { ok: true, text: '' }
  if (to === 'msgpack') {
    const json = msgpackToJson(body.bytes)
    return 'text' in json ? { ok: true, text: json.text } : { ok: false, reason: 'loses', what: json.loses }
  }
  const asText = tryUtf8(body.bytes)
  if (asText === undefined) return { ok: false, reason: 'not-text' }
  return to === 'form' && !readDraftBody('json', asText).ok
    ? { ok: false, reason: 'invalid' }
    : { ok: true, text: asText }
}

const spacedHex = (bytes: Uint8Array): string => toHex(bytes).replace(/..(?=.)/g, '$& ')
