import type { BodyNode } from '../../../shared/body/body-types'
import { isContainer } from '../../ui/json-rows'

export interface TreeRow {
  /** Null for the row that tells how many values are not kept. */
  readonly node: BodyNode | null
  readonly depth: number
  /** Row of the array or object around it, -1 at the top. */
  readonly parent: number
  /** 1-based place among its siblings, and how many there are. */
  readonly position: number
  readonly setSize: number
  /** Values that are not kept; of the row that tells so. */
  readonly more: number
}

/** Bodies up to this many values are shown with everything open. */
const OPEN_NODES = 200

/**
 * The visible rows of a tree from top to bottom. An object or array as a whole is no row: its members are what people
 * look for; only an empty one and a single value are.
 */
export function treeRows(root: BodyNode, isOpen: (node: BodyNode) => boolean): TreeRow[] {
  const rows: TreeRow[] = []
  const add = (owner: BodyNode, parent: number, depth: number): void => {
    const children = owner.children ?? []
    const more = owner.more ?? 0
    const setSize = children.length + (more > 0 ? 1 : 0)
    for (const [index, node] of children.entries()) {
      rows.push({ node, depth, parent, position: index + 1, setSize, more: 0 })
      if (isContainer(node) && isOpen(node)) add(node, rows.length - 1, depth + 1)
    }
    if (more > 0) rows.push({ node: null, depth, parent, position: setSize, setSize, more })
  }
  if (isContainer(root)) add(root, -1, 0)
  else rows.push({ node: root, depth: 0, parent: -1, position: 1, setSize: 1, more: 0 })
  return rows
}

/** Whether the tree is small enough to begin with everything open. */
export function isSmall(root: BodyNode): boolean {
  let left = OPEN_NODES
  const visit = (node: BodyNode): boolean => {
    left -= 1
    return left >= 0 && (node.children ?? []).every(visit)
  }
  return visit(root)
}
