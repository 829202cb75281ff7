import { decodeVisibly } from '../bytes'
import type { BodyFormat, BodyNode } from './body-types'
import { scalarText } from './short-text'

/** Digits after which a single-precision number is told apart from its neighbours. */
const MAX_FLOAT32_DIGITS = 9

/**
 * A scalar as it stands in the body: numbers and strings of JSON keep their characters, single-precision numbers get no
 * digits they never had. Still to be made visible: strings may hold anything.
 *
 * @param body - The body the node was read from.
 */
export function valueText(
  node: BodyNode,
  format: BodyFormat,
  body: Uint8Array,
  maxCharacters = Number.POSITIVE_INFINITY,
): string {
  if (format === 'json' && (node.kind === 'string' || node.kind === 'integer' || node.kind === 'float')) {
    const to = Math.min(node.to, node.valueFrom + maxCharacters * 4)
    return decodeVisibly(body.subarray(node.valueFrom, to)).text.slice(0, maxCharacters)
  }
  if (node.kind === 'float' && body[node.valueFrom] === 0xca && typeof node.scalar === 'number') {
    return float32Text(node.scalar)
  }
  return scalarText(node, maxCharacters)
}

/** The fewest digits that give the same single-precision number. */
export function float32Text(value: number): string {
  for (let digits = 1; digits < MAX_FLOAT32_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(value)
}

const MSGPACK_WORDS: Readonly<Record<number, string>> = {
  0xca: 'f32',
  0xcb: 'f64',
  0xcc: 'u8',
  0xcd: 'u16',
  0xce: 'u32',
  0xcf: 'u64',
  0xd0: 'i8',
  0xd1: 'i16',
  0xd2: 'i32',
  0xd3: 'i64',
}

/** What the sender wrote, in one word: `u16`, `string`, `bytes 64`, `array`. */
export function typeWord(node: BodyNode, format: BodyFormat, body: Uint8Array): string {
  const { kind, scalar } = node
  if (format === 'msgpack' && (kind === 'integer' || kind === 'float')) {
    return MSGPACK_WORDS[body[node.valueFrom]!] ?? 'int'
  }
  if (format === 'msgpack' && kind === 'object') return 'map'
  if (kind === 'float') return 'number'
  if (kind === 'boolean') return 'bool'
  if (kind === 'bytes' && scalar instanceof Uint8Array) return `bytes ${scalar.length}`
  if (kind === 'extension') return `ext ${node.extensionType}`
  return kind
}

/** The first byte of the number itself, behind the byte that says what it is; of anything else the first byte. */
export function payloadFrom(node: BodyNode, format: BodyFormat): number {
  const isNumber = node.kind === 'integer' || node.kind === 'float'
  return format === 'msgpack' && isNumber && node.to - node.valueFrom > 1
    ? node.valueFrom + 1
    : node.valueFrom
}
