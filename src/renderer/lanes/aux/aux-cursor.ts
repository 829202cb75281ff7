import { unitAt, type PixelScale } from '../time-scale'
import { auxTexts } from './aux-texts'
import type { AuxWorld } from './aux-moments'
import { factsAt, nextMoment } from './aux-moments'
import type { AuxRows } from './aux-rows'
import type { AuxCard, AuxRow } from './aux-types'

/** How near the pointer must come, CSS pixels. */
const REACH_PX = 5

interface AuxPlace {
  readonly scale: PixelScale
  readonly pixelRatio: number
  /** CSS pixels. */
  readonly auxTop: number
}

/** Where keys or pointer are in the lanes below those of the messages, and what is there. */
export class AuxCursor {
  readonly #world: () => AuxWorld
  readonly #rows: AuxRows
  #key = ''
  #atMs: number | null = null

  constructor(world: () => AuxWorld, rows: AuxRows) {
    this.#world = world
    this.#rows = rows
  }

  leave(): void {
    this.#key = ''
    this.#atMs = null
  }

  /**
   * To the next thing in a lane.
   *
   * @param fromMs - Where to begin when the keys come into the lane.
   * @returns Its instant, null when there is nothing further.
   */
  step(key: string, direction: 1 | -1, fromMs: number): number | null {
    const row = this.#rows.byKey(key)
    if (row === null) return null
    const isHere = key === this.#key && this.#atMs !== null
    const world = this.#world()
    // what happened just now lies beyond the right edge: keys that come into the lane find it too
    const next =
      nextMoment(world, row, isHere ? this.#atMs! : fromMs, direction) ??
      (isHere ? null : nextMoment(world, row, -direction * Infinity, direction))
    if (next === null) return null
    this.#key = key
    this.#atMs = next
    return next
  }

  /** The card of what the keys stand on; null when they stand on nothing. */
  stepped(place: AuxPlace): AuxCard | null {
    const row = this.#rows.byKey(this.#key)
    return row === null || this.#atMs === null ? null : this.#cardOf(row, this.#atMs, 0, place, true)
  }

  /** The card of what is below the pointer. */
  at({ x, y }: { readonly x: number; readonly y: number }, place: AuxPlace): AuxCard | null {
    const row = this.#rows.at(y - place.auxTop)
    if (row === null) return null
    const { axis } = this.#world().model
    const at = (px: number): number => axis.timeOf(unitAt(place.scale, px * place.pixelRatio))
    return this.#cardOf(row, at(x), (at(x + REACH_PX) - at(x - REACH_PX)) / 2, place, false)
  }

  #cardOf(
    row: AuxRow,
    atMs: number,
    reachMs: number,
    { scale, pixelRatio, auxTop }: AuxPlace,
    isStepped: boolean,
  ): AuxCard | null {
    const world = this.#world()
    const facts = factsAt(world, row, atMs, reachMs)
    if (facts === null) return null
    const x = (world.model.axis.ofTime(atMs) * scale.pxPerUnit - scale.originPx) / pixelRatio
    return { ...facts, lane: auxTexts.name(row), x, y: auxTop + row.top, isStepped }
  }
}
