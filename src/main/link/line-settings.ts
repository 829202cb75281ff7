import { bitsPerByte, type LineRate } from '../../shared/model/line-rate'
import { type CustomAddress, DEFAULT_DATAGRAM_BYTES, type LinkAddress } from '../../shared/model/link-url'
import type { DialectTraits } from '../netcore/dialects'
import { DEFAULT_LATENCY_TARGET_MS } from '../netcore/pipe/limits'
import type { SessionOptions } from '../netcore/pipe/pipe'
import { MAX_WS_MESSAGE_BYTES } from '../transport/web-socket-connection'

/** What frames a chunk, generously: 47 bytes in the `lso` dialect. */
export const FRAME_OVERHEAD_BYTES = 48
/** Below this more than a third of the line would carry frame heads. */
const MIN_AUTO_CHUNK_BYTES = 2 * FRAME_OVERHEAD_BYTES
const MAX_AUTO_CHUNK_BYTES = 4096
/** Kept with the driver for late wake-ups on a machine we know nothing of yet (A of the bound, see `Pacer`). */
const AHEAD_MS = 10
/** The way through drivers at both ends. */
const ON_THE_WAY_MS = 1
const STEP_BYTES = 16

/** Speed of the line where the address tells it: serial ports and simulated lines. */
export function lineRateOf(address: LinkAddress | CustomAddress): LineRate | undefined {
  switch (address.scheme) {
    case 'serial':
      return { baud: address.baud, bitsPerByte: bitsPerByte(address.framing) }
    case 'sim':
      return { baud: address.baud, bitsPerByte: 10 }
    default:
      return undefined
  }
}

/** Lines that can lose or damage bytes: there the dialect resynchronises instead of giving up. */
export const isLossyScheme = (address: LinkAddress | CustomAddress): boolean =>
  /^(serial|sim|udp|udp-listen)$/.test(address.scheme) || address.isLossy === true

/**
 * Most bytes of a frame where each is one packet of the transport; undefined where frames are a stream. Datagrams are
 * packets whatever the dialect; messages of a WebSocket only where it knows them (`hasPackets`).
 */
export function packetBytesOf(
  address: LinkAddress | CustomAddress,
  { hasPackets = false }: DialectTraits,
): number | undefined {
  switch (address.scheme) {
    case 'udp':
    case 'udp-listen':
      return address.datagramBytes ?? DEFAULT_DATAGRAM_BYTES
    case 'ws':
    case 'ws-listen':
      return hasPackets ? MAX_WS_MESSAGE_BYTES : undefined
    default:
      return undefined
  }
}

/** What of a packet is left for the chunk. */
export const chunkBytesOfPacket = (packetBytes: number | undefined): number =>
  packetBytes === undefined ? Number.POSITIVE_INFINITY : packetBytes - FRAME_OVERHEAD_BYTES

/** Where the link goes, for dialects that name it to the peer; undefined where there is no host. */
export function placeOf(address: LinkAddress | CustomAddress): SessionOptions['place'] {
  switch (address.scheme) {
    case 'tcp':
    case 'tcp-listen':
      return { scheme: address.tls ? 'tcps' : 'tcp', host: address.host, port: address.port }
    case 'ws':
    case 'ws-listen':
      return { scheme: address.tls ? 'wss' : 'ws', host: address.host, port: address.port }
    case 'udp':
    case 'udp-listen':
      return { scheme: 'udp', host: address.host, port: address.port }
    default:
      return undefined
  }
}

/**
 * Size of the chunks a link cuts. What the address says (`chunk=`) wins; else, on a line of known speed, what lets an
 * urgent message onto the line within `latencyTargetMs`; else the dialect's own default (4096 in `lso`).
 *
 * An urgent message waits for what is with the driver (A, 10 ms of line time) and for one frame (c + h): see
 * `urgentBound`. So c = (T - 10 ms - 1 ms) · R - h, in steps of 16 bytes: 272 bytes at 115,200 baud 8N1, 2624 at 921,600.
 * The message itself takes its time on the line whatever c is, so it is no part of the sum (native-study.md §4.3 takes
 * it in, because there it is short against the target; in `lso` its two heads alone take 14 ms at 115,200 baud and would
 * leave chunks that are more head than body).
 *
 * Never below 96 bytes, where a third of the line carries heads: on lines below 50,000 baud the target can not be met,
 * and smaller chunks would cost more of the line than they save of the wait. Never above 4096, nor above the default of
 * the dialect. A dialect that repeats damaged frames (`native`) chooses for itself, by the damage it sees.
 */
export function chooseChunkBytes(
  asked: number | undefined,
  rate: LineRate | undefined,
  dialectDefault: number,
  latencyTargetMs: number = DEFAULT_LATENCY_TARGET_MS,
): number {
  if (asked !== undefined) return asked
  if (rate === undefined) return dialectDefault
  const bytesPerMs = rate.baud / (rate.bitsPerByte * 1000)
  const fitting = (latencyTargetMs - AHEAD_MS - ON_THE_WAY_MS) * bytesPerMs - FRAME_OVERHEAD_BYTES
  const stepped = Math.floor(fitting / STEP_BYTES) * STEP_BYTES
  return Math.min(dialectDefault, MAX_AUTO_CHUNK_BYTES, Math.max(MIN_AUTO_CHUNK_BYTES, stepped))
}
