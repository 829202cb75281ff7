import { chunkCard } from './chunk-card'
import { colourTable } from './chunk-style'
import { fillsOf } from './colours'
import { drawAux } from './draw-aux'
import { drawBackdrop, drawGapPlates } from './draw-backdrop'
import { ChunkPainter } from './draw-chunks'
import { drawEnds, drawFaults, drawWaits } from './draw-messages'
import { drawSelection } from './draw-selection'
import { FramePlan } from './frame-plan'
import { FrameScheduler, type RequestFrame } from './frame-scheduler'
import { type HitTarget, hitChunk, neighbourChunk } from './hit-test'
import { laneIdOf, rowKeyOf } from './lane-layout'
import { LanesModel } from './lanes-model'
import { isLiveStatus } from './message-table'
import { AXIS_HEIGHT, BAR_HEIGHT, LANES_TOP, paneGeometry } from './pane-geometry'
import type { Picture } from './picture'
import { SessionClock } from './session-clock'
import type { Surface } from './surface'
import { endOf, type PixelScale, pixelScale, timeAt, xOf } from './time-scale'
import { ofDayAtZero } from './time-ticks'
import { ViewState } from './view-state'
import type { ColourMode, FromWorker, PackedBatch, PaletteText, ToWorker } from './worker-protocol'

/** How near the pointer must come to a chunk, CSS pixels. */
const REACH_PX = 3
/** While nothing is in the picture only its grid moves: few frames are enough, and an idle line costs next to nothing. */
const QUIET_FRAME_MS = 250
/** The queue depth in the gutter is text: faster changes could not be read. */
const GUTTER_NUMBERS_MS = 250

/** What the engine needs from the place where it runs. Times are milliseconds of one local monotonic clock. */
export interface EngineHost {
  readonly nowMs: () => number
  readonly requestFrame: RequestFrame
  readonly later: (delayMs: number, run: () => void) => () => void
  readonly post: (message: FromWorker) => void
}

interface Point {
  readonly x: number
  readonly y: number
}

/** Keeps the model and the view, answers the pointer, and paints at most once per display frame. */
export class LanesEngine {
  readonly #host: EngineHost
  readonly #model = new LanesModel()
  readonly #clock = new SessionClock()
  readonly #view = new ViewState()
  readonly #plan = new FramePlan()
  readonly #painter = new ChunkPainter()
  readonly #scheduler: FrameScheduler
  #surface: Surface | null = null
  #palette: PaletteText | null = null
  #cssHeight = 0
  #scrollTop = 0
  #mode: ColourMode = 'stream'
  #fills: readonly string[] = []
  #colours = colourTable('stream')
  #ofDayAtZeroMs = 0
  #selectedId = 0
  #pointer: Point | null = null
  /** Sequence number of the chunk the keys stand on, -1 when they stand on none. */
  #cursorSeq = -1
  #isDirty = true
  #cancelLater: (() => void) | null = null
  #postedLayout = ''
  #postedView = ''
  #postedCard = ''
  #numbersPostedMs = -Infinity
  #wasFollowing = true
  #frames = 0

  constructor(host: EngineHost) {
    this.#host = host
    this.#scheduler = new FrameScheduler(host.requestFrame, () => this.#frame())
  }

  /** Frames painted since the start. */
  get frames(): number {
    return this.#frames
  }

  /** @param surface - Owned by the engine from now on. */
  attach(surface: Surface, originEpochMs: number | null): void {
    this.#surface = surface
    if (originEpochMs !== null) this.#ofDayAtZeroMs = ofDayAtZero(originEpochMs)
    this.#touch()
  }

  handle(message: Exclude<ToWorker, { type: 'start' }>): void {
    const nowMs = this.#clock.read(this.#host.nowMs())
    switch (message.type) {
      case 'size':
        this.#cssHeight = message.height
        this.#surface?.resize(message.width, message.height, message.pixelRatio)
        this.#dress()
        return
      case 'palette':
        this.#palette = message.palette
        this.#model.layout.rowHeight = message.rowHeight
        this.#dress()
        return
      case 'batch':
        this.#takeBatch(message.batch)
        return
      case 'colour-mode':
        this.#mode = message.mode
        this.#colours = colourTable(message.mode)
        this.#dress()
        return
      case 'origin':
        this.#ofDayAtZeroMs = ofDayAtZero(message.originEpochMs)
        break
      case 'paused':
        this.#view.pause(message.isPaused)
        break
      case 'following':
        this.#view.follow(message.isFollowing)
        this.#wasFollowing = message.isFollowing
        break
      case 'select':
        this.#select(message.messageId ?? 0)
        break
      case 'scroll':
        this.#scrollTop = message.top
        break
      case 'pan':
        this.#pan((message.dx * this.#ratio) / this.#scale.pxPerMs, nowMs)
        break
      case 'pan-share':
        this.#pan(message.share * this.#view.view.spanMs, nowMs)
        break
      case 'zoom': {
        const share = message.x === null ? 0.5 : (message.x * this.#ratio) / Math.max(1, this.#scale.widthPx)
        this.#view.zoom(share, message.factor, nowMs)
        break
      }
      case 'range':
        this.#view.show(message.fromMs, message.toMs, nowMs)
        break
      case 'fit-selection':
        this.#fitMessage(this.#selectedId)
        break
      case 'fit-at':
        this.#fitAt(message)
        break
      case 'oldest':
        this.#view.oldest(this.#model.ring.bounds())
        break
      case 'step':
        this.#step(message.direction)
        break
      case 'pointer':
        this.#pointer = message.at
        if (message.at !== null) this.#cursorSeq = -1
        break
      case 'pick': {
        const hit = this.#hit(message)
        const messageId = hit === null ? 0 : this.#model.ring.messageIds[hit.position]!
        this.#host.post({ type: 'picked', messageId: messageId === 0 ? null : messageId })
        return
      }
    }
    this.#touch()
  }

  get #ratio(): number {
    return this.#surface?.ratio ?? 1
  }

  get #scale(): PixelScale {
    return pixelScale(this.#view.view, this.#surface?.width ?? 1)
  }

  #touch(): void {
    this.#isDirty = true
    this.#scheduler.invalidate()
  }

  #dress(): void {
    if (this.#palette === null) return
    this.#fills = fillsOf(this.#palette, this.#mode)
    this.#surface?.dress(this.#palette)
    this.#touch()
  }

  #takeBatch(batch: PackedBatch): void {
    if (batch.isReset) {
      this.#clock.reset()
      this.#cursorSeq = -1
      this.#isDirty = true
    }
    this.#clock.sample(batch.nowMs, this.#host.nowMs())
    const version = this.#model.layout.version
    this.#model.ingest(batch)
    // while the picture moves, its next step shows what is new: a frame of its own would show the same pixels
    if (this.#model.layout.version !== version || (!this.#view.isMoving && this.#touchesView(batch))) {
      this.#isDirty = true
    }
    this.#scheduler.invalidate()
  }

  #touchesView(batch: PackedBatch): boolean {
    const { fromMs } = this.#view.view
    const toMs = endOf(this.#view.view)
    if (batch.gaps.length > 0 || batch.faults.length > 0) return true
    for (const message of batch.messages) {
      if (message.openedMs <= toMs && (message.closedMs ?? Infinity) >= fromMs) return true
    }
    for (let i = 0; i < batch.startMs.length; i++) {
      if (batch.startMs[i]! <= toMs && batch.endMs[i]! >= fromMs) return true
    }
    return false
  }

  /** @returns True to be called again in the next frame. */
  #frame(): boolean {
    this.#cancelLater?.()
    this.#cancelLater = null
    const surface = this.#surface
    const palette = this.#palette
    if (surface === null || palette === null) return false
    const localMs = this.#host.nowMs()
    const nowMs = this.#clock.read(localMs)
    const hasMoved = this.#clock.isRunning && this.#view.advance(nowMs, surface.width)
    if (hasMoved || this.#isDirty) {
      this.#isDirty = false
      const fromMs = this.#host.nowMs()
      this.#paint(surface, palette, nowMs, localMs)
      this.#frames++
      this.#postState(localMs)
      this.#host.post({ type: 'drawn', frames: this.#frames, lastDrawMs: this.#host.nowMs() - fromMs })
    }
    return this.#planNext()
  }

  #planNext(): boolean {
    if (this.#isDirty) return true
    if (!this.#view.isMoving || !this.#clock.isRunning) return false
    const isQuiet = this.#plan.isEmpty
    const delayMs = Math.min(500, Math.max(isQuiet ? QUIET_FRAME_MS : 0, 1 / this.#scale.pxPerMs))
    if (delayMs <= 20) return true
    this.#cancelLater = this.#host.later(delayMs, () => this.#scheduler.invalidate())
    return false
  }

  #paint(surface: Surface, palette: PaletteText, nowMs: number, localMs: number): void {
    const model = this.#model
    const plan = this.#plan
    plan.findMessages(model, this.#scale)
    model.layout.fitRows(plan.isRowUsed, localMs)
    plan.fill(model, { rowKeys: this.#visibleRows(), colours: this.#colours, pixelRatio: surface.ratio })
    const hit = this.#pointer === null ? null : this.#hit(this.#pointer)
    const selectedSlot = model.messages.find(this.#selectedId)
    const picture: Picture = {
      surface,
      palette,
      fills: this.#fills,
      colours: this.#colours,
      model,
      plan,
      geometry: paneGeometry(this.#cssHeight),
      scrollTop: this.#scrollTop,
      nowMs,
      ofDayAtZeroMs: this.#ofDayAtZeroMs,
      selectedSlot,
      partnerSlot: selectedSlot < 0 ? -1 : model.messages.find(model.messages.partnerIds[selectedSlot]!),
      markedPosition: hit?.position ?? this.#cursorPosition,
    }
    drawBackdrop(picture)
    drawWaits(picture)
    this.#painter.draw(picture)
    drawEnds(picture)
    drawFaults(picture)
    drawSelection(picture)
    drawAux(picture)
    drawGapPlates(picture)
    this.#postCard(picture.markedPosition, hit?.count ?? 1)
  }

  #visibleRows(): number[] {
    const { layout } = this.#model
    const { lanesBottom } = paneGeometry(this.#cssHeight)
    const keys: number[] = []
    for (const lane of layout.lanes) {
      const top = LANES_TOP + lane.top - this.#scrollTop
      if (top > lanesBottom || top + lane.height < LANES_TOP) continue
      for (let row = 0; row < lane.rows; row++) keys.push(rowKeyOf(lane.id, row))
    }
    return keys
  }

  get #cursorPosition(): number {
    const { ring } = this.#model
    return this.#cursorSeq >= ring.firstSeq && this.#cursorSeq < ring.nextSeq
      ? this.#cursorSeq % ring.capacity
      : -1
  }

  #targetAt({ y }: Point): HitTarget | null {
    const { lanesTop, lanesBottom } = paneGeometry(this.#cssHeight)
    if (y >= AXIS_HEIGHT && y < LANES_TOP) return { kind: 'strip', isIncoming: y >= AXIS_HEIGHT + 20 }
    if (y < lanesTop || y >= lanesBottom) return null
    const rowKey = this.#model.layout.rowKeyAt(y - lanesTop + this.#scrollTop)
    return rowKey < 0 ? null : { kind: 'row', rowKey }
  }

  #hit(at: Point): { position: number; count: number } | null {
    const target = this.#targetAt(at)
    if (target === null) return null
    const scale = this.#scale
    const atMs = timeAt(scale, at.x * this.#ratio)
    return hitChunk(this.#model.ring, target, atMs, (REACH_PX * this.#ratio) / scale.pxPerMs)
  }

  #pan(byMs: number, nowMs: number): void {
    this.#view.pan(byMs, this.#model.ring.bounds(), nowMs)
  }

  #select(messageId: number): void {
    this.#selectedId = messageId
    const { messages } = this.#model
    const slot = messages.find(messageId)
    if (slot < 0) return
    this.#view.reveal(messages.beginOf(slot), messages.lastMarkMs(slot))
    this.#revealLane(messages.rowKeys[slot]!)
  }

  #revealLane(rowKey: number): void {
    const lane = this.#model.layout.byId(laneIdOf(rowKey))
    if (lane !== undefined) this.#host.post({ type: 'reveal', top: lane.top, height: lane.height })
  }

  #fitMessage(messageId: number): void {
    const { messages } = this.#model
    const slot = messages.find(messageId)
    if (slot < 0) return
    const partner = messages.find(messages.partnerIds[slot]!)
    const isLive = isLiveStatus(messages.statusOf(slot))
    const fromMs = Math.min(messages.beginOf(slot), partner < 0 ? Infinity : messages.beginOf(partner))
    const ends = [messages.lastMarkMs(slot), partner < 0 ? -Infinity : messages.lastMarkMs(partner)]
    const toMs = isLive ? this.#clock.read(this.#host.nowMs()) : Math.max(...ends)
    this.#view.fit(fromMs, toMs)
  }

  #fitAt(at: Point): void {
    const hit = this.#hit(at)
    if (hit !== null && this.#model.ring.messageIds[hit.position] !== 0) {
      this.#fitMessage(this.#model.ring.messageIds[hit.position]!)
      return
    }
    const kept = this.#model.ring.bounds()
    if (kept !== null) this.#view.fit(kept.fromMs, kept.toMs)
  }

  /** To the next or previous chunk of the lane the cursor, the selection or the middle of the picture is in. */
  #step(direction: 1 | -1): void {
    const { ring } = this.#model
    let from = this.#cursorPosition
    if (from < 0) from = this.#startOfSteps()
    else {
      const lane = laneIdOf(ring.rowKeys[from]!)
      from = neighbourChunk(ring, from, direction, (rowKey) => laneIdOf(rowKey) === lane)
    }
    if (from < 0) return
    this.#pointer = null
    const first = ring.firstSeq % ring.capacity
    this.#cursorSeq = ring.firstSeq + ((from - first + ring.capacity) % ring.capacity)
    this.#view.follow(false)
    this.#view.reveal(ring.startMs[from]!, ring.endMs[from]!)
    this.#revealLane(ring.rowKeys[from]!)
    this.#host.post({ type: 'picked', messageId: ring.messageIds[from]! })
  }

  #startOfSteps(): number {
    const { ring, messages } = this.#model
    const slot = messages.find(this.#selectedId)
    if (slot >= 0 && messages.firstSeqs[slot]! >= ring.firstSeq)
      return messages.firstSeqs[slot]! % ring.capacity
    // the newest visible chunk of any lane
    let best = -1
    ring.forEachRange(this.#view.view.fromMs, endOf(this.#view.view), (from, to) => {
      for (let at = from; at < to; at++) {
        const isVisible =
          ring.startMs[at]! <= endOf(this.#view.view) && ring.endMs[at]! >= this.#view.view.fromMs
        if (isVisible && ring.rowKeys[at] !== 0xffff) best = at
      }
    })
    return best
  }

  #postCard(position: number, count: number): void {
    const { ring, layout } = this.#model
    if (position < 0) {
      if (this.#postedCard !== '') this.#host.post({ type: 'card', card: null })
      this.#postedCard = ''
      return
    }
    const x = Math.max(0, xOf(this.#scale, ring.startMs[position]!) / this.#ratio)
    const barTop = layout.barTop(ring.rowKeys[position]!)
    const isInLane = barTop >= 0 && (this.#pointer === null || this.#pointer.y >= LANES_TOP)
    const y = isInLane ? LANES_TOP + barTop - this.#scrollTop + BAR_HEIGHT : LANES_TOP
    const key = `${position} ${count} ${x} ${y} ${ring.messageIds[position]}`
    if (key === this.#postedCard) return
    this.#postedCard = key
    this.#host.post({ type: 'card', card: chunkCard(this.#model, position, count, { x, y }) })
  }

  #postState(localMs: number): void {
    this.#postLayout(localMs)
    const { view, isFollowing } = this.#view
    const kept = this.#model.ring.bounds()
    const key = `${view.fromMs} ${view.spanMs} ${isFollowing}`
    if (key !== this.#postedView) {
      this.#postedView = key
      this.#host.post({ type: 'view', fromMs: view.fromMs, toMs: endOf(view), isFollowing, keptMs: kept })
    }
    if (this.#wasFollowing && !isFollowing) this.#host.post({ type: 'follow-released' })
    this.#wasFollowing = isFollowing
  }

  #postLayout(localMs: number): void {
    const { layout, messages, queuedBytes } = this.#model
    const slot = messages.find(this.#selectedId)
    const partner = slot < 0 ? -1 : messages.find(messages.partnerIds[slot]!)
    const selected = [slot, partner].filter((at) => at >= 0).map((at) => laneIdOf(messages.rowKeys[at]!))
    const shape = `${layout.version} ${selected.join(',')}`
    const key = `${shape} ${queuedBytes}`
    if (key === this.#postedLayout) return
    const isNumberOnly = this.#postedLayout.startsWith(`${shape} `)
    if (isNumberOnly && localMs - this.#numbersPostedMs < GUTTER_NUMBERS_MS) return
    this.#postedLayout = key
    this.#numbersPostedMs = localMs
    const lanes = layout.gutter((laneId) => selected.includes(laneId))
    this.#host.post({ type: 'layout', layout: { lanes, contentHeight: layout.contentHeight, queuedBytes } })
  }
}
