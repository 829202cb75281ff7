import { toHex } from '../bytes'
import { parseField, readField } from '../filter'
import type { FieldRef, FilterSubject, SubjectValue } from '../filter/filter-types'

/** Words that stand before a field in `set`. */
export type ValuePlace = 'reply' | 'message'

export interface ValueSource {
  readonly place: ValuePlace
  readonly field: FieldRef
  readonly text: string
}

/** Fields that are called otherwise in `reply.…` than in filters, because they read better so. */
const OWN_NAMES: Readonly<Record<string, string>> = { headers: 'header', text: 'text', bytes: 'bytes' }
const WHOLE = /^(reply|message)\.([a-z_]+)(.*)$/s

/**
 * Reads the right side of a `set`: `reply.body.id`, `reply.headers.x`, `message.route` are fields of a message; undefined for other
 * text, which is taken as it is.
 *
 * @returns What is wrong with it, as text, when it begins so and is no field.
 */
export function readValueSource(text: string): ValueSource | string | undefined {
  const [, place, head = '', rest = ''] = WHOLE.exec(text.trim()) ?? []
  if (place === undefined) return undefined
  const isBody = head === 'body' || head === 'headers' || head === 'header'
  if (isBody && rest === '') {
    return head === 'body'
      ? { place: place as ValuePlace, field: { name: 'text', path: [], slice: null }, text }
      : `"${text}" is a set of headers: name one, as in ${place}.headers.user`
  }
  const name = isBody || Object.hasOwn(OWN_NAMES, head) ? (OWN_NAMES[head] ?? head) : `msg.${head}`
  const field = parseField(name + rest)
  if ('message' in field) return `"${text}" is no field of a message: ${field.message}`
  return { place: place as ValuePlace, field, text }
}

/** The value of a field as text, as it is put into messages; undefined when the message has none. */
export function valueText(subject: FilterSubject, field: FieldRef): string | undefined {
  const values = readField(subject, field)
  if (values === undefined) return undefined
  if (typeof values !== 'object' || values instanceof Uint8Array) return textOf(values)
  return `[${values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : textOf(value))).join(',')}]`
}

const textOf = (value: SubjectValue): string => (value instanceof Uint8Array ? toHex(value) : String(value))
