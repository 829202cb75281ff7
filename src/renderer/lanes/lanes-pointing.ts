import { AuxCursor } from './aux/aux-cursor'
import type { AuxWorld } from './aux/aux-moments'
import type { AuxRows } from './aux/aux-rows'
import type { AuxCard } from './aux/aux-types'
import type { EngineHost } from './engine-host'
import type { Navigator, Placement, Point } from './navigator'
import type { NoteCursor } from './notes/note-cursor'
import type { NotePlacer } from './notes/note-placer'
import { AXIS_HEIGHT } from './pane-geometry'
import type { ViewOrders } from './view-orders'

interface PointedAt {
  readonly host: EngineHost
  readonly world: () => AuxWorld
  readonly navigator: Navigator
  readonly auxRows: AuxRows
  readonly notes: NoteCursor
  readonly notePlacer: NotePlacer
  readonly views: ViewOrders
}

/** What is pointed at, by the pointer or by keys that step: of both the one that moved last. */
export class LanesPointing {
  readonly #at: PointedAt
  readonly #auxCursor: AuxCursor
  #pointer: Point | null = null

  constructor(at: PointedAt) {
    this.#at = at
    this.#auxCursor = new AuxCursor(at.world, at.auxRows)
  }

  get pointer(): Point | null {
    return this.#pointer
  }

  /** The pointer moved, or left. */
  move(pointer: Point | null): void {
    this.#pointer = pointer
    if (pointer === null) return
    this.#at.navigator.dropCursor()
    this.#auxCursor.leave()
  }

  /** Keys do not stand in the lanes below those of the messages any more. */
  leaveAux(): void {
    this.#auxCursor.leave()
  }

  /** Goes to the next chunk; its position in the ring, -1 when there is none. */
  step(direction: Parameters<Navigator['step']>[0]): number {
    this.#pointer = null
    this.#auxCursor.leave()
    return this.#at.navigator.step(direction)
  }

  /** Goes to the next moment of a lane below those of the messages. */
  stepAux(key: string, direction: 1 | -1): void {
    const { host, views, navigator } = this.#at
    this.#pointer = null
    navigator.dropCursor()
    const atMs = this.#auxCursor.step(key, direction, this.#edgeMs(direction))
    if (atMs === null) host.post({ type: 'at-end', of: 'aux' })
    else views.reveal(atMs)
  }

  /** Goes to the next note. */
  stepNote(direction: 1 | -1): void {
    const { host, views, notes, notePlacer } = this.#at
    this.#pointer = null
    // the first press goes to one in sight, if there is one
    const note = notes.step(direction, this.#edgeMs(direction))
    if (note === null) host.post({ type: 'at-end', of: 'notes' })
    else views.reveal(note.atMs)
    notePlacer.tell()
  }

  /** What keys or pointer point at in the lanes below those of the messages, or on the axis. */
  auxCard(auxTop: number | null, placement: Placement): AuxCard | null {
    const { notePlacer, world } = this.#at
    const { scale, pixelRatio } = placement
    const place = { scale, pixelRatio, auxTop: auxTop ?? Infinity }
    const pointer = this.#pointer
    if (pointer === null) return auxTop === null ? null : this.#auxCursor.stepped(place)
    if (pointer.y < AXIS_HEIGHT) return notePlacer.cardAt(pointer, placement, world())
    return auxTop === null || pointer.y < auxTop ? null : this.#auxCursor.at(pointer, place)
  }

  /** The edge of the picture that steps come from. */
  #edgeMs(direction: 1 | -1): number {
    const { views, world } = this.#at
    const { from, to } = views.visible
    return world().model.axis.timeOf(direction === 1 ? from : to)
  }
}
