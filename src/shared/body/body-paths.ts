import type { BodyNode, BodyTree } from './body-types'

export type BodyPath = readonly (string | number)[]

/**
 * The values at a path, in the order of their bytes: usually one, several when a name stands twice, none when there is no
 * such part. `['list', 3]` and `['list', '3']` mean the same. Cost: O(children on the way).
 */
export function valuesAt(tree: BodyTree, path: BodyPath): readonly BodyNode[] {
  let found: readonly BodyNode[] = tree.root === null ? [] : [tree.root]
  for (const step of path) {
    const next: BodyNode[] = []
    for (const node of found) {
      if (node.kind === 'array') {
        const item = node.children?.[indexOf(step)]
        if (item !== undefined) next.push(item)
      } else if (node.children !== undefined) {
        for (const child of node.children) if (sameKey(child.key, step)) next.push(child)
      }
    }
    if (next.length === 0) return next
    found = next
  }
  return found
}

/** The value at a path; of repeated names the last one, as most readers take it. */
export const valueAt = (tree: BodyTree, path: BodyPath): BodyNode | undefined => valuesAt(tree, path).at(-1)

const indexOf = (step: string | number): number =>
  typeof step === 'number' || /^\d+$/.test(step) ? Number(step) : -1

const sameKey = (key: BodyNode['key'], step: string | number): boolean =>
  key === step || String(key) === String(step)

/**
 * The nodes that hold the byte at `offset`, from the root to the deepest; empty when it belongs to none. Cost:
 * O(depth · log children).
 */
export function trailTo(tree: BodyTree, offset: number): readonly BodyNode[] {
  const trail: BodyNode[] = []
  let node = tree.root
  while (node !== null && offset >= node.from && offset < node.to) {
    trail.push(node)
    node = childAt(node.children ?? [], offset)
  }
  return trail
}

/** The last child that begins at or before the byte. */
function childAt(children: readonly BodyNode[], offset: number): BodyNode | null {
  let low = 0
  let high = children.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (children[middle]!.from <= offset) low = middle + 1
    else high = middle
  }
  return children[low - 1] ?? null
}

/** The keys that lead to the last node of a trail. */
export const pathOf = (trail: readonly BodyNode[]): BodyPath =>
  trail.flatMap(({ key }) => (key === null ? [] : [key]))
