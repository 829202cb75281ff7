import {
  type BigIntStats,
  type Dirent,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { join, relative, sep } from 'node:path'
import {
  entryNameProblem,
  MAX_ENTRY_DEPTH,
  MAX_WORKSPACE_FILE_BYTES,
} from '../../shared/workspace/entry-name'

export const FILE_EXTENSION = '.yaml'
/** Of one kind. */
export const MAX_FILES_PER_KIND = 2000

/** A file of a kind as it lies there. */
export interface FoundFile {
  /** Without the extension, with `/`. */
  readonly name: string
  readonly path: string
  /** Why it is not read; null when it may be. */
  readonly refusal: string | null
  /** Another one whenever the file was written. */
  readonly stamp: string
}

export interface FoundFiles {
  /** By name. */
  readonly files: readonly FoundFile[]
  /** All folders, the one of the kind first. */
  readonly folders: readonly string[]
  /** Files beyond the limit, which are not looked at. */
  readonly skipped: number
}

/**
 * All files of a kind, by name. What a link leads to is read only when it lies in the workspace; links to folders are
 * not followed, so that a circle of them ends here.
 */
export function findFiles(rootDir: string, kindDir: string): FoundFiles {
  const root = realPath(rootDir)
  const folders: string[] = []
  const files: FoundFile[] = []
  const visit = (dir: string, depth: number): void => {
    const entries = entriesOf(dir)
    if (entries === undefined) return
    folders.push(dir)
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue
      const path = join(dir, entry.name)
      if (entry.isDirectory()) {
        if (depth < MAX_ENTRY_DEPTH) visit(path, depth + 1)
        continue
      }
      if (!entry.name.endsWith(FILE_EXTENSION)) continue
      const name = relative(kindDir, path).slice(0, -FILE_EXTENSION.length).split(sep).join('/')
      const isLinkOut = entry.isSymbolicLink() && (root === undefined || !isInside(root, path))
      files.push(lookedAt(path, name, isLinkOut))
    }
  }
  if (root !== undefined && isInside(root, kindDir)) visit(kindDir, 1)
  files.sort((left, right) => compareNames(left.name, right.name))
  return {
    files: files.slice(0, MAX_FILES_PER_KIND),
    folders,
    skipped: Math.max(0, files.length - MAX_FILES_PER_KIND),
  }
}

function lookedAt(path: string, name: string, isLinkOut: boolean): FoundFile {
  const own = statsOf(path)
  const stamp = own === undefined ? 'gone' : `${own.ino}-${own.size}-${own.mtimeNs}-${own.ctimeNs}`
  return {
    name,
    path,
    stamp,
    refusal: isLinkOut ? 'a link leads out of the workspace' : refusalOf(name, own),
  }
}

function refusalOf(name: string, stats: BigIntStats | undefined): string | null {
  if (stats === undefined) return 'the file cannot be read'
  if (!stats.isFile()) return 'this is not a file'
  if (stats.size > MAX_WORKSPACE_FILE_BYTES) return `the file has over ${MAX_WORKSPACE_FILE_BYTES} bytes`
  return entryNameProblem(name)
}

/** Whether a path, with all links on the way followed, lies in a folder. What is not there yet is judged by its parents. */
export function isInside(root: string, path: string): boolean {
  const real = realPath(path)
  if (real === undefined) {
    const parent = join(path, '..')
    return parent !== path && !isDangling(path) && isInside(root, parent)
  }
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** The path with all links followed; undefined when there is nothing. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}

/** The bytes of a file, which may be what a link leads to. @throws an error of the system. */
export const readBytes = (path: string): Uint8Array => readFileSync(path)

function isDangling(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function entriesOf(dir: string): Dirent[] | undefined {
  try {
    return readdirSync(dir, { withFileTypes: true })
  } catch {
    return undefined
  }
}

function statsOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true })
  } catch {
    return undefined
  }
}

/** Files of a collection stay together, and the order is the same on every computer. */
function compareNames(left: string, right: string): number {
  const folded = left.toLowerCase().localeCompare(right.toLowerCase(), 'en')
  return folded === 0 ? (left < right ? -1 : 1) : folded
}
