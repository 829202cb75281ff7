import { closeSync, openSync, readSync, renameSync, rmSync, statfsSync, writeSync } from 'node:fs'

/** What bodies need of a disk: few calls, each of which can fail. Synchronous, because the stack that calls is. */
export interface BodyDisk {
  /** Opens a file that must not exist yet, for writing and reading. */
  create(path: string, mode: number): number
  /** Appends all of `bytes`. */
  append(file: number, bytes: Uint8Array): void
  /** Fills `target` as far as there are bytes from `offset` on; returns how many. */
  read(file: number, target: Uint8Array, offset: number): number
  close(file: number): void
  rename(from: string, to: string): void
  /** Harmless when it is gone. */
  remove(path: string): void
  /** Bytes that are free where `folder` lies; infinity where the system does not tell. */
  freeBytes(folder: string): number
}

export const systemDisk: BodyDisk = {
  create: (path, mode) => openSync(path, 'wx+', mode),
  append(file, bytes) {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at)
  },
  read: readFully,
  close: (file) => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
  freeBytes(folder) {
    try {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    } catch {
      return Number.POSITIVE_INFINITY // writing will tell
    }
  },
}

/** One read may give less than there is. */
export function readFully(file: number, target: Uint8Array, offset: number): number {
  let at = 0
  while (at < target.length) {
    const count = readSync(file, target, at, target.length - at, offset + at)
    if (count === 0) break
    at += count
  }
  return at
}

/** What the system says, without its prefix for programmers. */
export const reasonOf = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full'
    case 'EDQUOT':
      return 'the quota is used up'
    case 'EIO':
      return 'the disk failed'
    case 'EACCES':
    case 'EPERM':
      return 'it is not allowed'
    case 'ENOENT':
      return 'it does not exist'
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open'
    case 'EEXIST':
      return 'it exists already'
    case 'EISDIR':
      return 'it is a folder'
    case 'EROFS':
      return 'the disk is read-only'
    default:
      return message
  }
}
