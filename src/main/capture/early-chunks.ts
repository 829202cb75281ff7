import type { FaultEvent, FrameEvent } from '../../shared/model/trace'

/** A frame that waits to be counted to its message, with where it was stored. Trace events never change. */
export interface EarlyChunk {
  readonly frame: FrameEvent
  readonly row: number
  /** How long the line had been busy in all before it. */
  readonly busyBeforeMs: number
}

interface Waiting {
  readonly linkId: number
  readonly messageKey: number
  readonly ref: string
  readonly sinceMs: number
  readonly chunks: EarlyChunk[]
}

/** Stacks wait a second for a head. What waits longer is of a recording that lost the head, or does not come from a stack. */
const MAX_WAIT_MS = 2000
const MAX_WAITING_CHUNKS = 16_384

/**
 * Chunks that are ahead of the head of their message. Until it comes they have no number of a message: readers that tell
 * every row once wait before the first of them (`firstRow`). Bounded in number and time; what goes stays without a message.
 */
export class EarlyChunks {
  /** The one that waits longest first. */
  readonly #waiting = new Map<string, Waiting>()
  #chunkCount = 0

  /** Row of the oldest chunk that waits; infinite when none does. */
  get firstRow(): number {
    for (const { chunks } of this.#waiting.values()) return chunks[0]!.row
    return Number.POSITIVE_INFINITY
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** Takes a frame whose message is not known: it waits when it begins a message, or goes on with one that waits. */
  add(frame: FrameEvent, row: number, busyBeforeMs: number): void {
    const { linkId, messageKey, ref, atMs } = frame
    const key = keyOf(linkId, messageKey)
    let waiting = this.#waiting.get(key)
    if (waiting === undefined) {
      if (frame.chunkIndex !== 0) return
      waiting = { linkId, messageKey, ref, sinceMs: atMs, chunks: [] }
      this.#waiting.set(key, waiting)
    }
    waiting.chunks.push({ frame, row, busyBeforeMs })
    this.#chunkCount += 1
    while (this.#chunkCount > MAX_WAITING_CHUNKS) this.#forgetOldest()
  }

  /** Removes and returns the chunks of a message whose head came, in the order in which they came. */
  claim(linkId: number, messageKey: number): readonly EarlyChunk[] {
    return this.#take(keyOf(linkId, messageKey))
  }

  /** A fault that names a message without a head says that the head is not awaited any more. */
  noteFault({ linkId, ref }: FaultEvent): void {
    this.#forget((waiting) => waiting.linkId === linkId && waiting.ref === ref)
  }

  forgetLink(linkId: number): void {
    this.#forget((waiting) => waiting.linkId === linkId)
  }

  /** Gives up what waits too long. */
  passTo(nowMs: number): void {
    for (const [key, { sinceMs }] of this.#waiting) {
      if (nowMs - sinceMs <= MAX_WAIT_MS) return
      this.#take(key)
    }
  }

  clear(): void {
    this.#waiting.clear()
    this.#chunkCount = 0
  }

  #forget(isMeant: (waiting: Waiting) => boolean): void {
    for (const [key, waiting] of this.#waiting) if (isMeant(waiting)) this.#take(key)
  }

  #forgetOldest(): void {
    for (const key of this.#waiting.keys()) {
      this.#take(key)
      return
    }
  }

  #take(key: string): readonly EarlyChunk[] {
    const chunks = this.#waiting.get(key)?.chunks ?? []
    this.#waiting.delete(key)
    this.#chunkCount -= chunks.length
    return chunks
  }
}

const keyOf = (linkId: number, messageKey: number): string => `${linkId} ${messageKey}`
