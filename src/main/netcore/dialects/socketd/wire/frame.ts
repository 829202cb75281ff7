import { lenientUtf8, tryUtf8, utf8 } from '../../../../../shared/bytes'
import { FLAG, type FrameKind, kindOfFlag } from './flags'

const MIB = 1024 * 1024

/** Length and flag: all of a frame without a message. */
export const BARE_BYTES = 8
/** With a message whose parts are all empty. */
const LEAST_MESSAGE_BYTES = 14
export const LARGEST_DATA_BYTES = 16 * MIB
export const LARGEST_FRAME_BYTES = 17 * MIB
/** What senders check, in bytes; longer parts are cut by the peers and refused here. */
export const LARGEST_SID_BYTES = 64
export const LARGEST_EVENT_BYTES = 512
export const LARGEST_META_BYTES = 4096

const SEPARATOR_BYTES = 2

/** A frame as it came. */
export interface Frame {
  readonly kind: FrameKind | 'unknown'
  readonly flag: number
  /** False for the form of eight bytes. */
  readonly hasMessage: boolean
  readonly sid: string
  readonly event: string
  readonly meta: string
  /** A view of the bytes that were read. */
  readonly data: Uint8Array
}

const NO_DATA = new Uint8Array(0)

/** What the first four bytes announce; undefined when no frame can have this length. */
export function frameBytesOf(bytes: Uint8Array, at = 0): number | undefined {
  const announced = bytes[at]! * 0x1000000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!)
  const isPossible = announced === BARE_BYTES || announced >= LEAST_MESSAGE_BYTES
  return isPossible && announced <= LARGEST_FRAME_BYTES ? announced : undefined
}

/** Reads a whole frame. Returns what is wrong with it, in words, when it makes no sense. */
export function readFrame(bytes: Uint8Array): Frame | string {
  const flag = (bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!
  const kind = kindOfFlag(flag)
  if (bytes.length === BARE_BYTES) {
    return { kind, flag, hasMessage: false, sid: '', event: '', meta: '', data: NO_DATA }
  }
  const sidEnd = separatorIn(bytes, BARE_BYTES, LARGEST_SID_BYTES)
  if (sidEnd < 0) return `no sid of at most ${LARGEST_SID_BYTES} bytes`
  const eventEnd = separatorIn(bytes, sidEnd + SEPARATOR_BYTES, LARGEST_EVENT_BYTES)
  if (eventEnd < 0) return `no event of at most ${LARGEST_EVENT_BYTES} bytes`
  const metaEnd = separatorIn(bytes, eventEnd + SEPARATOR_BYTES, LARGEST_META_BYTES)
  if (metaEnd < 0) return `no metas of at most ${LARGEST_META_BYTES} bytes`
  const data = bytes.subarray(metaEnd + SEPARATOR_BYTES)
  if (data.length > LARGEST_DATA_BYTES) return `${data.length} bytes of data, more than the protocol allows`
  // An answer must repeat the sid exactly; the other two are only read by people and programs.
  const sid = tryUtf8(bytes.subarray(BARE_BYTES, sidEnd))
  if (sid === undefined) return 'the sid is not UTF-8'
  const event = lenientUtf8(bytes.subarray(sidEnd + SEPARATOR_BYTES, eventEnd))
  const meta = lenientUtf8(bytes.subarray(eventEnd + SEPARATOR_BYTES, metaEnd))
  return { kind, flag, hasMessage: true, sid, event, meta, data }
}

/** Index of the next 00 0A that ends a part of at most `mostBytes`; -1 where there is none. */
function separatorIn(bytes: Uint8Array, from: number, mostBytes: number): number {
  const last = Math.min(from + mostBytes, bytes.length - SEPARATOR_BYTES)
  for (let at = from; at <= last; at++) {
    if (bytes[at] === 0 && bytes[at + 1] === 0x0a) return at
  }
  return -1
}

/** Sid and event with their separators: the same in all frames of a message. */
export const frameNames = (sid: string, event: string): Uint8Array => utf8(`${sid}\0\n${event}\0\n`)

/** Everything of a frame that stands before its data. @param names - See `frameNames`. */
export function frameHead(kind: FrameKind, names: Uint8Array, meta: string, dataBytes: number): Uint8Array {
  const metaBytes = utf8(meta)
  const metaAt = BARE_BYTES + names.length
  const head = new Uint8Array(metaAt + metaBytes.length + SEPARATOR_BYTES)
  writeStart(head, head.length + dataBytes, FLAG[kind])
  head.set(names, BARE_BYTES)
  head.set(metaBytes, metaAt)
  head[head.length - 1] = 0x0a
  return head
}

/** Bytes of `frameHead`. */
export const frameHeadBytes = (names: Uint8Array, metaBytes: number): number =>
  BARE_BYTES + names.length + metaBytes + SEPARATOR_BYTES

/** A frame without a message. */
export function bareFrame(kind: FrameKind): Uint8Array {
  const frame = new Uint8Array(BARE_BYTES)
  writeStart(frame, BARE_BYTES, FLAG[kind])
  return frame
}

function writeStart(frame: Uint8Array, length: number, flag: number): void {
  frame[0] = length >>> 24
  frame[1] = length >>> 16
  frame[2] = length >>> 8
  frame[3] = length
  frame[7] = flag
}
