import { AreaSelection } from './area/area-selection'
import type { AuxWorld } from './aux/aux-moments'
import { AuxRows } from './aux/aux-rows'
import { AUX_KINDS, type AuxKind } from './aux/aux-types'
import { isInSight } from './batch-in-sight'
import { ByteRangeFeed } from './byte-range/byte-range-feed'
import type { EngineHost } from './engine-host'
import { FrameScheduler } from './frame-scheduler'
import { laneIdOf } from './lane-layout'
import { LanesModel } from './lanes-model'
import { LanesPainter } from './lanes-painter'
import { LanesPointing } from './lanes-pointing'
import { LanesStage } from './lanes-stage'
import { LanesTime } from './lanes-time'
import { Marks, NO_MARKS } from './marks'
import { Navigator, type Placement } from './navigator'
import { NoteCursor } from './notes/note-cursor'
import { NotePlacer } from './notes/note-placer'
import { StatePoster } from './state-poster'
import type { Surface } from './surface'
import { ofDayAtZero } from './time-ticks'
import { TwinFeed } from './twin/twin-feed'
import { ViewOrders } from './view-orders'
import { ViewState } from './view-state'
import type { LanePin, NamedBlockers, PackedBatch, ToWorker } from './worker-protocol'

/** While nothing is in the picture only its grid moves: few frames are enough, and an idle line costs next to nothing. */
const QUIET_FRAME_MS = 250
/** The ordinal axis moves only when a chunk has come. */
const ORDINAL_FRAME_MS = 33
/** Moving pictures that change more rarely than this wait with a timer instead of in every display frame. */
const MIN_TIMER_MS = 20
const MAX_TIMER_MS = 500
/** With reduced motion the picture steps instead of gliding. */
const STEP_MS = 1000

type Order = Exclude<ToWorker, { type: 'start' | 'shown' }>

/** Keeps the model and the view, does what the page asks, and paints at most once per display frame. */
export class LanesEngine {
  readonly #host: EngineHost
  readonly #model = new LanesModel()
  readonly #time = new LanesTime()
  readonly #stage = new LanesStage()
  readonly #view = new ViewState()
  readonly #navigator = new Navigator(this.#model, this.#view)
  readonly #area = new AreaSelection(this.#model)
  readonly #byteRange: ByteRangeFeed
  readonly #notes = new NoteCursor()
  readonly #auxRows = new AuxRows()
  readonly #notePlacer: NotePlacer
  readonly #views: ViewOrders
  readonly #pointing: LanesPointing
  readonly #painter: LanesPainter
  readonly #twin: TwinFeed
  readonly #poster: StatePoster
  readonly #scheduler: FrameScheduler
  #marks = NO_MARKS
  #ofDayAtZeroMs = 0
  #auxKinds: ReadonlySet<AuxKind> = new Set(AUX_KINDS)
  #blockers: NamedBlockers | null = null
  #isStepping = false
  #movedMs = -Infinity
  #isDirty = true
  #cancelTimer: (() => void) | null = null
  #frames = 0

  constructor(host: EngineHost) {
    this.#host = host
    const poster = new StatePoster(host.post, this.#model)
    const notePlacer = new NotePlacer(host.post, this.#model, this.#notes, this.#navigator)
    const twin = new TwinFeed(host, () => this.#touch())
    const parts = {
      host,
      model: this.#model,
      view: this.#view,
      time: this.#time,
      stage: this.#stage,
      navigator: this.#navigator,
      area: this.#area,
      auxRows: this.#auxRows,
      notes: this.#notes,
      world: () => this.#world,
      notePlacer,
      poster,
      twin,
    }
    const views = new ViewOrders(parts)
    const pointing = new LanesPointing({ ...parts, views })
    this.#poster = poster
    this.#notePlacer = notePlacer
    this.#twin = twin
    this.#views = views
    this.#pointing = pointing
    this.#painter = new LanesPainter({ ...parts, views, pointing }, () => this.#touch())
    this.#byteRange = new ByteRangeFeed(host, this.#model, () => this.#navigator.selectedSlot)
    this.#scheduler = new FrameScheduler(host.requestFrame, () => this.#frame())
  }

  /** @param surface - Owned by the engine from now on. */
  attach(surface: Surface): void {
    this.#stage.attach(surface)
    this.#touch()
  }

  handle(order: Order): void {
    switch (order.type) {
      case 'batch':
        this.#takeBatch(order.batch)
        return
      case 'size':
        this.#stage.resize(order.width, order.height, order.pixelRatio)
        break
      case 'palette':
        this.#model.layout.rowHeight = order.rowHeight
        this.#stage.setPalette(order.palette)
        break
      case 'colour-mode':
        this.#stage.setColourMode(order.mode)
        break
      case 'origin':
        this.#ofDayAtZeroMs = ofDayAtZero(order.originEpochMs)
        break
      case 'scroll':
        this.#stage.scrollTop = order.top
        break
      case 'pointer':
        this.#pointing.move(order.at)
        break
      case 'pick': {
        if (this.#notePlacer.pick(order, this.#placement)) break
        const hit = this.#navigator.hit(order, this.#placement)
        this.#picked(hit === null ? 0 : this.#model.ring.messageIds[hit.position]!)
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
        if (this.#navigator.partnerId > 0) this.#picked(this.#navigator.partnerId)
        return
      case 'axis':
        this.#views.changeAxis(order.kind)
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
        this.#views.takeArea(order, this.#placement)
        break
      case 'aux':
        this.#auxKinds = new Set(order.kinds)
        break
      case 'aux-step':
        this.#pointing.stepAux(order.key, order.direction)
        break
      case 'aux-leave':
        this.#pointing.leaveAux()
        break
      case 'notes':
        this.#notes.set(order.notes)
        this.#notePlacer.tell()
        break
      case 'note-choose':
        this.#notePlacer.choose(order.noteId)
        break
      case 'note-step':
        this.#pointing.stepNote(order.direction)
        break
      case 'ask-place':
        this.#notePlacer.answer(order.kind, this.#pointing.pointer, this.#placement, this.#ofDayAtZeroMs)
        return
      case 'pins':
        this.#model.pin(order.pins)
        break
      case 'ask-pin':
        this.#answerPin(order.what)
        return
      case 'playhead':
        this.#time.tellPlayhead(order.playhead, this.#host.nowMs())
        break
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
        const position = this.#pointing.step(order.direction)
        if (position < 0) return
        this.#revealLane(this.#model.ring.rowKeys[position]!)
        this.#picked(this.#model.ring.messageIds[position]!)
        break
      }
      default:
        this.#views.move(order, this.#placement, this.#time.read(this.#host.nowMs()))
    }
    this.#touch()
  }

  get #world(): AuxWorld {
    return { model: this.#model, notes: this.#notes, ofDayAtZeroMs: this.#ofDayAtZeroMs }
  }

  get #placement(): Placement {
    return this.#stage.placement(this.#view.view, this.#auxRows.height)
  }

  #picked(messageId: number): void {
    this.#host.post({ type: 'picked', messageId: messageId === 0 ? null : messageId })
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

  #revealLane(rowKey: number | null): void {
    const lane = rowKey === null ? undefined : this.#model.layout.byId(laneIdOf(rowKey))
    if (lane !== undefined) this.#host.post({ type: 'reveal', top: lane.top, height: lane.height })
  }

  #touch(): void {
    this.#isDirty = true
    this.#scheduler.invalidate()
  }

  #takeBatch(batch: PackedBatch): void {
    if (batch.isReset) {
      this.#navigator.dropCursor()
      this.#area.clear()
      this.#isDirty = true
    }
    this.#time.takeBatch(batch, this.#host.nowMs())
    const version = this.#model.layout.version
    this.#model.ingest(batch)
    // while the picture moves, its next step shows what is new: a frame of its own would show the same pixels
    const isSeen = !this.#view.isMoving && isInSight(batch, this.#model, this.#views.visible)
    if (isSeen || this.#model.layout.version !== version) this.#isDirty = true
    this.#byteRange.touch()
    this.#scheduler.invalidate()
  }

  /** @returns True to be called again in the next frame. */
  #frame(): boolean {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    const { surface, palette } = this.#stage
    if (surface === null || palette === null) return false
    const localMs = this.#host.nowMs()
    const nowMs = this.#time.read(localMs)
    const mayMove = !this.#isStepping || localMs - this.#movedMs >= STEP_MS
    const hasMoved = mayMove && this.#time.isKnown && this.#follow(nowMs, surface.width)
    if (this.#time.isPlaying) this.#isDirty = true
    if (hasMoved) this.#movedMs = localMs
    if (hasMoved || this.#isDirty) {
      this.#isDirty = false
      this.#painter.paint(surface, palette, {
        nowMs,
        localMs,
        marks: this.#marks,
        auxKinds: this.#auxKinds,
        blockers: this.#blockers,
        ofDayAtZeroMs: this.#ofDayAtZeroMs,
      })
      this.#frames++
      this.#poster.view(this.#view)
      this.#host.post({ type: 'drawn', frames: this.#frames, lastDrawMs: this.#host.nowMs() - localMs })
    }
    return this.#planNext()
  }

  #follow(nowMs: number, widthPx: number): boolean {
    const edge = this.#time.edgeAt(nowMs, this.#model.axis, this.#view.view.span)
    return this.#view.advance(edge, widthPx)
  }

  #planNext(): boolean {
    if (this.#time.isPlaying && !this.#isStepping) return true
    if (!this.#view.isMoving || !this.#time.isRunning) return false
    // how soon a chunk comes is not known: the ordinal axis looks at every frame while chunks come
    const everyMs = this.#model.axis.isOrdinal ? ORDINAL_FRAME_MS : 1 / this.#placement.scale.pxPerUnit
    if (this.#isStepping) {
      this.#cancelTimer = this.#host.later(STEP_MS, () => this.#scheduler.invalidate())
      return false
    }
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(this.#painter.isEmpty ? QUIET_FRAME_MS : 0, everyMs))
    if (delayMs < MIN_TIMER_MS) return true
    this.#cancelTimer = this.#host.later(delayMs, () => this.#scheduler.invalidate())
    return false
  }
}
