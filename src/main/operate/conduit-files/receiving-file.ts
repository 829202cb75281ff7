import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { ConsoleError } from '../../../shared/errors'
import { CHUNK_BYTES, isCount, MOST_CHUNK_BYTES, type Params } from './file-words'
import type { FileFolder } from './file-folder'

/** Bytes that came and are not written yet: a peer that pushes is not slowed down by its disk. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024

/** What a peer says of a file before it comes. */
export interface FileClaim {
  readonly name: string
  readonly size: number
  /** SHA-256 in hexadecimal digits; null where the protocol has none. */
  readonly checksum: string | null
}

export interface ReceivedFile {
  readonly filename: string
  readonly size: number
  readonly sha256: string
}

/**
 * A file that comes in pieces, in order. It lies under a name of its own until it is whole; what is not finished leaves
 * nothing behind. What happens to it happens one after the other, whenever it was asked for.
 */
export class ReceivingFile {
  readonly claim: FileClaim
  readonly startedMs: number
  readonly #folder: FileFolder
  readonly #part: string
  readonly #hash: Hash = createHash('sha256')
  #file: FileHandle | undefined
  #work: Promise<unknown>
  #bytes = 0
  #chunks = 0
  #waitingBytes = 0
  #isOver = false

  constructor(folder: FileFolder, claim: FileClaim, startedMs: number) {
    this.claim = claim
    this.startedMs = startedMs
    this.#folder = folder
    this.#part = folder.newPart()
    this.#work = this.#open()
    this.#work.catch(() => {}) // told by whatever comes next
  }

  /** Pieces taken so far. */
  get chunks(): number {
    return this.#chunks
  }

  /** Bytes taken so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Resolves once there is a place for it. @throws Error of the file system. */
  get opened(): Promise<unknown> {
    return this.#work
  }

  /**
   * Takes the next piece.
   *
   * @param data - Base64.
   * @throws ConsoleError `REQUEST_BODY_INVALID`: another piece was due, or more bytes came than were announced. It is of no
   *   use then: `drop` it.
   */
  append(index: unknown, data: unknown): Promise<void> {
    if (index !== this.#chunks) throw invalid(`chunk ${this.#chunks} was due`)
    if (typeof data !== 'string' || data.length > (MOST_CHUNK_BYTES * 4) / 3 + 4)
      throw invalid('data_b64 is too long')
    return this.appendBytes(Buffer.from(data, 'base64'))
  }

  /** As `append`, of bytes as they are, which are borrowed until they are written. */
  appendBytes(bytes: Uint8Array): Promise<void> {
    if (this.#bytes + bytes.length > this.claim.size) throw invalid('more bytes came than were announced')
    if (this.#waitingBytes + bytes.length > MOST_WAITING_BYTES)
      throw invalid(`more than ${MOST_WAITING_BYTES} bytes came faster than they can be written`)
    this.#chunks += 1
    this.#bytes += bytes.length
    this.#waitingBytes += bytes.length
    return this.#next(async () => {
      this.#waitingBytes -= bytes.length
      this.#hash.update(bytes)
      for (let at = 0; at < bytes.length; ) at += (await this.#file!.write(bytes, at)).bytesWritten
    })
  }

  /** Gives it its name. @throws FileMismatch, and then nothing of it is left. */
  finish(): Promise<ReceivedFile> {
    return this.#next(async () => {
      const { name, size, checksum } = this.claim
      const sha256 = this.#hash.digest('hex')
      this.#isOver = true
      await this.#file!.close()
      if (this.#bytes !== size || (checksum !== null && checksum !== sha256)) {
        await rm(this.#part, { force: true })
        throw new FileMismatch(this.claim, sha256)
      }
      return { filename: await this.#folder.keep(this.#part, name), size, sha256 }
    })
  }

  /** Ends it, and removes what came of it. Harmless when it is over. */
  async drop(): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    await this.#work.catch(() => {})
    await this.#file?.close().catch(() => {})
    await rm(this.#part, { force: true })
  }

  async #open(): Promise<void> {
    this.#file = await open(this.#part, 'wx', 0o600)
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(() => {
      if (this.#isOver) throw invalid('the transfer is over')
      return work()
    })
    this.#work = done
    done.catch(() => {})
    return done
  }
}

/** The bytes that came are not those that were announced. */
export class FileMismatch extends ConsoleError {
  readonly got: string

  constructor({ name, checksum }: FileClaim, got: string) {
    super('FILE_TRANSFER_FAILED', `what came of "${name}" has another size or checksum than announced`, {
      expected: checksum,
      got,
    })
    this.got = got
  }
}

/** @throws ConsoleError `REQUEST_BODY_INVALID`. */
export function readClaim(
  { filename, size, checksum }: Params,
  folder: FileFolder,
  mostBytes: number,
): FileClaim {
  const name = folder.safeName(filename)
  if (name === undefined) throw invalid('filename is not a name for a file')
  if (!isCount(size)) throw invalid('size is not a whole number')
  if (size > mostBytes) throw invalid(`files of more than ${mostBytes} bytes are not taken`)
  if (typeof checksum !== 'string' || !/^[0-9a-f]{64}$/.test(checksum))
    throw invalid('checksum is no SHA-256')
  return { name, size, checksum }
}

/** How many pieces the library makes of a file. */
export const chunksOf = (size: number): number => Math.ceil(size / CHUNK_BYTES)

export const invalid = (message: string): ConsoleError => new ConsoleError('REQUEST_BODY_INVALID', message)
