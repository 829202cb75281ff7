import { concatBytes, utf8 } from '../../../../../shared/bytes'
import { jsonToMsgpack } from '../../../../../shared/body/json-to-msgpack'
import { peerErrorOf, STATUS_ERROR, STATUS_HEADER } from '../../../../../shared/model/peer-error'
import type { Headers } from '../../../../../shared/model/trace'
import { packedToJson } from '../wire/pack-json'
import { isMap, membersOf, type PackedMember, textAt } from '../wire/pack-reader'
import { EMPTY_MAP, mapHead, PACKED_NIL, PACKED_TRUE, packText } from '../wire/pack-writer'
import { packedBody } from './body-value'
import { bodyOfPacked } from '../wire/pack-json'
import { CONDUIT_ERROR, conduitCodeOf } from './error-codes'

/**
 * What stands around bodies: `{type, data}`, `{method, params}` and the double wrapper of answers. Parts are put together by
 * whoever writes the frame; those that hold a body are views of it.
 */
export type Parts = readonly Uint8Array[]

const NO_HEADERS: Headers = Object.freeze(Object.create(null) as Headers)
const ERROR_HEADERS: Headers = Object.freeze({ [STATUS_HEADER]: STATUS_ERROR })

/** A body with what is said beside it. */
export interface Said {
  readonly body: Uint8Array
  readonly headers: Headers
}

const KEY = {
  type: packText('type'),
  data: packText('data'),
  method: packText('method'),
  params: packText('params'),
  success: packText('success'),
  result: packText('result'),
}

export const messageParts = (type: string, body: Uint8Array): Parts => [
  mapHead(2),
  KEY.type,
  packText(type),
  KEY.data,
  ...packedBody(body),
]

/** No body is no parameters. */
export const callParts = (method: string, body: Uint8Array): Parts => [
  mapHead(2),
  KEY.method,
  packText(method),
  KEY.params,
  ...(body.length === 0 ? [EMPTY_MAP] : packedBody(body)),
]

/**
 * An answer in the double wrapper, because callers in Python read `result["data"]`. A map with the name `success` is the
 * inner wrapper already, as it is there.
 */
export function answerParts({ body, headers }: Said): Parts {
  const outer = [mapHead(2), KEY.success, PACKED_TRUE, KEY.result]
  if (headers[STATUS_HEADER] === STATUS_ERROR) return [...outer, packedError(body)]
  const value = packedBody(body)
  const isWrapped = isMap(value[0]![0]!) && hasMember(concatBytes(value), 'success')
  return isWrapped
    ? [...outer, ...value]
    : [...outer, mapHead(2), KEY.success, PACKED_TRUE, KEY.data, ...value]
}

/** What answers a message instead of its data when its handler failed. */
export const failedMessageParts = (type: string, body: Uint8Array): Parts => [
  mapHead(2),
  KEY.type,
  packText(type),
  KEY.data,
  packedError(body),
]

/** What a call gets that came too fast. */
export const rateLimitedParts = (waitMs: number): Parts => [
  mapHead(2),
  KEY.success,
  PACKED_TRUE,
  KEY.result,
  packMap({
    success: false,
    error: 'Rate limit exceeded',
    code: CONDUIT_ERROR.rateLimited,
    details: { retry_after: Math.ceil(waitMs) / 1000 },
  }),
]

/** `{success: false, error, code, details}` of an error answer of ours. */
function packedError(body: Uint8Array): Uint8Array {
  const { code, message, details } = peerErrorOf({ headers: ERROR_HEADERS, body })!
  return jsonToMsgpack(
    JSON.stringify({
      success: false,
      error: message,
      code: conduitCodeOf(code),
      ...(details && { details }),
    }),
  )
}

export interface ReadMessage {
  /** Undefined where it is no text. */
  readonly type: string | undefined
  readonly data: Uint8Array
}

/** Bodies of any shape: what is missing is nil. */
export function readMessage(body: Uint8Array): ReadMessage {
  const members = body.length === 0 ? undefined : membersOf(body)
  if (members === undefined)
    return { type: undefined, data: body.length === 0 ? body : bodyOf(body, wholeOf(body)) }
  const type = lastNamed(members, 'type')
  return { type: type && textAt(body, type.from, type.to), data: bodyOf(body, lastNamed(members, 'data')) }
}

export interface ReadCall {
  /** Empty where there is none. */
  readonly method: string
  readonly params: Uint8Array
}

export function readCall(body: Uint8Array): ReadCall {
  const members = body.length === 0 ? [] : (membersOf(body) ?? [])
  const method = lastNamed(members, 'method')
  const params = lastNamed(members, 'params')
  const isGiven = params !== undefined && body[params.from] !== 0xc0
  return {
    method: (method && textAt(body, method.from, method.to)) ?? '',
    params: isGiven ? bodyOf(body, params) : utf8('{}'),
  }
}

/** What an answer means, in all shapes that the Python client takes, its server sends, and errors in success. */
export function readAnswer(body: Uint8Array): Said {
  if (body.length === 0) return { body, headers: NO_HEADERS }
  const outer = membersOf(body)
  const success = outer && lastNamed(outer, 'success')
  if (outer === undefined || success === undefined) return plain(body, wholeOf(body))
  if (body[success.from] === FALSE) return failure(body, outer)
  const value = lastNamed(outer, 'data') ?? lastNamed(outer, 'result')
  if (value === undefined) return { body: new Uint8Array(0), headers: NO_HEADERS }
  const inner = membersOf(body, value.from)
  const innerSuccess = inner && lastNamed(inner, 'success')
  if (inner === undefined || innerSuccess === undefined) return plain(body, value)
  if (body[innerSuccess.from] === FALSE) return failure(body, inner)
  const data = lastNamed(inner, 'data')
  // With more than these two (`metadata`, `message`, …) all of it is the answer.
  return inner.length === 2 && data !== undefined && body[innerSuccess.from] === TRUE
    ? plain(body, data)
    : plain(body, value)
}

/** What answers a message: its data, or a failure told in the shape of calls. */
export function readMessageAnswer(data: PackedValue): Said {
  const { bytes, from } = data
  const members = bytes.length === 0 ? undefined : membersOf(bytes, from)
  const success = members && lastNamed(members, 'success')
  const hasReason = members !== undefined && lastNamed(members, 'error') !== undefined
  if (success !== undefined && hasReason && bytes[success.from] === FALSE) return failure(bytes, members)
  return plain(bytes, data)
}

/** A packed value within bytes that hold more. */
export interface PackedValue {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
}

/** The data of a message as it is packed; nil where there is none. */
export function packedData(body: Uint8Array): PackedValue {
  const members = body.length === 0 ? undefined : membersOf(body)
  const data = members && lastNamed(members, 'data')
  return data === undefined
    ? { bytes: PACKED_NIL, from: 0, to: 1 }
    : { bytes: body, from: data.from, to: data.to }
}

/** A member of a packed map as text; undefined where there is none. */
export function textMember({ bytes, from }: PackedValue, name: string): string | undefined {
  const member = lastNamed(membersOf(bytes, from) ?? [], name)
  return member && textAt(bytes, member.from, member.to)
}

/** A member of a packed map. */
export function memberOf({ bytes, from }: PackedValue, name: string): PackedValue | undefined {
  const member = lastNamed(membersOf(bytes, from) ?? [], name)
  return member && { bytes, from: member.from, to: member.to }
}

export const bodyOfValue = ({ bytes, from, to }: PackedValue): Uint8Array => bodyOfPacked(bytes, from, to)

/** A small map of the protocol's own as a plain object; empty where it is no map or holds what JSON can not say. */
export function readMap(body: Uint8Array): Readonly<Record<string, unknown>> {
  const json = body.length === 0 ? undefined : packedToJson(body)
  const value = json && (JSON.parse(new TextDecoder().decode(json)) as unknown)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

export const packMap = (value: Readonly<Record<string, unknown>>): Uint8Array =>
  jsonToMsgpack(JSON.stringify(value))

const FALSE = 0xc2
const TRUE = 0xc3

/** An error answer in the form in which everybody above knows them, see `errorReply`. */
function failure(body: Uint8Array, members: readonly PackedMember[]): Said {
  const jsonOf = (name: string): string | undefined => {
    const member = lastNamed(members, name)
    const json = member && packedToJson(body, member.from)
    return json && new TextDecoder().decode(json)
  }
  const fields = [
    `"error":${jsonOf('error') ?? '""'}`,
    `"code":${JSON.stringify(codeText(jsonOf('code')))}`,
    ...(jsonOf('details') === undefined ? [] : [`"details":${jsonOf('details')!}`]),
  ]
  return { body: utf8(`{${fields.join(',')}}`), headers: ERROR_HEADERS }
}

/** A number as its digits; a text without its quotes. */
function codeText(json: string | undefined): string {
  if (json === undefined || json === 'null') return '1000'
  return json.startsWith('"') ? String(JSON.parse(json)) : json
}

const wholeOf = (body: Uint8Array): PackedMember => ({ name: null, from: 0, to: body.length })

const bodyOf = (body: Uint8Array, member: PackedMember | undefined): Uint8Array =>
  member === undefined ? utf8('null') : bodyOfPacked(body, member.from, member.to)

const plain = (body: Uint8Array, { from, to }: { from: number; to: number }): Said => ({
  body: bodyOfPacked(body, from, to),
  headers: NO_HEADERS,
})

const hasMember = (packed: Uint8Array, name: string): boolean =>
  lastNamed(membersOf(packed) ?? [], name) !== undefined

/** Of names that stand twice the last holds, as in Python. */
const lastNamed = (members: readonly PackedMember[], name: string): PackedMember | undefined =>
  members.findLast((member) => member.name === name)
