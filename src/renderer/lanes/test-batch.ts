import type { LaneMessage } from '../../shared/model/views'
import type { PackedBatch } from './worker-protocol'

/** A batch for tests: rows as objects, everything else as quiet as possible. */
export interface TestChunk {
  readonly messageId?: number
  readonly startMs: number
  readonly endMs: number
  readonly bodyOffset?: number
  readonly payloadBytes?: number
  readonly wireBytes?: number
  readonly count?: number
  readonly linkId?: number
  readonly flags?: number
}

export function testBatch(
  chunks: readonly TestChunk[],
  messages: readonly LaneMessage[] = [],
  rest: Partial<PackedBatch> = {},
): PackedBatch {
  return {
    nowMs: Math.max(0, ...chunks.map((chunk) => chunk.endMs)),
    messageIds: Uint32Array.from(chunks, (chunk) => chunk.messageId ?? 0),
    startMs: Float64Array.from(chunks, (chunk) => chunk.startMs),
    endMs: Float64Array.from(chunks, (chunk) => chunk.endMs),
    bodyOffsets: Float64Array.from(chunks, (chunk) => chunk.bodyOffset ?? 0),
    payloadBytes: Uint32Array.from(chunks, (chunk) => chunk.payloadBytes ?? 100),
    wireBytes: Uint32Array.from(chunks, (chunk) => chunk.wireBytes ?? 110),
    counts: Uint32Array.from(chunks, (chunk) => chunk.count ?? 1),
    linkIds: Uint32Array.from(chunks, (chunk) => chunk.linkId ?? 1),
    flags: Uint8Array.from(chunks, (chunk) => chunk.flags ?? 0),
    messages,
    faults: [],
    gaps: [],
    lines: [],
    taskRuns: [],
    cacheEnds: [],
    queuedBytes: 0,
    queues: [],
    isReset: false,
    ...rest,
  }
}

export const testMessage = (id: number, rest: Partial<LaneMessage> = {}): LaneMessage => ({
  id,
  linkId: 1,
  dir: 'out',
  route: 'cfg.put',
  kind: 'request',
  priority: 3,
  hue: 2,
  status: 'sent',
  openedMs: 0,
  closedMs: 10,
  partnerId: 0,
  bodyBytes: 100,
  matches: 0,
  ...rest,
})
