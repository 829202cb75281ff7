import type { BodyKind, BodyNode, BodyScalar } from './body-types'

export const MAX_BODY_DEPTH = 100
export const DEFAULT_MAX_NODES = 100_000

type Key = string | number | null

interface OpenNode {
  readonly kind: 'object' | 'array'
  readonly key: Key
  readonly from: number
  readonly valueFrom: number
  readonly children: BodyNode[]
  /** Children so far, kept or not. */
  count: number
  /** False when the limit was reached before: then only the nesting is followed. */
  readonly isKept: boolean
}

/** What reading gave: the root as far as it came, where it ended, and what stopped it. */
export interface BodyReading {
  readonly root: BodyNode | null
  /** First byte after what was read. */
  readonly end: number
  readonly problem: { readonly at: number; readonly message: string; readonly isCut: boolean } | null
  /** Nodes that were not kept. */
  readonly dropped: number
  readonly invalidBytes: number
}

/** Collects nodes while a body is read from the front to the back. Memory: bounded by the node limit. */
export class TreeBuilder {
  root: BodyNode | null = null
  dropped = 0
  invalidBytes = 0
  readonly #maxNodes: number
  readonly #open: OpenNode[] = []
  #kept = 0

  constructor(maxNodes: number) {
    this.#maxNodes = maxNodes
  }

  get depth(): number {
    return this.#open.length
  }

  get kept(): number {
    return this.#kept
  }

  /** The array or object that is being read; undefined before and after the root. */
  get innermost(): { readonly kind: 'object' | 'array'; readonly count: number } | undefined {
    return this.#open.at(-1)
  }

  /** Whether the next node is kept: what is not kept need not be decoded. */
  get hasRoom(): boolean {
    const parent = this.#open.at(-1)
    return this.#kept < this.#maxNodes && (parent === undefined || parent.isKept)
  }

  begin(kind: 'object' | 'array', key: Key, from: number, valueFrom: number): void {
    const isKept = this.hasRoom
    this.#count(isKept)
    this.#open.push({ kind, key: this.#keyOf(key), from, valueFrom, children: [], count: 0, isKept })
  }

  /** @param scalar - Ignored when there is no room. */
  leaf(
    kind: BodyKind,
    key: Key,
    from: number,
    valueFrom: number,
    to: number,
    scalar: BodyScalar,
    extras?: { readonly note?: string; readonly extensionType?: number },
  ): void {
    const isKept = this.hasRoom
    this.#count(isKept)
    const node = { kind, key: this.#keyOf(key), from, to, valueFrom, scalar }
    this.#add(extras === undefined ? node : { ...node, ...extras }, isKept)
  }

  /** @param to - First byte after the innermost array or object. */
  end(to: number, note?: string): void {
    const { kind, key, from, valueFrom, children, count, isKept } = this.#open.pop()!
    const node: BodyNode = { kind, key, from, to, valueFrom, children }
    const more = count - children.length
    const isPlain = more === 0 && note === undefined
    const whole = isPlain ? node : { ...node, ...(more > 0 && { more }), ...(note !== undefined && { note }) }
    if (kind === 'object') markRepeatedNames(children)
    this.#add(whole, isKept)
  }

  /** Ends everything that is still open: the body stopped in the middle. */
  endAll(to: number, note: string): void {
    while (this.#open.length > 0) this.end(to, note)
  }

  #count(isKept: boolean): void {
    if (isKept) this.#kept += 1
    else this.dropped += 1
  }

  #keyOf(key: Key): Key {
    const parent = this.#open.at(-1)
    return parent?.kind === 'array' ? parent.count : key
  }

  #add(node: BodyNode, isKept: boolean): void {
    const parent = this.#open.at(-1)
    if (parent === undefined) {
      this.root = node
      return
    }
    parent.count += 1
    if (isKept) parent.children.push(node)
  }
}

/** A name that stands twice in an object is legal and lossy for most readers: worth a word. */
function markRepeatedNames(children: BodyNode[]): void {
  if (children.length < 2) return
  const seen = new Set<string | number | null>()
  for (const [index, child] of children.entries()) {
    if (seen.has(child.key)) children[index] = { ...child, note: child.note ?? 'this name stood here before' }
    seen.add(child.key)
  }
}
