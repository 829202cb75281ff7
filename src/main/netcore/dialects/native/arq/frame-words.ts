import { utf8 } from '../../../../../shared/bytes'
import {
  type AnswerFrame,
  type ControlFrame,
  type DataFrame,
  NO_OFFSET,
  type NumberedFrame,
  type OpenExtension,
  type OpenFrame,
} from '../wire/frames'
import type { Framing } from '../wire/wire'
import { NAMED_PRIORITY, type OwnAliases } from './aliases'
import type { Control, Outgoing, OutgoingHalf } from './exchange'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const NO_BYTES = new Uint8Array(0)
/** Type, number, sid, and position as LEN writes it. */
const DATA_FIELD_BYTES = 2 + 5 + 5
/** An ACK that may ride in front. */
const ACK_BYTES = 12
/** Type, number, sid, alias or length of the name, a whole extension, and an ACK that may ride in front. */
export const OPEN_FIELD_BYTES = 2 + 5 + 5 + 1 + 5 + 5 + ACK_BYTES

/**
 * Puts what goes next in a frame. The frames of messages are objects that the next call uses again: whoever gets one encodes
 * it at once.
 */
export class FrameWords {
  readonly #framing: Framing
  readonly #aliases: OwnAliases
  readonly #open: Mutable<OpenFrame> = {
    kind: 'evt',
    number: 0,
    sid: 0,
    route: 0,
    extension: null,
    hasHeaders: false,
    isFin: false,
    payload: NO_BYTES,
  }
  readonly #answer: Mutable<AnswerFrame> = {
    kind: 'ans',
    number: 0,
    sid: 0,
    offset: NO_OFFSET,
    hasHeaders: false,
    isError: false,
    isFin: false,
    payload: NO_BYTES,
  }
  readonly #data: Mutable<DataFrame> = {
    kind: 'data',
    number: 0,
    sid: 0,
    offset: NO_OFFSET,
    isFin: false,
    payload: NO_BYTES,
  }

  constructor(framing: Framing, aliases: OwnAliases) {
    this.#framing = framing
    this.#aliases = aliases
  }

  /**
   * Payload bytes that fit into the next frame of a message, whatever rides with it. Below 1: its name is too long for the
   * peer.
   */
  roomFor(message: Outgoing, half: OutgoingHalf, largestFrameBytes: number): number {
    if (half.theirs !== null || message.hasBegun) return largestFrameBytes - DATA_FIELD_BYTES - ACK_BYTES
    const { route } = message.head
    const room = largestFrameBytes - OPEN_FIELD_BYTES
    if (this.#aliases.find(route)?.isSettled === true) return room
    // Three bytes a character at most: only a name that might be too long is counted exactly.
    return room - (room - 3 * route.length > 1024 ? 3 * route.length : utf8(route).length)
  }

  /** The frame of what `message.cut` chose. @throws ConsoleError what its body throws. */
  content(message: Outgoing, half: OutgoingHalf, number: number): NumberedFrame {
    const payload = message.payload()
    const isFirst = message.cutFrom === 0
    if (isFirst && half.own !== null) return this.#opening(message, half, number, payload)
    const position = message.startPosition + message.cutFrom
    const isCobs = this.#framing === 'cobs'
    if (!isFirst) {
      const data = this.#data
      data.kind = half.own === null ? 'back' : 'data'
      data.number = number
      data.sid = half.sid
      data.offset = isCobs || half.needsPosition ? position : NO_OFFSET
      data.isFin = message.isCutFin
      data.payload = payload
      return data
    }
    const answer = this.#answer
    answer.number = number
    answer.sid = half.sid
    // The one answer of a REQ begins at 0: that need not be said.
    const isOneOfMany = half.theirs!.kind === 'sub'
    answer.offset = isOneOfMany && (isCobs || half.needsPosition) ? position : NO_OFFSET
    answer.hasHeaders = message.prefix.length > 0
    answer.isError = message.isError
    answer.isFin = message.isCutFin
    answer.payload = payload
    return answer
  }

  #opening(message: Outgoing, half: OutgoingHalf, number: number, payload: Uint8Array): OpenFrame {
    const { head, priority } = message
    const open = this.#open
    const route = this.#aliases.find(head.route)
    const hasAlias = route !== undefined && route.isSettled
    open.kind = half.own!.kind
    open.number = number
    open.sid = half.sid
    open.route = hasAlias ? route.alias : head.route
    open.hasHeaders = message.prefix.length > 0
    open.isFin = message.isCutFin
    open.payload = payload
    const totalBytes = message.isCutFin ? null : message.sizeBytes
    const usual = hasAlias ? route.priority : NAMED_PRIORITY
    open.extension =
      totalBytes === null && priority === usual
        ? null
        : ({ priority, totalBytes, deadlineMs: null, isRestartable: false } satisfies OpenExtension)
    return open
  }

  control(control: Control, number: number): ControlFrame {
    switch (control.kind) {
      case 'credit': {
        const { sid, own, creditLimit: limit } = control.half
        return { kind: 'credit', number, sid, isSendersSlot: own !== null, limit }
      }
      case 'cancel': {
        const { sid, own, code } = control
        return { kind: 'cancel', number, sid, isSendersSlot: own !== null, code }
      }
      case 'end': {
        const { half, code } = control
        return {
          kind: 'end',
          number,
          sid: half.sid,
          isSendersSlot: false,
          finalPosition: half.nextStart,
          code,
        }
      }
      case 'alias': {
        const { alias, priority, name } = control.route
        return { kind: 'alias', number, alias, priority, name }
      }
    }
  }
}
