import type { LayoutGroup, LayoutNode, LayoutPane, LayoutSplit } from '../../shared/model/layout'

export type Side = 'left' | 'right' | 'above' | 'below'

/** A place of the page in parts of 1. */
export interface Place {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Which part of the tree: the index at each split. */
export type LayoutPath = readonly number[]

export interface PlacedGroup {
  readonly path: LayoutPath
  readonly group: LayoutGroup
  readonly place: Place
}

/** The line between part `index` and the next. */
export interface PlacedSplitter {
  readonly path: LayoutPath
  readonly index: number
  readonly direction: LayoutSplit['direction']
  readonly place: Place
  /** Where the part before the line begins, how long the whole split is (both of the page), and the share of the part. */
  readonly start: number
  readonly extent: number
  readonly share: number
}

/** What stands where. */
export interface PlacedLayout {
  readonly groups: readonly PlacedGroup[]
  readonly splitters: readonly PlacedSplitter[]
}

/** No part gets smaller than this, so that none is lost. */
export const MIN_SHARE = 0.08

const WHOLE: Place = { left: 0, top: 0, width: 1, height: 1 }

export const groupOf = (...panes: readonly [LayoutPane, ...LayoutPane[]]): LayoutGroup => ({
  kind: 'group',
  panes,
  active: panes[0],
})

export const splitOf = (
  direction: LayoutSplit['direction'],
  parts: readonly LayoutNode[],
  shares: readonly number[] = parts.map(() => 1 / parts.length),
): LayoutSplit => ({ kind: 'split', direction, parts, shares })

export const panesOf = (node: LayoutNode): readonly LayoutPane[] =>
  node.kind === 'group' ? node.panes : node.parts.flatMap(panesOf)

export function placed(node: LayoutNode): PlacedLayout {
  const groups: PlacedGroup[] = []
  const splitters: PlacedSplitter[] = []
  const visit = (one: LayoutNode, path: LayoutPath, place: Place): void => {
    if (one.kind === 'group') {
      groups.push({ path, group: one, place })
      return
    }
    const { direction, shares, parts } = one
    let done = 0
    parts.forEach((part, index) => {
      const share = shares[index] ?? 0
      const inner =
        direction === 'row'
          ? { ...place, left: place.left + done * place.width, width: share * place.width }
          : { ...place, top: place.top + done * place.height, height: share * place.height }
      if (index > 0) {
        const line =
          direction === 'row'
            ? { ...place, left: inner.left, width: 0 }
            : { ...place, top: inner.top, height: 0 }
        const share = shares[index - 1] ?? 0
        const [origin, extent] = direction === 'row' ? [place.left, place.width] : [place.top, place.height]
        const start = origin + (done - share) * extent
        splitters.push({ path, index: index - 1, direction, place: line, start, extent, share })
      }
      visit(part, [...path, index], inner)
      done += share
    })
  }
  visit(node, [], WHOLE)
  return { groups, splitters }
}

/** The tree without a pane; null when it was the last one. What was beside it takes its room. */
export function without(node: LayoutNode, pane: LayoutPane): LayoutNode | null {
  if (node.kind === 'group') {
    const panes = node.panes.filter((one) => one !== pane)
    const first = panes[0]
    if (first === undefined) return null
    return { kind: 'group', panes, active: panes.includes(node.active) ? node.active : first }
  }
  const kept = node.parts.flatMap((part, index) => {
    const rest = without(part, pane)
    return rest === null ? [] : [{ part: rest, share: node.shares[index] ?? 0 }]
  })
  return joined(node.direction, kept)
}

interface Share {
  readonly part: LayoutNode
  readonly share: number
}

/** A split of what is left: parts that divide in the same direction become parts of it, one alone needs no split. */
function joined(direction: LayoutSplit['direction'], shares: readonly Share[]): LayoutNode | null {
  const flat = shares.flatMap(({ part, share }): readonly Share[] =>
    part.kind === 'split' && part.direction === direction
      ? part.parts.map((inner, index) => ({ part: inner, share: share * (part.shares[index] ?? 0) }))
      : [{ part, share }],
  )
  const only = flat[0]
  if (only === undefined) return null
  if (flat.length === 1) return only.part
  const total = flat.reduce((sum, { share }) => sum + share, 0)
  return {
    kind: 'split',
    direction,
    parts: flat.map(({ part }) => part),
    shares: flat.map(({ share }) => share / total),
  }
}

const directionOf = (side: Side): LayoutSplit['direction'] =>
  side === 'left' || side === 'right' ? 'row' : 'column'
const isBefore = (side: Side): boolean => side === 'left' || side === 'above'

function beside(node: LayoutNode, added: LayoutNode, side: Side, share: number): LayoutNode {
  const parts = [
    { part: node, share: 1 - share },
    { part: added, share },
  ]
  return joined(directionOf(side), isBefore(side) ? parts.toReversed() : parts) ?? node
}

/** Changes the group that a pane stands in. */
function atGroup(node: LayoutNode, pane: LayoutPane, change: (group: LayoutGroup) => LayoutNode): LayoutNode {
  if (node.kind === 'group') return node.panes.includes(pane) ? change(node) : node
  const parts = node.parts.map((part, index) => ({
    part: atGroup(part, pane, change),
    share: node.shares[index] ?? 0,
  }))
  return joined(node.direction, parts) ?? node
}

/** Puts a pane at a side of another, from wherever it is. */
export function movedBeside(node: LayoutNode, pane: LayoutPane, other: LayoutPane, side: Side): LayoutNode {
  if (pane === other) return node
  const rest = without(node, pane)
  return rest === null ? node : atGroup(rest, other, (group) => beside(group, groupOf(pane), side, 0.5))
}

/** Puts a pane at a side of the whole page. */
export function movedToEdge(node: LayoutNode, pane: LayoutPane, side: Side): LayoutNode {
  const rest = without(node, pane)
  return rest === null ? node : beside(rest, groupOf(pane), side, 0.3)
}

/** Puts a pane together with another, as tabs; it is the one that is shown. */
export function movedInto(node: LayoutNode, pane: LayoutPane, other: LayoutPane): LayoutNode {
  if (pane === other) return node
  const rest = without(node, pane)
  if (rest === null) return node
  return atGroup(rest, other, (group) => ({ ...group, panes: [...group.panes, pane], active: pane }))
}

/** Shows a pane that is hidden below the others, or at the right when it is the inspector. */
export function withPane(node: LayoutNode | null, pane: LayoutPane): LayoutNode {
  if (node === null) return groupOf(pane)
  if (panesOf(node).includes(pane)) return activated(node, pane)
  return beside(node, groupOf(pane), pane === 'inspector' ? 'right' : 'below', 0.3)
}

export const activated = (node: LayoutNode, pane: LayoutPane): LayoutNode =>
  atGroup(node, pane, (group) => ({ ...group, active: pane }))

/** The pane next to one in a direction: the one that shares the longest edge. Null at the edge of the page. */
export function neighbourOf(node: LayoutNode, pane: LayoutPane, side: Side): LayoutPane | null {
  const { groups } = placed(node)
  const own = groups.find(({ group }) => group.panes.includes(pane))
  if (own === undefined) return null
  const touching = groups.flatMap(({ group, place }) => {
    const edge = sharedEdge(own.place, place, side)
    return edge > 0 ? [{ pane: group.active, edge }] : []
  })
  return touching.toSorted((one, other) => other.edge - one.edge)[0]?.pane ?? null
}

const NEAR = 1e-6

function sharedEdge(own: Place, other: Place, side: Side): number {
  const isTouching = {
    left: Math.abs(other.left + other.width - own.left) < NEAR,
    right: Math.abs(own.left + own.width - other.left) < NEAR,
    above: Math.abs(other.top + other.height - own.top) < NEAR,
    below: Math.abs(own.top + own.height - other.top) < NEAR,
  }[side]
  if (!isTouching) return 0
  return directionOf(side) === 'row'
    ? Math.min(own.top + own.height, other.top + other.height) - Math.max(own.top, other.top)
    : Math.min(own.left + own.width, other.left + other.width) - Math.max(own.left, other.left)
}

/** Moves a pane past its neighbour; at the edge of the page along the whole of it. */
export function moved(node: LayoutNode, pane: LayoutPane, side: Side): LayoutNode {
  const other = neighbourOf(node, pane, side)
  const swapped = other === null ? null : swappedWith(node, pane, other, directionOf(side))
  if (swapped !== null) return swapped
  return other === null ? movedToEdge(node, pane, side) : movedBeside(node, pane, other, side)
}

/** Neighbours of one split change places and keep their sizes. Null when they are not two parts of one split. */
function swappedWith(
  node: LayoutNode,
  pane: LayoutPane,
  other: LayoutPane,
  direction: LayoutSplit['direction'],
): LayoutNode | null {
  if (node.kind === 'group') return null
  const own = node.parts.findIndex(
    (part) => part.kind === 'group' && part.panes.length === 1 && part.active === pane,
  )
  const next = node.parts.findIndex((part) => part.kind === 'group' && part.panes.includes(other))
  if (node.direction === direction && own >= 0 && next >= 0) {
    const at = (index: number): number => (index === own ? next : index === next ? own : index)
    return {
      ...node,
      parts: node.parts.map((_, index) => node.parts[at(index)]!),
      shares: node.shares.map((_, index) => node.shares[at(index)]!),
    }
  }
  for (const [index, part] of node.parts.entries()) {
    const changed = swappedWith(part, pane, other, direction)
    if (changed !== null) return { ...node, parts: node.parts.with(index, changed) }
  }
  return null
}

/** Moves the line behind part `index` of a split so that the part gets this share of the two beside the line. */
export function resized(node: LayoutNode, path: LayoutPath, index: number, share: number): LayoutNode {
  if (node.kind === 'group') return node
  const [step, ...rest] = path
  if (step !== undefined) {
    return {
      ...node,
      parts: node.parts.map((part, at) => (at === step ? resized(part, rest, index, share) : part)),
    }
  }
  const both = (node.shares[index] ?? 0) + (node.shares[index + 1] ?? 0)
  const least = Math.min(MIN_SHARE, both / 2)
  const own = Math.min(both - least, Math.max(least, share))
  return {
    ...node,
    shares: node.shares.map((one, at) => (at === index ? own : at === index + 1 ? both - own : one)),
  }
}
