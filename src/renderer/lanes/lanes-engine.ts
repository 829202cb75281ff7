import { AreaSelection } from './area/area-selection'
import { AuxCursor } from './aux/aux-cursor'
import type { AuxWorld } from './aux/aux-moments'
import { AuxRows } from './aux/aux-rows'
import { AUX_KINDS, type AuxCard, type AuxKind } from './aux/aux-types'
import { drawAux } from './aux/draw-aux'
import { ByteRangeFeed } from './byte-range/byte-range-feed'
import { colourTable } from './chunk-style'
import { fillsOf } from './colours'
import { drawArea } from './draw-area'
import { drawBackdrop } from './draw-backdrop'
import { ChunkPainter } from './draw-chunks'
import { drawGapPlates } from './draw-gaps'
import { drawEnds, drawFaults, drawWaits } from './draw-messages'
import { drawSelection } from './draw-selection'
import type { EngineHost } from './engine-host'
import { FramePlan } from './frame-plan'
import { FrameScheduler } from './frame-scheduler'
import { laneIdOf, rowKeyOf } from './lane-layout'
import { LanesModel } from './lanes-model'
import { Navigator, type Placement, type Point } from './navigator'
import { NoteCursor } from './notes/note-cursor'
import { drawPlayhead } from './draw-playhead'
import { drawNotes, noteFlags } from './notes/draw-notes'
import { NotePlacer } from './notes/note-placer'
import { AXIS_HEIGHT, auxRoom, LANES_TOP, paneGeometry } from './pane-geometry'
import type { Picture } from './picture'
import { PlayheadClock } from './playhead-clock'
import { SessionClock } from './session-clock'
import { GUTTER_NUMBERS_MS, StatePoster } from './state-poster'
import type { Surface } from './surface'
import { Marks, NO_MARKS } from './marks'
import { endOf, FOLLOW_DELAY_MS, ORDINAL_LIMITS, pixelScale, TIME_LIMITS, unitAt } from './time-scale'
import { ofDayAtZero } from './time-ticks'
import { type AxisRange, ViewState } from './view-state'
import { TwinFeed } from './twin/twin-feed'
import { BACKLOG_MS } from './worker-protocol'
import type {
  AreaOrder,
  AxisKind,
  ColourMode,
  LanePin,
  NamedBlockers,
  PackedBatch,
  PaletteText,
  ToWorker,
  ViewOrder,
} from './worker-protocol'

/** While nothing is in the picture only its grid moves: few frames are enough, and an idle line costs next to nothing. */
const QUIET_FRAME_MS = 250
/** The ordinal axis moves only when a chunk has come. */
const ORDINAL_FRAME_MS = 33
/** Moving pictures that change more rarely than this wait with a timer instead of in every display frame. */
const MIN_TIMER_MS = 20
const MAX_TIMER_MS = 500
/** Of the picture, after the playhead that it follows. */
const AHEAD_SHARE = 0.5
/** With reduced motion the picture steps instead of gliding. */
const STEP_MS = 1000

type Order = Exclude<ToWorker, { type: 'start' | 'shown' }>

/** Keeps the model and the view, does what the page asks, and paints at most once per display frame. */
export class LanesEngine {
  readonly #host: EngineHost
  readonly #model = new LanesModel()
  readonly #clock = new SessionClock()
  /** Of a recording; null while what is shown happens now. */
  #playhead: PlayheadClock | null = null
  readonly #view = new ViewState()
  readonly #navigator = new Navigator(this.#model, this.#view)
  readonly #plan = new FramePlan()
  readonly #painter = new ChunkPainter()
  readonly #area = new AreaSelection(this.#model)
  readonly #byteRange: ByteRangeFeed
  readonly #notes = new NoteCursor()
  readonly #auxRows = new AuxRows()
  readonly #auxCursor = new AuxCursor(() => this.#world, this.#auxRows)
  readonly #notePlacer: NotePlacer
  readonly #twin: TwinFeed
  readonly #poster: StatePoster
  readonly #scheduler: FrameScheduler
  #surface: Surface | null = null
  #palette: PaletteText | null = null
  #height = 0
  #scrollTop = 0
  #mode: ColourMode = 'stream'
  #marks = NO_MARKS
  #fills: readonly string[] = []
  #colours = colourTable('stream')
  #ofDayAtZeroMs = 0
  /** Before this instant nothing was asked for. */
  #askedFromMs = -Infinity
  #pointer: Point | null = null
  #auxKinds: ReadonlySet<AuxKind> = new Set(AUX_KINDS)
  #blockers: NamedBlockers | null = null
  #isStepping = false
  #movedMs = -Infinity
  #isDirty = true
  #cancelTimer: (() => void) | null = null
  #cancelNumbers: (() => void) | null = null
  #frames = 0

  constructor(host: EngineHost) {
    this.#host = host
    this.#poster = new StatePoster(host.post, this.#model)
    this.#notePlacer = new NotePlacer(host.post, this.#model, this.#notes, this.#navigator)
    this.#twin = new TwinFeed(host, () => this.#touch())
    this.#byteRange = new ByteRangeFeed(host, this.#model, () => this.#navigator.selectedSlot)
    this.#scheduler = new FrameScheduler(host.requestFrame, () => this.#frame())
  }

  /** @param surface - Owned by the engine from now on. */
  attach(surface: Surface): void {
    this.#surface = surface
    this.#touch()
  }

  handle(order: Order): void {
    switch (order.type) {
      case 'batch':
        this.#takeBatch(order.batch)
        return
      case 'size':
        this.#height = order.height
        this.#surface?.resize(order.width, order.height, order.pixelRatio)
        this.#dress()
        return
      case 'palette':
        this.#palette = order.palette
        this.#model.layout.rowHeight = order.rowHeight
        this.#dress()
        return
      case 'colour-mode':
        this.#mode = order.mode
        this.#colours = colourTable(order.mode)
        this.#dress()
        return
      case 'origin':
        this.#ofDayAtZeroMs = ofDayAtZero(order.originEpochMs)
        break
      case 'scroll':
        this.#scrollTop = order.top
        break
      case 'pointer':
        this.#pointer = order.at
        if (order.at !== null) {
          this.#navigator.dropCursor()
          this.#auxCursor.leave()
        }
        break
      case 'pick': {
        if (this.#notePlacer.pick(order, this.#placement)) break
        const hit = this.#navigator.hit(order, this.#placement)
        const messageId = hit === null ? 0 : this.#model.ring.messageIds[hit.position]!
        this.#host.post({ type: 'picked', messageId: messageId === 0 ? null : messageId })
        return
      }
      case 'select':
        this.#revealLane(this.#navigator.select(order.messageId ?? 0))
        this.#byteRange.touch()
        break
      case 'centre-selection':
        this.#revealLane(this.#navigator.centreSelection())
        break
      case 'partner':
        if (this.#navigator.partnerId > 0) {
          this.#host.post({ type: 'picked', messageId: this.#navigator.partnerId })
        }
        return
      case 'axis':
        this.#changeAxis(order.kind)
        break
      case 'byte-range':
        this.#byteRange.open(order.isOpen)
        return
      case 'marks':
        this.#marks = order.rules.length === 0 ? NO_MARKS : new Marks(order.rules)
        break
      case 'area-begin':
      case 'area-move':
      case 'area-step':
      case 'area-clear':
        this.#takeAreaOrder(order)
        break
      case 'aux':
        this.#auxKinds = new Set(order.kinds)
        break
      case 'aux-step':
        this.#stepAux(order.key, order.direction)
        break
      case 'aux-leave':
        this.#auxCursor.leave()
        break
      case 'notes':
        this.#notes.set(order.notes)
        this.#notePlacer.tell()
        break
      case 'note-choose':
        this.#notePlacer.choose(order.noteId)
        break
      case 'note-step':
        this.#stepNote(order.direction)
        break
      case 'ask-place':
        this.#notePlacer.answer(order.kind, this.#pointer, this.#placement, this.#ofDayAtZeroMs)
        return
      case 'pins':
        this.#model.pin(order.pins)
        break
      case 'ask-pin':
        this.#answerPin(order.what)
        return
      case 'playhead': {
        const { playhead } = order
        const localMs = this.#host.nowMs()
        if (playhead === null) this.#playhead = null
        else if (this.#playhead === null) this.#playhead = new PlayheadClock(playhead, localMs)
        else this.#playhead.tell(playhead, localMs)
        break
      }
      case 'motion':
        this.#isStepping = order.isReduced
        break
      case 'twin':
        this.#twin.open(order.isOpen)
        break
      case 'blockers':
        this.#blockers = order.blockers
        break
      case 'step': {
        this.#pointer = null
        this.#auxCursor.leave()
        const position = this.#navigator.step(order.direction)
        if (position < 0) return
        this.#revealLane(this.#model.ring.rowKeys[position]!)
        this.#host.post({ type: 'picked', messageId: this.#model.ring.messageIds[position]! })
        break
      }
      default:
        this.#moveView(order, this.#nowMs(this.#host.nowMs()))
    }
    this.#touch()
  }

  get #world(): AuxWorld {
    return { model: this.#model, notes: this.#notes, ofDayAtZeroMs: this.#ofDayAtZeroMs }
  }

  #stepAux(key: string, direction: 1 | -1): void {
    this.#pointer = null
    this.#navigator.dropCursor()
    const { axis } = this.#model
    const { from, to } = this.#visible
    const atMs = this.#auxCursor.step(key, direction, axis.timeOf(direction === 1 ? from : to))
    if (atMs === null) this.#host.post({ type: 'at-end', of: 'aux' })
    else this.#reveal(atMs)
  }

  #stepNote(direction: 1 | -1): void {
    this.#pointer = null
    const { from, to } = this.#visible
    // the first press goes to one in sight, if there is one
    const fromMs = this.#model.axis.timeOf(direction === 1 ? from : to)
    const note = this.#notes.step(direction, fromMs)
    if (note === null) this.#host.post({ type: 'at-end', of: 'notes' })
    else this.#reveal(note.atMs)
    this.#notePlacer.tell()
  }

  #reveal(atMs: number): void {
    const at = this.#model.axis.ofTime(atMs)
    const margin = this.#view.view.span * 0.1
    this.#view.follow(false)
    this.#view.reveal(at - margin, at + margin)
  }

  #answerPin(what: LanePin['what']): void {
    const { messages, layout } = this.#model
    const slot = this.#navigator.selectedSlot
    const lane = slot < 0 ? undefined : layout.byId(laneIdOf(messages.rowKeys[slot]!))
    if (lane === undefined) return
    const messageId = messages.ids[slot]!
    const { linkId, label, key } = lane
    const pin: LanePin =
      what === 'message' || lane.messageId > 0
        ? { what: 'message', messageId, label: label.replace(/^#\d+ /, '') }
        : { what: 'lane', key, label, linkId }
    this.#host.post({ type: 'pin', pin })
  }

  /** What is now: for a recording, where it stands. */
  #nowMs(localMs: number): number {
    return this.#playhead?.read(localMs) ?? this.#clock.read(localMs)
  }

  get #isRunning(): boolean {
    return this.#playhead?.isMoving ?? this.#clock.isRunning
  }

  /** Where the right edge belongs while following. What comes after the playhead is to be seen as well. */
  #edgeAt(nowMs: number): number {
    if (this.#playhead === null) return this.#model.axis.ofTime(nowMs - FOLLOW_DELAY_MS)
    return this.#model.axis.ofTime(nowMs) + this.#view.view.span * AHEAD_SHARE
  }

  /** How far one may go to the right by hand. */
  #lastEdge(edge: number): number {
    return this.#playhead === null ? edge : Math.max(edge, this.#model.axis.bounds()?.to ?? edge)
  }

  get #visible(): AxisRange {
    const { view } = this.#view
    return { from: view.from, to: endOf(view) }
  }

  /** The new axis shows the same time as far as it can. */
  #changeAxis(kind: AxisKind): void {
    const { axis } = this.#model
    if (axis.kind === kind) return
    const { from, to } = this.#visible
    const [fromMs, toMs] = [axis.timeOf(from), axis.timeOf(to)]
    axis.kind = kind
    const limits = kind === 'time' ? TIME_LIMITS : ORDINAL_LIMITS
    this.#view.measureIn(limits, { from: axis.ofTime(fromMs), to: axis.ofTime(toMs) })
  }

  #takeAreaOrder(order: AreaOrder): void {
    const { scale, pixelRatio } = this.#placement
    const at = 'x' in order ? unitAt(scale, order.x * pixelRatio) : 0
    // an area under the hand must not run away
    if (order.type !== 'area-clear') this.#view.follow(false)
    this.#area.take(order, at, this.#visible)
    if (order.type === 'area-step') this.#view.reveal(this.#area.head, this.#area.head)
  }

  #moveView(order: ViewOrder, nowMs: number): void {
    const { scale, pixelRatio } = this.#placement
    const { axis } = this.#model
    const edge = this.#edgeAt(nowMs)
    switch (order.type) {
      case 'paused':
        this.#view.pause(order.isPaused)
        return
      case 'following':
        this.#view.follow(order.isFollowing)
        this.#poster.followAsked(order.isFollowing)
        return
      case 'pan':
        this.#view.pan((order.dx * pixelRatio) / scale.pxPerUnit, axis.bounds(), this.#lastEdge(edge))
        return
      case 'pan-share':
        this.#view.pan(order.share * this.#view.view.span, axis.bounds(), this.#lastEdge(edge))
        return
      case 'zoom':
        this.#view.zoom(order.x === null ? 0.5 : (order.x * pixelRatio) / scale.widthPx, order.factor, edge)
        return
      case 'range':
        // a part of a recording is looked at wherever the playhead is
        this.#view.show(
          axis.ofTime(order.fromMs),
          axis.ofTime(order.toMs),
          this.#playhead === null ? edge : Number.POSITIVE_INFINITY,
        )
        return
      case 'reveal':
        this.#reveal(order.atMs)
        return
      case 'fit-selection':
        this.#navigator.fitSelection(nowMs)
        return
      case 'fit-area': {
        const area = this.#area.range
        if (area !== null) this.#view.fit(area.from, area.to)
        return
      }
      case 'fit-at':
        this.#navigator.fitAt(order, this.#placement, nowMs)
        return
      case 'oldest':
        this.#view.oldest(axis.bounds())
    }
  }

  get #placement(): Placement {
    const surface = this.#surface
    return {
      scale: pixelScale(this.#view.view, surface?.width ?? 1),
      pixelRatio: surface?.ratio ?? 1,
      lanesBottom: paneGeometry(this.#height, this.#auxRows.height).lanesBottom,
      scrollTop: this.#scrollTop,
    }
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
      this.#navigator.dropCursor()
      this.#area.clear()
      this.#askedFromMs = batch.nowMs - BACKLOG_MS
      this.#isDirty = true
    }
    this.#clock.sample(batch.nowMs, this.#host.nowMs())
    const version = this.#model.layout.version
    this.#model.ingest(batch)
    // while the picture moves, its next step shows what is new: a frame of its own would show the same pixels
    const isSeen = !this.#view.isMoving && this.#touchesView(batch)
    if (isSeen || this.#model.layout.version !== version) this.#isDirty = true
    this.#byteRange.touch()
    this.#scheduler.invalidate()
  }

  #touchesView(batch: PackedBatch): boolean {
    if (
      batch.gaps.length > 0 ||
      batch.faults.length > 0 ||
      batch.lines.length > 0 ||
      batch.taskRuns.length > 0 ||
      batch.cacheEnds.length > 0
    )
      return true
    if (this.#model.axis.isOrdinal)
      return endOf(this.#view.view) >= this.#model.ring.nextSeq - batch.startMs.length
    const { from: fromMs, to: toMs } = this.#visible
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
    this.#cancelTimer?.()
    this.#cancelTimer = null
    const surface = this.#surface
    const palette = this.#palette
    if (surface === null || palette === null) return false
    const localMs = this.#host.nowMs()
    const nowMs = this.#nowMs(localMs)
    const mayMove = !this.#isStepping || localMs - this.#movedMs >= STEP_MS
    const hasMoved =
      mayMove &&
      (this.#playhead !== null || this.#clock.isRunning) &&
      this.#view.advance(this.#edgeAt(nowMs), surface.width)
    if (this.#playhead?.isMoving === true) this.#isDirty = true
    if (hasMoved) this.#movedMs = localMs
    if (hasMoved || this.#isDirty) {
      this.#isDirty = false
      this.#paint(surface, palette, nowMs, localMs)
      this.#frames++
      this.#poster.view(this.#view)
      this.#host.post({ type: 'drawn', frames: this.#frames, lastDrawMs: this.#host.nowMs() - localMs })
    }
    return this.#planNext()
  }

  #planNext(): boolean {
    if (this.#playhead?.isMoving === true && !this.#isStepping) return true
    if (!this.#view.isMoving || !this.#isRunning) return false
    // how soon a chunk comes is not known: the ordinal axis looks at every frame while chunks come
    const everyMs = this.#model.axis.isOrdinal ? ORDINAL_FRAME_MS : 1 / this.#placement.scale.pxPerUnit
    if (this.#isStepping) {
      this.#cancelTimer = this.#host.later(STEP_MS, () => this.#scheduler.invalidate())
      return false
    }
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(this.#plan.isEmpty ? QUIET_FRAME_MS : 0, everyMs))
    if (delayMs < MIN_TIMER_MS) return true
    this.#cancelTimer = this.#host.later(delayMs, () => this.#scheduler.invalidate())
    return false
  }

  #paint(surface: Surface, palette: PaletteText, nowMs: number, localMs: number): void {
    const model = this.#model
    const plan = this.#plan
    this.#auxRows.update({
      kinds: this.#auxKinds,
      log: model.aux,
      notes: this.#notes.notes.length,
      roomPx: auxRoom(this.#height),
    })
    const placement = this.#placement
    plan.findMessages(model, placement.scale, this.#marks)
    model.layout.fitRows(plan.isRowUsed, localMs)
    plan.fill(model, {
      rowKeys: this.#visibleRows(),
      colours: this.#colours,
      marks: this.#marks,
      pixelRatio: surface.ratio,
    })
    const hit = this.#pointer === null ? null : this.#navigator.hit(this.#pointer, placement)
    const { selectedSlot, partnerSlot } = this.#navigator
    const parts: Omit<Picture, 'flags'> = {
      surface,
      palette,
      fills: this.#fills,
      colours: this.#colours,
      model,
      plan,
      geometry: paneGeometry(this.#height, this.#auxRows.height),
      scrollTop: this.#scrollTop,
      nowMs,
      ofDayAtZeroMs: this.#ofDayAtZeroMs,
      keptFromMs: this.#keptFromMs,
      selectedSlot,
      partnerSlot,
      area: this.#area.range,
      aux: this.#auxRows,
      notes: this.#notes,
      blockers: this.#blockers,
      markedPosition: hit?.position ?? this.#navigator.cursor,
    }
    const picture: Picture = { ...parts, flags: noteFlags(parts) }
    drawBackdrop(picture)
    drawWaits(picture)
    this.#painter.draw(picture)
    drawEnds(picture)
    drawFaults(picture)
    drawSelection(picture)
    drawArea(picture)
    drawAux(picture)
    drawGapPlates(picture)
    drawNotes(picture)
    if (this.#playhead !== null) drawPlayhead(picture, nowMs)
    const isNumberLeft = this.#poster.layout(
      [selectedSlot, partnerSlot].filter((slot) => slot >= 0),
      { rows: this.#auxRows, notes: this.#notes.notes.length },
      localMs,
    )
    // in a picture that stands still nothing else would tell the last number
    if (isNumberLeft) {
      this.#cancelNumbers ??= this.#host.later(GUTTER_NUMBERS_MS, () => {
        this.#cancelNumbers = null
        this.#touch()
      })
    }
    this.#poster.auxCard(this.#auxCard(picture.geometry.auxTop))
    this.#twin.frame(localMs, this.#world, () => ({
      fromMs: model.axis.timeOf(this.#visible.from),
      toMs: model.axis.timeOf(this.#visible.to),
      nowMs,
      marks: this.#marks,
      auxRows: this.#auxRows.rows,
    }))
    const area = this.#area.range
    const { from, to } = this.#visible
    this.#poster.area(
      this.#area.totals(this.#keptFromMs, localMs),
      area !== null && area.from + area.to < from + to,
    )
    this.#poster.card({
      ...placement,
      position: picture.markedPosition,
      count: hit?.count ?? 1,
      isInStrip: this.#pointer !== null && this.#pointer.y < LANES_TOP,
      isStepped: hit === null,
    })
  }

  /** What keys or pointer point at in the lanes below those of the messages, or on the axis. */
  #auxCard(auxTop: number | null): AuxCard | null {
    const { scale, pixelRatio } = this.#placement
    const place = { scale, pixelRatio, auxTop: auxTop ?? Infinity }
    const pointer = this.#pointer
    if (pointer === null) return auxTop === null ? null : this.#auxCursor.stepped(place)
    if (pointer.y < AXIS_HEIGHT) return this.#notePlacer.cardAt(pointer, this.#placement, this.#world)
    return auxTop === null || pointer.y < auxTop ? null : this.#auxCursor.at(pointer, place)
  }

  /** Chunks before this instant may have been captured, but are not (or no longer) here. */
  get #keptFromMs(): number {
    const { ring } = this.#model
    const evictedToMs = ring.firstSeq > 0 ? (ring.bounds()?.fromMs ?? -Infinity) : -Infinity
    return this.#playhead === null ? Math.max(this.#askedFromMs, evictedToMs) : evictedToMs
  }

  #visibleRows(): number[] {
    const { lanesBottom } = this.#placement
    const keys: number[] = []
    for (const lane of this.#model.layout.lanes) {
      const top = LANES_TOP + lane.top - this.#scrollTop
      if (top > lanesBottom || top + lane.height < LANES_TOP) continue
      for (let row = 0; row < lane.rows; row++) keys.push(rowKeyOf(lane.id, row))
    }
    return keys
  }

  #revealLane(rowKey: number | null): void {
    const lane = rowKey === null ? undefined : this.#model.layout.byId(laneIdOf(rowKey))
    if (lane !== undefined) this.#host.post({ type: 'reveal', top: lane.top, height: lane.height })
  }
}
