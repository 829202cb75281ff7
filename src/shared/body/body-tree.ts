import { tryUtf8 } from '../bytes'
import type { BodyFormat, BodyNode, BodyTree, BodyTreeOptions } from './body-types'
import { readJsonBody } from './json-reader'
import { readMsgpackBody } from './msgpack-reader'
import { type BodyReading, DEFAULT_MAX_NODES } from './tree-builder'

const EMPTY: BodyTree = { format: 'empty', root: null, problem: null }
/** Of a text, at most one character in twenty is a control character. */
const TEXT_CHARACTERS_PER_CONTROL = 20
/** Letters that begin a JSON value: { [ " - digit, true, false, null. */
const JSON_BEGIN = /^[{["\-0-9tfn]$/

/**
 * Decodes a body without being told what it is. JSON when it is JSON as a whole; MessagePack when it is one array or map
 * as a whole (or `expects` says so); else text when it is UTF-8 and mostly printable; else bytes. Never throws; costs
 * O(bytes) time and at most `maxNodes` nodes.
 *
 * @param body - Borrowed: bytes and extensions in the tree are views of it.
 */
export function bodyTree(body: Uint8Array, options: BodyTreeOptions = {}): BodyTree {
  if (body.length === 0) return EMPTY
  const { expects = null, isPart = false, maxNodes = DEFAULT_MAX_NODES } = options
  let problem: string | null = null

  if (expects === 'json' || (expects === null && beginsLikeJson(body))) {
    const reading = readJsonBody(body, maxNodes)
    if (isGood(reading, body, expects === 'json', isPart)) return decoded('json', reading, body)
    const lead = body.find((byte) => !isBlank(byte))
    if (expects === 'json' || lead === 0x7b || lead === 0x5b) problem = `Not JSON: ${where(reading)}`
  } else if (expects === 'msgpack' || beginsLikeMsgpack(body[0]!)) {
    const reading = readMsgpackBody(body, maxNodes)
    if (isGood(reading, body, expects === 'msgpack', isPart)) return decoded('msgpack', reading, body)
    if (expects === 'msgpack') problem = `Not MessagePack: ${where(reading)}`
  }
  const text = tryUtf8(body)
  if (text !== undefined && isMostlyPrintable(text))
    return { format: 'text', root: textRoot(body, text), problem }
  return { format: 'bytes', root: null, problem }
}

function isGood(reading: BodyReading, body: Uint8Array, isExpected: boolean, isPart: boolean): boolean {
  if (reading.root === null) return false
  if (reading.problem !== null) return isExpected || (isPart && reading.problem.isCut)
  return reading.end === body.length || isExpected
}

function decoded(format: BodyFormat, reading: BodyReading, body: Uint8Array): BodyTree {
  return { format, root: reading.root, problem: oddities(reading, body.length) }
}

/** The most important thing a reader must know about an incomplete or damaged value. */
function oddities({ problem, end, dropped, invalidBytes }: BodyReading, bodyBytes: number): string | null {
  if (problem !== null) return where({ problem })
  if (end < bodyBytes)
    return `${count(bodyBytes - end, 'byte')} after the value at ${offset(end)} are not part of it`
  if (dropped > 0) return `${count(dropped, 'more value')} not shown here; hex shows every byte`
  if (invalidBytes > 0) return `${count(invalidBytes, 'byte')} not UTF-8, shown as \\xNN`
  return null
}

const where = ({ problem }: Pick<BodyReading, 'problem'>): string =>
  problem === null
    ? 'something follows after the end of the value'
    : `${problem.message} (at ${offset(problem.at)})`

const offset = (at: number): string => `0x${at.toString(16).padStart(4, '0')}`
const count = (number: number, noun: string): string => (number === 1 ? `1 ${noun}` : `${number} ${noun}s`)

const textRoot = (body: Uint8Array, text: string): BodyNode => ({
  kind: 'string',
  key: null,
  from: 0,
  to: body.length,
  valueFrom: 0,
  scalar: text,
})

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

function beginsLikeJson(body: Uint8Array): boolean {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0
  while (at < body.length && isBlank(body[at]!)) at += 1
  return at < body.length && JSON_BEGIN.test(String.fromCharCode(body[at]!))
}

/** Arrays and maps only: nearly every byte begins some other value. */
const beginsLikeMsgpack = (lead: number): boolean =>
  (lead >= 0x80 && lead <= 0x9f) || (lead >= 0xdc && lead <= 0xdf)

/** Line ends and tabs are printable. */
function isMostlyPrintable(text: string): boolean {
  let controls = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 ? code !== 0x0a && code !== 0x0d && code !== 0x09 : code === 0x7f) controls += 1
  }
  return controls * TEXT_CHARACTERS_PER_CONTROL <= text.length
}
