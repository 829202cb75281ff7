import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ConsoleError } from '../../shared/errors'
import type { Headers } from '../../shared/model/trace'
import {
  decodeLsoFileHead,
  encodeLsoFileHead,
  extensionHeaders,
  extensionText,
  incomplete,
  LSO_FILE_HEAD_BYTES,
  type LsoFileHead,
  toExtension,
} from '../netcore/dialects/lso/lso-file'
import { bodyBlocks, type MessageBody } from '../netcore/pipe/message-body'
import { reasonOf } from './bodies/body-disk'
import { type FileBody, fileBody } from './bodies/file-body'

const COPY_BLOCK_BYTES = 1024 * 1024

export interface LsoFileContent {
  /** A text, bytes, or headers, which become JSON. Default: empty. */
  readonly extension?: string | Uint8Array | Headers
  /** Read piece by piece where it lies outside memory. Default: empty. */
  readonly body?: MessageBody
}

/**
 * A message in a file, in the layout of the Python Netcore (`LsoProtocol(local=path)`): headers as extension, body as meta.
 * Nothing is loaded but the extension.
 *
 * Changes are written beside the file and take its place when they are whole, so that no crash leaves half of one.
 * Unlike Python it never replaces a file that is missing, short or damaged by an empty one.
 */
export class LsoFile {
  readonly path: string
  #head: LsoFileHead

  private constructor(path: string, head: LsoFileHead) {
    this.path = path
    this.#head = head
  }

  /** @throws ConsoleError `FILE_UNREADABLE`, `LSO_FILE_INVALID`, `HEAD_TOO_LARGE`. A body that is cut off is no error here. */
  static async open(path: string): Promise<LsoFile> {
    return new LsoFile(path, await readHead(path))
  }

  /**
   * Writes a new file.
   *
   * @param options - `replaces`: what is there may be replaced. Default: it may not.
   * @throws ConsoleError `FILE_UNWRITABLE`, also when there is a file; `HEAD_TOO_LARGE`, `MESSAGE_TOO_LARGE`,
   *   `HEAD_NOT_ENCODABLE`, `BODY_UNREADABLE`: nothing was written.
   */
  static async create(
    path: string,
    content: LsoFileContent = {},
    options: { readonly replaces?: boolean } = {},
  ): Promise<LsoFile> {
    const body = content.body ?? new Uint8Array(0)
    const head = encodeLsoFileHead(toExtension(content.extension ?? ''), body.byteLength)
    // Without leave to replace, the name itself is taken first, so that nobody else can take it meanwhile.
    if (options.replaces !== true) await (await openFile(path, 'wx', 'FILE_UNWRITABLE')).close()
    try {
      await writeAnew(path, async (file) => {
        await file.appendFile(head)
        for (const block of bodyBlocks(body)) await file.appendFile(block)
      })
    } catch (error) {
      if (options.replaces !== true) await rm(path, { force: true })
      throw error
    }
    return LsoFile.open(path)
  }

  /** @throws ConsoleError `LSO_FILE_INVALID` when it is not UTF-8. */
  get extension(): string {
    return extensionText(this.#head.extension)
  }

  get extensionBytes(): Uint8Array {
    return this.#head.extension
  }

  /** The extension as headers. @throws ConsoleError `LSO_BAD_JSON`, `LSO_BAD_PACKET` when it is no JSON object. */
  get headers(): Headers {
    return extensionHeaders(this.#head.extension)
  }

  /** Length of the body, as the file says. */
  get bodyBytes(): number {
    return this.#head.declaredBytes
  }

  /** Like `check_complete` of Python: whether the file is as long as it says, and by how many bytes it is longer. */
  async checkComplete(): Promise<{ readonly isComplete: boolean; readonly extraBytes: number }> {
    this.#head = await readHead(this.path)
    const { extraBytes } = this.#head
    return { isComplete: extraBytes === 0, extraBytes }
  }

  /** A range of the body. @throws ConsoleError `LSO_FILE_INCOMPLETE`, `FILE_UNREADABLE`; `OPTION_INVALID` beyond the body. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const { bodyOffset, declaredBytes, extraBytes } = this.#head
    if (!(offset >= 0 && length >= 0 && offset + length <= declaredBytes)) {
      const text = `${length} bytes from ${offset} on are asked for, the body has ${declaredBytes}`
      throw new ConsoleError('OPTION_INVALID', text)
    }
    const bytes = await withFile(this.path, (file) => readRange(file, bodyOffset + offset, length))
    if (bytes.length < length) throw incomplete(declaredBytes, Math.min(extraBytes, bytes.length - length))
    return bytes
  }

  /**
   * The body as something to send, piece by piece. Release it when nothing more is to be sent.
   *
   * @throws ConsoleError `LSO_FILE_INCOMPLETE`, `FILE_UNREADABLE`.
   */
  openBody(): FileBody {
    const { bodyOffset, declaredBytes, extraBytes } = this.#head
    if (extraBytes < 0) throw incomplete(declaredBytes, extraBytes)
    return fileBody(this.path, { offset: bodyOffset, byteLength: declaredBytes })
  }

  /** Replaces the extension; the body moves. @throws ConsoleError `LSO_FILE_INCOMPLETE`, `FILE_UNWRITABLE`, `HEAD_TOO_LARGE`. */
  async setExtension(extension: string | Uint8Array | Headers): Promise<void> {
    const body = this.openBody()
    try {
      await LsoFile.create(this.path, { extension, body }, { replaces: true })
    } finally {
      body.release()
    }
    this.#head = await readHead(this.path)
  }

  /** Replaces the body, and keeps the extension. @throws ConsoleError as `create`. */
  async setBody(body: MessageBody): Promise<void> {
    await LsoFile.create(this.path, { extension: this.#head.extension, body }, { replaces: true })
    this.#head = await readHead(this.path)
  }

  /**
   * Takes the head away: the bare body stays, under the same name. This object is of no use afterwards.
   *
   * @throws ConsoleError `LSO_FILE_INCOMPLETE`, `FILE_UNWRITABLE`.
   */
  async releaseHead(): Promise<void> {
    const body = this.openBody()
    try {
      await writeAnew(this.path, async (file) => {
        for (const block of bodyBlocks(body, COPY_BLOCK_BYTES)) await file.appendFile(block)
      })
    } finally {
      body.release()
    }
  }
}

async function readHead(path: string): Promise<LsoFileHead> {
  return withFile(path, async (file) => {
    const { size } = await file.stat()
    const head = decodeLsoFileHead(await readRange(file, 0, Math.min(size, LSO_FILE_HEAD_BYTES)), size)
    return { ...head, extension: head.extension.slice() } // not a view into all that was read
  })
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path, 'r', 'FILE_UNREADABLE')
  try {
    return await use(file)
  } catch (error) {
    throw error instanceof ConsoleError ? error : failure('FILE_UNREADABLE', path, error)
  } finally {
    await file.close()
  }
}

/** As much of the range as there is. */
async function readRange(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  let at = 0
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, offset + at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}

/** Writes a file beside `path` that takes its place when it is whole; else nothing has changed. */
async function writeAnew(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`)
  const file = await openFile(draft, 'wx', 'FILE_UNWRITABLE')
  try {
    try {
      const rights = await rightsOf(path)
      if (rights !== undefined) await file.chmod(rights)
      await write(file)
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error instanceof ConsoleError ? error : failure('FILE_UNWRITABLE', path, error)
  }
}

/** What replaces a file is for the same people. */
const rightsOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  )

function openFile(
  path: string,
  flags: 'r' | 'wx',
  code: 'FILE_UNREADABLE' | 'FILE_UNWRITABLE',
): Promise<FileHandle> {
  return open(path, flags).catch((error: unknown) => {
    throw failure(code, path, error)
  })
}

function failure(code: 'FILE_UNREADABLE' | 'FILE_UNWRITABLE', path: string, error: unknown): ConsoleError {
  const what = code === 'FILE_UNREADABLE' ? 'read' : 'written'
  return new ConsoleError(code, `${path} can not be ${what}: ${reasonOf(error)}`, {}, { cause: error })
}
