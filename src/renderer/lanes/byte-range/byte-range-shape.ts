import { LANE_IN, LANE_REPEAT } from '../../../shared/model/views'
import { type ChunkRing, isChunk } from '../chunk-ring'
import { isLiveStatus, type MessageTable } from '../message-table'
import type { ByteRangeShape } from './byte-range-types'

/** More chunks than the chart has pixels: neighbours are joined. */
export const MAX_SHAPE_POINTS = 4000

/** How the bytes of a message went over the line; null when the message is not kept or carried nothing yet. */
export function byteRangeShape(
  ring: ChunkRing,
  messages: MessageTable,
  slot: number,
  hue: number,
): ByteRangeShape | null {
  const positions = positionsOf(ring, messages, slot)
  if (positions.length === 0) return null
  const isLive = isLiveStatus(messages.statusOf(slot))
  const joined = joinNeighbours(ring, positions)
  const count = joined.length
  const shape = {
    messageId: messages.ids[slot]!,
    route: messages.routeOf(slot),
    hue,
    isLive,
    bodyBytes: messages.bodyBytes[slot]!,
    openedMs: messages.openedMs[slot]!,
    startMs: new Float64Array(count),
    endMs: new Float64Array(count),
    offsets: new Float64Array(count),
    bytes: new Float64Array(count),
    isRepeat: new Uint8Array(count),
    heldMs: new Float64Array(count),
  }
  joined.forEach((part, at) => {
    shape.startMs[at] = part.startMs
    shape.endMs[at] = part.endMs
    shape.offsets[at] = part.offset
    shape.bytes[at] = part.bytes
    shape.isRepeat[at] = part.isRepeat ? 1 : 0
    if (at === 0) return
    shape.heldMs[at] = heldBetween(ring, messages, slot, joined[at - 1]!.endMs, part.startMs)
  })
  const isCut = messages.firstSeqs[slot]! < ring.firstSeq
  const bodyBytes = Math.max(shape.bodyBytes, ...ends(shape))
  return { ...shape, bodyBytes, isCut, holes: holesOf(shape, isLive ? lastByte(shape) : bodyBytes) }
}

interface Part {
  startMs: number
  endMs: number
  offset: number
  bytes: number
  isRepeat: boolean
}

function positionsOf(ring: ChunkRing, messages: MessageTable, slot: number): number[] {
  const id = messages.ids[slot]!
  const positions: number[] = []
  const end = Math.min(ring.nextSeq, messages.lastSeqs[slot]! + 1)
  for (let seq = Math.max(ring.firstSeq, messages.firstSeqs[slot]!); seq < end; seq++) {
    const at = seq % ring.capacity
    if (ring.messageIds[at] !== id) continue
    if (isChunk(ring.flags[at]!) || (ring.flags[at]! & LANE_REPEAT) !== 0) positions.push(at)
  }
  return positions
}

/** Joins runs that follow each other in time and in the body, so that their number stays bounded. */
function joinNeighbours(ring: ChunkRing, positions: readonly number[]): Part[] {
  const perPart = Math.ceil(positions.length / MAX_SHAPE_POINTS)
  const parts: Part[] = []
  let joined = 0
  for (const at of positions) {
    const last = parts[parts.length - 1]
    const isRepeat = (ring.flags[at]! & LANE_REPEAT) !== 0
    const offset = ring.bodyOffsets[at]!
    const isNext =
      last !== undefined &&
      last.isRepeat === isRepeat &&
      last.offset + last.bytes === offset &&
      joined < perPart
    if (isNext && perPart > 1) {
      last.endMs = Math.max(last.endMs, ring.endMs[at]!)
      last.bytes += ring.payloadBytes[at]!
      joined++
      continue
    }
    joined = 1
    parts.push({
      startMs: ring.startMs[at]!,
      endMs: ring.endMs[at]!,
      offset,
      bytes: ring.payloadBytes[at]!,
      isRepeat,
    })
  }
  return parts
}

/** Time between two instants in which chunks of other messages of the same link and direction were on the line. */
function heldBetween(
  ring: ChunkRing,
  messages: MessageTable,
  slot: number,
  fromMs: number,
  toMs: number,
): number {
  if (toMs - fromMs <= 0) return 0
  let held = 0
  let reached = fromMs
  ring.forEachRange(fromMs, toMs, (first, end) => {
    for (let at = first; at < end; at++) {
      if (ring.startMs[at]! >= toMs || ring.endMs[at]! <= reached) continue
      if (ring.messageIds[at] === messages.ids[slot] || ring.linkIds[at] !== messages.linkIds[slot]) continue
      if ((ring.flags[at]! & LANE_IN) !== messages.isIncoming[slot]) continue
      const from = Math.max(reached, ring.startMs[at]!)
      const to = Math.min(toMs, ring.endMs[at]!)
      if (to <= from) continue
      held += to - from
      reached = to
    }
  })
  return held
}

type Columns = Pick<ByteRangeShape, 'offsets' | 'bytes'>

const ends = ({ offsets, bytes }: Columns): Float64Array => offsets.map((offset, at) => offset + bytes[at]!)

const lastByte = (columns: Columns): number => Math.max(0, ...ends(columns))

/** What no chunk covered of the first `toByte` bytes. */
function holesOf({ offsets, bytes }: Columns, toByte: number): (readonly [number, number])[] {
  const order = [...offsets.keys()].sort((a, b) => offsets[a]! - offsets[b]!)
  const holes: (readonly [number, number])[] = []
  let reached = 0
  for (const at of order) {
    if (offsets[at]! > reached) holes.push([reached, offsets[at]!])
    reached = Math.max(reached, offsets[at]! + bytes[at]!)
  }
  if (reached < toByte) holes.push([reached, toByte])
  return holes
}

/** One number for the whole: `straight`, `interleaved` (others took turns) or `paused` (nobody was on the line). */
export function characterOf(shape: ByteRangeShape): { readonly heldMs: number; readonly idleMs: number } {
  let heldMs = 0
  let idleMs = 0
  for (let at = 1; at < shape.startMs.length; at++) {
    const pauseMs = Math.max(0, shape.startMs[at]! - shape.endMs[at - 1]!)
    heldMs += shape.heldMs[at]!
    idleMs += Math.max(0, pauseMs - shape.heldMs[at]!)
  }
  return { heldMs, idleMs }
}
