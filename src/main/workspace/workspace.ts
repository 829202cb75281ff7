import { createHash } from 'node:crypto'
import { mkdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConsoleError } from '../../shared/errors'
import { entryNameProblem, foldedName, MAX_WORKSPACE_FILE_BYTES } from '../../shared/workspace/entry-name'
import type { WorkspaceEntry, WorkspaceFile, WorkspaceKind } from '../../shared/workspace/workspace-types'
import { FILE_READERS, type FileReader } from './file-readers'
import {
  FILE_EXTENSION,
  findFiles,
  type FoundFile,
  isInside,
  MAX_FILES_PER_KIND,
  readBytes,
  realPath,
} from './kind-folder'
import { KindWatch } from './kind-watch'
import { replaceFile } from './replace-file'

interface Known {
  readonly stamp: string
  readonly entry: WorkspaceEntry
}

interface Watched {
  readonly listeners: Set<() => void>
  readonly watch: KindWatch
  /** Names and revisions that listeners know. */
  told: string
}

/**
 * What an operator makes, as one folder of plain files: what is on disk is the truth. Several programs, editors and
 * version control may work in it at the same time; whoever saves says which state of the file he has seen.
 */
export class Workspace {
  readonly dir: string
  readonly #readers: Readonly<Record<WorkspaceKind, FileReader>>
  readonly #known = new Map<string, Known>()
  readonly #watched = new Map<WorkspaceKind, Watched>()
  #writing: Promise<unknown> = Promise.resolve()

  /** Nothing is made until something is saved. */
  constructor(dir: string, readers: Readonly<Record<WorkspaceKind, FileReader>> = FILE_READERS) {
    this.dir = dir
    this.#readers = readers
  }

  /** All files of a kind by name, those that make no sense with their problem; none when there is no folder. */
  entries(kind: WorkspaceKind): readonly WorkspaceEntry[] {
    return this.list(kind).entries
  }

  /** The same, with the number of files beyond the limit, which are not looked at. */
  list(kind: WorkspaceKind): { entries: readonly WorkspaceEntry[]; skipped: number } {
    const { files, skipped } = findFiles(this.dir, this.#kindDir(kind))
    const known = files.map((file) => this.#entryOf(kind, file))
    this.#forget(kind, files)
    return { entries: known, skipped }
  }

  /** @throws ConsoleError `WORKSPACE_FILE_UNKNOWN`, `WORKSPACE_NAME_INVALID`, `FILE_UNREADABLE`. */
  read(kind: WorkspaceKind, name: string): WorkspaceFile {
    const file = this.find(kind, name)
    if (file === undefined) throw unknown(kind, name)
    return file
  }

  /** As `read`; undefined when there is no such file. */
  find(kind: WorkspaceKind, name: string): WorkspaceFile | undefined {
    const path = this.#pathOf(kind, name)
    if (realPath(path) === undefined) return undefined
    const bytes = readable(path)
    const text = new TextDecoder().decode(bytes)
    return { ...this.#entryFrom(kind, name, bytes, text), text }
  }

  /**
   * Writes a file as a whole: a reader finds the old one or the new one. `revision` is the one that the writer has
   * read, null when there was none.
   *
   * @throws ConsoleError `WORKSPACE_CONFLICT` when the file is another one meanwhile (nothing is written then),
   * `WORKSPACE_NAME_INVALID`, `WORKSPACE_NAME_TAKEN`, `WORKSPACE_FILE_TOO_LARGE`, `WORKSPACE_FULL`, `FILE_UNWRITABLE`.
   */
  save(kind: WorkspaceKind, name: string, text: string, revision: string | null): Promise<WorkspaceFile> {
    return this.#inTurn(async () => {
      const path = this.#pathOf(kind, name)
      const bytes = new TextEncoder().encode(text)
      if (bytes.length > MAX_WORKSPACE_FILE_BYTES) throw tooLarge(kind, name)
      this.#expectRevision(kind, name, revision)
      if (revision === null) this.#expectFree(kind, name)
      await written(path, async () => {
        await mkdir(dirname(path), { recursive: true })
        await replaceFile(realPath(path) ?? path, text)
      })
      this.#tell(kind)
      return { ...this.#entryFrom(kind, name, bytes, text), text }
    })
  }

  /** @throws ConsoleError `WORKSPACE_FILE_UNKNOWN`, `WORKSPACE_CONFLICT`, `WORKSPACE_NAME_INVALID`, `FILE_UNWRITABLE`. */
  remove(kind: WorkspaceKind, name: string, revision: string): Promise<void> {
    return this.#inTurn(async () => {
      const path = this.#pathOf(kind, name)
      if (this.find(kind, name) === undefined) throw unknown(kind, name)
      this.#expectRevision(kind, name, revision)
      await written(path, () => rm(path))
      await this.#removeEmptyFolders(kind, path)
      this.#tell(kind)
    })
  }

  /** Moves a file, also into another collection. What names it in other files is not changed. @throws as `save`. */
  rename(kind: WorkspaceKind, from: string, to: string): Promise<WorkspaceFile> {
    return this.#inTurn(async () => {
      const [old, next] = [this.#pathOf(kind, from), this.#pathOf(kind, to)]
      if (this.find(kind, from) === undefined) throw unknown(kind, from)
      if (from !== to) {
        this.#expectFree(kind, to, from)
        await written(next, async () => {
          await mkdir(dirname(next), { recursive: true })
          await rename(old, next)
        })
        await this.#removeEmptyFolders(kind, old)
        this.#tell(kind)
      }
      return this.read(kind, to)
    })
  }

  /** Calls `listener` after files of a kind changed, by us or from outside. Returns how to end it. */
  watch(kind: WorkspaceKind, listener: () => void): () => void {
    const own = (): void => listener()
    let watched = this.#watched.get(kind)
    if (watched === undefined) {
      const folders = (): readonly string[] => [this.dir, ...findFiles(this.dir, this.#kindDir(kind)).folders]
      const watch = new KindWatch(folders, () => this.#tell(kind))
      watched = { listeners: new Set(), watch, told: this.#stateOf(kind) }
      this.#watched.set(kind, watched)
    }
    const { listeners, watch } = watched
    listeners.add(own)
    return () => {
      listeners.delete(own)
      if (listeners.size > 0) return
      watch.close()
      if (this.#watched.get(kind)?.watch === watch) this.#watched.delete(kind)
    }
  }

  /** Ends all watching and waits for what is being written. */
  async close(): Promise<void> {
    for (const { watch } of this.#watched.values()) watch.close()
    this.#watched.clear()
    await this.#writing
  }

  /** Listeners hear of changes only, not of every time that somebody looked. */
  #tell(kind: WorkspaceKind): void {
    const watched = this.#watched.get(kind)
    if (watched === undefined) return
    const state = this.#stateOf(kind)
    if (state === watched.told) return
    watched.told = state
    for (const listener of [...watched.listeners]) listener()
  }

  #stateOf(kind: WorkspaceKind): string {
    const { entries, skipped } = this.list(kind)
    return [skipped, ...entries.map(({ name, revision }) => `${name}:${revision}`)].join('\n')
  }

  #kindDir(kind: WorkspaceKind): string {
    return join(this.dir, kind)
  }

  /** @throws ConsoleError `WORKSPACE_NAME_INVALID`, also for a way that leads out of the workspace. */
  #pathOf(kind: WorkspaceKind, name: string): string {
    const problem = entryNameProblem(name)
    if (problem !== null) throw new ConsoleError('WORKSPACE_NAME_INVALID', problem, { name })
    const path = join(this.#kindDir(kind), `${name}${FILE_EXTENSION}`)
    const root = realPath(this.dir)
    if (root !== undefined && !isInside(root, path)) {
      throw new ConsoleError('WORKSPACE_NAME_INVALID', `${fileOf(kind, name)} leads out of the workspace`, {
        remedy: 'Remove the link and put the file or the folder itself there.',
      })
    }
    return path
  }

  #entryOf(kind: WorkspaceKind, { name, path, stamp, refusal }: FoundFile): WorkspaceEntry {
    const key = fileOf(kind, name)
    const known = this.#known.get(key)
    if (known?.stamp === stamp) return known.entry
    let entry: WorkspaceEntry
    if (refusal === null) {
      try {
        const bytes = readBytes(path)
        entry = this.#entryFrom(kind, name, bytes, new TextDecoder().decode(bytes))
      } catch {
        entry = refused(kind, name, stamp, 'the file cannot be read')
      }
    } else entry = refused(kind, name, stamp, refusal)
    this.#known.set(key, { stamp, entry })
    return entry
  }

  #entryFrom(kind: WorkspaceKind, name: string, bytes: Uint8Array, text: string): WorkspaceEntry {
    const { summary = '', problem = null } = this.#readers[kind](text, fileOf(kind, name))
    return { kind, name, revision: revisionOf(bytes), problem, summary }
  }

  #forget(kind: WorkspaceKind, files: readonly FoundFile[]): void {
    const there = new Set(files.map(({ name }) => fileOf(kind, name)))
    for (const key of this.#known.keys()) {
      if (key.startsWith(`${kind}/`) && !there.has(key)) this.#known.delete(key)
    }
  }

  #expectRevision(kind: WorkspaceKind, name: string, revision: string | null): void {
    const current = this.find(kind, name)?.revision ?? null
    if (current === revision) return
    const what = current === null ? 'was removed' : revision === null ? 'is there already' : 'was changed'
    throw new ConsoleError('WORKSPACE_CONFLICT', `${fileOf(kind, name)} ${what} meanwhile`, { kind, name })
  }

  /** @throws ConsoleError `WORKSPACE_NAME_TAKEN`, `WORKSPACE_FULL`. */
  #expectFree(kind: WorkspaceKind, name: string, except?: string): void {
    const { entries, skipped } = this.list(kind)
    const folded = foldedName(name)
    const other = entries.find((entry) => entry.name !== except && foldedName(entry.name) === folded)
    if (other !== undefined) {
      throw new ConsoleError('WORKSPACE_NAME_TAKEN', `there is ${fileOf(kind, other.name)} already`, { name })
    }
    if (except === undefined && entries.length + skipped >= MAX_FILES_PER_KIND) {
      throw new ConsoleError('WORKSPACE_FULL', `there are ${MAX_FILES_PER_KIND} files in ${kind} already`)
    }
  }

  /** A collection is there as long as something is in it. */
  async #removeEmptyFolders(kind: WorkspaceKind, path: string): Promise<void> {
    const end = this.#kindDir(kind)
    for (let folder = dirname(path); folder !== end && folder.startsWith(end); folder = dirname(folder)) {
      try {
        await rmdir(folder)
      } catch {
        return // something else is in it
      }
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(work)
    this.#writing = result.catch(() => undefined)
    return result
  }
}

const fileOf = (kind: WorkspaceKind, name: string): string => `${kind}/${name}${FILE_EXTENSION}`

const revisionOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 32)

const unknown = (kind: WorkspaceKind, name: string): ConsoleError =>
  new ConsoleError('WORKSPACE_FILE_UNKNOWN', `there is no file ${fileOf(kind, name)} in the workspace`, {
    name,
  })

const tooLarge = (kind: WorkspaceKind, name: string): ConsoleError =>
  new ConsoleError(
    'WORKSPACE_FILE_TOO_LARGE',
    `${fileOf(kind, name)} has over ${MAX_WORKSPACE_FILE_BYTES} bytes`,
  )

function refused(kind: WorkspaceKind, name: string, stamp: string, message: string): WorkspaceEntry {
  const remedy = 'Rename, mend or replace the file; docs/workspace.md says which files are read.'
  const problem = { file: fileOf(kind, name), line: 0, column: 0, message, remedy }
  return { kind, name, revision: stamp, problem, summary: '' }
}

function readable(path: string): Uint8Array {
  try {
    const bytes = readBytes(path)
    if (bytes.length <= MAX_WORKSPACE_FILE_BYTES) return bytes
  } catch (cause) {
    throw new ConsoleError('FILE_UNREADABLE', `${path} cannot be read`, {}, { cause })
  }
  throw new ConsoleError('FILE_UNREADABLE', `${path} has over ${MAX_WORKSPACE_FILE_BYTES} bytes`)
}

async function written(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    throw new ConsoleError('FILE_UNWRITABLE', `${path} cannot be written`, {}, { cause })
  }
}
