import type { Priority } from '../../../../../shared/model/trace'

/**
 * Every frame of the native dialect as a value, both directions: what the scanner hands out and what the encoder takes.
 * docs/native-protocol.md has the layout; this file has the words. Multi-byte integers on the wire are little-endian,
 * `varint` is LEB128 of at most five bytes.
 */

/** High nibble of the first byte. 0 is a fault, 14 and 15 are ignored so that later versions can use them. */
export const FRAME_TYPE = {
  req: 1,
  sub: 2,
  evt: 3,
  ans: 4,
  data: 5,
  ctrl: 6,
  back: 7,
  ack: 8,
  ping: 9,
  pong: 10,
  hello: 11,
  auth: 12,
  bye: 13,
} as const

/** Low nibble of the numbered message frames (types 1–5 and 7). */
export const MESSAGE_FLAG = { fin: 1, headers: 2, name: 4, error: 4, extension: 8, at: 8 } as const

/** Low nibble of type 6. */
export const CONTROL_TYPE = { probe: 0, credit: 1, cancel: 2, end: 3, alias: 4, priority: 5 } as const

/** Low nibble of an ACK beside its form (bits 0 and 1). */
export const ACK_FLAG = { time: 4, more: 8 } as const

/**
 * Low nibble of a HELLO. `heard` ends the exchange: a HELLO without it is answered, one with it is not, so two sides that
 * are both up can never answer each other for ever. Left out (0) by a device that does not track it: one HELLO too many,
 * never one too few.
 */
export const HELLO_FLAG = { xsafe: 1, keptState: 2, password: 4, heard: 8 } as const

/** Bits of `HelloSettings.capabilities`. Unknown bits are kept and mean nothing. */
export const CAPABILITY = {
  sub: 1 << 0,
  credit: 1 << 1,
  alias: 1 << 2,
  name: 1 << 3,
  headers: 1 << 4,
  clock: 1 << 5,
  resume: 1 << 6,
  ackTime: 1 << 7,
  auth: 1 << 8,
  seal: 1 << 9,
  xsafe: 1 << 10,
  /** Frames of one message may arrive in any order (the receiver reassembles). */
  outOfOrder: 1 << 11,
  /** LEN framing only; when both sides have it, frames other than HELLO, AUTH and BYE carry no checksum. */
  noCrc: 1 << 12,
} as const

/** Codes of CANCEL, END, BYE and a refused AUTH. 0–8 are those of the device interface; applications use 64 and up. */
export const NATIVE_CODE = {
  ok: 0,
  busy: 1,
  tooBig: 2,
  noRoute: 3,
  cancelled: 4,
  peerRestarted: 5,
  timeout: 6,
  auth: 7,
  version: 8,
} as const

export const PROTOCOL_MAJOR = 1
/** The part of a HELLO that no version may change. */
export const HELLO_FROZEN_BYTES = 14
/** `offset` of a frame that carries none. */
export const NO_OFFSET = -1

/** Frame numbers count modulo 256, per direction, and name transmissions (never content). */
interface Numbered {
  readonly number: number
}

/** Rides in REQ, SUB and EVT where the defaults of the route's alias do not say enough. */
export interface OpenExtension {
  readonly priority: Priority
  /** Null: the sender does not know it yet. Counts the message's bytes with headers, without the position of FIN. */
  readonly totalBytes: number | null
  readonly deadlineMs: number | null
  /** The message may be executed again after the peer rebooted. */
  readonly isRestartable: boolean
}

/** First frame of a message: one answer expected (req), many (sub), none (evt). Position 0 is implied. */
export interface OpenFrame extends Numbered {
  readonly kind: 'req' | 'sub' | 'evt'
  /** `sidOf(slot, generation)`; the slot is the sender's own. */
  readonly sid: number
  /** An alias that ALIAS declared, or the name itself. */
  readonly route: number | string
  readonly extension: OpenExtension | null
  /** The message's bytes begin with varint length + MessagePack headers (which may go on in the next frames). */
  readonly hasHeaders: boolean
  /** The last frame of the message. FIN takes one position of its own, after the last byte. */
  readonly isFin: boolean
  readonly payload: Uint8Array
}

/** Answers a message; the slot is the receiver's. */
export interface AnswerFrame extends Numbered {
  readonly kind: 'ans'
  readonly sid: number
  /**
   * Position of the first payload byte, or NO_OFFSET. COBS carries the low 16 bits (the encoder cuts, the scanner hands
   * out what came), LEN the whole.
   */
  readonly offset: number
  readonly hasHeaders: boolean
  readonly isError: boolean
  readonly isFin: boolean
  readonly payload: Uint8Array
}

/** More bytes of an opened message (data: slot of the sender) or of its answer (back: slot of the receiver). */
export interface DataFrame extends Numbered {
  readonly kind: 'data' | 'back'
  readonly sid: number
  /** As in `AnswerFrame`. Required on COBS. */
  readonly offset: number
  readonly isFin: boolean
  readonly payload: Uint8Array
}

/** Asks for an ACK of form 3. */
export interface ProbeFrame extends Numbered {
  readonly kind: 'probe'
}

/** Which message a control frame is about: the slot may be either side's. */
interface AboutMessage extends Numbered {
  readonly sid: number
  /** True: the slot is owned by the side that sends this frame. */
  readonly isSendersSlot: boolean
}

/** The receiver of a message allows its sender positions below `limit`. The newest wins. */
export interface CreditFrame extends AboutMessage {
  readonly kind: 'credit'
  readonly limit: number
}

export interface CancelFrame extends AboutMessage {
  readonly kind: 'cancel'
  readonly code: number
}

/** Closes a subscription after its last answer. */
export interface EndFrame extends AboutMessage {
  readonly kind: 'end'
  readonly finalPosition: number
  readonly code: number
}

/** Declares `alias` as a short word for `name`, with the priority of messages that state none. */
export interface AliasFrame extends Numbered {
  readonly kind: 'alias'
  readonly alias: number
  readonly priority: Priority
  readonly name: string
}

export interface PriorityFrame extends AboutMessage {
  readonly kind: 'priority'
  readonly priority: Priority
}

/** A control frame of a later version: acknowledge and ignore. */
export interface UnknownControlFrame extends Numbered {
  readonly kind: 'unknown-control'
  readonly subtype: number
  readonly payload: Uint8Array
}

/**
 * Form 0: all up to `newest` that can be outstanding arrived. Form 1: newest−run … newest arrived, newest−run−1 did not,
 * older ones are not stated. Forms 2 and 3: as 1, then a bitmap of 2 or 7 bytes; bit i says whether newest−run−2−i arrived.
 */
export interface AckFrame {
  readonly kind: 'ack'
  readonly form: 0 | 1 | 2 | 3
  readonly newest: number
  /** 0 in form 0. */
  readonly run: number
  /** 0, 2 or 7 bytes by form. Read it with `isStatedArrived`. */
  readonly bitmap: Uint8Array
  /** When `newest` was received: low 16 bits of the receiver's ticks. Null: not said. */
  readonly timeTicks: number | null
}

export interface PingFrame {
  readonly kind: 'ping'
  /** 0–255. */
  readonly id: number
  /** When it was sent, own ticks, u32. */
  readonly sentTicks: number
  /** When the PONG of the former PING came, own ticks, u32; 0: none. With it the other side can compute an offset too. */
  readonly lastPongTicks: number
}

/** As long as a PING on the wire, so that the serialisation time cancels. */
export interface PongFrame {
  readonly kind: 'pong'
  readonly id: number
  /** Ticks of the answering side, u32; zeros from a device without a clock. */
  readonly receivedTicks: number
  readonly sentTicks: number
}

/** What a side tells about itself behind the frozen part. A tag that did not come has its value of DEFAULT_SETTINGS. */
export interface HelloSettings {
  /** Content of the largest frame it can receive (type byte to last payload byte; without checksum and framing). */
  readonly largestFrameBytes: number
  /** Bytes of unread frames it can store. */
  readonly receiveBytes: number
  /** Messages the peer may have open at once, and how many more for priorities 0 and 1. */
  readonly slots: number
  readonly urgentSlots: number
  /** Positions a message may use before the first CREDIT. */
  readonly firstCreditBytes: number
  /** u32 of CAPABILITY bits. */
  readonly capabilities: number
  /** The longest an ACK is held back. */
  readonly ackDelayUs: number
  /** Length of a tick of its clock; 0: it has none. */
  readonly tickNs: number
  readonly largestMessageBytes: number
  /** For people: name, version, serial number. */
  readonly identity: string
}

/** A device that can do as little as the protocol allows says nothing but the frozen part. */
export const DEFAULT_SETTINGS: HelloSettings = {
  largestFrameBytes: 120,
  receiveBytes: 512,
  slots: 2,
  urgentSlots: 1,
  firstCreditBytes: 384,
  capabilities: 0,
  ackDelayUs: 5_000,
  tickNs: 0,
  largestMessageBytes: 65_536,
  identity: '',
}

export interface HelloFrame {
  readonly kind: 'hello'
  readonly wantsXsafe: boolean
  readonly hasKeptState: boolean
  readonly needsPassword: boolean
  /** The sender received a HELLO with this epoch that echoes its session: no answer is needed. */
  readonly hasHeard: boolean
  readonly highestMajor: number
  readonly lowestMajor: number
  /** u32. */
  readonly mySession: number
  /** u32; 0: unknown. */
  readonly yourSession: number
  /** u8. */
  readonly epoch: number
  /** Null when a received HELLO has settings that this version cannot read (the frozen part is good all the same). */
  readonly settings: HelloSettings | null
  /** Set by the scanner: the content as it travelled, a view, for the AuthMessage. The encoder does not look at it. */
  readonly content?: Uint8Array
}

interface AuthContent {
  readonly kind: 'auth'
  /** As in `HelloFrame`. */
  readonly content?: Uint8Array
}

export interface AuthClientFirst extends AuthContent {
  readonly step: 1
  /** 16 bytes. */
  readonly clientNonce: Uint8Array
  readonly user: string
}

export interface AuthServerFirst extends AuthContent {
  readonly step: 2
  /** 16 bytes each. */
  readonly serverNonce: Uint8Array
  readonly salt: Uint8Array
  readonly iterations: number
}

export interface AuthClientFinal extends AuthContent {
  readonly step: 3
  /** 32 bytes. */
  readonly clientProof: Uint8Array
}

export interface AuthServerFinal extends AuthContent {
  readonly step: 4
  /** 32 bytes; null when refused. */
  readonly serverSignature: Uint8Array | null
  /** NATIVE_CODE; 0 with a signature, never 0 without. */
  readonly code: number
}

export type AuthFrame = AuthClientFirst | AuthServerFirst | AuthClientFinal | AuthServerFinal

export interface ByeFrame {
  readonly kind: 'bye'
  readonly code: number
  readonly text: string
}

/** Types 14 and 15: shown, otherwise ignored. */
export interface UnknownFrame {
  readonly kind: 'unknown'
  readonly type: 14 | 15
  readonly flags: number
  readonly payload: Uint8Array
}

export type ControlFrame =
  | ProbeFrame
  | CreditFrame
  | CancelFrame
  | EndFrame
  | AliasFrame
  | PriorityFrame
  | UnknownControlFrame

/** Frames with a number: acknowledged, and repeated under a new number when lost. */
export type NumberedFrame = OpenFrame | AnswerFrame | DataFrame | ControlFrame

export type LinkFrame = PingFrame | PongFrame | HelloFrame | AuthFrame | ByeFrame

export type NativeFrame = NumberedFrame | AckFrame | LinkFrame | UnknownFrame

export type FrameKind = NativeFrame['kind']

export const isNumbered = (frame: NativeFrame): frame is NumberedFrame => 'number' in frame

export const sidOf = (slot: number, generation: number): number => slot * 4 + (generation & 3)
export const slotOf = (sid: number): number => Math.floor(sid / 4)
export const generationOf = (sid: number): number => sid & 3

/** How many numbers a bitmap speaks of. */
export const statedByBitmap = (ack: AckFrame): number => ack.bitmap.length * 8

/** Bit `index` of the bitmap: whether frame newest−run−2−index arrived. False beyond its end. */
export const isStatedArrived = (ack: AckFrame, index: number): boolean =>
  ((ack.bitmap[index >> 3] ?? 0) & (1 << (index & 7))) !== 0
