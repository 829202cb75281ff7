import type { AreaTotals } from './area/area-types'
import type { AuxRows } from './aux/aux-rows'
import type { AuxCard } from './aux/aux-types'
import { chunkCard } from './chunk-card'
import { laneIdOf } from './lane-layout'
import type { LanesModel } from './lanes-model'
import { BAR_HEIGHT, LANES_TOP } from './pane-geometry'
import { endOf, type PixelScale, xOf } from './time-scale'
import type { ViewState } from './view-state'
import type { FromWorker } from './worker-protocol'

/** The queue depth in the gutter is text: faster changes could not be read. */
export const GUTTER_NUMBERS_MS = 250

interface CardPlace {
  /** Position in the ring, -1 for no card. */
  readonly position: number
  readonly count: number
  readonly scale: PixelScale
  readonly pixelRatio: number
  readonly scrollTop: number
  /** The pointer is in the line strip: the card hangs below it, wherever the lane of the chunk is. */
  readonly isInStrip: boolean
  readonly isStepped: boolean
}

/** Tells the page what changed since it was last told, and nothing else. */
export class StatePoster {
  readonly #post: (message: FromWorker) => void
  readonly #model: LanesModel
  #layout = ''
  #view = ''
  #card = ''
  #auxCard = ''
  #area: AreaTotals | null = null
  #isAreaLeft = false
  #numbersMs = -Infinity
  #wasFollowing = true

  constructor(post: (message: FromWorker) => void, model: LanesModel) {
    this.#post = post
    this.#model = model
  }

  /** The page itself asked for it: it need not be told when it ends up there. */
  followAsked(isFollowing: boolean): void {
    this.#wasFollowing = isFollowing
  }

  view({ view, isFollowing }: ViewState): void {
    const { axis } = this.#model
    const key = `${axis.kind} ${view.from} ${view.span} ${isFollowing} ${this.#model.ring.size > 0}`
    if (key !== this.#view) {
      this.#view = key
      const hasChunks = this.#model.ring.size > 0
      this.#post({
        type: 'view',
        fromMs: axis.timeOf(view.from),
        toMs: axis.timeOf(endOf(view)),
        chunks: axis.isOrdinal ? Math.round(view.span) : null,
        isFollowing,
        hasChunks,
      })
    }
    if (this.#wasFollowing !== isFollowing) this.#post({ type: 'follow-changed', isFollowing })
    this.#wasFollowing = isFollowing
  }

  /** @returns True when a number has changed that is told later, because the last one was told just now. */
  layout(
    selectedSlots: readonly number[],
    aux: { readonly rows: AuxRows; readonly notes: number },
    localMs: number,
  ): boolean {
    const { layout, messages, queuedBytes } = this.#model
    const selected = selectedSlots.map((slot) => laneIdOf(messages.rowKeys[slot]!))
    const shape = `${layout.version} ${aux.rows.version} ${selected.join(',')}`
    const heads = aux.rows.heads(this.#model.aux, aux.notes)
    const key = `${shape} ${heads.map(({ value }) => value).join(',')}`
    if (key === this.#layout) return false
    const isNumberOnly = this.#layout.startsWith(`${shape} `)
    if (isNumberOnly && localMs - this.#numbersMs < GUTTER_NUMBERS_MS) return true
    this.#layout = key
    this.#numbersMs = localMs
    const lanes = layout.gutter((laneId) => selected.includes(laneId))
    this.#post({
      type: 'layout',
      layout: {
        lanes,
        contentHeight: layout.contentHeight,
        queuedBytes,
        aux: heads,
        auxHeight: aux.rows.height,
        auxLeftOut: aux.rows.leftOut,
      },
    })
    return false
  }

  /** @param isLeft - Its middle lies in the left half of the picture: the card goes to the other side. */
  area(totals: AreaTotals | null, isLeft: boolean): void {
    if (totals === this.#area && (totals === null || isLeft === this.#isAreaLeft)) return
    this.#area = totals
    this.#isAreaLeft = isLeft
    this.#post({ type: 'area', totals, isLeft })
  }

  auxCard(card: AuxCard | null): void {
    const key = card === null ? '' : `${card.x} ${card.y} ${card.isStepped} ${card.title} ${card.rows.join()}`
    if (key === this.#auxCard) return
    this.#auxCard = key
    this.#post({ type: 'aux-card', card })
  }

  card({ position, count, scale, pixelRatio, scrollTop, isInStrip, isStepped }: CardPlace): void {
    const { ring, layout, axis } = this.#model
    if (position < 0) {
      if (this.#card !== '') this.#post({ type: 'card', card: null })
      this.#card = ''
      return
    }
    const x = Math.max(0, xOf(scale, axis.fromOf(position)) / pixelRatio)
    const barTop = layout.barTop(ring.rowKeys[position]!)
    const y = barTop < 0 || isInStrip ? LANES_TOP : LANES_TOP + barTop - scrollTop + BAR_HEIGHT
    const key = `${isStepped} ${position} ${count} ${x} ${y} ${ring.messageIds[position]}`
    if (key === this.#card) return
    this.#card = key
    this.#post({ type: 'card', card: chunkCard(this.#model, position, count, { x, y, isStepped }) })
  }
}
