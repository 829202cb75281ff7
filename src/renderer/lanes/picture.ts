import type { AuxRows } from './aux/aux-rows'
import type { FramePlan } from './frame-plan'
import type { NoteCursor } from './notes/note-cursor'
import type { NoteFlag } from './notes/note-flag'
import type { LanesModel } from './lanes-model'
import { BAR_HEIGHT, type PaneGeometry } from './pane-geometry'
import type { Surface } from './surface'
import type { AxisRange } from './view-state'
import type { NamedBlockers, PaletteText } from './worker-protocol'

/** All that one frame is painted from. Positions on the surface are device pixels. */
export interface Picture {
  readonly surface: Surface
  readonly palette: PaletteText
  /** Fill per colour index. */
  readonly fills: readonly string[]
  /** Colour index per style, from `colourTable`. */
  readonly colours: Uint8Array
  readonly model: LanesModel
  readonly plan: FramePlan
  readonly geometry: PaneGeometry
  readonly scrollTop: number
  /** Session time of this frame: later than anything shown while following. */
  readonly nowMs: number
  readonly ofDayAtZeroMs: number
  /** Before this instant chunks may be missing. */
  readonly keptFromMs: number
  /** Slot of the selected message and of its partner, -1 when there is none. */
  readonly selectedSlot: number
  readonly partnerSlot: number
  /** The selected span, in units of the axis. */
  readonly area: AxisRange | null
  readonly aux: AuxRows
  readonly notes: NoteCursor
  readonly flags: readonly NoteFlag[]
  /** Null until the core told, and while nothing that waited is selected. */
  readonly blockers: NamedBlockers | null
  /** Position in the ring of the chunk below the pointer or the cursor, -1 when there is none. */
  readonly markedPosition: number
}

/** Top of a row's bar on the surface, or null when the lane does not show it. */
export function barTopOf(picture: Picture, rowKey: number): number | null {
  const top = picture.model.layout.barTop(rowKey)
  if (top < 0) return null
  return picture.surface.px(picture.geometry.lanesTop + top - picture.scrollTop)
}

/** Runs `paint` with everything outside the scrolled lanes cut off. */
export function insideLanes(picture: Picture, paint: () => void): void {
  const { surface, geometry } = picture
  const { ctx } = surface
  const top = surface.px(geometry.lanesTop)
  ctx.save()
  ctx.beginPath()
  ctx.rect(0, top, surface.width, surface.px(geometry.lanesBottom) - top)
  ctx.clip()
  paint()
  ctx.restore()
}

/** The colour of a message in the current mode. */
export const fillOfStyle = (picture: Picture, style: number): string =>
  picture.fills[picture.colours[style] ?? 0] ?? picture.palette.text3

export const barHeight = (surface: Surface): number => surface.px(BAR_HEIGHT)
