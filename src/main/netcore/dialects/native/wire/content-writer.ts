import { utf8 } from '../../../../../shared/bytes/text'
import { ConsoleError } from '../../../../../shared/errors'
import {
  ACK_FLAG,
  type AckFrame,
  type AnswerFrame,
  type AuthFrame,
  CONTROL_TYPE,
  type ControlFrame,
  type DataFrame,
  DEFAULT_SETTINGS,
  FRAME_TYPE,
  HELLO_FLAG,
  type HelloFrame,
  type HelloSettings,
  MESSAGE_FLAG,
  type NativeFrame,
  NO_OFFSET,
  type OpenExtension,
  type OpenFrame,
} from './frames'
import { EXTENSION_FLAG, HELLO_MAGIC, SETTING_TAG } from './layout'
import { isVarint, MAX_VARINT_BYTES, writeVarint } from './varint'
import type { Framing } from './wire'

const NO_BYTES = new Uint8Array(0)
/** More than the fixed fields of any frame take: the largest is a HELLO with all its settings. */
const FIXED_ROOM_BYTES = 160

/**
 * Writes what stands between type byte and payload. `scratch` is used again for every frame; bulk bytes are never copied
 * into it but left in `tail`, to follow.
 */
export class ContentWriter {
  /** The fields, from `start` given to `begin` up to `end`. */
  scratch = new Uint8Array(256)
  end = 0
  /** Bytes that follow the fields: payload, name, text. Borrowed from the frame. */
  tail: Uint8Array = NO_BYTES

  /** @param start - Room that is left free at the beginning of `scratch`. */
  begin(start: number): void {
    this.end = start
    this.tail = NO_BYTES
  }

  /** Makes room for `count` more bytes behind `end`. */
  reserve(count: number): void {
    if (this.end + count <= this.scratch.length) return
    const larger = new Uint8Array((this.end + count) * 2)
    larger.set(this.scratch.subarray(0, this.end))
    this.scratch = larger
  }

  /** @throws ConsoleError `NATIVE_NOT_ENCODABLE` when a field is out of range. */
  write(frame: NativeFrame, framing: Framing): void {
    this.reserve(FIXED_ROOM_BYTES)
    switch (frame.kind) {
      case 'data':
      case 'back':
        this.#data(frame, framing)
        return
      case 'ans':
        this.#answer(frame, framing)
        return
      case 'req':
      case 'sub':
      case 'evt':
        this.#open(frame)
        return
      case 'ack':
        this.ack(frame, 0)
        return
      case 'ping':
        this.#type(FRAME_TYPE.ping, 0)
        this.#u8(frame.id, 'id')
        this.#u32(frame.sentTicks, 'sentTicks')
        this.#u32(frame.lastPongTicks, 'lastPongTicks')
        return
      case 'pong':
        this.#type(FRAME_TYPE.pong, 0)
        this.#u8(frame.id, 'id')
        this.#u32(frame.receivedTicks, 'receivedTicks')
        this.#u32(frame.sentTicks, 'sentTicks')
        return
      case 'hello':
        this.#hello(frame)
        return
      case 'auth':
        this.#auth(frame)
        return
      case 'bye':
        this.#type(FRAME_TYPE.bye, 0)
        this.#varint(frame.code, 'code')
        this.tail = utf8(frame.text)
        return
      case 'unknown':
        this.#type(frame.type, frame.flags)
        this.tail = frame.payload
        return
      default:
        this.#control(frame)
        return
    }
  }

  /** @param more - ACK_FLAG.more when another frame is going to be written behind it, otherwise 0. */
  ack(frame: AckFrame, more: number): void {
    const { form, bitmap } = frame
    if (bitmap.length !== BITMAP_BYTES[form]) refuse('bitmap', bitmap.length)
    this.reserve(FIXED_ROOM_BYTES)
    this.#type(FRAME_TYPE.ack, form | more | (frame.timeTicks === null ? 0 : ACK_FLAG.time))
    this.#u8(frame.newest, 'newest')
    if (form !== 0) this.#u8(frame.run, 'run')
    this.#bytes(bitmap)
    if (frame.timeTicks !== null) this.#unsigned(frame.timeTicks, 2, 'timeTicks')
  }

  #data(frame: DataFrame, framing: Framing): void {
    this.#type(
      frame.kind === 'data' ? FRAME_TYPE.data : FRAME_TYPE.back,
      (frame.isFin ? MESSAGE_FLAG.fin : 0) | (frame.offset === NO_OFFSET ? 0 : MESSAGE_FLAG.at),
    )
    this.#u8(frame.number, 'number')
    this.#varint(frame.sid, 'sid')
    if (frame.offset !== NO_OFFSET) this.#offset(frame.offset, framing)
    else if (framing === 'cobs') refuse('offset', frame.offset)
    this.tail = frame.payload
  }

  #answer(frame: AnswerFrame, framing: Framing): void {
    this.#type(
      FRAME_TYPE.ans,
      (frame.isFin ? MESSAGE_FLAG.fin : 0) |
        (frame.hasHeaders ? MESSAGE_FLAG.headers : 0) |
        (frame.isError ? MESSAGE_FLAG.error : 0) |
        (frame.offset === NO_OFFSET ? 0 : MESSAGE_FLAG.at),
    )
    this.#u8(frame.number, 'number')
    this.#varint(frame.sid, 'sid')
    if (frame.offset !== NO_OFFSET) this.#offset(frame.offset, framing)
    this.tail = frame.payload
  }

  #open(frame: OpenFrame): void {
    const { route, extension } = frame
    const name = typeof route === 'string' ? utf8(route) : null
    this.#type(
      FRAME_TYPE[frame.kind],
      (frame.isFin ? MESSAGE_FLAG.fin : 0) |
        (frame.hasHeaders ? MESSAGE_FLAG.headers : 0) |
        (name === null ? 0 : MESSAGE_FLAG.name) |
        (extension === null ? 0 : MESSAGE_FLAG.extension),
    )
    this.#u8(frame.number, 'number')
    this.#varint(frame.sid, 'sid')
    if (name === null) {
      this.#varint(route as number, 'route')
    } else {
      this.#varint(name.length, 'route')
      this.reserve(name.length + FIXED_ROOM_BYTES)
      this.#bytes(name)
    }
    if (extension !== null) this.#extension(extension)
    this.tail = frame.payload
  }

  #extension({ priority, totalBytes, deadlineMs, isRestartable }: OpenExtension): void {
    this.#priority(
      priority,
      (totalBytes === null ? 0 : EXTENSION_FLAG.total) |
        (deadlineMs === null ? 0 : EXTENSION_FLAG.deadline) |
        (isRestartable ? EXTENSION_FLAG.restartable : 0),
    )
    if (totalBytes !== null) this.#varint(totalBytes, 'totalBytes')
    if (deadlineMs !== null) this.#varint(deadlineMs, 'deadlineMs')
  }

  #control(frame: ControlFrame): void {
    this.#type(FRAME_TYPE.ctrl, frame.kind === 'unknown-control' ? frame.subtype : CONTROL_TYPE[frame.kind])
    this.#u8(frame.number, 'number')
    switch (frame.kind) {
      case 'probe':
        return
      case 'unknown-control':
        this.tail = frame.payload
        return
      case 'alias':
        this.#varint(frame.alias, 'alias')
        this.#priority(frame.priority, 0)
        this.tail = utf8(frame.name)
        return
      case 'credit':
        this.#about(frame)
        this.#varint(frame.limit, 'limit')
        return
      case 'cancel':
        this.#about(frame)
        this.#varint(frame.code, 'code')
        return
      case 'end':
        this.#about(frame)
        this.#varint(frame.finalPosition, 'finalPosition')
        this.#varint(frame.code, 'code')
        return
      case 'priority':
        this.#about(frame)
        this.#priority(frame.priority, 0)
        return
    }
  }

  #about({ sid, isSendersSlot }: { readonly sid: number; readonly isSendersSlot: boolean }): void {
    this.#varint(sid * 2 + (isSendersSlot ? 0 : 1), 'sid')
  }

  #hello(frame: HelloFrame): void {
    this.#type(
      FRAME_TYPE.hello,
      (frame.wantsXsafe ? HELLO_FLAG.xsafe : 0) |
        (frame.hasKeptState ? HELLO_FLAG.keptState : 0) |
        (frame.needsPassword ? HELLO_FLAG.password : 0) |
        (frame.hasHeard ? HELLO_FLAG.heard : 0),
    )
    for (const byte of HELLO_MAGIC) this.scratch[this.end++] = byte
    this.#u8(frame.highestMajor, 'highestMajor')
    this.#u8(frame.lowestMajor, 'lowestMajor')
    this.#u32(frame.mySession, 'mySession')
    this.#u32(frame.yourSession, 'yourSession')
    this.#u8(frame.epoch, 'epoch')
    if (frame.settings !== null) this.#settings(frame.settings)
  }

  /** Only what differs from the defaults: a HELLO must pass on bad lines, and short frames pass more often. */
  #settings(settings: HelloSettings): void {
    for (const key of NUMBER_SETTINGS) {
      const value = settings[key]
      if (value === DEFAULT_SETTINGS[key]) continue
      const width = value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 32 ? 4 : 6
      this.scratch[this.end++] = SETTING_TAG[key]
      this.scratch[this.end++] = width
      this.#unsigned(value, width, key)
    }
    if (settings.identity === '') return
    const identity = utf8(settings.identity)
    this.scratch[this.end++] = SETTING_TAG.identity
    this.#varint(identity.length, 'identity')
    this.tail = identity
  }

  #auth(frame: AuthFrame): void {
    this.#type(FRAME_TYPE.auth, 0)
    this.#u8(frame.step, 'step')
    switch (frame.step) {
      case 1:
        this.#exactly(frame.clientNonce, 16, 'clientNonce')
        this.tail = utf8(frame.user)
        return
      case 2:
        this.#exactly(frame.serverNonce, 16, 'serverNonce')
        this.#exactly(frame.salt, 16, 'salt')
        this.#u32(frame.iterations, 'iterations')
        return
      case 3:
        this.#exactly(frame.clientProof, 32, 'clientProof')
        return
      case 4:
        if (frame.serverSignature !== null) {
          this.#exactly(frame.serverSignature, 32, 'serverSignature')
          return
        }
        if (frame.code === 0) refuse('code', 0)
        this.#varint(frame.code, 'code')
        return
    }
  }

  #type(type: number, flags: number): void {
    if ((flags & 15) !== flags) refuse('flags', flags)
    this.scratch[this.end++] = (type << 4) | flags
  }

  #u8(value: number, field: string): void {
    if ((value & 255) !== value) refuse(field, value)
    this.scratch[this.end++] = value
  }

  #u32(value: number, field: string): void {
    this.#unsigned(value, 4, field)
  }

  #unsigned(value: number, bytes: number, field: string): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * bytes)) refuse(field, value)
    for (let left = bytes, rest = value; left > 0; left--, rest = Math.floor(rest / 256)) {
      this.scratch[this.end++] = rest % 256
    }
  }

  #varint(value: number, field: string): void {
    if (value >= 0 && value < 0x80 && (value & 127) === value) {
      this.scratch[this.end++] = value
      return
    }
    if (!isVarint(value)) refuse(field, value)
    this.end = writeVarint(this.scratch, this.end, value)
  }

  #priority(priority: number, flags: number): void {
    if ((priority & 7) !== priority) refuse('priority', priority)
    this.scratch[this.end++] = priority | flags
  }

  #offset(offset: number, framing: Framing): void {
    if (framing === 'len') {
      this.#varint(offset, 'offset')
      return
    }
    if (!isVarint(offset)) refuse('offset', offset)
    this.scratch[this.end++] = offset & 255
    this.scratch[this.end++] = (offset >>> 8) & 255
  }

  #exactly(bytes: Uint8Array, count: number, field: string): void {
    if (bytes.length !== count) refuse(field, bytes.length)
    this.#bytes(bytes)
  }

  #bytes(bytes: Uint8Array): void {
    for (let k = 0; k < bytes.length; k++) this.scratch[this.end++] = bytes[k]!
  }
}

const BITMAP_BYTES = [0, 0, 2, 7] as const

const NUMBER_SETTINGS = [
  'largestFrameBytes',
  'receiveBytes',
  'slots',
  'urgentSlots',
  'firstCreditBytes',
  'capabilities',
  'ackDelayUs',
  'tickNs',
  'largestMessageBytes',
] as const satisfies readonly (keyof HelloSettings)[]

function refuse(field: string, value: number): never {
  throw new ConsoleError('NATIVE_NOT_ENCODABLE', `${field} cannot be ${value}`, { field, value })
}

/** The content of a frame as it travels, without checksum and framing: what the AuthMessage is made of. */
export function encodeContent(frame: NativeFrame, framing: Framing): Uint8Array {
  const writer = new ContentWriter()
  writer.begin(0)
  writer.write(frame, framing)
  const content = new Uint8Array(writer.end + writer.tail.length)
  content.set(writer.scratch.subarray(0, writer.end))
  content.set(writer.tail, writer.end)
  return content
}

/** Room for the length that LEN puts before the content. */
export const LENGTH_ROOM_BYTES = MAX_VARINT_BYTES
