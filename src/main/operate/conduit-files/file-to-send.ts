import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { ConsoleError, unreadableFile } from '../../../shared/errors'
import { CHUNK_BYTES } from './file-words'

const HASHED_BYTES = 1024 * 1024

/** How a transfer is told of, and how it is stopped. */
export interface TransferOptions {
  /** Aborting ends it with the reason of the signal. */
  readonly signal?: AbortSignal
  readonly onProgress?: (doneBytes: number, allBytes: number) => void
}

/** A file on its way out, as it was when its checksum was made. */
export class FileToSend {
  readonly name: string
  readonly size: number
  readonly checksum: string
  readonly #file: FileHandle

  private constructor(file: FileHandle, name: string, size: number, checksum: string) {
    this.#file = file
    this.name = name
    this.size = size
    this.checksum = checksum
  }

  /** @throws ConsoleError `FILE_UNREADABLE`; the reason of the signal. */
  static async open(path: string, signal?: AbortSignal): Promise<FileToSend> {
    const file = await open(path, 'r').catch((cause: unknown) => unreadable(path, cause))
    try {
      const facts = await file.stat()
      if (!facts.isFile()) unreadable(path, 'it is no file')
      const hash = createHash('sha256')
      const block = new Uint8Array(HASHED_BYTES)
      let size = 0
      for (;;) {
        signal?.throwIfAborted()
        const { bytesRead } = await file.read(block, 0, block.length, size)
        if (bytesRead === 0) break
        hash.update(block.subarray(0, bytesRead))
        size += bytesRead
      }
      return new FileToSend(file, basename(path), size, hash.digest('hex'))
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Its pieces in order, in base64, and how many bytes there are up to the end of each. */
  async *pieces({
    signal,
  }: TransferOptions): AsyncGenerator<{ index: number; data: string; doneBytes: number }> {
    let doneBytes = 0
    for (let index = 0; doneBytes < this.size; index++) {
      signal?.throwIfAborted()
      const wanted = Math.min(CHUNK_BYTES, this.size - doneBytes)
      const block = new Uint8Array(wanted)
      let filled = 0
      while (filled < wanted) {
        const { bytesRead } = await this.#file.read(block, filled, wanted - filled, doneBytes + filled)
        if (bytesRead === 0)
          throw new ConsoleError('FILE_TRANSFER_FAILED', `${this.name} became shorter while it was sent`)
        filled += bytesRead
      }
      doneBytes += wanted
      yield { index, data: Buffer.from(block).toString('base64'), doneBytes }
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

function unreadable(path: string, cause: unknown): never {
  throw unreadableFile(path, cause)
}
