import { lstatSync } from 'node:fs'
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import type { TrashItem } from '../../../shared/model/library'
import { recordingNameProblem, recordingStem } from '../../../shared/model/recording-name'
import { moveTogether } from './move-files'
import type { RecordingFolder } from './recording-folder'

/** Removals that are listed; older ones stay until the trash is emptied. */
const MAX_TRASH_ITEMS = 1000
const ID = /^(\d{13,15})-(\d{1,6})$/

/** What was removed and can be had back: a folder per removal in `recordings/.trash`, with the files as they were called. */
export class Trash {
  readonly #folder: RecordingFolder
  readonly #nowMs: () => number
  #last = 0

  constructor(folder: RecordingFolder, nowMs: () => number) {
    this.#folder = folder
    this.#nowMs = nowMs
  }

  /** Removals, the newest first. */
  async list(): Promise<TrashItem[]> {
    const ids = (await namesIn(this.#dir)).filter((name) => ID.test(name)).sort(newestFirst)
    const items: TrashItem[] = []
    for (const trashId of ids.slice(0, MAX_TRASH_ITEMS)) {
      const dir = join(this.#dir, trashId)
      if (!isFolder(dir)) continue
      const names = await namesIn(dir)
      const recordings = names.filter((name) => recordingNameProblem(name) === null).sort()
      const first = recordings.toSorted((left, right) => left.length - right.length)[0]
      if (first === undefined) continue
      const fileBytes = names.reduce((sum, name) => sum + sizeOf(join(dir, name)), 0)
      items.push({ trashId, recording: first, fileBytes, removedAtMs: Number(ID.exec(trashId)?.[1]) })
    }
    return items
  }

  /**
   * Puts files into the trash together.
   *
   * @returns By what they are had back.
   * @throws ConsoleError `FILE_UNWRITABLE`: they are where they were.
   */
  async put(files: readonly { readonly name: string; readonly path: string }[]): Promise<string> {
    const trashId = `${Math.floor(this.#nowMs())}-${++this.#last}`
    const dir = join(this.#dir, trashId)
    if (!isFolder(this.#dir) && isThere(this.#dir)) {
      throw new ConsoleError('FILE_UNWRITABLE', `${this.#dir} is no folder`)
    }
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `${dir} cannot be made`, {}, { cause })
    }
    try {
      await moveTogether(files.map(({ name, path }) => ({ from: path, to: join(dir, name) })))
    } catch (error) {
      await rmdir(dir).catch(() => undefined)
      throw error
    }
    return trashId
  }

  /**
   * Puts what was removed back.
   *
   * @returns The name of its first recording.
   * @throws ConsoleError `TRASH_UNKNOWN`, `RECORDING_NAME_TAKEN`, `FILE_UNWRITABLE`: it stays in the trash.
   */
  async restore(trashId: string): Promise<string> {
    const dir = this.#dirOf(trashId)
    const names = (await namesIn(dir)).filter(isOurs).sort()
    const recordings = names.filter((name) => recordingNameProblem(name) === null)
    for (const name of recordings) {
      if (!this.#folder.isTaken(recordingStem(name))) continue
      throw new ConsoleError('RECORDING_NAME_TAKEN', `there is a recording "${name}"`, { recording: name })
    }
    await moveTogether(names.map((name) => ({ from: join(dir, name), to: join(this.#folder.dir, name) })))
    await rmdir(dir).catch(() => undefined)
    return recordings.toSorted((left, right) => left.length - right.length)[0] ?? ''
  }

  /**
   * Deletes for good: one removal, or all of them.
   *
   * @throws ConsoleError `TRASH_UNKNOWN`, `FILE_UNWRITABLE`.
   */
  async empty(trashId?: string): Promise<void> {
    const names = trashId === undefined ? await namesIn(this.#dir) : [trashId]
    for (const name of names.filter((each) => ID.test(each) || each === trashId)) {
      try {
        await rm(this.#dirOf(name), { recursive: true, force: true })
      } catch (cause) {
        if (cause instanceof ConsoleError) throw cause
        throw new ConsoleError('FILE_UNWRITABLE', `${name} cannot be deleted`, {}, { cause })
      }
    }
  }

  /** Deletes for good what was removed before a time. */
  async emptyBefore(atMs: number): Promise<void> {
    for (const { trashId, removedAtMs } of await this.list()) {
      if (removedAtMs < atMs) await this.empty(trashId)
    }
  }

  get #dir(): string {
    return join(this.#folder.dir, '.trash')
  }

  #dirOf(trashId: string): string {
    const dir = join(this.#dir, trashId)
    if (ID.test(trashId) && isFolder(this.#dir) && isFolder(dir)) return dir
    throw new ConsoleError('TRASH_UNKNOWN', 'there is no such removal', { trashId })
  }
}

/** What we put there ourselves: anything else stays where it is. */
const isOurs = (name: string): boolean =>
  recordingNameProblem(name.endsWith('.yaml') ? `${name.slice(0, -5)}.mcap` : name) === null

const newestFirst = (left: string, right: string): number => {
  const [, leftMs, leftNumber] = ID.exec(left) ?? []
  const [, rightMs, rightNumber] = ID.exec(right) ?? []
  return Number(rightMs) - Number(leftMs) || Number(rightNumber) - Number(leftNumber)
}

/** Names of plain files and folders; none where there is nothing. */
async function namesIn(dir: string): Promise<string[]> {
  if (!isFolder(dir)) return []
  try {
    const entries = await readdir(dir, { withFileTypes: true })
    return entries.filter((entry) => entry.isFile() || entry.isDirectory()).map(({ name }) => name)
  } catch {
    return []
  }
}

/** Links are not followed. */
function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory()
  } catch {
    return false
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

function sizeOf(path: string): number {
  try {
    return lstatSync(path).size
  } catch {
    return 0
  }
}
