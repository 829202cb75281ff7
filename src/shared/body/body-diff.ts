import type { BodyPath } from './body-paths'
import type { BodyNode, BodyTree } from './body-types'

export type BodyChange =
  | { readonly kind: 'added'; readonly path: BodyPath; readonly before: null; readonly after: BodyNode }
  | { readonly kind: 'removed'; readonly path: BodyPath; readonly before: BodyNode; readonly after: null }
  | { readonly kind: 'changed'; readonly path: BodyPath; readonly before: BodyNode; readonly after: BodyNode }

export interface BodyDiff {
  readonly changes: readonly BodyChange[]
  /** True when there are more changes than were listed. */
  readonly isTruncated: boolean
}

/**
 * What changed from one decoded body to another, field by field, in the order of the later body. The order of names in an
 * object is no difference. Items of arrays that only moved because others came or went before them are none either, as
 * long as those came at one place. Cost: O(nodes · depth).
 */
export function diffTrees(before: BodyTree, after: BodyTree, maxChanges = 1000): BodyDiff {
  const collector = new ChangeCollector(maxChanges)
  if (before.root === null || after.root === null) {
    if (before.root !== null) collector.add({ kind: 'removed', path: [], before: before.root, after: null })
    if (after.root !== null) collector.add({ kind: 'added', path: [], before: null, after: after.root })
  } else collector.compare([], before.root, after.root)
  return { changes: collector.changes, isTruncated: collector.isTruncated }
}

class ChangeCollector {
  readonly changes: BodyChange[] = []
  isTruncated = false
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  add(change: BodyChange): void {
    if (this.changes.length >= this.#max) this.isTruncated = true
    else this.changes.push(change)
  }

  compare(path: BodyPath, before: BodyNode, after: BodyNode): void {
    if (this.isTruncated) return
    if (before.kind === 'object' && after.kind === 'object') this.#compareObjects(path, before, after)
    else if (before.kind === 'array' && after.kind === 'array') this.#compareArrays(path, before, after)
    else if (!sameValue(before, after)) this.add({ kind: 'changed', path, before, after })
  }

  #compareObjects(path: BodyPath, before: BodyNode, after: BodyNode): void {
    const left = byName(before)
    for (const child of after.children ?? []) {
      const twin = left.get(child.key)?.shift()
      const at = [...path, child.key ?? '']
      if (twin === undefined) this.add({ kind: 'added', path: at, before: null, after: child })
      else this.compare(at, twin, child)
    }
    for (const twins of left.values()) {
      for (const child of twins) {
        this.add({ kind: 'removed', path: [...path, child.key ?? ''], before: child, after: null })
      }
    }
  }

  /** Equal beginnings and ends are set aside; what lies between is compared place by place. */
  #compareArrays(path: BodyPath, before: BodyNode, after: BodyNode): void {
    const left = before.children ?? []
    const right = after.children ?? []
    const shorter = Math.min(left.length, right.length)
    let start = 0
    while (start < shorter && sameValue(left[start]!, right[start]!)) start += 1
    let end = 0
    while (end < shorter - start && sameValue(left[left.length - 1 - end]!, right[right.length - 1 - end]!))
      end += 1
    const leftEnd = left.length - end
    const rightEnd = right.length - end
    for (let index = start; index < Math.max(leftEnd, rightEnd); index++) {
      const was = index < leftEnd ? left[index] : undefined
      const is = index < rightEnd ? right[index] : undefined
      if (was !== undefined && is !== undefined) this.compare([...path, index], was, is)
      else if (is !== undefined) this.add({ kind: 'added', path: [...path, index], before: null, after: is })
      else if (was !== undefined) {
        this.add({ kind: 'removed', path: [...path, index], before: was, after: null })
      }
    }
  }
}

/** Children by name; a name that stands twice has two, in order. */
function byName(node: BodyNode): Map<BodyNode['key'], BodyNode[]> {
  const named = new Map<BodyNode['key'], BodyNode[]>()
  for (const child of node.children ?? []) {
    const twins = named.get(child.key)
    if (twins === undefined) named.set(child.key, [child])
    else twins.push(child)
  }
  return named
}

/** Whether two values mean the same, however they were encoded: 1 and 1.0 do, 1 and "1" do not. */
export function sameValue(a: BodyNode, b: BodyNode): boolean {
  if (a.children !== undefined || b.children !== undefined) {
    if (a.kind !== b.kind || (a.more ?? 0) !== (b.more ?? 0)) return false
    const left = a.children ?? []
    const right = b.children ?? []
    if (left.length !== right.length) return false
    if (a.kind === 'array') return left.every((child, index) => sameValue(child, right[index]!))
    const named = byName(a)
    return right.every((child) => {
      const twin = named.get(child.key)?.shift()
      return twin !== undefined && sameValue(twin, child)
    })
  }
  if (a.scalar instanceof Uint8Array && b.scalar instanceof Uint8Array) {
    const bytes = b.scalar
    return (
      a.extensionType === b.extensionType &&
      a.scalar.length === bytes.length &&
      a.scalar.every((byte, index) => byte === bytes[index])
    )
  }
  return Object.is(a.scalar, b.scalar) || (a.scalar === 0 && b.scalar === 0)
}

/** A stretch of bytes that differs; lengths differ when bytes came or went. */
export interface ByteChange {
  readonly beforeFrom: number
  readonly beforeTo: number
  readonly afterFrom: number
  readonly afterTo: number
}

/** Equal bytes between two changes that are too few to be worth a change of their own. */
const JOIN_BYTES = 3

/**
 * Where two bodies without a structure differ. Bodies of equal length are compared byte by byte; else what is equal at
 * both ends is set aside and the rest is one change. Cost: O(bytes).
 */
export function diffBytes(before: Uint8Array, after: Uint8Array, maxChanges = 1000): ByteChange[] {
  const shorter = Math.min(before.length, after.length)
  if (before.length !== after.length) {
    let start = 0
    while (start < shorter && before[start] === after[start]) start += 1
    let end = 0
    while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end])
      end += 1
    return [
      { beforeFrom: start, beforeTo: before.length - end, afterFrom: start, afterTo: after.length - end },
    ]
  }
  const changes: ByteChange[] = []
  for (let at = 0; at < shorter; at++) {
    if (before[at] === after[at]) continue
    const last = changes.at(-1)
    const to = at + 1
    if (last !== undefined && (at - last.afterTo <= JOIN_BYTES || changes.length >= maxChanges)) {
      changes[changes.length - 1] = { ...last, beforeTo: to, afterTo: to }
    } else changes.push({ beforeFrom: at, beforeTo: to, afterFrom: at, afterTo: to })
  }
  return changes
}
