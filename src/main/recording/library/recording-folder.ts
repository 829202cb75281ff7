import { lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import {
  RECORDING_EXTENSION,
  recordingNameProblem,
  recordingStem,
  UNFINISHED_EXTENSION,
} from '../../../shared/model/recording-name'
import { foldedName } from '../../../shared/workspace/entry-name'
import { isInside } from '../../workspace/kind-folder'
import { type NameFacts, nameFromPattern } from './name-pattern'

/** Recordings that are looked at; what lies beyond is counted. */
export const MAX_RECORDINGS = 10_000
const SIDECAR_EXTENSION = '.yaml'

/** A recording as it lies in the folder. */
export interface RecordingFile {
  /** With its extension: `NAME.mcap`, or `NAME.mcap.part` while it is written. */
  readonly name: string
  readonly path: string
  readonly fileBytes: number
  readonly changedAtMs: number
  /** Another one whenever the file was written. */
  readonly stamp: string
}

export interface FoundRecordings {
  /** By name. */
  readonly files: readonly RecordingFile[]
  /** Beyond the limit. */
  readonly skipped: number
}

const recordingsDir = (workspaceDir: string): string => join(workspaceDir, 'recordings')

/**
 * The folder of recordings, and the only place where a name becomes a path. Names come from screens, scripts and files: none
 * leads out of the folder, and no symbolic link in it is followed.
 */
export class RecordingFolder {
  readonly dir: string
  readonly workspaceDir: string
  readonly #limit: number

  /** @param limit - Recordings that are looked at. */
  constructor(workspaceDir: string, limit = MAX_RECORDINGS) {
    this.workspaceDir = workspaceDir
    this.dir = recordingsDir(workspaceDir)
    this.#limit = limit
  }

  /**
   * Where a recording lies.
   *
   * @throws ConsoleError `RECORDING_NAME_INVALID`, `RECORDING_UNKNOWN`.
   */
  pathOf(name: string): string {
    const path = this.placeOf(name)
    if (this.#isConfined() && isPlainFile(path)) return path
    throw new ConsoleError('RECORDING_UNKNOWN', `there is no recording "${name}"`, { recording: name })
  }

  /**
   * Where a recording of this name would lie, whether there is one or not.
   *
   * @throws ConsoleError `RECORDING_NAME_INVALID`.
   */
  placeOf(name: string): string {
    const problem = recordingNameProblem(name)
    if (problem === null) return join(this.dir, name)
    throw new ConsoleError('RECORDING_NAME_INVALID', problem, { recording: name })
  }

  /** Where tags and a note of a recording stand. @throws ConsoleError `RECORDING_NAME_INVALID`. */
  sidecarPlaceOf(name: string): string {
    this.placeOf(name)
    return join(this.dir, recordingStem(name) + SIDECAR_EXTENSION)
  }

  has(name: string): boolean {
    return recordingNameProblem(name) === null && this.#isConfined() && isPlainFile(join(this.dir, name))
  }

  /**
   * A path for a new recording, which nothing has yet; the folder is made. Nothing is reserved: the file is to be created at
   * once, and only if there is none.
   *
   * @param pattern - Such as `{date} {time} {device}` (name-pattern.ts), or a plain name.
   * @throws ConsoleError `RECORDING_PATTERN_INVALID`, `FILE_UNWRITABLE`.
   */
  newPath(pattern: string, facts: NameFacts): string {
    this.make()
    return join(this.dir, this.freeName(nameFromPattern(pattern, facts)))
  }

  /** `STEM.mcap`, or the first of `STEM (2).mcap`, `STEM (3).mcap`, … that nothing has. */
  freeName(stem: string): string {
    const taken = this.#takenStems()
    for (let number = 1; ; number++) {
      const name = number === 1 ? stem : `${stem} (${number})`
      if (!taken.has(foldedName(name))) return name + RECORDING_EXTENSION
    }
  }

  /** Whether a recording of this stem is there, finished or not; capitals do not count. */
  isTaken(stem: string): boolean {
    return this.#takenStems().has(foldedName(stem))
  }

  /** Makes the folder where there is none. @throws ConsoleError `FILE_UNWRITABLE`. */
  make(): void {
    try {
      mkdirSync(this.dir, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `${this.dir} cannot be made`, {}, { cause })
    }
    if (this.#isConfined()) return
    throw new ConsoleError('FILE_UNWRITABLE', `${this.dir} leads out of the workspace`)
  }

  /** All recordings, by name, with what is still written. A folder that cannot be read holds none. */
  async list(): Promise<FoundRecordings> {
    const names: string[] = []
    if (this.#isConfined()) {
      try {
        for await (const entry of await opendir(this.dir))
          if (entry.isFile() && recordingNameProblem(entry.name) === null) names.push(entry.name)
      } catch {
        // gone, or not ours to read
      }
    }
    names.sort(compareNames)
    const files: RecordingFile[] = []
    for (const name of names.slice(0, this.#limit)) {
      const path = join(this.dir, name)
      try {
        const stats = await lstat(path, { bigint: true })
        if (!stats.isFile()) continue
        files.push({
          name,
          path,
          fileBytes: Number(stats.size),
          changedAtMs: Number(stats.mtimeMs),
          stamp: `${stats.ino}-${stats.size}-${stats.mtimeNs}`,
        })
      } catch {
        // removed since it was listed
      }
    }
    return { files, skipped: Math.max(0, names.length - this.#limit) }
  }

  /** Whether the folder itself lies in the workspace: a workspace from somebody else may have a link in its place. */
  #isConfined(): boolean {
    return isInside(this.workspaceDir, this.dir)
  }

  #takenStems(): Set<string> {
    let names: string[] = []
    try {
      names = readdirSync(this.dir)
    } catch {
      // there is none yet
    }
    const isRecording = (name: string): boolean =>
      name.endsWith(RECORDING_EXTENSION) || name.endsWith(UNFINISHED_EXTENSION)
    return new Set(names.filter(isRecording).map((name) => foldedName(recordingStem(name))))
  }
}

function isPlainFile(path: string): boolean {
  try {
    return lstatSync(path).isFile()
  } catch {
    return false
  }
}

/** The same order on every computer. */
const compareNames = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)
