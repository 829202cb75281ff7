import { utf8 } from '../../../../../shared/bytes'
import { binaryAt, Cursor, countOf, isArray, isMap, isText, textAt } from './pack-reader'

/**
 * A checked MessagePack value as JSON text that `jsonToMsgpack` makes the same value of: integers keep their digits, doubles
 * have a point or an exponent. Undefined where JSON has no word for a part of it: bytes, extensions, times, names that are
 * bytes, numbers that are none.
 *
 * Single precision becomes double, as in Python.
 */
export function packedToJson(bytes: Uint8Array, from = 0): Uint8Array | undefined {
  const parts: string[] = []
  return writeValue(new Cursor(bytes, from), parts) ? utf8(parts.join('')) : undefined
}

/** False when it can not be said. */
function writeValue(cursor: Cursor, parts: string[]): boolean {
  const from = cursor.at
  const lead = cursor.bytes[from]!
  if (isText(lead)) {
    parts.push(JSON.stringify(textAt(cursor.bytes, from, endOfText(cursor))))
    return true
  }
  if (isMap(lead)) return writeMap(cursor, lead, parts)
  if (isArray(lead)) return writeArray(cursor, lead, parts)
  const text = plainText(cursor)
  if (text === undefined) return false
  parts.push(text)
  return true
}

function writeMap(cursor: Cursor, lead: number, parts: string[]): boolean {
  cursor.at += 1
  parts.push('{')
  const count = countOf(cursor, lead)
  for (let index = 0; index < count; index++) {
    if (index > 0) parts.push(',')
    const from = cursor.at
    if (!isText(cursor.bytes[from]!)) return false
    parts.push(JSON.stringify(textAt(cursor.bytes, from, endOfText(cursor))), ':')
    if (!writeValue(cursor, parts)) return false
  }
  parts.push('}')
  return true
}

function writeArray(cursor: Cursor, lead: number, parts: string[]): boolean {
  cursor.at += 1
  parts.push('[')
  const count = countOf(cursor, lead)
  for (let index = 0; index < count; index++) {
    if (index > 0) parts.push(',')
    if (!writeValue(cursor, parts)) return false
  }
  parts.push(']')
  return true
}

/** Moves the cursor behind the text it stands at, and says where that is. */
function endOfText(cursor: Cursor): number {
  const lead = cursor.bytes[cursor.take(1)]!
  cursor.take(lead < 0xc0 ? lead & 0x1f : cursor.unsigned(lead === 0xd9 ? 1 : lead === 0xda ? 2 : 4))
  return cursor.at
}

function plainText(cursor: Cursor): string | undefined {
  const { view } = cursor
  const lead = cursor.bytes[cursor.take(1)]!
  if (lead <= 0x7f) return String(lead)
  if (lead >= 0xe0) return String(lead - 0x100)
  switch (lead) {
    case 0xc0:
      return 'null'
    case 0xc2:
      return 'false'
    case 0xc3:
      return 'true'
    case 0xca:
      return doubleText(view.getFloat32(cursor.take(4)))
    case 0xcb:
      return doubleText(view.getFloat64(cursor.take(8)))
    case 0xcc:
      return String(cursor.unsigned(1))
    case 0xcd:
      return String(cursor.unsigned(2))
    case 0xce:
      return String(cursor.unsigned(4))
    case 0xcf:
      return String(view.getBigUint64(cursor.take(8)))
    case 0xd0:
      return String(view.getInt8(cursor.take(1)))
    case 0xd1:
      return String(view.getInt16(cursor.take(2)))
    case 0xd2:
      return String(view.getInt32(cursor.take(4)))
    case 0xd3:
      return String(view.getBigInt64(cursor.take(8)))
    default:
      return undefined
  }
}

/** With a point or an exponent, so that it stays a double. */
function doubleText(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined
  const digits = Object.is(value, -0) ? '-0' : String(value)
  return /[.e]/.test(digits) ? digits : `${digits}.0`
}

/** What a checked value holds for a body: bytes as they are, else JSON, else the packed value itself. */
export function bodyOfPacked(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return binaryAt(bytes, from, to) ?? packedToJson(bytes, from) ?? bytes.subarray(from, to)
}
