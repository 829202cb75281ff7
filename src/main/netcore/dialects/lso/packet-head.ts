import { lenientUtf8, tryUtf8, utf8 } from '../../../../shared/bytes'
import { ConsoleError } from '../../../../shared/errors'
import { DEFAULT_PRIORITY, type Headers, type LosslessJson } from '../../../../shared/model/trace'
import type { IncomingHead } from '../dialect'
import { encodePythonJson } from './python-json-encode'
import { parsePythonJson } from './python-json-parse'

/** What the extension of a packet says (netcore-lso.md §3). */
export interface PacketHead {
  readonly role: 'mission' | 'data' | 'cancel'
  /** The `type` as written; shown in traces. */
  readonly frameKind: string
  /** Empty for a mission: there it stands in the meta. */
  readonly ref: string
}

/** A mission head, or why its mission cannot be. */
export type MissionHead =
  | { readonly isRefused: false; readonly head: IncomingHead }
  | { readonly isRefused: true; readonly ref: string; readonly detail: string }

const MISSION_EXTENSION = utf8('{"type": "mission"}')
const DATA_START = utf8('{"type": "data", "extension": "')
const MISSION: PacketHead = { role: 'mission', frameKind: 'mission', ref: '' }
const LONGEST_SHOWN_KIND = 32
const LONGEST_REMEMBERED_BYTES = 256
const QUOTE = 0x22
const CLOSING_BRACE = 0x7d

/**
 * Reads an extension. Every `type` but `mission` and `cancel` means data, as for the Python receiver.
 *
 * @throws ConsoleError `LSO_BAD_JSON`, `LSO_BAD_PACKET`.
 */
export function readPacketHead(extension: Uint8Array): PacketHead {
  return readUsualHead(extension) ?? readAnyHead(extension)
}

/** Reads extensions one after the other: that of a chunk is nearly always the one of the chunk before. */
export class PacketHeads {
  #extension = new Uint8Array(0)
  #head: PacketHead = MISSION

  /** @throws ConsoleError `LSO_BAD_JSON`, `LSO_BAD_PACKET`. */
  read(extension: Uint8Array): PacketHead {
    const last = this.#extension
    if (extension.length === last.length && startsWith(extension, last)) return this.#head
    const head = readPacketHead(extension)
    if (extension.length <= LONGEST_REMEMBERED_BYTES) {
      this.#extension = extension.slice()
      this.#head = head
    }
    return head
  }
}

/** The two forms that nearly all packets have, without the cost of parsing. */
function readUsualHead(extension: Uint8Array): PacketHead | undefined {
  if (startsWith(extension, MISSION_EXTENSION) && extension.length === MISSION_EXTENSION.length)
    return MISSION
  const idEnd = extension.length - 2
  if (extension[idEnd] !== QUOTE || extension[idEnd + 1] !== CLOSING_BRACE) return undefined
  if (!startsWith(extension, DATA_START)) return undefined
  for (let at = DATA_START.length; at < idEnd; at++) {
    if (!isIdByte(extension[at]!)) return undefined
  }
  const ref = lenientUtf8(extension.subarray(DATA_START.length, idEnd))
  return { role: 'data', frameKind: 'data', ref }
}

function readAnyHead(extension: Uint8Array): PacketHead {
  const fields = readObject(extension, 'the extension')
  const type = fields['type']
  if (type === undefined) throw new ConsoleError('LSO_BAD_PACKET', 'the extension has no "type"')
  if (type === 'mission') return MISSION
  const ref = readRef(fields['extension'], 'the extension')
  if (type === 'cancel') return { role: 'cancel', frameKind: 'cancel', ref }
  const isShowable = typeof type === 'string' && type !== '' && type.length <= LONGEST_SHOWN_KIND
  return { role: 'data', frameKind: isShowable ? type : 'data', ref }
}

/**
 * Reads the meta of a mission packet.
 *
 * @throws ConsoleError `LSO_BAD_JSON`, `LSO_BAD_PACKET`.
 */
export function readMissionHead(meta: Uint8Array): MissionHead {
  const fields = readObject(meta, 'the mission head')
  const ref = readRef(fields['extension'], 'the mission head')
  const info = fields['info']
  if (!isObject(info)) throw new ConsoleError('LSO_BAD_PACKET', 'the mission head has no "info" object')
  const length = fields['length']
  if (length === undefined) throw new ConsoleError('LSO_BAD_PACKET', 'the mission head has no "length"')
  if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) {
    return { isRefused: true, ref, detail: `length ${describe(length)} is not a number of bytes` }
  }
  // A length written as -0.0 is 0.
  return { isRefused: false, head: toIncomingHead(ref, length + 0, info) }
}

/**
 * `route`, `message_id` and `is_response` are understood when they are what Netcore sends; anything else stays visible
 * among the headers, but never means anything (netcore-lso.md §11 Q16).
 */
function toIncomingHead(ref: string, declaredBytes: number, info: Headers): IncomingHead {
  const headers = Object.create(null) as Record<string, LosslessJson>
  let route = ''
  let correlationId = ''
  let isResponse = false
  for (const [key, value] of Object.entries(info)) {
    if (key === 'route' && typeof value === 'string') route = value
    else if (key === 'message_id' && typeof value === 'string') correlationId = value
    else if (key === 'message_id' && value === null)
      correlationId = '' // Python writes null for "none"
    else if (key === 'is_response' && typeof value === 'boolean') isResponse = value
    else headers[key] = value
  }
  // Netcore has no word for it, but a message without an id cannot be answered: it only tells something.
  const asks = correlationId === '' ? 'event' : 'request'
  const kind = isResponse ? 'response' : asks
  return { ref, route, kind, priority: DEFAULT_PRIORITY, correlationId, headers, declaredBytes }
}

export function readObject(bytes: Uint8Array, what: string): Headers {
  const text = tryUtf8(bytes)
  if (text === undefined) throw new ConsoleError('LSO_BAD_JSON', `${what} is not UTF-8 text`)
  let value: LosslessJson
  try {
    value = parsePythonJson(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConsoleError('LSO_BAD_JSON', `${what} is not JSON: ${reason}`, {}, { cause })
  }
  if (!isObject(value)) throw new ConsoleError('LSO_BAD_PACKET', `${what} is not a JSON object`)
  return value
}

/** Ids are text; the Python side takes other scalars too, which are told apart here by their JSON. */
function readRef(value: LosslessJson | undefined, what: string): string {
  if (typeof value === 'string') return value
  if (value === undefined) throw new ConsoleError('LSO_BAD_PACKET', `${what} names no "extension"`)
  if (value !== null && typeof value === 'object') {
    throw new ConsoleError('LSO_BAD_PACKET', `the "extension" of ${what} is not a plain value`)
  }
  return String(value)
}

function describe(value: LosslessJson): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value).slice(0, 40)
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'of kind list' : 'of kind object'
  return encodePythonJson(value).slice(0, 40)
}

function isObject(value: LosslessJson | undefined): value is Headers {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  if (bytes.length < start.length) return false
  for (let at = 0; at < start.length; at++) if (bytes[at] !== start[at]) return false
  return true
}

/** a–z, A–Z, 0–9: what Python draws ids from. */
function isIdByte(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}
