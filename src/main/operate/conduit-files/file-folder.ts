import { randomUUID } from 'node:crypto'
import { link, lstat, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

const MOST_NAME_BYTES = 200
const MOST_COPIES = 1000
const MOST_LISTED = 10_000
const PART_SUFFIX = '.part'

/**
 * One folder, and nothing outside of it: a name from the line is cut to its last part, never followed where it is a link, and
 * never written over.
 */
export class FileFolder {
  readonly dir: string

  constructor(dir: string) {
    this.dir = dir
  }

  /** The last part of a name as a peer gave it; undefined where that is no name for a file here. */
  safeName(given: unknown): string | undefined {
    if (typeof given !== 'string') return undefined
    const name = given.split(/[\\/]/).at(-1)!
    const isName = /^[^\p{Cc}:*?"<>|]+$/u.test(name) && !name.startsWith('.') && !name.endsWith(PART_SUFFIX)
    return isName && Buffer.byteLength(name) <= MOST_NAME_BYTES ? name : undefined
  }

  /** A path for what is being received. */
  newPart(): string {
    return join(this.dir, `.${randomUUID()}${PART_SUFFIX}`)
  }

  /** Gives a received part its name, or one beside it where that is taken. @returns the name. */
  async keep(part: string, name: string): Promise<string> {
    const dot = name.lastIndexOf('.')
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
    for (let copy = 1; copy <= MOST_COPIES; copy++) {
      const free = copy === 1 ? name : `${stem} (${copy})${ending}`
      try {
        await link(part, join(this.dir, free)) // fails where the name is taken, unlike a rename
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
        throw error
      }
      await rm(part, { force: true })
      return free
    }
    throw new Error(`"${name}" and ${MOST_COPIES} names beside it are taken`)
  }

  /** Size of a plain file; undefined where there is none of this name. */
  async sizeOf(name: string): Promise<number | undefined> {
    const facts = await lstat(join(this.dir, name)).catch(() => undefined)
    return facts?.isFile() ? facts.size : undefined
  }

  async read(name: string, offset: number, length: number): Promise<Uint8Array> {
    const file = await open(join(this.dir, name), 'r')
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  }

  async list(): Promise<readonly { readonly name: string; readonly size: number }[]> {
    const entries = await readdir(this.dir, { withFileTypes: true })
    const names = entries
      .filter((entry) => entry.isFile() && this.safeName(entry.name) === entry.name)
      .map(({ name }) => name)
      .toSorted()
      .slice(0, MOST_LISTED)
    const sizes = await Promise.all(names.map((name) => this.sizeOf(name)))
    return names.flatMap((name, index) => {
      const size = sizes[index]
      return size === undefined ? [] : [{ name, size }]
    })
  }
}
