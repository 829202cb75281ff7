import type { AreaSelection } from './area/area-selection'
import type { LanesModel } from './lanes-model'
import type { LanesTime } from './lanes-time'
import type { Navigator, Placement } from './navigator'
import type { StatePoster } from './state-poster'
import { endOf, ORDINAL_LIMITS, TIME_LIMITS, unitAt } from './time-scale'
import type { AxisRange, ViewState } from './view-state'
import type { AreaOrder, AxisKind, ViewOrder } from './worker-protocol'

/** Of the picture, at least so much is left beside what is brought into sight. */
const REVEAL_MARGIN = 0.1

interface Moved {
  readonly model: LanesModel
  readonly view: ViewState
  readonly time: LanesTime
  readonly navigator: Navigator
  readonly area: AreaSelection
  readonly poster: StatePoster
}

/** Moves the view, and the area that is selected in it, as the page asks. */
export class ViewOrders {
  readonly #is: Moved

  constructor(moved: Moved) {
    this.#is = moved
  }

  /** The part of the axis in sight. */
  get visible(): AxisRange {
    const { view } = this.#is.view
    return { from: view.from, to: endOf(view) }
  }

  /** Brings an instant into sight. */
  reveal(atMs: number): void {
    const { model, view } = this.#is
    const at = model.axis.ofTime(atMs)
    const margin = view.view.span * REVEAL_MARGIN
    view.follow(false)
    view.reveal(at - margin, at + margin)
  }

  /** The new axis shows the same time as far as it can. */
  changeAxis(kind: AxisKind): void {
    const { axis } = this.#is.model
    if (axis.kind === kind) return
    const { from, to } = this.visible
    const [fromMs, toMs] = [axis.timeOf(from), axis.timeOf(to)]
    axis.kind = kind
    const limits = kind === 'time' ? TIME_LIMITS : ORDINAL_LIMITS
    this.#is.view.measureIn(limits, { from: axis.ofTime(fromMs), to: axis.ofTime(toMs) })
  }

  takeArea(order: AreaOrder, { scale, pixelRatio }: Placement): void {
    const { area, view } = this.#is
    const at = 'x' in order ? unitAt(scale, order.x * pixelRatio) : 0
    // an area under the hand must not run away
    if (order.type !== 'area-clear') view.follow(false)
    area.take(order, at, this.visible)
    if (order.type === 'area-step') view.reveal(area.head, area.head)
  }

  move(order: ViewOrder, placement: Placement, nowMs: number): void {
    const { model, view, time, navigator, area, poster } = this.#is
    const { scale, pixelRatio } = placement
    const { axis } = model
    const edge = time.edgeAt(nowMs, axis, view.view.span)
    switch (order.type) {
      case 'paused':
        view.pause(order.isPaused)
        return
      case 'following':
        view.follow(order.isFollowing)
        poster.followAsked(order.isFollowing)
        return
      case 'pan':
        view.pan((order.dx * pixelRatio) / scale.pxPerUnit, axis.bounds(), time.lastEdge(edge, axis))
        return
      case 'pan-share':
        view.pan(order.share * view.view.span, axis.bounds(), time.lastEdge(edge, axis))
        return
      case 'zoom':
        view.zoom(order.x === null ? 0.5 : (order.x * pixelRatio) / scale.widthPx, order.factor, edge)
        return
      case 'range': {
        // a part of a recording is looked at wherever the playhead is
        const last = time.isRecording ? Number.POSITIVE_INFINITY : edge
        view.show(axis.ofTime(order.fromMs), axis.ofTime(order.toMs), last)
        return
      }
      case 'reveal':
        this.reveal(order.atMs)
        return
      case 'fit-selection':
        navigator.fitSelection(nowMs)
        return
      case 'fit-area':
        if (area.range !== null) view.fit(area.range.from, area.range.to)
        return
      case 'fit-at':
        navigator.fitAt(order, placement, nowMs)
        return
      case 'oldest':
        view.oldest(axis.bounds())
    }
  }
}
