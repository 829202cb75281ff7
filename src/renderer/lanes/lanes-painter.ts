import type { AreaSelection } from './area/area-selection'
import type { AuxWorld } from './aux/aux-moments'
import type { AuxRows } from './aux/aux-rows'
import type { AuxKind } from './aux/aux-types'
import { ChunkPainter } from './draw-chunks'
import { drawPicture } from './draw-picture'
import type { EngineHost } from './engine-host'
import { FramePlan } from './frame-plan'
import type { ChunkHit } from './hit-test'
import type { LanesModel } from './lanes-model'
import type { LanesPointing } from './lanes-pointing'
import type { LanesStage } from './lanes-stage'
import type { LanesTime } from './lanes-time'
import type { Marks } from './marks'
import type { Navigator, Placement } from './navigator'
import { noteFlags } from './notes/draw-notes'
import type { NoteCursor } from './notes/note-cursor'
import { auxRoom, LANES_TOP } from './pane-geometry'
import type { Picture } from './picture'
import { GUTTER_NUMBERS_MS, type StatePoster } from './state-poster'
import type { Surface } from './surface'
import type { TwinFeed } from './twin/twin-feed'
import type { ViewOrders } from './view-orders'
import type { ViewState } from './view-state'
import type { NamedBlockers, PaletteText } from './worker-protocol'

/** What pictures are made from. */
interface Painted {
  readonly host: EngineHost
  readonly model: LanesModel
  readonly view: ViewState
  readonly time: LanesTime
  readonly stage: LanesStage
  readonly navigator: Navigator
  readonly area: AreaSelection
  readonly auxRows: AuxRows
  readonly notes: NoteCursor
  readonly world: () => AuxWorld
  readonly poster: StatePoster
  readonly twin: TwinFeed
  readonly views: ViewOrders
  readonly pointing: LanesPointing
}

/** What one picture is to show, besides. */
export interface PictureOrder {
  /** What is now in the lanes, and on the local monotonic clock. */
  readonly nowMs: number
  readonly localMs: number
  readonly marks: Marks
  readonly auxKinds: ReadonlySet<AuxKind>
  readonly blockers: NamedBlockers | null
  readonly ofDayAtZeroMs: number
}

/** Paints pictures, and tells the page what is in them. */
export class LanesPainter {
  readonly #of: Painted
  readonly #again: () => void
  readonly #plan = new FramePlan()
  readonly #chunks = new ChunkPainter()
  #cancelNumbers: (() => void) | null = null

  /** @param again - Asks for a further picture. */
  constructor(of: Painted, again: () => void) {
    this.#of = of
    this.#again = again
  }

  /** The latest picture has no chunks. */
  get isEmpty(): boolean {
    return this.#plan.isEmpty
  }

  paint(surface: Surface, palette: PaletteText, order: PictureOrder): void {
    const { auxRows, model, notes, stage, view, pointing, navigator } = this.#of
    const { auxKinds: kinds } = order
    auxRows.update({ kinds, log: model.aux, notes: notes.notes.length, roomPx: auxRoom(stage.height) })
    const placement = stage.placement(view.view, auxRows.height)
    this.#planFor(placement, surface, order)
    const hit = pointing.pointer === null ? null : navigator.hit(pointing.pointer, placement)
    const picture = this.#picture(surface, palette, order, hit)
    drawPicture(picture, this.#chunks, this.#of.time.isRecording)
    this.#tell(picture, placement, order, hit)
  }

  #planFor(placement: Placement, surface: Surface, { localMs, marks }: PictureOrder): void {
    const { model, stage } = this.#of
    const plan = this.#plan
    plan.findMessages(model, placement.scale, marks)
    model.layout.fitRows(plan.isRowUsed, localMs)
    plan.fill(model, {
      rowKeys: stage.visibleRows(model.layout, placement.lanesBottom),
      colours: stage.colours,
      marks,
      pixelRatio: surface.ratio,
    })
  }

  #picture(surface: Surface, palette: PaletteText, order: PictureOrder, hit: ChunkHit | null): Picture {
    const { model, stage, time, navigator, area, auxRows, notes } = this.#of
    const parts: Omit<Picture, 'flags'> = {
      surface,
      palette,
      fills: stage.fills,
      colours: stage.colours,
      model,
      plan: this.#plan,
      geometry: stage.geometry(auxRows.height),
      scrollTop: stage.scrollTop,
      nowMs: order.nowMs,
      ofDayAtZeroMs: order.ofDayAtZeroMs,
      keptFromMs: time.keptFromMs(model.ring),
      selectedSlot: navigator.selectedSlot,
      partnerSlot: navigator.partnerSlot,
      area: area.range,
      aux: auxRows,
      notes,
      blockers: order.blockers,
      markedPosition: hit?.position ?? navigator.cursor,
    }
    return { ...parts, flags: noteFlags(parts) }
  }

  #tell(picture: Picture, placement: Placement, order: PictureOrder, hit: ChunkHit | null): void {
    const { model, auxRows, notes, poster, twin, pointing, views, area, world } = this.#of
    const { localMs, nowMs, marks } = order
    const { selectedSlot, partnerSlot, keptFromMs } = picture
    const isNumberLeft = poster.layout(
      [selectedSlot, partnerSlot].filter((slot) => slot >= 0),
      { rows: auxRows, notes: notes.notes.length },
      localMs,
    )
    if (isNumberLeft) this.#paintNumbersLater()
    poster.auxCard(pointing.auxCard(picture.geometry.auxTop, placement))
    const { from, to } = views.visible
    twin.frame(localMs, world(), () => ({
      fromMs: model.axis.timeOf(from),
      toMs: model.axis.timeOf(to),
      nowMs,
      marks,
      auxRows: auxRows.rows,
    }))
    const { range } = area
    poster.area(area.totals(keptFromMs, localMs), range !== null && range.from + range.to < from + to)
    const { pointer } = pointing
    poster.card({
      ...placement,
      position: picture.markedPosition,
      count: hit?.count ?? 1,
      isInStrip: pointer !== null && pointer.y < LANES_TOP,
      isStepped: hit === null,
    })
  }

  /** In a picture that stands still nothing else would tell the last number. */
  #paintNumbersLater(): void {
    this.#cancelNumbers ??= this.#of.host.later(GUTTER_NUMBERS_MS, () => {
      this.#cancelNumbers = null
      this.#again()
    })
  }
}
