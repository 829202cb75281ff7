import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConsoleError } from '../../../shared/errors'

/** A file that a screen hands over piece by piece. It lies beside the exports until it was brought in, for its owner alone. */
export class IncomingFile {
  readonly name: string
  readonly path: string
  readonly byteCount: number
  readonly #handle: FileHandle
  #receivedBytes = 0
  #isBusy = false

  private constructor(name: string, path: string, byteCount: number, handle: FileHandle) {
    this.name = name
    this.path = path
    this.byteCount = byteCount
    this.#handle = handle
  }

  static async create(dir: string, name: string, byteCount: number): Promise<IncomingFile> {
    const path = join(dir, `.incoming-${randomUUID()}`)
    try {
      return new IncomingFile(name, path, byteCount, await open(path, 'wx', 0o600))
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `${path} cannot be written`, {}, { cause })
    }
  }

  get receivedBytes(): number {
    return this.#receivedBytes
  }

  get isWhole(): boolean {
    return this.#receivedBytes === this.byteCount
  }

  /** @throws ConsoleError `IMPORT_INVALID` for a piece that is not the next one, `FILE_UNWRITABLE`. */
  async add(at: number, bytes: Uint8Array): Promise<void> {
    const end = at + bytes.length
    if (this.#isBusy || at !== this.#receivedBytes || end > this.byteCount) {
      throw new ConsoleError('IMPORT_INVALID', `a piece at ${at} does not go on where the file ended`)
    }
    this.#isBusy = true
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#handle.write(bytes, done, bytes.length - done)).bytesWritten
      }
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `${this.path} cannot be written`, {}, { cause })
    } finally {
      this.#isBusy = false
    }
    this.#receivedBytes = end
  }

  /** Never fails. */
  async remove(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    await rm(this.path, { force: true }).catch(() => undefined)
  }
}
