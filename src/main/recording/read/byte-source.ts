import { type FileHandle, open } from 'node:fs/promises'
import { unreadableFile } from '../../../shared/errors'

/** Bytes of a file by their place. */
export interface ByteSource {
  readonly size: number
  /** Where each file of it begins: 0, and where a recording goes on in further parts. */
  readonly starts: readonly number[]
  /** Up to `count` bytes from `offset`; fewer only at the end. The caller owns them. */
  read(offset: number, count: number): Promise<Uint8Array>
}

const ONE_FILE: readonly number[] = [0]

/** A file that is read while it may still grow: what was there when it was opened is what it has. */
export class FileSource implements ByteSource {
  readonly size: number
  readonly starts = ONE_FILE
  readonly #handle: FileHandle

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle
    this.size = size
  }

  /** @throws ConsoleError `FILE_UNREADABLE`. */
  static async open(path: string): Promise<FileSource> {
    try {
      const handle = await open(path, 'r')
      return new FileSource(handle, (await handle.stat()).size)
    } catch (cause) {
      throw unreadableFile(path, cause)
    }
  }

  async read(offset: number, count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(count, this.size - offset)))
    let at = 0
    while (at < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, at, bytes.length - at, offset + at)
      if (bytesRead === 0) break
      at += bytesRead
    }
    return bytes.subarray(0, at)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** Bytes in memory, borrowed. */
export const memorySource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  starts: ONE_FILE,
  read: (offset, count) => Promise.resolve(bytes.slice(offset, offset + count)),
})

/** One file of several, with places of its own. */
export function partOf(source: ByteSource, index: number): ByteSource {
  const start = source.starts[index]!
  const size = (source.starts[index + 1] ?? source.size) - start
  return {
    size,
    starts: ONE_FILE,
    read: (offset, count) => source.read(start + offset, Math.max(0, Math.min(count, size - offset))),
  }
}
