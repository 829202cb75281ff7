import { type FileHandle, open } from 'node:fs/promises'
import { ConsoleError } from '../../../shared/errors'

/** Bytes of a file by their place. */
export interface ByteSource {
  readonly size: number
  /** Up to `count` bytes from `offset`; fewer only at the end. The caller owns them. */
  read(offset: number, count: number): Promise<Uint8Array>
}

/** A file that is read while it may still grow: what was there when it was opened is what it has. */
export class FileSource implements ByteSource {
  readonly size: number
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
      throw new ConsoleError('FILE_UNREADABLE', `${path} cannot be read`, {}, { cause })
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
  read: (offset, count) => Promise.resolve(bytes.slice(offset, offset + count)),
})
