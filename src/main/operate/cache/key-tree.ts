import { MAX_KEY_DEPTH } from '../../../shared/model/cache'

/** A key in its folder. */
export interface KeyLeaf {
  readonly name: string
  readonly key: string
  bytes: number
}

export interface KeyFolder {
  /** Empty for the root. */
  readonly name: string
  /** With its `/` at the end; empty for the root. */
  readonly path: string
  /** In the order of their names; a key before the folder of the same name. */
  readonly children: (KeyLeaf | KeyFolder)[]
  /** Keys and bytes of everything below. */
  keys: number
  bytes: number
}

export const isFolder = (node: KeyLeaf | KeyFolder): node is KeyFolder => 'children' in node

export type TreeVisit = (node: KeyLeaf | KeyFolder, depth: number) => void

/**
 * Keys by their parts between `/`, in order. Windows of 100,000 keys cost what they show and the folders that are open, not
 * what there is; folders know how much lies in them.
 */
export class KeyTree {
  #root = folder('', '')

  get size(): number {
    return this.#root.keys
  }

  /** Adds a key, or tells the size of one that is there. */
  set(key: string, bytes: number): void {
    const way = this.#wayTo(key, true)!
    const parent = way.at(-1)!
    const name = key.slice(parent.path.length)
    const at = indexOf(parent, name, false)
    const known = parent.children[at]
    const isKnown = known !== undefined && !isFolder(known) && known.name === name
    const added = bytes - (isKnown ? known.bytes : 0)
    if (isKnown) known.bytes = bytes
    else parent.children.splice(at, 0, { name, key, bytes })
    for (const above of way) {
      above.bytes += added
      if (!isKnown) above.keys += 1
    }
  }

  /** Folders that are empty then go as well. */
  delete(key: string): void {
    const way = this.#wayTo(key, false)
    if (way === null) return
    const parent = way.at(-1)!
    const name = key.slice(parent.path.length)
    const at = indexOf(parent, name, false)
    const known = parent.children[at]
    if (known === undefined || isFolder(known) || known.name !== name) return
    parent.children.splice(at, 1)
    for (const above of way) {
      above.bytes -= known.bytes
      above.keys -= 1
    }
    for (let depth = way.length - 1; depth > 0 && way[depth]!.keys === 0; depth--) {
      const above = way[depth - 1]!
      above.children.splice(indexOf(above, way[depth]!.name, true), 1)
    }
  }

  clear(): void {
    this.#root = folder('', '')
  }

  /** All keys in the order of the tree. */
  *keys(from = 0): Generator<string> {
    yield* keysOf(this.#root, from)
  }

  /** Keys that begin so, in order. */
  keysBelow(path: string): string[] {
    const way = this.#wayTo(path, false)
    const found = way?.at(-1)
    return found === undefined || found.path !== path ? [] : [...keysOf(found, 0)]
  }

  /** Rows of the tree in which the folders of `open` stand open. */
  rowCount(open: ReadonlySet<string>): number {
    return shownBelow(this.#root, open)
  }

  /** Visits `count` rows from row `from` on. */
  visitRows(open: ReadonlySet<string>, from: number, count: number, visit: TreeVisit): void {
    let skip = from
    let left = count
    const walk = (parent: KeyFolder, depth: number): void => {
      for (const child of parent.children) {
        if (left <= 0) return
        if (skip > 0) skip -= 1
        else {
          visit(child, depth)
          left -= 1
        }
        if (!isFolder(child) || !open.has(child.path)) continue
        const rows = skip > 0 ? shownBelow(child, open) : 0
        if (rows > 0 && skip >= rows) skip -= rows
        else walk(child, depth + 1)
      }
    }
    walk(this.#root, 0)
  }

  /** The row of a key, null when it is not there or in a folder that is closed. */
  rowOf(key: string, open: ReadonlySet<string>): number | null {
    const way = this.#wayTo(key, false)
    if (way === null || way.slice(1).some(({ path }) => !open.has(path))) return null
    let row = 0
    for (const [depth, parent] of way.entries()) {
      const below = way[depth + 1]
      const name = below?.name ?? key.slice(parent.path.length)
      const at = indexOf(parent, name, below !== undefined)
      const found = parent.children[at]
      if (found === undefined || found.name !== name || isFolder(found) !== (below !== undefined)) return null
      for (const child of parent.children.slice(0, at)) {
        row += 1 + (isFolder(child) && open.has(child.path) ? shownBelow(child, open) : 0)
      }
      if (below !== undefined) row += 1
    }
    return row
  }

  /** Place of a key among all keys, null when it is not there. */
  placeOf(key: string): number | null {
    const way = this.#wayTo(key, false)
    if (way === null) return null
    let place = 0
    for (const [depth, parent] of way.entries()) {
      const below = way[depth + 1]
      const name = below?.name ?? key.slice(parent.path.length)
      const at = indexOf(parent, name, below !== undefined)
      const found = parent.children[at]
      if (found === undefined || found.name !== name || isFolder(found) !== (below !== undefined)) return null
      for (const child of parent.children.slice(0, at)) place += isFolder(child) ? child.keys : 1
    }
    return place
  }

  /** The folders a key lies in, from the root; null when one is missing and must not be made. */
  #wayTo(key: string, isMade: boolean): KeyFolder[] | null {
    const way = [this.#root]
    let from = 0
    for (let depth = 0; depth < MAX_KEY_DEPTH - 1; depth++) {
      const slash = key.indexOf('/', from)
      if (slash < 0) break
      const parent = way.at(-1)!
      const name = key.slice(from, slash)
      const at = indexOf(parent, name, true)
      let found = parent.children[at]
      if (found === undefined || found.name !== name || !isFolder(found)) {
        if (!isMade) return null
        found = folder(name, key.slice(0, slash + 1))
        parent.children.splice(at, 0, found)
      }
      way.push(found)
      from = slash + 1
    }
    return way
  }
}

const folder = (name: string, path: string): KeyFolder => ({ name, path, children: [], keys: 0, bytes: 0 })

/** Where a child of this name stands or would stand. */
function indexOf(parent: KeyFolder, name: string, isOfFolder: boolean): number {
  let low = 0
  let high = parent.children.length
  while (low < high) {
    const middle = (low + high) >> 1
    const child = parent.children[middle]!
    const isBefore = child.name === name ? !isFolder(child) && isOfFolder : child.name < name
    if (isBefore) low = middle + 1
    else high = middle
  }
  return low
}

function shownBelow(parent: KeyFolder, open: ReadonlySet<string>): number {
  let rows = parent.children.length
  if (open.size === 0) return rows
  for (const child of parent.children) {
    if (isFolder(child) && open.has(child.path)) rows += shownBelow(child, open)
  }
  return rows
}

function* keysOf(parent: KeyFolder, from: number): Generator<string> {
  let skip = from
  for (const child of parent.children) {
    const keys = isFolder(child) ? child.keys : 1
    if (skip >= keys) {
      skip -= keys
      continue
    }
    if (isFolder(child)) yield* keysOf(child, skip)
    else yield child.key
    skip = 0
  }
}
