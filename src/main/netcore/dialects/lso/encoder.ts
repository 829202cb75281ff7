import { utf8 } from '../../../../shared/bytes'
import { ConsoleError } from '../../../../shared/errors'
import type { Headers, LosslessJson } from '../../../../shared/model/trace'
import type { EncodedFrame, OutgoingHead } from '../dialect'
import { MAX_SENT_EXTENSION_BYTES, MAX_SENT_HEAD_BYTES, PLAIN_HEAD_BYTES, PYTHON_BLOCK_BYTES } from './limits'
import { encodePythonJson } from './python-json-encode'

const RESERVED: ReadonlySet<string> = new Set(['route', 'message_id', 'is_response'])
const MISSION_EXTENSION = utf8('{"type": "mission"}')
const SPACE = 0x20

/**
 * A mission head with the `info` that Python's Endpoint writes for such a message, in its order: `route`,
 * `is_response`, `message_id`, then the headers (netcore-lso.md §5). What is empty is left out, except that a response
 * to nothing says `message_id: null`.
 *
 * @throws ConsoleError `HEAD_TOO_LARGE`, `HEAD_NOT_ENCODABLE`, `MESSAGE_TOO_LARGE`.
 */
export function encodeOpen(head: OutgoingHead): EncodedFrame {
  const info = Object.create(null) as Record<string, LosslessJson>
  if (head.route !== '') info['route'] = head.route
  if (head.kind === 'response') info['is_response'] = true
  if (head.correlationId !== '') info['message_id'] = head.correlationId
  else if (head.kind === 'response') info['message_id'] = null
  for (const [key, value] of Object.entries(head.headers)) {
    if (RESERVED.has(key)) {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', `the header "${key}" is a field of every message`, {
        remedy: 'Give the header another name: route, message_id and is_response are set by the message.',
      })
    }
    info[key] = value
  }
  return encodeMissionHead(head.ref, head.bodyBytes, info)
}

/**
 * A mission packet with any `info`, as Python's `Pipe.create_mission` writes it. A head above 4,096 bytes is filled
 * with spaces to a multiple of 2,048: the Python receiver hangs on other sizes (§11 Q3).
 *
 * @throws ConsoleError like `encodeOpen`.
 */
export function encodeMissionHead(ref: string, bodyBytes: number, info: Headers): EncodedFrame {
  if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0) {
    throw new ConsoleError('MESSAGE_TOO_LARGE', `a body of ${bodyBytes} bytes cannot be announced`)
  }
  const cancelBytes = cancelExtension(ref).length
  if (cancelBytes > MAX_SENT_EXTENSION_BYTES) {
    throw new ConsoleError('HEAD_TOO_LARGE', `the id makes packet heads of ${cancelBytes} bytes`, {
      limit: MAX_SENT_EXTENSION_BYTES,
      remedy: 'Shorten the id.',
    })
  }
  const meta = padHead(utf8(encodePythonJson({ extension: ref, length: bodyBytes, info })))
  return encodeSmallPacket('mission', MISSION_EXTENSION, meta)
}

/** A data packet, or nothing for an empty payload: an empty one would stop the Python endpoint (§11 Q5). */
export function encodeData(ref: string, payload: Uint8Array, heads = new DataHeads()): EncodedFrame {
  const payloadBytes = payload.length
  if (payloadBytes === 0) return { frameKind: 'data', parts: [], wireBytes: 0, payloadBytes }
  const head = heads.of(ref, payloadBytes)
  return { frameKind: 'data', parts: [head, payload], wireBytes: head.length + payloadBytes, payloadBytes }
}

/** Heads of data packets: all chunks of a message but the last have the same one. */
export class DataHeads {
  #ref = ''
  #payloadBytes = 0
  #head = new Uint8Array(0)

  of(ref: string, payloadBytes: number): Uint8Array {
    if (payloadBytes === this.#payloadBytes && ref === this.#ref) return this.#head
    const extension = utf8(`{"type": "data", "extension": ${encodePythonJson(ref)}}`)
    this.#ref = ref
    this.#payloadBytes = payloadBytes
    this.#head = new Uint8Array(8 + extension.length)
    writePacketHead(this.#head, extension, payloadBytes)
    return this.#head
  }
}

export function encodeCancel(ref: string): EncodedFrame {
  return encodeSmallPacket('cancel', cancelExtension(ref), utf8(encodePythonJson({ extension: ref })))
}

const cancelExtension = (ref: string): Uint8Array =>
  utf8(`{"type": "cancel", "extension": ${encodePythonJson(ref)}}`)

function padHead(json: Uint8Array): Uint8Array {
  if (json.length <= PLAIN_HEAD_BYTES) return json
  if (json.length > MAX_SENT_HEAD_BYTES) {
    throw new ConsoleError('HEAD_TOO_LARGE', `route and headers take ${json.length} bytes`, {
      limit: MAX_SENT_HEAD_BYTES,
    })
  }
  const padded = new Uint8Array(Math.ceil(json.length / PYTHON_BLOCK_BYTES) * PYTHON_BLOCK_BYTES).fill(SPACE)
  padded.set(json)
  return padded
}

function encodeSmallPacket(frameKind: string, extension: Uint8Array, meta: Uint8Array): EncodedFrame {
  const packet = new Uint8Array(8 + extension.length + meta.length)
  writePacketHead(packet, extension, meta.length)
  packet.set(meta, 8 + extension.length)
  return { frameKind, parts: [packet], wireBytes: packet.length, payloadBytes: 0 }
}

/** Extension length, extension, meta length (netcore-lso.md §2); little-endian. */
function writePacketHead(packet: Uint8Array, extension: Uint8Array, metaBytes: number): void {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  view.setInt32(0, extension.length, true)
  packet.set(extension, 4)
  view.setInt32(4 + extension.length, metaBytes, true)
}
