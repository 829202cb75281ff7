import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that grows at its end. Calls come one at a time. */
export interface RecordingFile {
  /** Resolves when all bytes of these were handed to the system, one after another. */
  append(...parts: readonly Uint8Array[]): Promise<void>
  /** Resolves when they are on the medium. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What a recording needs of a disk; tests let each of it fail. */
export interface RecordingDisk {
  /** @throws the system's error, `EEXIST` when there is a file of this name. */
  create(path: string): Promise<RecordingFile>
  /** Gives a finished file its name; never takes the place of another. */
  publish(part: string, path: string): Promise<void>
  /** Puts a finished file in the place of another, at once. */
  replace(part: string, path: string): Promise<void>
  /** Nothing happens when there is none. */
  remove(path: string): Promise<void>
  /** Bytes that a person may still write beside this file. */
  freeBytes(path: string): Promise<number>
}

/** The disk of this computer. Files can be read by their owner alone: what passes a line may be secret. */
export const systemDisk: RecordingDisk = {
  create: async (path) => {
    await mkdir(dirname(path), { recursive: true })
    return new SystemFile(await open(path, 'wx', 0o600))
  },
  publish: async (part, path) => {
    // a name that is taken must stay: a reservation that fails tells of it before the rename would take its place
    const reserved = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600)
    await reserved.close()
    await rename(part, path).catch(async (cause: unknown) => {
      await rm(path, { force: true }) // our own reservation, with nothing in it
      throw cause
    })
    await syncFolder(dirname(path))
  },
  replace: async (part, path) => {
    await rename(part, path)
    await syncFolder(dirname(path))
  },
  remove: (path) => rm(path, { force: true }),
  freeBytes: async (path) => {
    const { bavail, bsize } = await statfs(dirname(path))
    return bavail * bsize
  },
}

class SystemFile implements RecordingFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async append(...parts: readonly Uint8Array[]): Promise<void> {
    for (let left = parts; left.length > 0; ) {
      const { bytesWritten } = await this.#handle.writev(left)
      left = behind(left, bytesWritten)
    }
  }

  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** What is left of them when so many bytes were taken. */
function behind(parts: readonly Uint8Array[], byteCount: number): readonly Uint8Array[] {
  let taken = byteCount
  for (const [at, part] of parts.entries()) {
    if (part.length > taken) return [part.subarray(taken), ...parts.slice(at + 1)]
    taken -= part.length
  }
  return []
}

/** The new name lasts when its folder is on the medium. Windows knows no such thing. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
