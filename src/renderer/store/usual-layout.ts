import type { LayoutNode, LayoutPane } from '../../shared/model/layout'
import { groupOf, splitOf } from './layout-tree'

const USUAL_SHARES = { lanes: 0.45, composer: 0.16, inspector: 0.26 } as const

const lengthOf = (pane: LayoutPane, side: 'width' | 'height', ofWhole: DOMRect, usual: number): number => {
  const box = document.querySelector(`.live [data-pane="${pane}"]`)?.getBoundingClientRect()
  return box === undefined || ofWhole[side] === 0 || box[side] === 0 ? usual : box[side] / ofWhole[side]
}

/** The usual layout as a tree, with the sizes its panes have now, so that nothing jumps when the first of them is moved. */
export function usualLayout(): LayoutNode {
  const page = document.querySelector('.live')?.getBoundingClientRect() ?? new DOMRect()
  const lanes = lengthOf('lanes', 'height', page, USUAL_SHARES.lanes)
  const composer = lengthOf('composer', 'height', page, USUAL_SHARES.composer)
  const inspector = lengthOf('inspector', 'width', page, USUAL_SHARES.inspector)
  const side = Math.min(0.6, Math.max(0.15, inspector))
  return splitOf(
    'row',
    [
      splitOf(
        'column',
        [groupOf('lanes'), groupOf('list'), groupOf('composer')],
        [lanes, Math.max(0.1, 1 - lanes - composer), composer],
      ),
      groupOf('inspector'),
    ],
    [1 - side, side],
  )
}
