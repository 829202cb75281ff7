import { timeText } from './short-text'
import { float32Text } from './value-text'

export type DataValueName =
  | 'u8'
  | 'i8'
  | 'u16'
  | 'i16'
  | 'u32'
  | 'i32'
  | 'u64'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'varint'
  | 'time'

export interface DataValue {
  readonly name: DataValueName
  /** Null where too few bytes follow. */
  readonly text: string | null
  readonly bytes: number
}

/** A 64-bit varint has at most ten bytes (protobuf.dev/programming-guides/encoding). */
const MAX_VARINT_BYTES = 10

/** Everything the bytes from `at` on could mean as a number. */
export function dataValues(body: Uint8Array, at: number, isLittleEndian: boolean): readonly DataValue[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const fits = (bytes: number): boolean => at >= 0 && at + bytes <= body.length
  const value = (name: DataValueName, bytes: number, read: () => number | bigint | string): DataValue => ({
    name,
    bytes,
    text: fits(bytes) ? String(read()) : null,
  })
  return [
    value('u8', 1, () => view.getUint8(at)),
    value('i8', 1, () => view.getInt8(at)),
    value('u16', 2, () => view.getUint16(at, isLittleEndian)),
    value('i16', 2, () => view.getInt16(at, isLittleEndian)),
    value('u32', 4, () => view.getUint32(at, isLittleEndian)),
    value('i32', 4, () => view.getInt32(at, isLittleEndian)),
    value('f32', 4, () => float32Text(view.getFloat32(at, isLittleEndian))),
    varint(body, at),
    value('u64', 8, () => view.getBigUint64(at, isLittleEndian)),
    value('i64', 8, () => view.getBigInt64(at, isLittleEndian)),
    value('f64', 8, () => view.getFloat64(at, isLittleEndian)),
    value('time', 4, () => timeText(BigInt(view.getUint32(at, isLittleEndian)) * 1_000_000_000n)),
  ]
}

/** Little groups of seven bits, the lowest first, the high bit set on all but the last byte. */
function varint(body: Uint8Array, at: number): DataValue {
  let value = 0n
  for (let index = 0; index < MAX_VARINT_BYTES; index++) {
    const byte = body[at + index]
    if (byte === undefined) break
    value |= BigInt(byte & 0x7f) << BigInt(7 * index)
    if (byte < 0x80) return { name: 'varint', bytes: index + 1, text: String(value) }
  }
  return { name: 'varint', bytes: 1, text: null }
}
