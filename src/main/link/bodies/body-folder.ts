import { createHash, randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import { reasonOf } from './body-disk'

const PRIVATE_MODE = 0o700
/** Folders of several machines may lie beside each other on one disk: process numbers mean something on one of them only. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const NAME = /^netcore-bodies-([0-9a-f]{8})-(\d+)-\w{6}$/

/** A folder of this process alone, with names that nobody can foresee. Made when it is needed, gone with the process. */
export class BodyFolder {
  readonly #parentDir: string
  #path: string | undefined
  readonly #removeAtExit = (): void => this.remove()

  /** @param parentDir - Made when it is missing. */
  constructor(parentDir: string) {
    this.#parentDir = parentDir
  }

  /** The folder, once it exists. */
  get path(): string | undefined {
    return this.#path
  }

  /** A path for a new file. Never made of anything that came over a line. @throws ConsoleError `BODY_NOT_STORED`. */
  newPath(): string {
    this.#path ??= this.#make()
    return join(this.#path, `${randomBytes(12).toString('hex')}.body`)
  }

  /** Deletes the folder and all in it. Harmless when repeated; never throws. */
  remove(): void {
    if (this.#path === undefined) return
    process.off('exit', this.#removeAtExit)
    removeTree(this.#path)
    this.#path = undefined
  }

  #make(): string {
    try {
      mkdirSync(this.#parentDir, { recursive: true, mode: PRIVATE_MODE })
      const path = mkdtempSync(join(this.#parentDir, `netcore-bodies-${MACHINE}-${process.pid}-`))
      process.once('exit', this.#removeAtExit)
      return path
    } catch (error) {
      const text = `no folder for large bodies can be made in ${this.#parentDir}: ${reasonOf(error)}`
      throw new ConsoleError('BODY_NOT_STORED', text, {}, { cause: error })
    }
  }
}

/**
 * Deletes what processes of this machine and this user left behind in `parentDir` when they were killed. Never throws.
 *
 * @returns how many folders went.
 */
export function removeStaleFolders(parentDir: string): number {
  let removed = 0
  for (const name of namesIn(parentDir)) {
    const [, machine, pid] = NAME.exec(name) ?? []
    if (machine !== MACHINE || isAlive(Number(pid))) continue
    const path = join(parentDir, name)
    if (isOurFolder(path) && removeTree(path)) removed += 1
  }
  return removed
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // nothing there, nothing left behind
  }
}

/** A link with such a name is not ours, nor is what it points to. */
function isOurFolder(path: string): boolean {
  try {
    const { uid } = lstatSync(path)
    return lstatSync(path).isDirectory() && (process.getuid === undefined || uid === process.getuid())
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function removeTree(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true })
    return true
  } catch {
    return false
  }
}
