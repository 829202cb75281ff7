import { LANE_CONTROL, LANE_FAULT, LANE_REPEAT } from '../../shared/model/views'
import { revealLine } from '../ui/visible-text'
import { isChunk } from './chunk-ring'
import { hueOfStyle } from './chunk-style'
import type { LanesModel } from './lanes-model'
import { isLiveStatus } from './message-table'
import type { ChunkCard } from './worker-protocol'

interface Place {
  readonly before: number
  readonly previousEndMs: number | null
  readonly isWhole: boolean
}

/** Chunks of the same message before `position`, and the end of the last of them. */
function placeInMessage(model: LanesModel, slot: number, position: number): Place {
  const { ring } = model
  const messageId = ring.messageIds[position]!
  const firstSeq = slot < 0 ? ring.firstSeq : model.messages.firstSeqs[slot]!
  let before = 0
  let previousEndMs: number | null = null
  for (let seq = Math.max(firstSeq, ring.firstSeq); seq < ring.nextSeq; seq++) {
    const at = seq % ring.capacity
    if (at === position) break
    if (ring.messageIds[at] !== messageId) continue
    if (isChunk(ring.flags[at]!)) before += ring.counts[at]!
    previousEndMs = ring.endMs[at]!
  }
  // a message that began before the history asked for comes without its first chunks
  const isWhole = slot >= 0 && firstSeq >= ring.firstSeq && ring.bodyOffsets[firstSeq % ring.capacity] === 0
  return { before, previousEndMs, isWhole }
}

/**
 * What the card says about the chunk at a position of the ring.
 *
 * @param at - Where the card belongs, CSS pixels in the canvas.
 * @param count - Chunks below the pointer together.
 */
export function chunkCard(
  model: LanesModel,
  position: number,
  count: number,
  at: Pick<ChunkCard, 'x' | 'y' | 'isStepped'>,
): ChunkCard {
  const { ring, messages } = model
  const messageId = ring.messageIds[position]!
  const slot = messages.find(messageId)
  const flags = ring.flags[position]!
  const startMs = ring.startMs[position]!
  const place = messageId === 0 ? null : placeInMessage(model, slot, position)
  const previousEndMs = place?.previousEndMs ?? null
  const isDone = slot >= 0 && !isLiveStatus(messages.statusOf(slot))
  const isOutgoing = slot >= 0 && messages.isIncoming[slot] === 0
  const isControl = messageId === 0 || (flags & LANE_CONTROL) !== 0
  const isCounted = place?.isWhole === true && isChunk(flags)
  return {
    ...at,
    messageId,
    title: slot >= 0 ? revealLine(messages.routeOf(slot)) : '',
    hue: hueOfStyle(ring.styles[position]!),
    ordinal: isCounted ? place.before + 1 : null,
    total: isCounted && isDone ? messages.chunkCounts[slot]! : null,
    count,
    isControl,
    bodyOffset: ring.bodyOffsets[position]!,
    payloadBytes: ring.payloadBytes[position]!,
    overheadBytes: Math.max(0, ring.wireBytes[position]! - ring.payloadBytes[position]!),
    wireMs: ring.endMs[position]! - startMs,
    gapMs: previousEndMs === null ? null : Math.max(0, startMs - previousEndMs),
    queuedMs: isOutgoing ? Math.max(0, messages.firstStartMs[slot]! - messages.openedMs[slot]!) : null,
    isFault: (flags & LANE_FAULT) !== 0,
    isRepeat: (flags & LANE_REPEAT) !== 0,
  }
}
