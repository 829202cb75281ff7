import { existsSync } from 'node:fs'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { ConsoleError } from '../../../shared/errors'
import type { MadeFile } from '../../../shared/model/exports'
import type { ExportPiece } from './export-format'

/** Pieces are written together in amounts like this, in bytes or characters. */
const FLUSH_SIZE = 256 * 1024

interface OpenFile {
  readonly path: string
  readonly handle: FileHandle
  size: number
  written: number
  pieces: (string | Uint8Array)[]
}

/** The files of one export. They are made when there is something for them, for their owner alone, and never in place of others. */
export class ExportFiles {
  readonly #path: string
  readonly #files = new Map<string, OpenFile>()

  constructor(path: string) {
    this.#path = path
  }

  /**
   * Takes pieces; a promise only where the disk is to be waited for.
   *
   * @throws ConsoleError `FILE_UNWRITABLE`.
   */
  write(pieces: readonly ExportPiece[]): Promise<void> | undefined {
    let isFull = false
    for (const { suffix, bytes } of pieces) {
      const file = this.#files.get(suffix)
      if (file === undefined)
        return this.#makeThenWrite(suffix, pieces.slice(pieces.findIndex((each) => each.suffix === suffix)))
      file.pieces.push(typeof bytes === 'string' ? bytes : bytes.slice())
      file.size += bytes.length
      isFull ||= file.size >= FLUSH_SIZE
    }
    return isFull ? this.#flushAll() : undefined
  }

  /** Resolves with what was made. @throws ConsoleError `FILE_UNWRITABLE`. */
  async close(): Promise<MadeFile[]> {
    await this.#flushAll()
    const files = [...this.#files.values()]
    for (const { handle } of files) await handle.close()
    return files.map(({ path, written }) => ({ name: basename(path), path, byteCount: written }))
  }

  /** Takes back what was written: half an export is worse than none. */
  async discard(): Promise<void> {
    for (const { path, handle } of this.#files.values()) {
      await handle.close().catch(() => undefined)
      await rm(path, { force: true })
    }
    this.#files.clear()
  }

  async #makeThenWrite(suffix: string, pieces: readonly ExportPiece[]): Promise<void> {
    const path = `${this.#path}${suffix}`
    if (existsSync(path)) {
      const remedy = 'Choose another name, or move that file away.'
      throw new ConsoleError('FILE_UNWRITABLE', `${path} exists already`, { remedy })
    }
    try {
      await mkdir(dirname(path), { recursive: true })
      const handle = await open(path, 'wx', 0o600)
      this.#files.set(suffix, { path, handle, size: 0, written: 0, pieces: [] })
    } catch (cause) {
      throw new ConsoleError('FILE_UNWRITABLE', `${path} cannot be written`, {}, { cause })
    }
    await this.write(pieces)
  }

  async #flushAll(): Promise<void> {
    for (const file of this.#files.values()) {
      const bytes = Buffer.concat(
        file.pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)),
      )
      file.pieces = []
      file.size = 0
      try {
        for (let at = 0; at < bytes.length; ) {
          at += (await file.handle.write(bytes, at, bytes.length - at)).bytesWritten
        }
      } catch (cause) {
        throw new ConsoleError('FILE_UNWRITABLE', `${file.path} cannot be written`, {}, { cause })
      }
      file.written += bytes.length
    }
  }
}
