import { type FSWatcher, readdirSync, readFileSync, statSync, watch } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConsoleError } from '../../shared/errors'
import type { Profile } from '../../shared/model/views'
import {
  brokenProfile,
  formatProfile,
  MAX_PROFILE_BYTES,
  parseProfile,
  PROFILE_EXTENSION,
  type ProfileContent,
  profileFileName,
  sameName,
} from './profile-text'
import { replaceFile } from './replace-file'

const MAX_PROFILES = 1000
/** Editors write a file in several steps: it is read when they are through. */
const SETTLE_MS = 50

/** The folder of profiles in a workspace. */
export const profilesDir = (workspaceDir: string): string => join(workspaceDir, 'profiles')

/**
 * All profiles of a folder, by name; none when there is no folder. Files that make no sense are listed with their problem.
 *
 * @throws ConsoleError `FILE_UNREADABLE`.
 */
export function readProfiles(folder: string): Profile[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new ConsoleError('FILE_UNREADABLE', `profiles cannot be read from ${folder}`, {}, { cause })
  }
  return names
    .filter((name) => name.endsWith(PROFILE_EXTENSION) && name !== PROFILE_EXTENSION)
    .sort()
    .slice(0, MAX_PROFILES)
    .map((name) => readProfile(join(folder, name)))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

function readProfile(file: string): Profile {
  try {
    const { size } = statSync(file)
    if (size <= MAX_PROFILE_BYTES) return parseProfile(readFileSync(file, 'utf8'), file)
    throw new ConsoleError('PROFILE_INVALID', `${file} has ${size} bytes, ${MAX_PROFILE_BYTES} are allowed`)
  } catch (cause) {
    const error =
      cause instanceof ConsoleError
        ? cause
        : new ConsoleError('FILE_UNREADABLE', `${file} cannot be read`, {}, { cause })
    return brokenProfile(file.replace(/^.*[\\/]/, '').slice(0, -PROFILE_EXTENSION.length), file, error)
  }
}

/** Profiles as files that people may also write by hand: what is on disk is the truth, and changes are heard of. */
export class ProfileFolder {
  readonly #folder: string
  readonly #listeners = new Set<() => void>()
  #watcher: FSWatcher | undefined
  #settling: NodeJS.Timeout | undefined
  #writing: Promise<unknown> = Promise.resolve()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws ConsoleError `FILE_UNREADABLE`. */
  list(): Profile[] {
    return readProfiles(this.#folder)
  }

  /**
   * Saves a profile in place of the one of the same name, if there is one.
   *
   * @throws ConsoleError `PROFILE_INVALID`, `PROFILES_TOO_MANY`, `FILE_UNWRITABLE`, or what is wrong with the address.
   */
  save(content: ProfileContent): Promise<Profile> {
    return this.#inTurn(async () => {
      const profiles = this.list()
      const known = profiles.find(({ name }) => sameName(name, content.name))
      // who does not speak of the snippet, or of recording, leaves it as it is
      const { snippet = known?.snippet, isRecorded = known?.isRecorded } = content
      const text = formatProfile({ ...content, snippet, isRecorded })
      if (known === undefined && profiles.length >= MAX_PROFILES) {
        throw new ConsoleError('PROFILES_TOO_MANY', `there are ${MAX_PROFILES} profiles`)
      }
      const file = known?.file ?? this.#freeFile(content.name, profiles)
      try {
        await mkdir(this.#folder, { recursive: true })
        await replaceFile(file, text)
      } catch (cause) {
        throw new ConsoleError('FILE_UNWRITABLE', `the profile cannot be saved to ${file}`, {}, { cause })
      }
      this.#tell()
      return parseProfile(text, file)
    })
  }

  /** @throws ConsoleError `PROFILE_UNKNOWN`, `FILE_UNWRITABLE`. */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const known = this.list().find((profile) => sameName(profile.name, name))
      if (known === undefined) throw new ConsoleError('PROFILE_UNKNOWN', `there is no profile "${name}"`)
      try {
        await rm(known.file)
      } catch (cause) {
        throw new ConsoleError('FILE_UNWRITABLE', `${known.file} cannot be removed`, {}, { cause })
      }
      this.#tell()
    })
  }

  /** Calls `listener` after a profile changed, by us or from outside. Returns how to end it. */
  async watch(listener: () => void): Promise<() => void> {
    const own = (): void => listener()
    this.#listeners.add(own)
    await this.#begin()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size > 0) return
      this.#watcher?.close()
      this.#watcher = undefined
      clearTimeout(this.#settling)
    }
  }

  /** Without a folder that can be watched, changes from outside are seen when the list is asked for the next time. */
  async #begin(): Promise<void> {
    await mkdir(this.#folder, { recursive: true }).catch(() => undefined)
    if (this.#watcher !== undefined || this.#listeners.size === 0) return
    try {
      this.#watcher = watch(this.#folder, () => {
        clearTimeout(this.#settling)
        this.#settling = setTimeout(() => this.#tell(), SETTLE_MS)
      })
      this.#watcher.on('error', () => {
        this.#watcher?.close()
        this.#watcher = undefined
      })
    } catch {
      this.#watcher = undefined
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  #freeFile(name: string, profiles: readonly Profile[]): string {
    const wanted = profileFileName(name)
    for (let turn = 1; ; turn++) {
      const numbered = turn === 1 ? wanted : wanted.replace(PROFILE_EXTENSION, `-${turn}${PROFILE_EXTENSION}`)
      const file = join(this.#folder, numbered)
      if (!profiles.some((profile) => profile.file === file)) return file
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(work)
    this.#writing = result.catch(() => undefined)
    return result
  }
}
