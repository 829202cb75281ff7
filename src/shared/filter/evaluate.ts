import type { FieldRef, FilterSubject, FilterValue, SubjectValue, SubjectValues } from './filter-types'

const EMPTY = new Uint8Array(0)

/** The value of a field with its slice taken; undefined where the message has none of it. */
export function readField(subject: FilterSubject, field: FieldRef): SubjectValues {
  const values = subject.field(field)
  if (field.slice === null || values === undefined) return values
  if (!isSeveral(values)) return sliced(values, field.slice)
  return values.map((value) => sliced(value, field.slice!)).filter((value) => value !== undefined)
}

function sliced(value: SubjectValue, slice: NonNullable<FieldRef['slice']>): SubjectValue | undefined {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return undefined
  const from = slice.offset < 0 ? Math.max(0, value.length + slice.offset) : slice.offset
  const to = slice.length === null ? value.length : from + slice.length
  const part = typeof value === 'string' ? value.slice(from, to) : value.subarray(from, to)
  return part.length === 0 ? undefined : part
}

export const isSeveral = (values: SubjectValues): values is readonly SubjectValue[] => Array.isArray(values)

/** Present, not empty and not false. */
export function isThere(values: SubjectValues): boolean {
  if (values === undefined || values === false) return false
  if (typeof values === 'string' || values instanceof Uint8Array) return values.length > 0
  return isSeveral(values) ? values.some(isThere) : true
}

/** Whether a value of a message equals one that was written. */
export type ValueTest = (value: SubjectValue) => boolean

export function equals(wanted: FilterValue): ValueTest {
  switch (wanted.kind) {
    case 'text': {
      const { text } = wanted
      const bytes = encoder.encode(text)
      return (value) => value === text || (value instanceof Uint8Array && compareBytes(value, bytes) === 0)
    }
    case 'bytes':
      return (value) => value instanceof Uint8Array && compareBytes(value, wanted.bytes) === 0
    case 'boolean':
      return (value) => value === wanted.value
    default: {
      const number = numberOf(wanted)
      return (value) => isNumber(value) && value <= number && value >= number
    }
  }
}

/** `<` and its kin. What is of another type stands in no order. */
export function ordered(wanted: FilterValue, isWanted: (order: -1 | 0 | 1) => boolean): ValueTest {
  switch (wanted.kind) {
    case 'text': {
      const { text } = wanted
      const bytes = encoder.encode(text)
      return (value) => {
        if (typeof value === 'string') return isWanted(value < text ? -1 : value > text ? 1 : 0)
        return value instanceof Uint8Array && isWanted(compareBytes(value, bytes))
      }
    }
    case 'bytes':
      return (value) => value instanceof Uint8Array && isWanted(compareBytes(value, wanted.bytes))
    case 'boolean':
      return () => false
    default: {
      const number = numberOf(wanted)
      return (value) =>
        isNumber(value) &&
        (value < number ? isWanted(-1) : value > number ? isWanted(1) : value <= number && isWanted(0))
    }
  }
}

export function contains(wanted: FilterValue): ValueTest {
  const bytes =
    wanted.kind === 'bytes' ? wanted.bytes : wanted.kind === 'text' ? encoder.encode(wanted.text) : EMPTY
  if (wanted.kind === 'text') {
    const { text } = wanted
    return (value) => (typeof value === 'string' ? value.includes(text) : containsBytes(value, bytes))
  }
  return (value) => containsBytes(value, bytes)
}

const encoder = new TextEncoder()

const numberOf = (value: FilterValue): number | bigint =>
  value.kind === 'number' ? value.value : value.kind === 'time' ? value.msOfDay : Number.NaN

const isNumber = (value: SubjectValue): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

function compareBytes(a: Uint8Array, b: Uint8Array): -1 | 0 | 1 {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    if (a[at] !== b[at]) return a[at]! < b[at]! ? -1 : 1
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1
}

/** The first byte is looked for by the engine, the rest here: fast where it matters, and never quadratic in practice. */
function containsBytes(value: SubjectValue, wanted: Uint8Array): boolean {
  if (!(value instanceof Uint8Array)) return false
  const first = wanted[0]
  if (first === undefined) return true
  const last = value.length - wanted.length
  for (let at = value.indexOf(first); at >= 0 && at <= last; at = value.indexOf(first, at + 1)) {
    let matched = 1
    while (matched < wanted.length && value[at + matched] === wanted[matched]) matched += 1
    if (matched === wanted.length) return true
  }
  return false
}
