import type { LayoutNode, LayoutPane } from '../../../../shared/model/layout'
import { movedBeside, movedInto, type Place, placed, type Side } from '../../../store/layout-tree'

/** Where a pane that is dragged would come to stand. */
export interface DropTarget {
  readonly other: LayoutPane
  readonly at: Side | 'tabs'
  /** The room it would have. */
  readonly place: Place
}

/** So near to a side of a pane, in parts of it, means beside it; else onto it. */
const SIDE_SHARE = 0.28

/** @param x - In parts of the page, as `y`. Null over the pane itself, where nothing would change. */
export function dropTargetAt(layout: LayoutNode, pane: LayoutPane, x: number, y: number): DropTarget | null {
  const hit = placed(layout).groups.find(
    ({ place: { left, top, width, height } }) =>
      x >= left && x < left + width && y >= top && y < top + height,
  )
  if (hit === undefined) return null
  const other = hit.group.panes.find((one) => one !== pane)
  if (other === undefined) return null
  const { left, top, width, height } = hit.place
  const sides: readonly (readonly [Side, number])[] = [
    ['left', (x - left) / width],
    ['right', (left + width - x) / width],
    ['above', (y - top) / height],
    ['below', (top + height - y) / height],
  ]
  const [side, distance] = sides.reduce((best, one) => (one[1] < best[1] ? one : best))
  if (distance >= SIDE_SHARE) {
    return hit.group.panes.includes(pane) ? null : { other, at: 'tabs', place: hit.place }
  }
  return { other, at: side, place: halfOf(hit.place, side) }
}

function halfOf(place: Place, side: Side): Place {
  const half = { width: place.width / 2, height: place.height / 2 }
  switch (side) {
    case 'left':
      return { ...place, width: half.width }
    case 'right':
      return { ...place, left: place.left + half.width, width: half.width }
    case 'above':
      return { ...place, height: half.height }
    case 'below':
      return { ...place, top: place.top + half.height, height: half.height }
  }
}

export const dropped = (layout: LayoutNode, pane: LayoutPane, { other, at }: DropTarget): LayoutNode =>
  at === 'tabs' ? movedInto(layout, pane, other) : movedBeside(layout, pane, other, at)
