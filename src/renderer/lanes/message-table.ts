import type { MessageStatus } from '../../shared/model/views'

/** Messages kept: the newest by id. A power of two. */
const DEFAULT_TABLE_SLOTS = 128 * 1024
const BLOCK_SLOTS = 256

const STATUSES: readonly MessageStatus[] = [
  'queued',
  'sending',
  'sent',
  'waiting',
  'answered',
  'receiving',
  'received',
  'cancelled',
  'failed',
  'timeout',
  'interrupted',
]

/** Something may still happen to the message: its row stays taken. */
export const isLiveStatus = (status: MessageStatus): boolean =>
  status === 'queued' || status === 'sending' || status === 'waiting' || status === 'receiving'

/**
 * Messages in columns, addressed by `id % slots`: ids are consecutive numbers of the capture, so no map is needed and
 * the oldest go first, a block at a time.
 */
export class MessageTable {
  readonly slots: number
  readonly ids: Uint32Array
  readonly linkIds: Uint32Array
  readonly partnerIds: Uint32Array
  readonly rowKeys: Uint16Array
  readonly styles: Uint16Array
  /** Bits of the filters it matches. */
  readonly matches: Uint16Array
  readonly isIncoming: Uint8Array
  readonly openedMs: Float64Array
  /** NaN while the message is open. */
  readonly closedMs: Float64Array
  readonly bodyBytes: Float64Array
  readonly chunkCounts: Uint32Array
  /** Infinity and -Infinity before the first chunk. */
  readonly firstStartMs: Float64Array
  readonly lastEndMs: Float64Array
  /** Sequence numbers in the chunk ring, -1 before the first chunk. */
  readonly firstSeqs: Float64Array
  readonly lastSeqs: Float64Array
  readonly #statuses: Uint8Array
  readonly #routes: string[]
  readonly #blockGenerations: Float64Array
  readonly #blockFromMs: Float64Array
  readonly #blockToMs: Float64Array
  readonly #blockLive: Uint16Array

  constructor(slots = DEFAULT_TABLE_SLOTS) {
    this.slots = slots
    this.ids = new Uint32Array(slots)
    this.linkIds = new Uint32Array(slots)
    this.partnerIds = new Uint32Array(slots)
    this.rowKeys = new Uint16Array(slots)
    this.styles = new Uint16Array(slots)
    this.matches = new Uint16Array(slots)
    this.isIncoming = new Uint8Array(slots)
    this.openedMs = new Float64Array(slots)
    this.closedMs = new Float64Array(slots)
    this.bodyBytes = new Float64Array(slots)
    this.chunkCounts = new Uint32Array(slots)
    this.firstStartMs = new Float64Array(slots)
    this.lastEndMs = new Float64Array(slots)
    this.firstSeqs = new Float64Array(slots)
    this.lastSeqs = new Float64Array(slots)
    this.#statuses = new Uint8Array(slots)
    this.#routes = new Array<string>(slots).fill('')
    const blocks = slots / BLOCK_SLOTS
    this.#blockGenerations = new Float64Array(blocks).fill(-1)
    this.#blockFromMs = new Float64Array(blocks).fill(Infinity)
    this.#blockToMs = new Float64Array(blocks).fill(-Infinity)
    this.#blockLive = new Uint16Array(blocks)
  }

  /** Slot of the message, or -1 when it is not (or no longer) kept. */
  find(id: number): number {
    const slot = id % this.slots
    return id > 0 && this.ids[slot] === id ? slot : -1
  }

  /**
   * Makes a slot for a new message; whoever calls fills the columns and then calls `setStatus` and `touch`.
   *
   * @returns -1 when the id is so old that its place belongs to newer messages.
   */
  add(id: number): number {
    const slot = id % this.slots
    const block = Math.floor(slot / BLOCK_SLOTS)
    const generation = Math.floor(id / this.slots)
    const known = this.#blockGenerations[block]!
    if (generation < known) return -1
    if (generation > known) this.#resetBlock(block, generation)
    this.ids[slot] = id
    this.chunkCounts[slot] = 0
    this.firstStartMs[slot] = Infinity
    this.lastEndMs[slot] = -Infinity
    this.firstSeqs[slot] = -1
    this.lastSeqs[slot] = -1
    this.closedMs[slot] = NaN
    this.#statuses[slot] = STATUSES.indexOf('sent')
    return slot
  }

  clear(): void {
    for (let block = 0; block < this.#blockGenerations.length; block++) this.#resetBlock(block, -1)
  }

  routeOf(slot: number): string {
    return this.#routes[slot] ?? ''
  }

  setRoute(slot: number, route: string): void {
    this.#routes[slot] = route
  }

  statusOf(slot: number): MessageStatus {
    return STATUSES[this.#statuses[slot]!] ?? 'sent'
  }

  setStatus(slot: number, status: MessageStatus): void {
    const block = Math.floor(slot / BLOCK_SLOTS)
    const wasLive = isLiveStatus(this.statusOf(slot))
    const isLive = isLiveStatus(status)
    if (isLive && !wasLive) this.#blockLive[block]!++
    if (!isLive && wasLive) this.#blockLive[block]!--
    this.#statuses[slot] = STATUSES.indexOf(status)
  }

  /** When the message last showed a sign of life; Infinity while it is live. */
  endOf(slot: number): number {
    if (isLiveStatus(this.statusOf(slot))) return Infinity
    return this.lastMarkMs(slot)
  }

  /** The latest instant known of the message: its end or its last chunk. */
  lastMarkMs(slot: number): number {
    const closedMs = this.closedMs[slot]!
    return Math.max(
      this.openedMs[slot]!,
      this.lastEndMs[slot]!,
      Number.isNaN(closedMs) ? -Infinity : closedMs,
    )
  }

  /** Where the message begins in the picture: queued (out), or its first chunk. */
  beginOf(slot: number): number {
    return Math.min(this.openedMs[slot]!, this.firstStartMs[slot]!)
  }

  /** Takes the times of the slot into the summary of its block. Call after any change of them. */
  touch(slot: number): void {
    const block = Math.floor(slot / BLOCK_SLOTS)
    this.#blockFromMs[block] = Math.min(this.#blockFromMs[block]!, this.beginOf(slot))
    this.#blockToMs[block] = Math.max(this.#blockToMs[block]!, this.lastMarkMs(slot))
  }

  /** Calls `visit` for every message that touches the time range. */
  forEachTouching(fromMs: number, toMs: number, visit: (slot: number) => void): void {
    for (let block = 0; block < this.#blockFromMs.length; block++) {
      if (this.#blockFromMs[block]! > toMs) continue
      if (this.#blockToMs[block]! < fromMs && this.#blockLive[block] === 0) continue
      const end = (block + 1) * BLOCK_SLOTS
      for (let slot = block * BLOCK_SLOTS; slot < end; slot++) {
        if (this.ids[slot] === 0 || this.beginOf(slot) > toMs || this.endOf(slot) < fromMs) continue
        visit(slot)
      }
    }
  }

  #resetBlock(block: number, generation: number): void {
    this.#blockGenerations[block] = generation
    this.#blockFromMs[block] = Infinity
    this.#blockToMs[block] = -Infinity
    this.#blockLive[block] = 0
    this.ids.fill(0, block * BLOCK_SLOTS, (block + 1) * BLOCK_SLOTS)
    this.#routes.fill('', block * BLOCK_SLOTS, (block + 1) * BLOCK_SLOTS)
  }
}
