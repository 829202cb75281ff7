import { ConsoleError } from '../../../../shared/errors'
import type { LosslessJson } from '../../../../shared/model/trace'
import { MAX_JSON_DEPTH } from './limits'

/**
 * The text Python's `json.dumps(value)` gives, byte for byte: separators `", "` and `": "`, everything outside
 * printable ASCII escaped (DEL too, and lone surrogates), floats in Python form, integers of any size from bigint.
 *
 * JavaScript has one kind of number, so an integral number below 2^53 is written as an integer (Python's `3.0` comes
 * out as `3`), and one above as the float it is. Keys that look like array indexes come first, as JavaScript keeps them.
 *
 * @throws ConsoleError `HEAD_NOT_ENCODABLE` for NaN, infinities, values that are not JSON, and nesting above
 *   `maxDepth` containers (a cycle ends there too).
 */
export function encodePythonJson(value: LosslessJson, maxDepth: number = MAX_JSON_DEPTH): string {
  return encodeValue(value, maxDepth)
}

function encodeValue(value: unknown, depthLeft: number): string {
  switch (typeof value) {
    case 'string':
      return encodeString(value)
    case 'number':
      return encodeNumber(value)
    case 'bigint':
      return value.toString()
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      return value === null ? 'null' : encodeContainer(value, depthLeft)
    default:
      throw new ConsoleError('HEAD_NOT_ENCODABLE', `a value of type ${typeof value} is not JSON`)
  }
}

function encodeContainer(value: object, depthLeft: number): string {
  if (depthLeft === 0) throw new ConsoleError('HEAD_NOT_ENCODABLE', 'the JSON is nested too deep')
  if (Array.isArray(value)) {
    return `[${Array.from(value, (item: unknown) => encodeValue(item, depthLeft - 1)).join(', ')}]`
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) {
    throw new ConsoleError('HEAD_NOT_ENCODABLE', 'an object that is not plain is not JSON')
  }
  const pairs = Object.entries(value).map(
    ([key, item]) => `${encodeString(key)}: ${encodeValue(item, depthLeft - 1)}`,
  )
  return `{${pairs.join(', ')}}`
}

/** JSON.stringify escapes as Python does below 0x7f, and lone surrogates; the rest is escaped here. */
function encodeString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function encodeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new ConsoleError('HEAD_NOT_ENCODABLE', `${value} is not JSON`)
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value)
  return encodeFloat(value)
}

/** Python's repr(): the same shortest digits as JavaScript, but exponents from 1e+16 and 1e-05 on, two digits each. */
function encodeFloat(value: number): string {
  if (value === 0) return '-0.0'
  const [digits = '', exponentText = ''] = value.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent >= -4 && exponent < 16) {
    const text = String(value)
    return text.includes('.') ? text : `${text}.0`
  }
  const size = String(Math.abs(exponent)).padStart(2, '0')
  return `${digits}e${exponent < 0 ? '-' : '+'}${size}`
}
