import { ConsoleError, type ErrorCode } from '../../../shared/errors'
import { type BodyDisk, reasonOf } from './body-disk'

/** Bodies are written in pieces of this size: a system call for each chunk would cost more than the copy. */
export const WRITE_BLOCK_BYTES = 256 * 1024
const PRIVATE_MODE = 0o600

export interface BodyFileOptions {
  readonly path: string
  readonly disk: BodyDisk
  /** Rights of the new file; default: its owner alone. */
  readonly mode?: number
  /** Of what goes wrong while writing. Default: `BODY_NOT_STORED`. */
  readonly errorCode?: ErrorCode
  /** Called before bytes go to the disk. @throws ConsoleError to refuse them. */
  readonly onGrow?: (byteCount: number) => void
  /** Called once, when the file is closed. */
  readonly onLetGo?: () => void
}

/** A file that holds one body: written once from front to back, then read, at last deleted or moved to where it was wanted. */
export class BodyFile {
  readonly #disk: BodyDisk
  readonly #options: BodyFileOptions
  readonly #file: number
  #path: string
  #block: Uint8Array | undefined = new Uint8Array(WRITE_BLOCK_BYTES)
  #blockUsed = 0
  #writtenBytes = 0
  #grownBytes = 0
  #isOpen = true
  #isKept = false

  /** Makes the file; nothing may be there yet. @throws ConsoleError `errorCode`. */
  constructor(options: BodyFileOptions) {
    const { path, disk, mode = PRIVATE_MODE } = options
    this.#options = options
    this.#path = path
    this.#disk = disk
    this.#file = this.#do(() => disk.create(path, mode), `${path} can not be made`)
  }

  get path(): string {
    return this.#path
  }

  get byteLength(): number {
    return this.#writtenBytes + this.#blockUsed
  }

  /** Bytes of the disk that it was allowed: those it has, or could not write. */
  get grownBytes(): number {
    return this.#grownBytes
  }

  /** @throws ConsoleError `errorCode`: what was appended before may be incomplete on the disk. */
  append(bytes: Uint8Array): void {
    const block = this.#block
    if (block === undefined) throw this.#error(`${this.#path} is complete`)
    if (this.#blockUsed === 0 && bytes.length >= block.length) {
      this.#write(bytes)
      return
    }
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + block.length - this.#blockUsed)
      block.set(part, this.#blockUsed)
      this.#blockUsed += part.length
      at += part.length
      if (this.#blockUsed === block.length) this.#writeBlock(block)
    }
  }

  /** Nothing more will be appended. @throws ConsoleError `errorCode`. */
  complete(): void {
    if (this.#block === undefined) return
    if (this.#blockUsed > 0) this.#writeBlock(this.#block)
    this.#block = undefined
  }

  /** A range of the complete file, as new bytes. @throws ConsoleError `BODY_UNREADABLE`. */
  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length)
    let count: number
    try {
      count = this.#isOpen ? this.#disk.read(this.#file, bytes, offset) : 0
    } catch (error) {
      const text = `${this.#path} can not be read: ${reasonOf(error)}`
      throw new ConsoleError('BODY_UNREADABLE', text, {}, { cause: error })
    }
    if (count === length) return bytes
    const why = this.#isOpen ? 'ends too early' : 'was let go of'
    throw new ConsoleError('BODY_UNREADABLE', `${this.#path} ${why}`, { offset, length })
  }

  /** Gives the file its final name, replacing what is there. From then on it stays. @throws ConsoleError `errorCode`. */
  moveTo(path: string): void {
    this.#do(() => this.#disk.rename(this.#path, path), `${path} can not be written`)
    this.#path = path
    this.#isKept = true
  }

  /** Closes the file, and deletes it unless it was moved to where it was wanted. Harmless when repeated; never throws. */
  letGo(): void {
    this.#block = undefined
    if (!this.#isOpen) return
    this.#isOpen = false
    quietly(() => this.#disk.close(this.#file))
    if (!this.#isKept) quietly(() => this.#disk.remove(this.#path))
    this.#options.onLetGo?.()
  }

  #writeBlock(block: Uint8Array): void {
    const bytes = block.subarray(0, this.#blockUsed)
    this.#write(bytes)
    this.#blockUsed = 0
  }

  #write(bytes: Uint8Array): void {
    this.#options.onGrow?.(bytes.length)
    this.#grownBytes += bytes.length
    this.#do(() => this.#disk.append(this.#file, bytes), `${this.#path} can not be written`)
    this.#writtenBytes += bytes.length
  }

  #do<T>(run: () => T, what: string): T {
    try {
      return run()
    } catch (error) {
      throw this.#error(`${what}: ${reasonOf(error)}`, error)
    }
  }

  #error(text: string, cause?: unknown): ConsoleError {
    return new ConsoleError(this.#options.errorCode ?? 'BODY_NOT_STORED', text, {}, { cause })
  }
}

/** Clearing away must not hide why it was cleared; what stays behind is swept with its folder. */
function quietly(run: () => void): void {
  try {
    run()
  } catch {
    // see above
  }
}
