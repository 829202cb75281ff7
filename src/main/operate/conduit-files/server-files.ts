import { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import { parseJsonBody } from '../../../shared/model/json-body'
import { wholeBody } from '../../netcore/endpoint/body-encoding'
import type { Endpoint } from '../../netcore/endpoint/endpoint'
import { FileFolder } from './file-folder'
import { FileToSend, type TransferOptions } from './file-to-send'
import { isCount, MOST_FILE_BYTES, type Params } from './file-words'
import { type ReceivedFile, ReceivingFile } from './receiving-file'

const MOST_LISTED = 100_000

export interface ListedFile {
  readonly name: string
  readonly size: number
}

/** The files of a netconduit server, as a client sees them: by calls, one after the other. */
export class ServerFiles {
  readonly #endpoint: Endpoint
  readonly #clock: Clock

  /** @param endpoint - Attached to the link to that server, and to no other. */
  constructor(endpoint: Endpoint, clock: Clock) {
    this.#endpoint = endpoint
    this.#clock = clock
  }

  /** @throws ConsoleError `FILE_TRANSFER_FAILED` (the words of the server), `PEER_FAILED`, as `Endpoint.send`. */
  async list(signal?: AbortSignal): Promise<readonly ListedFile[]> {
    const { files } = await this.#call('file_list', {}, signal)
    if (!Array.isArray(files) || files.length > MOST_LISTED) throw failed('the server gave no list of files')
    return files.flatMap((file: Params | null) =>
      typeof file?.['name'] === 'string' && isCount(file['size'])
        ? [{ name: file['name'], size: file['size'] }]
        : [],
    )
  }

  /** Gives the server a file; it checks size and SHA-256. @throws also ConsoleError `FILE_UNREADABLE`. */
  async put(path: string, options: TransferOptions = {}): Promise<ReceivedFile> {
    const { signal } = options
    const file = await FileToSend.open(path, signal)
    try {
      const { name, size, checksum } = file
      const { transfer_id: id } = await this.#call(
        'file_upload_start',
        { filename: name, size, checksum },
        signal,
      )
      for await (const { index, data, doneBytes } of file.pieces(options)) {
        await this.#call('file_upload_chunk', { transfer_id: id, chunk_index: index, data_b64: data }, signal)
        options.onProgress?.(doneBytes, size)
      }
      const done = await this.#call('file_upload_complete', { transfer_id: id }, signal)
      return {
        filename: typeof done['filename'] === 'string' ? done['filename'] : name,
        size,
        sha256: checksum,
      }
    } finally {
      await file.close()
    }
  }

  /**
   * Takes a file of the server into a folder, under its name or one beside it. The library tells no checksum of a download.
   *
   * @throws also ConsoleError `REQUEST_BODY_INVALID`: the name is none for a file here, or it is too large.
   */
  async get(
    name: string,
    dir: string,
    {
      signal,
      onProgress,
      mostBytes = MOST_FILE_BYTES,
    }: TransferOptions & { readonly mostBytes?: number } = {},
  ): Promise<ReceivedFile> {
    const folder = new FileFolder(dir)
    const ownName = folder.safeName(name)
    if (ownName === undefined)
      throw new ConsoleError('REQUEST_BODY_INVALID', `"${name}" is no name for a file`)
    const { transfer_id: id, size } = await this.#call('file_download_start', { filename: name }, signal)
    if (!isCount(size) || size > mostBytes)
      throw new ConsoleError('REQUEST_BODY_INVALID', `"${name}" has more than ${mostBytes} bytes, or no size`)
    const file = new ReceivingFile(folder, { name: ownName, size, checksum: null }, this.#clock.nowMs())
    try {
      await file.opened
      while (file.bytes < size) {
        const asked = { transfer_id: id, chunk_index: file.chunks }
        const { data_b64: data } = await this.#call('file_download_chunk', asked, signal)
        if (data === '') throw failed(`"${name}" ended before its size`)
        await file.append(file.chunks, data)
        onProgress?.(file.bytes, size)
      }
      return await file.finish()
    } finally {
      await file.drop()
    }
  }

  async #call(method: string, params: Params, signal: AbortSignal | undefined): Promise<Params> {
    const answer = await this.#endpoint.send(`rpc:${method}`, params, { ...(signal && { signal }) })
    try {
      const said = parseJsonBody(wholeBody(answer))
      if (typeof said !== 'object' || said === null) throw failed(`the answer to ${method} is no object`)
      const { error } = said as Params
      // The library tells of failures inside of success.
      if (typeof error === 'string') throw failed(error)
      return said as Params
    } finally {
      answer.stored?.release()
    }
  }
}

const failed = (message: string): ConsoleError => new ConsoleError('FILE_TRANSFER_FAILED', message)
