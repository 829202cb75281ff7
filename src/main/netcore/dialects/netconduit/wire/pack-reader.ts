import { tryUtf8 } from '../../../../../shared/bytes'

/** Levels of a body inside its envelope: what JSON may have, and the envelope's own. */
const MAX_DEPTH = 104

/** Bytes that the Python decoder refuses too, or that are nested too deep for anybody. */
export class PackError extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.name = 'PackError'
    this.at = at
  }
}

/** A member of a map: the bytes `from` … `to - 1` are its value. */
export interface PackedMember {
  /** Null where the name is bytes. */
  readonly name: string | null
  readonly from: number
  readonly to: number
}

/**
 * Checks that the bytes are one MessagePack value as the Python library takes it: nothing behind it, text is UTF-8, names of
 * maps are text or bytes. Reserves nothing for lengths that are only announced.
 *
 * @throws PackError
 */
export function checkPacked(bytes: Uint8Array): void {
  const end = skipValue(new Cursor(bytes), 0)
  if (end < bytes.length) throw new PackError('something follows behind the value', end)
}

/** The members of a map that was checked; undefined where the value at `from` is none. */
export function membersOf(bytes: Uint8Array, from = 0): readonly PackedMember[] | undefined {
  const cursor = new Cursor(bytes, from)
  const lead = bytes[from]
  if (lead === undefined || !isMap(lead)) return undefined
  cursor.at += 1
  const members: PackedMember[] = []
  for (let left = countOf(cursor, lead); left > 0; left--) {
    const nameFrom = cursor.at
    const nameTo = skipValue(cursor, 0)
    const valueFrom = cursor.at
    members.push({ name: textAt(bytes, nameFrom, nameTo) ?? null, from: valueFrom, to: skipValue(cursor, 0) })
  }
  return members
}

/** The text that a checked value is; undefined where it is something else. */
export function textAt(bytes: Uint8Array, from: number, to: number): string | undefined {
  const lead = bytes[from]
  if (lead === undefined || !isText(lead)) return undefined
  const headBytes = lead < 0xc0 ? 1 : lead === 0xd9 ? 2 : lead === 0xda ? 3 : 5
  return tryUtf8(bytes.subarray(from + headBytes, to))
}

/** The bytes that a checked value of type bin holds; undefined where it is something else. */
export function binaryAt(bytes: Uint8Array, from: number, to: number): Uint8Array | undefined {
  const lead = bytes[from]
  if (lead === undefined || lead < 0xc4 || lead > 0xc6) return undefined
  return bytes.subarray(from + (lead === 0xc4 ? 2 : lead === 0xc5 ? 3 : 5), to)
}

export const isMap = (lead: number): boolean => (lead & 0xf0) === 0x80 || lead === 0xde || lead === 0xdf
export const isArray = (lead: number): boolean => (lead & 0xf0) === 0x90 || lead === 0xdc || lead === 0xdd
export const isText = (lead: number): boolean =>
  (lead >= 0xa0 && lead <= 0xbf) || (lead >= 0xd9 && lead <= 0xdb)

/** Reads on and on, never behind the end. */
export class Cursor {
  at: number
  readonly bytes: Uint8Array
  readonly view: DataView

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
  }

  /** Goes on by `count` bytes and returns where they began. @throws PackError */
  take(count: number): number {
    const from = this.at
    if (from + count > this.bytes.length) throw new PackError('the value ends too early', this.bytes.length)
    this.at = from + count
    return from
  }

  unsigned(bytes: 1 | 2 | 4): number {
    const from = this.take(bytes)
    return bytes === 1
      ? this.view.getUint8(from)
      : bytes === 2
        ? this.view.getUint16(from)
        : this.view.getUint32(from)
  }
}

/** How many members a map or an array has whose first byte was taken. */
export function countOf(cursor: Cursor, lead: number): number {
  if (lead === 0xdc || lead === 0xde) return cursor.unsigned(2)
  if (lead === 0xdd || lead === 0xdf) return cursor.unsigned(4)
  return lead & 0x0f
}

/** @returns where the value at the cursor ends: there the cursor is then. @throws PackError */
function skipValue(cursor: Cursor, depth: number): number {
  const from = cursor.take(1)
  const lead = cursor.bytes[from]!
  if (lead <= 0x7f || lead >= 0xe0) return cursor.at
  const isNamed = isMap(lead)
  if (isNamed || isArray(lead)) {
    if (depth >= MAX_DEPTH) throw new PackError(`it is nested deeper than ${MAX_DEPTH} levels`, from)
    for (let left = countOf(cursor, lead); left > 0; left--) {
      if (isNamed) skipName(cursor)
      skipValue(cursor, depth + 1)
    }
    return cursor.at
  }
  if (isText(lead)) skipText(cursor, lead)
  else cursor.take(plainBytes(cursor, lead))
  return cursor.at
}

function skipName(cursor: Cursor): void {
  const from = cursor.take(1)
  const lead = cursor.bytes[from]!
  if (isText(lead)) skipText(cursor, lead)
  else if (lead >= 0xc4 && lead <= 0xc6) cursor.take(plainBytes(cursor, lead))
  else throw new PackError('a name in a map is neither text nor bytes', from)
}

function skipText(cursor: Cursor, lead: number): void {
  const length = lead < 0xc0 ? lead & 0x1f : cursor.unsigned(lead === 0xd9 ? 1 : lead === 0xda ? 2 : 4)
  const from = cursor.take(length)
  const { bytes } = cursor
  for (let at = from; at < cursor.at; at++) {
    if (bytes[at]! < 0x80) continue
    if (tryUtf8(bytes.subarray(from, cursor.at)) === undefined) throw new PackError('text is not UTF-8', from)
    return
  }
}

/** Bytes that follow the first byte of nil, a number, bytes or an extension. @throws PackError */
function plainBytes(cursor: Cursor, lead: number): number {
  switch (lead) {
    case 0xc0:
    case 0xc2:
    case 0xc3:
      return 0
    case 0xc4:
      return cursor.unsigned(1)
    case 0xc5:
      return cursor.unsigned(2)
    case 0xc6:
      return cursor.unsigned(4)
    case 0xc7:
      return cursor.unsigned(1) + 1
    case 0xc8:
      return cursor.unsigned(2) + 1
    case 0xc9:
      return cursor.unsigned(4) + 1
    case 0xca:
    case 0xce:
    case 0xd2:
      return 4
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return 8
    case 0xcc:
    case 0xd0:
      return 1
    case 0xcd:
    case 0xd1:
      return 2
    case 0xd4:
      return 2
    case 0xd5:
      return 3
    case 0xd6:
      return 5
    case 0xd7:
      return 9
    case 0xd8:
      return 17
    default:
      throw new PackError('a byte begins no value', cursor.at - 1)
  }
}
