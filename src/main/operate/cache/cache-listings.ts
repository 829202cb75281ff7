import type { CacheEntryRow, CacheListing, CacheOrder, CacheRow } from '../../../shared/model/cache'
import type { Clock } from '../../../shared/model/clock'
import { isFolder, type KeyTree } from './key-tree'

/** A list that took so long to make is kept for this many times as long, so that making lists never holds the core. */
const KEPT_TIMES = 20

/** Lists of one screen each, of which some are looked at by turns. */
const MAX_LISTS = 8

interface MadeList {
  readonly version: number
  readonly keptUntilMs: number
  readonly keys: readonly string[]
}

/**
 * Windows of the entries. By key, tree and table come from the tree of keys; filtered or in another order they are lists
 * that are made when they are asked for.
 */
export class CacheListings {
  readonly #tree: KeyTree
  readonly #rowOf: (key: string) => CacheEntryRow | undefined
  readonly #clock: Clock
  readonly #made = new Map<string, MadeList>()

  constructor(tree: KeyTree, rowOf: (key: string) => CacheEntryRow | undefined, clock: Clock) {
    this.#tree = tree
    this.#rowOf = rowOf
    this.#clock = clock
  }

  rows(
    listing: CacheListing,
    version: number,
    from: number,
    count: number,
  ): { readonly total: number; readonly rows: CacheRow[] } {
    if (isTree(listing)) return this.#treeRows(new Set(listing.open), from, count)
    const keys = this.#keysOf(listing, version)
    if (keys !== null) return { total: keys.length, rows: this.#entries(keys.slice(from, from + count)) }
    const window: string[] = []
    for (const key of this.#tree.keys(
      listing.isDescending ? Math.max(0, this.#tree.size - from - count) : from,
    )) {
      if (window.length >= Math.min(count, this.#tree.size - from)) break
      window.push(key)
    }
    if (listing.isDescending) window.reverse()
    return { total: this.#tree.size, rows: this.#entries(window) }
  }

  /** Where a key stands; null when it does not. */
  positionOf(listing: CacheListing, version: number, key: string): number | null {
    if (isTree(listing)) return this.#tree.rowOf(key, new Set(listing.open))
    const keys = this.#keysOf(listing, version)
    if (keys === null) {
      const place = this.#tree.placeOf(key)
      return place === null || !listing.isDescending ? place : this.#tree.size - 1 - place
    }
    const at = keys.indexOf(key)
    return at < 0 ? null : at
  }

  #treeRows(open: ReadonlySet<string>, from: number, count: number): { total: number; rows: CacheRow[] } {
    const rows: CacheRow[] = []
    this.#tree.visitRows(open, from, count, (node, depth) => {
      if (isFolder(node)) {
        const { path, name, keys, bytes } = node
        rows.push({ kind: 'folder', depth, path, name, keys, bytes, isOpen: open.has(path) })
        return
      }
      const entry = this.#rowOf(node.key)
      if (entry !== undefined) rows.push({ kind: 'entry', depth, entry })
    })
    return { total: this.#tree.rowCount(open), rows }
  }

  #entries(keys: readonly string[]): CacheRow[] {
    return keys.flatMap((key) => {
      const entry = this.#rowOf(key)
      return entry === undefined ? [] : [{ kind: 'entry', depth: 0, entry }]
    })
  }

  /** Null: all keys in their order, which the tree has. */
  #keysOf({ shape, filter, order, isDescending }: CacheListing, version: number): readonly string[] | null {
    const words = filter.toLowerCase()
    const by = shape === 'tree' ? 'key' : order
    if (words === '' && by === 'key') return null
    const name = `${by} ${isDescending} ${words}`
    const made = this.#made.get(name)
    const nowMs = this.#clock.nowMs()
    if (made !== undefined && (made.version === version || nowMs < made.keptUntilMs)) return made.keys
    const keys = this.#make(words, by, isDescending && shape === 'table')
    const doneMs = this.#clock.nowMs()
    this.#made.delete(name)
    this.#made.set(name, { version, keys, keptUntilMs: doneMs + (doneMs - nowMs) * KEPT_TIMES })
    if (this.#made.size > MAX_LISTS) this.#made.delete(this.#made.keys().next().value as string)
    return keys
  }

  #make(words: string, by: CacheOrder, isDescending: boolean): readonly string[] {
    const found: string[] = []
    for (const key of this.#tree.keys()) {
      if (words === '' || key.toLowerCase().includes(words)) found.push(key)
    }
    if (by === 'key') return isDescending ? found.reverse() : found
    const measured = found.flatMap((key) => {
      const row = this.#rowOf(key)
      return row === undefined ? [] : [{ key, measure: MEASURES[by](row) }]
    })
    const sign = isDescending ? -1 : 1
    measured.sort((a, b) => (a.measure === b.measure ? 0 : a.measure < b.measure ? -sign : sign))
    return measured.map(({ key }) => key)
  }
}

const isTree = ({ shape, filter }: CacheListing): boolean => shape === 'tree' && filter === ''

const MEASURES: Readonly<Record<Exclude<CacheOrder, 'key'>, (row: CacheEntryRow) => number>> = {
  left: ({ expiresAtMs }) => expiresAtMs ?? Infinity,
  size: ({ bytes }) => bytes,
  hits: ({ hits }) => hits,
  age: ({ setAtMs }) => -setAtMs,
}
