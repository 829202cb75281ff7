import { utf8 } from '../../../shared/bytes'
import type { FieldRef, FilterNode, FilterValue } from '../../../shared/filter/filter-types'
import type { BytesTest } from '../body-store'
import type { MessageStore } from '../message-store'
import type { RowFilter } from './row-filter'

type FieldNode = FilterNode & { readonly op: 'has' | 'compare' | 'in' }

const BACKSLASH = 0x5c
/** MessagePack bodies are arrays and maps and begin above this; JSON begins below, or with a mark of its encoding. */
const FIRST_BEYOND_JSON = 0x80
/** Up to here a loop is faster than a call of the engine for each candidate. */
const MAX_LOOPED_BYTES = 512
/** Names that JSON and MessagePack write as they are. Numbers, truth and nothing may be keys of MessagePack as well. */
const PLAIN_NAME = /^(?!(?:true|false|null|NaN|Infinity)$)[A-Za-z_][A-Za-z0-9_-]*$/
/** Texts that JSON writes as they are or with a backslash, and that no line for a whole object or list can be. A backslash
 * is out: bytes that are no text are shown with one. */
const PLAIN_TEXT = /^(?![[{])[\x20-\x5b\x5d-\x7e]+$/

/**
 * What the bytes of a body alone say of a filter on one of its fields: where its name, or the value that is asked for, does
 * not stand in them, nothing needs to be decoded. Never turns away what matches; null when it can say nothing.
 */
export function bodyBound(node: FieldNode, messages: MessageStore): RowFilter['admits'] | null {
  if (node.field.name !== 'body') return null
  const name = longestName(node.field)
  if (name === null) return null
  const value = valueTest(node)
  const test: BytesTest = (bytes, from, to) =>
    (holds(bytes, from, to, name) || holdsByte(bytes, from, to, BACKSLASH)) &&
    (value === null || bytes[from]! >= FIRST_BEYOND_JSON || value(bytes, from, to))
  return (columns, at) => messages.bodyPasses(columns, at, test)
}

/** The name on the path that is rarest by guess; null when there is none that must stand in the bytes as it is. */
function longestName({ path }: FieldRef): Uint8Array | null {
  let longest = ''
  for (const step of path) {
    if (typeof step === 'string' && step.length > longest.length && PLAIN_NAME.test(step)) longest = step
  }
  return longest === '' ? null : utf8(longest)
}

/** What must stand in a JSON body for a comparison to hold; null when anything may. */
function valueTest(node: FieldNode): BytesTest | null {
  if (node.op === 'has' || node.field.slice !== null) return null
  const wanted = node.op === 'in' ? node.values : node.comparison === '==' ? [node.value] : []
  const tests = wanted.map(literalTest)
  const known = tests.filter((test) => test !== null)
  if (known.length === 0 || known.length < tests.length) return null
  const [only] = known
  if (known.length === 1 && only !== undefined) return only
  return (bytes, from, to) => known.some((test) => test(bytes, from, to))
}

function literalTest(value: FilterValue): BytesTest | null {
  if (value.kind === 'boolean') {
    const word = utf8(String(value.value))
    return (bytes, from, to) => holds(bytes, from, to, word)
  }
  if (value.kind !== 'text' || !PLAIN_TEXT.test(value.text)) return null
  const text = utf8(value.text)
  return (bytes, from, to) => holds(bytes, from, to, text) || holdsByte(bytes, from, to, BACKSLASH)
}

function holdsByte(bytes: Uint8Array, from: number, to: number, byte: number): boolean {
  if (to - from > MAX_LOOPED_BYTES) return bytes.subarray(from, to).includes(byte)
  for (let at = from; at < to; at++) if (bytes[at] === byte) return true
  return false
}

/** Whether `needle`, of at least one byte, stands anywhere in `from` … `to`. */
function holds(bytes: Uint8Array, from: number, to: number, needle: Uint8Array): boolean {
  const last = to - needle.length
  if (to - from > MAX_LOOPED_BYTES) return holdsFar(bytes.subarray(from, to), needle)
  const first = needle[0]
  for (let at = from; at <= last; at++) {
    if (bytes[at] !== first) continue
    let matched = 1
    while (matched < needle.length && bytes[at + matched] === needle[matched]) matched += 1
    if (matched === needle.length) return true
  }
  return false
}

/** The engine looks for the first byte, many at a time. */
function holdsFar(bytes: Uint8Array, needle: Uint8Array): boolean {
  const first = needle[0]!
  const last = bytes.length - needle.length
  for (let at = bytes.indexOf(first); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let matched = 1
    while (matched < needle.length && bytes[at + matched] === needle[matched]) matched += 1
    if (matched === needle.length) return true
  }
  return false
}
