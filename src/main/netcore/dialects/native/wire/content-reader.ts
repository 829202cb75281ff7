import { tryUtf8 } from '../../../../../shared/bytes/text'
import type { Priority } from '../../../../../shared/model/trace'
import {
  ACK_FLAG,
  type AckFrame,
  type AnswerFrame,
  type ControlFrame,
  CONTROL_TYPE,
  type DataFrame,
  FRAME_TYPE,
  MESSAGE_FLAG,
  type NativeFrame,
  NO_OFFSET,
  type OpenExtension,
  type OpenFrame,
} from './frames'
import { EXTENSION_FLAG } from './layout'
import { readAuth, readBye, readHello, readPing } from './link-frame-reader'
import { MalformedFrame } from './malformed-frame'
import { readVarint, varintBytes } from './varint'
import type { Framing } from './wire'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const NO_BYTES = new Uint8Array(0)

/**
 * Bytes of one frame to its typed form. The message frames and ACK are given out in objects that the next frame uses
 * again: allocating them would cost more than reading them.
 */
export class ContentReader {
  /** After `read`: where the frame begins that rides on the ACK just read, or −1. */
  riderAt = -1

  #at = 0
  readonly #data: Mutable<DataFrame> = {
    kind: 'data',
    number: 0,
    sid: 0,
    offset: NO_OFFSET,
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
  readonly #open: Mutable<OpenFrame> = {
    kind: 'req',
    number: 0,
    sid: 0,
    route: 0,
    extension: null,
    hasHeaders: false,
    isFin: false,
    payload: NO_BYTES,
  }
  readonly #ack: Mutable<AckFrame> = {
    kind: 'ack',
    form: 0,
    newest: 0,
    run: 0,
    bitmap: NO_BYTES,
    timeTicks: null,
  }

  /**
   * The frame in bytes start … end−1. Its views look into `bytes`.
   *
   * @throws MalformedFrame when the bytes are no frame of this protocol.
   */
  read(bytes: Uint8Array, start: number, end: number, framing: Framing): NativeFrame {
    this.riderAt = -1
    if (start >= end) throw new MalformedFrame('an empty frame')
    const first = bytes[start]!
    this.#at = start + 1
    switch (first >> 4) {
      case FRAME_TYPE.data:
      case FRAME_TYPE.back:
        return this.#readData(bytes, first, end, framing)
      case FRAME_TYPE.ans:
        return this.#readAnswer(bytes, first, end, framing)
      case FRAME_TYPE.req:
      case FRAME_TYPE.sub:
      case FRAME_TYPE.evt:
        return this.#readOpen(bytes, first, end)
      case FRAME_TYPE.ack:
        return this.#readAck(bytes, first, end)
      case FRAME_TYPE.ctrl:
        return this.#readControl(bytes, first & 15, end)
      case FRAME_TYPE.ping:
      case FRAME_TYPE.pong:
        return readPing(bytes, start, end)
      case FRAME_TYPE.hello:
        return readHello(bytes, start, end)
      case FRAME_TYPE.auth:
        return readAuth(bytes, start, end)
      case FRAME_TYPE.bye:
        return readBye(bytes, start, end)
      case 14:
      case 15:
        return {
          kind: 'unknown',
          type: first >> 4 === 14 ? 14 : 15,
          flags: first & 15,
          payload: bytes.subarray(start + 1, end),
        }
      default:
        throw new MalformedFrame('a frame of type 0')
    }
  }

  #readData(bytes: Uint8Array, first: number, end: number, framing: Framing): DataFrame {
    const data = this.#data
    data.kind = first >> 4 === FRAME_TYPE.data ? 'data' : 'back'
    data.isFin = (first & MESSAGE_FLAG.fin) !== 0
    data.number = this.#u8(bytes, end)
    data.sid = this.#varint(bytes, end)
    data.offset = (first & MESSAGE_FLAG.at) === 0 ? NO_OFFSET : this.#offset(bytes, end, framing)
    data.payload = this.#rest(bytes, end)
    return data
  }

  #readAnswer(bytes: Uint8Array, first: number, end: number, framing: Framing): AnswerFrame {
    const answer = this.#answer
    answer.isFin = (first & MESSAGE_FLAG.fin) !== 0
    answer.hasHeaders = (first & MESSAGE_FLAG.headers) !== 0
    answer.isError = (first & MESSAGE_FLAG.error) !== 0
    answer.number = this.#u8(bytes, end)
    answer.sid = this.#varint(bytes, end)
    answer.offset = (first & MESSAGE_FLAG.at) === 0 ? NO_OFFSET : this.#offset(bytes, end, framing)
    answer.payload = this.#rest(bytes, end)
    return answer
  }

  #readOpen(bytes: Uint8Array, first: number, end: number): OpenFrame {
    const open = this.#open
    const type = first >> 4
    open.kind = type === FRAME_TYPE.req ? 'req' : type === FRAME_TYPE.sub ? 'sub' : 'evt'
    open.isFin = (first & MESSAGE_FLAG.fin) !== 0
    open.hasHeaders = (first & MESSAGE_FLAG.headers) !== 0
    open.number = this.#u8(bytes, end)
    open.sid = this.#varint(bytes, end)
    const route = this.#varint(bytes, end)
    open.route = (first & MESSAGE_FLAG.name) === 0 ? route : this.#text(bytes, this.#at + route, end)
    open.extension = (first & MESSAGE_FLAG.extension) === 0 ? null : this.#extension(bytes, end)
    open.payload = this.#rest(bytes, end)
    return open
  }

  #extension(bytes: Uint8Array, end: number): OpenExtension {
    const flags = this.#u8(bytes, end)
    if ((flags & EXTENSION_FLAG.reserved) !== 0) throw new MalformedFrame('an extension of a later version')
    return {
      priority: (flags & 7) as Priority,
      totalBytes: (flags & EXTENSION_FLAG.total) === 0 ? null : this.#varint(bytes, end),
      deadlineMs: (flags & EXTENSION_FLAG.deadline) === 0 ? null : this.#varint(bytes, end),
      isRestartable: (flags & EXTENSION_FLAG.restartable) !== 0,
    }
  }

  #readAck(bytes: Uint8Array, first: number, end: number): AckFrame {
    const ack = this.#ack
    const form = first & 3
    ack.form = form as AckFrame['form']
    ack.newest = this.#u8(bytes, end)
    ack.run = form === 0 ? 0 : this.#u8(bytes, end)
    ack.bitmap = form < 2 ? NO_BYTES : this.#fixed(bytes, form === 2 ? 2 : 7, end)
    ack.timeTicks = (first & ACK_FLAG.time) === 0 ? null : this.#u16(bytes, end)
    if ((first & ACK_FLAG.more) === 0) this.#finish(end)
    else if (this.#at < end) this.riderAt = this.#at
    else throw new MalformedFrame('an ack announces a frame that is not there')
    return ack
  }

  #readControl(bytes: Uint8Array, subtype: number, end: number): ControlFrame {
    const number = this.#u8(bytes, end)
    if (subtype > CONTROL_TYPE.priority) {
      return { kind: 'unknown-control', number, subtype, payload: this.#rest(bytes, end) }
    }
    if (subtype === CONTROL_TYPE.probe) {
      this.#finish(end)
      return { kind: 'probe', number }
    }
    if (subtype === CONTROL_TYPE.alias) {
      const alias = this.#varint(bytes, end)
      const priority = this.#priority(bytes, end)
      return { kind: 'alias', number, alias, priority, name: this.#text(bytes, end, end) }
    }
    const frame = this.#readAbout(bytes, subtype, number, end)
    this.#finish(end)
    return frame
  }

  #readAbout(bytes: Uint8Array, subtype: number, number: number, end: number): ControlFrame {
    const csid = this.#varint(bytes, end)
    const about = { number, sid: Math.floor(csid / 2), isSendersSlot: csid % 2 === 0 }
    switch (subtype) {
      case CONTROL_TYPE.credit:
        return { kind: 'credit', ...about, limit: this.#varint(bytes, end) }
      case CONTROL_TYPE.cancel:
        return { kind: 'cancel', ...about, code: this.#varint(bytes, end) }
      case CONTROL_TYPE.end: {
        const finalPosition = this.#varint(bytes, end)
        return { kind: 'end', ...about, finalPosition, code: this.#varint(bytes, end) }
      }
      default:
        return { kind: 'priority', ...about, priority: this.#priority(bytes, end) }
    }
  }

  #u8(bytes: Uint8Array, end: number): number {
    if (this.#at >= end) throw new MalformedFrame('a frame that ends inside its fields')
    return bytes[this.#at++]!
  }

  #u16(bytes: Uint8Array, end: number): number {
    const low = this.#u8(bytes, end)
    return low | (this.#u8(bytes, end) << 8)
  }

  #varint(bytes: Uint8Array, end: number): number {
    const at = this.#at
    if (at < end && bytes[at]! < 0x80) {
      this.#at = at + 1
      return bytes[at]!
    }
    const value = readVarint(bytes, at, end)
    if (value < 0) throw new MalformedFrame('a number that is cut off, or longer than it needs to be')
    this.#at = at + varintBytes(value)
    return value
  }

  #offset(bytes: Uint8Array, end: number, framing: Framing): number {
    return framing === 'cobs' ? this.#u16(bytes, end) : this.#varint(bytes, end)
  }

  #priority(bytes: Uint8Array, end: number): Priority {
    const value = this.#u8(bytes, end)
    if (value > 7) throw new MalformedFrame(`priority ${value}`)
    return value as Priority
  }

  #fixed(bytes: Uint8Array, count: number, end: number): Uint8Array {
    const from = this.#at
    if (count > end - from) throw new MalformedFrame('a frame that ends inside its fields')
    this.#at = from + count
    return bytes.subarray(from, this.#at)
  }

  #text(bytes: Uint8Array, to: number, end: number): string {
    const text = tryUtf8(this.#fixed(bytes, to - this.#at, end))
    if (text === undefined) throw new MalformedFrame('a name that is not UTF-8')
    return text
  }

  #rest(bytes: Uint8Array, end: number): Uint8Array {
    return this.#at === end ? NO_BYTES : bytes.subarray(this.#at, end)
  }

  #finish(end: number): void {
    if (this.#at !== end) throw new MalformedFrame('a frame that goes on after its last field')
  }
}
