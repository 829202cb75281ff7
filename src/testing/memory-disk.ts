import type { RecordingDisk, RecordingFile } from '../main/recording/write/recording-disk'

/** What a disk can be asked for, in the words of `MemoryDisk.failAt`. */
export type DiskOperation = 'create' | 'append' | 'sync' | 'close' | 'publish' | 'replace' | 'remove'

/** Bytes that were appended, and how many of them a sync has made last. */
export interface MemoryFile {
  readonly parts: Uint8Array[]
  syncedBytes: number
  isClosed: boolean
}

/** A disk that remembers in which order it was asked, and fails at the operation it is told to. */
export class MemoryDisk implements RecordingDisk {
  readonly files = new Map<string, MemoryFile>()
  readonly operations: DiskOperation[] = []
  /** Number of the operation that fails, from 1; 0 for none. */
  failAt = 0
  error = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  /** While it is not null, appending waits for it. */
  stall: Promise<void> | null = null

  create(path: string): Promise<RecordingFile> {
    return this.#do('create', () => {
      if (this.files.has(path)) throw Object.assign(new Error('file exists'), { code: 'EEXIST' })
      const file: MemoryFile = { parts: [], syncedBytes: 0, isClosed: false }
      this.files.set(path, file)
      return {
        append: async (...parts: readonly Uint8Array[]) => {
          await this.stall
          return this.#do('append', () => void file.parts.push(...parts.map((part) => part.slice())))
        },
        sync: () =>
          this.#do('sync', () => {
            file.syncedBytes = lengthOf(file)
          }),
        close: () =>
          this.#do('close', () => {
            file.isClosed = true
          }),
      }
    })
  }

  publish(part: string, path: string): Promise<void> {
    return this.#do('publish', () => {
      if (this.files.has(path)) throw Object.assign(new Error('file exists'), { code: 'EEXIST' })
      this.files.set(path, this.files.get(part)!)
      this.files.delete(part)
    })
  }

  replace(part: string, path: string): Promise<void> {
    return this.#do('replace', () => {
      this.files.set(path, this.files.get(part)!)
      this.files.delete(part)
    })
  }

  remove(path: string): Promise<void> {
    return this.#do('remove', () => void this.files.delete(path))
  }

  freeBytes(): Promise<number> {
    return Promise.resolve(Number.MAX_SAFE_INTEGER)
  }

  /** What a reader of this file finds now. */
  bytesOf(path: string): Uint8Array {
    return new Uint8Array(Buffer.concat(this.files.get(path)?.parts ?? []))
  }

  #do<T>(operation: DiskOperation, act: () => T): Promise<T> {
    this.operations.push(operation)
    if (this.operations.length === this.failAt) return Promise.reject(this.error)
    return Promise.resolve().then(act)
  }
}

const lengthOf = ({ parts }: MemoryFile): number => parts.reduce((sum, part) => sum + part.length, 0)
