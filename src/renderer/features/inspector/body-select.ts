import { trailTo } from '../../../shared/body/body-paths'
import type { BodyFormat, BodyNode, BodyTree } from '../../../shared/body/body-types'
import { payloadFrom } from '../../../shared/body/value-text'
import type { BodySelection } from '../../store/inspect-slice'

type By = BodySelection['by']

/** All bytes of a value and its name; the cursor stands where the value's own bytes begin. */
export function selectNode(messageId: number, node: BodyNode, format: BodyFormat, by: By): BodySelection {
  const cursor = Math.min(payloadFrom(node, format), node.to - 1)
  return { messageId, from: node.from, to: node.to, cursor, anchor: cursor, by }
}

/** A byte, and with it the deepest value it belongs to. */
export function selectByte(messageId: number, tree: BodyTree | null, at: number, by: By): BodySelection {
  const node = tree?.root?.children === undefined ? undefined : trailTo(tree, at).at(-1)
  const isWhole = node === undefined || node === tree?.root
  return {
    messageId,
    from: isWhole ? at : node.from,
    to: isWhole ? at + 1 : node.to,
    cursor: at,
    anchor: at,
    by,
  }
}

/** The bytes between where the selection began and `at`, both included. */
export const extendTo = (selection: BodySelection, at: number): BodySelection => ({
  ...selection,
  from: Math.min(selection.anchor, at),
  to: Math.max(selection.anchor, at) + 1,
  cursor: at,
  by: 'hex',
})

/** From the root to the deepest value that holds all selected bytes. */
export function selectedTrail(tree: BodyTree, selection: BodySelection | null): readonly BodyNode[] {
  if (selection === null) return []
  const trail = trailTo(tree, selection.from)
  const inner = trail.findLastIndex(({ from, to }) => from <= selection.from && to >= selection.to)
  return trail.slice(0, inner + 1)
}
