import { ConsoleError } from '../../../shared/errors'

/**
 * How large a value is, for limits rather than for book-keeping: bytes count as they are, texts as UTF-8, everything else
 * as its JSON in UTF-8 (with bytes inside it counted as bytes), `undefined` as nothing.
 *
 * @throws ConsoleError `CACHE_SIZE_UNKNOWN` for what JSON cannot tell the size of: functions, symbols, big integers, maps,
 * sets, circular or endlessly nested values.
 */
export function valueBytes(value: unknown): number {
  if (value === undefined) return 0
  if (typeof value === 'string') return utf8Length(value)
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength
  let rawBytes = 0
  const measure = function (this: Record<string, unknown>, key: string, shown: unknown): unknown {
    const inner = this[key] // before toJSON, which turns some bytes into lists of numbers
    if (inner instanceof Map || inner instanceof Set)
      throw new TypeError('a map or set hides its contents from JSON')
    if (!(inner instanceof ArrayBuffer || ArrayBuffer.isView(inner))) return shown
    rawBytes += inner.byteLength
    return 0
  }
  let json: string | undefined
  try {
    json = toJson(value, measure)
  } catch (cause) {
    throw unknownSize(cause)
  }
  if (json === undefined) throw unknownSize(undefined)
  return rawBytes + utf8Length(json)
}

/** `undefined` for functions and symbols, which the type of the language does not tell. */
const toJson: (value: unknown, replacer: (key: string, value: unknown) => unknown) => string | undefined =
  JSON.stringify

/** Bytes of the text in UTF-8 without encoding it; lone surrogates count as the replacement character they become. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    bytes += 1
    if (unit < 0x800) continue
    bytes += 1
    const isPair = (unit & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
    if (isPair) at += 1 // two units, four bytes: 2 + 2
  }
  return bytes
}

function unknownSize(cause: unknown): ConsoleError {
  const why = cause instanceof Error ? cause.message : 'it has no JSON form'
  return new ConsoleError('CACHE_SIZE_UNKNOWN', `the size of the value is unknown: ${why}`, {}, { cause })
}
