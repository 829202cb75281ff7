/** Frame header of netconduit 5.0, protocol version 1.0: 32 bytes, big-endian (docs/netconduit.md). */

export const HEADER_BYTES = 32
const PROTOCOL_VERSION = 0x0100
/** The format allows no larger payload. */
export const LARGEST_PAYLOAD_BYTES = 100 * 1024 * 1024

const MAGIC = 0x434e_4454

export const FRAME_TYPE = {
  message: 0x0001,
  'rpc-request': 0x0002,
  'rpc-response': 0x0003,
  'rpc-error': 0x0004,
  ping: 0x0005,
  pong: 0x0006,
  'auth-request': 0x0007,
  'auth-success': 0x0008,
  'auth-failure': 0x0009,
  pause: 0x000a,
  resume: 0x000b,
  ack: 0x000c,
  nack: 0x000d,
  close: 0x000e,
  'close-ack': 0x000f,
  'rpc-list': 0x0010,
} as const

export type FrameKind = keyof typeof FRAME_TYPE

const KIND_OF_TYPE: ReadonlyMap<number, FrameKind> = new Map(
  Object.entries(FRAME_TYPE).map(([kind, type]) => [type, kind as FrameKind]),
)

export const FLAG = { compressed: 0x0001, encrypted: 0x0002, fragment: 0x0010, lastFragment: 0x0020 } as const

/** Payloads whose bytes mean something else than what they say: better refused than misread. */
const UNREADABLE_FLAGS = FLAG.encrypted | FLAG.fragment | FLAG.lastFragment

export interface FrameHeader {
  readonly kind: FrameKind
  readonly flags: number
  /** As transmitted: the compressed size where compressed. */
  readonly payloadBytes: number
  /** 64 bits. */
  readonly correlationId: bigint
  /** Milliseconds since 1970; means nothing on receipt. */
  readonly timestampMs: bigint
}

/** The header, or what is wrong with it in words. */
export function readHeader(bytes: Uint8Array): FrameHeader | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  if (view.getUint32(0) !== MAGIC) return 'the bytes do not begin a netconduit frame'
  const version = view.getUint16(4)
  if (version !== PROTOCOL_VERSION) return `protocol version 0x${version.toString(16)} is not 0x100`
  const type = view.getUint16(6)
  const kind = KIND_OF_TYPE.get(type)
  if (kind === undefined) return `there is no frame type ${type}`
  const flags = view.getUint16(8)
  if ((flags & UNREADABLE_FLAGS) !== 0) return 'encrypted frames and fragments can not be read'
  return {
    kind,
    flags,
    payloadBytes: view.getUint32(12),
    correlationId: view.getBigUint64(16),
    timestampMs: view.getBigUint64(24),
  }
}

export function writeHeader({
  kind,
  flags,
  payloadBytes,
  correlationId,
  timestampMs,
}: FrameHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC)
  view.setUint16(4, PROTOCOL_VERSION)
  view.setUint16(6, FRAME_TYPE[kind])
  view.setUint16(8, flags)
  view.setUint32(12, payloadBytes)
  view.setBigUint64(16, correlationId)
  view.setBigUint64(24, timestampMs)
  return bytes
}
