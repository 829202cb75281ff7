import type { LaneMessage } from '../../shared/model/views'
import { AuxLog } from './aux/aux-log'
import { type LinkEvent, linkEvents } from './aux/link-events'
import { BlockSummaries } from './block-summary'
import { ChunkRing, isChunk, NO_ROW, RING_BLOCK_ROWS } from './chunk-ring'
import { hueOfStyle, kindOfStyle, packStyle, priorityOfStyle } from './chunk-style'
import { LaneAxis } from './lane-axis'
import { type Lane, LaneLayout, laneIdOf, rowKeyOf, rowOf } from './lane-layout'
import { isLiveStatus, MessageTable } from './message-table'
import type { LanePin, LinkGap, PackedBatch } from './worker-protocol'

const MAX_GAPS = 512

/** Everything the pane knows about the line: chunks, messages, their rows, gaps, and what happened beside them. */
export class LanesModel {
  readonly ring: ChunkRing
  readonly messages: MessageTable
  readonly layout = new LaneLayout()
  readonly summaries: BlockSummaries
  readonly axis: LaneAxis
  readonly aux = new AuxLog()
  #gaps: LinkGap[] = []
  #linkEvents: readonly LinkEvent[] = []
  #pinnedIds: ReadonlySet<number> = new Set()
  #queuedBytes = 0

  constructor(ring = new ChunkRing(), messages = new MessageTable()) {
    this.ring = ring
    this.messages = messages
    this.summaries = new BlockSummaries(ring)
    this.axis = new LaneAxis(ring, messages)
  }

  get gaps(): readonly LinkGap[] {
    return this.#gaps
  }

  get linkEvents(): readonly LinkEvent[] {
    return this.#linkEvents
  }

  /** Of all links together. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** What stands at the top. Messages are moved into lanes of their own, those no longer pinned back again. */
  pin(pins: readonly LanePin[]): void {
    const before = this.#pinnedIds
    const ids = pins.flatMap((pin) => (pin.what === 'message' ? [pin.messageId] : []))
    this.#pinnedIds = new Set(ids)
    for (const id of before) {
      if (this.#pinnedIds.has(id)) continue
      const slot = this.messages.find(id)
      if (slot >= 0) this.#move(slot, this.#routeLane(slot))
      this.layout.dropMessageLane(id)
    }
    for (const id of this.#pinnedIds) {
      const slot = this.messages.find(id)
      if (!before.has(id) && slot >= 0) this.#move(slot, this.#messageLane(slot))
    }
    this.layout.pin(pins)
  }

  /** Takes one batch. Columns are read, not kept. */
  ingest(batch: PackedBatch): void {
    if (batch.isReset) this.#clear()
    const opened: number[] = []
    const ended: number[] = []
    for (const message of batch.messages) this.#takeMessage(message, opened, ended)
    this.#takeTimes(batch)
    for (const slot of ended) this.#release(slot)
    this.#assignRows(opened)
    this.#takeChunks(batch)
    for (const gap of batch.gaps) this.#takeGap(gap)
    if (batch.gaps.length > 0) this.#linkEvents = linkEvents(this.#gaps)
    this.aux.take(batch)
    this.#queuedBytes = batch.queuedBytes
  }

  #clear(): void {
    this.ring.clear()
    this.summaries.clear()
    this.messages.clear()
    this.layout.clear()
    this.aux.clear()
    this.#gaps = []
    this.#linkEvents = []
  }

  #takeMessage(message: LaneMessage, opened: number[], ended: number[]): void {
    const table = this.messages
    let slot = table.find(message.id)
    if (slot < 0) {
      slot = table.add(message.id)
      if (slot < 0) return // older than everything kept
      opened.push(slot)
      table.rowKeys[slot] = NO_ROW
    } else if (isLiveStatus(table.statusOf(slot)) && !isLiveStatus(message.status)) ended.push(slot)
    table.linkIds[slot] = message.linkId
    table.partnerIds[slot] = message.partnerId
    table.isIncoming[slot] = message.dir === 'in' ? 1 : 0
    table.styles[slot] = packStyle(message.hue, message.priority, message.kind)
    table.matches[slot] = message.matches
    table.openedMs[slot] = message.openedMs
    table.closedMs[slot] = message.closedMs ?? NaN
    table.bodyBytes[slot] = message.bodyBytes
    table.setStatus(slot, message.status)
    table.setRoute(slot, message.route)
    table.touch(slot)
    const lane =
      (this.#pinnedIds.has(message.id) ? this.layout.laneForMessage(message) : undefined) ??
      this.layout.laneFor(message.linkId, message.dir, this.#laneRoute(message), message.kind)
    // the row is chosen once its times are known; a known message never changes its lane
    if (table.rowKeys[slot] === NO_ROW) table.rowKeys[slot] = rowKeyOf(lane.id, 0)
    const own = this.layout.byId(laneIdOf(table.rowKeys[slot]!))
    if (own !== undefined) this.layout.describe(own, message.hue, message.priority)
  }

  /** Some protocols send no route with an answer: its lane is named after the request. */
  #laneRoute(message: Pick<LaneMessage, 'route' | 'partnerId'>): string {
    if (message.route !== '' || message.partnerId === 0) return message.route
    const partner = this.messages.find(message.partnerId)
    return partner < 0 ? '' : this.messages.routeOf(partner)
  }

  #routeLane(slot: number): Lane {
    const { linkIds, isIncoming, partnerIds, styles } = this.messages
    const route = this.#laneRoute({ route: this.messages.routeOf(slot), partnerId: partnerIds[slot]! })
    return this.layout.laneFor(
      linkIds[slot]!,
      isIncoming[slot] === 1 ? 'in' : 'out',
      route,
      kindOfStyle(styles[slot]!),
    )
  }

  #messageLane(slot: number): Lane | undefined {
    const { ids, linkIds, isIncoming, partnerIds, styles } = this.messages
    return this.layout.laneForMessage({
      id: ids[slot]!,
      linkId: linkIds[slot]!,
      dir: isIncoming[slot] === 1 ? 'in' : 'out',
      route: this.#laneRoute({ route: this.messages.routeOf(slot), partnerId: partnerIds[slot]! }),
      kind: kindOfStyle(styles[slot]!),
    })
  }

  /** Gives a message and its chunks a row of another lane. */
  #move(slot: number, lane: Lane | undefined): void {
    const { messages: table, ring } = this
    if (lane === undefined || laneIdOf(table.rowKeys[slot]!) === lane.id) return
    if (isLiveStatus(table.statusOf(slot))) this.#release(slot)
    // the lane it leaves need not wait until it is as low as it can be
    this.layout.byId(laneIdOf(table.rowKeys[slot]!))?.rowsNeededMs.fill(-Infinity)
    this.layout.describe(lane, hueOfStyle(table.styles[slot]!), priorityOfStyle(table.styles[slot]!))
    table.rowKeys[slot] = rowKeyOf(lane.id, 0)
    this.#assignRows([slot])
    const first = Math.max(table.firstSeqs[slot]!, ring.firstSeq)
    if (table.firstSeqs[slot] === -1) return
    for (let seq = first; seq <= table.lastSeqs[slot]!; seq++) {
      const at = seq % ring.capacity
      if (ring.messageIds[at] === table.ids[slot]) ring.rowKeys[at] = table.rowKeys[slot]!
    }
    this.summaries.clear()
  }

  #takeTimes(batch: PackedBatch): void {
    const table = this.messages
    for (let i = 0; i < batch.messageIds.length; i++) {
      const slot = table.find(batch.messageIds[i]!)
      if (slot < 0) continue
      if (table.firstSeqs[slot] === -1) table.firstSeqs[slot] = this.ring.nextSeq + i
      table.lastSeqs[slot] = this.ring.nextSeq + i
      if (isChunk(batch.flags[i]!)) table.chunkCounts[slot]! += batch.counts[i]!
      if (batch.startMs[i]! < table.firstStartMs[slot]!) table.firstStartMs[slot] = batch.startMs[i]!
      if (batch.endMs[i]! > table.lastEndMs[slot]!) table.lastEndMs[slot] = batch.endMs[i]!
      table.touch(slot)
    }
  }

  #release(slot: number): void {
    const rowKey = this.messages.rowKeys[slot]!
    this.layout.byId(laneIdOf(rowKey))?.packing.close(rowOf(rowKey), this.messages.lastMarkMs(slot))
  }

  #assignRows(opened: number[]): void {
    const table = this.messages
    opened.sort((a, b) => table.beginOf(a) - table.beginOf(b))
    for (const slot of opened) {
      const lane = this.layout.byId(laneIdOf(table.rowKeys[slot]!))
      if (lane === undefined) continue
      const fromMs = table.beginOf(slot)
      const row = isLiveStatus(table.statusOf(slot))
        ? lane.packing.open(fromMs)
        : lane.packing.place(fromMs, table.lastMarkMs(slot))
      table.rowKeys[slot] = rowKeyOf(lane.id, row)
    }
  }

  #takeChunks(batch: PackedBatch): void {
    const table = this.messages
    let fullSeq = this.ring.nextSeq - (this.ring.nextSeq % RING_BLOCK_ROWS)
    for (let i = 0; i < batch.messageIds.length; i++) {
      const flags = batch.flags[i]!
      const slot = table.find(batch.messageIds[i]!)
      const rowKey = slot < 0 ? NO_ROW : table.rowKeys[slot]!
      // a chunk that ends before it begins would be in no picture at all
      const endMs = Math.max(batch.startMs[i]!, batch.endMs[i]!)
      if (rowKey !== NO_ROW && !isLiveStatus(table.statusOf(slot))) {
        this.layout.byId(laneIdOf(rowKey))?.packing.extend(rowOf(rowKey), endMs)
      }
      this.ring.push({
        messageId: batch.messageIds[i]!,
        startMs: batch.startMs[i]!,
        endMs,
        bodyOffset: batch.bodyOffsets[i]!,
        payloadBytes: batch.payloadBytes[i]!,
        wireBytes: batch.wireBytes[i]!,
        count: batch.counts[i]!,
        linkId: batch.linkIds[i]!,
        flags,
        rowKey,
        style: rowKey === NO_ROW ? 0 : table.styles[slot]!,
      })
    }
    // summed up as they fill, so that zooming out does not have to do it all at once
    for (; fullSeq + RING_BLOCK_ROWS <= this.ring.nextSeq; fullSeq += RING_BLOCK_ROWS) {
      if (fullSeq >= this.ring.firstSeq) this.summaries.of(fullSeq)
    }
  }

  #takeGap(gap: LinkGap): void {
    const known = this.#gaps.findIndex((other) => other.linkId === gap.linkId && other.fromMs === gap.fromMs)
    if (known >= 0) this.#gaps[known] = gap
    else this.#gaps.push(gap)
    if (this.#gaps.length > MAX_GAPS) this.#gaps.shift()
  }
}
