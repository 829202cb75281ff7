import type { BodyNode } from '../../shared/body/body-types'

/** One line of a body in the notation of JSON. */
export interface JsonRow {
  readonly node: BodyNode
  /** A scalar or empty container; first and last line of an open one; a folded one; what is not kept. */
  readonly part: 'leaf' | 'open' | 'close' | 'folded' | 'more'
  readonly depth: number
  readonly hasComma: boolean
}

/** The lines of a tree, two blanks per level, with the containers folded that the caller says are. */
export function jsonRows(root: BodyNode, isFolded: (node: BodyNode) => boolean): JsonRow[] {
  const rows: JsonRow[] = []
  const add = (node: BodyNode, depth: number, hasComma: boolean): void => {
    if (!isContainer(node)) {
      rows.push({ node, part: 'leaf', depth, hasComma })
      return
    }
    if (isFolded(node)) {
      rows.push({ node, part: 'folded', depth, hasComma })
      return
    }
    const children = node.children ?? []
    const more = node.more ?? 0
    rows.push({ node, part: 'open', depth, hasComma: false })
    children.forEach((child, index) => add(child, depth + 1, index < children.length - 1 || more > 0))
    if (more > 0) rows.push({ node, part: 'more', depth: depth + 1, hasComma: false })
    rows.push({ node, part: 'close', depth, hasComma })
  }
  add(root, 0, false)
  return rows
}

export const isContainer = (node: BodyNode): boolean =>
  (node.children?.length ?? 0) > 0 || (node.more ?? 0) > 0
