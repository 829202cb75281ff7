import { createHash, randomUUID, type Hash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import { Blueprint } from '../../netcore/endpoint/blueprint'
import { jsonReply } from '../../netcore/endpoint/body-encoding'
import type { IncomingRequest } from '../../netcore/stack-types'
import { FileFolder } from './file-folder'

/** What the library sends at a time. */
const CHUNK_BYTES = 64 * 1024
/** Larger pieces are refused; base64 makes a third more of them on the line. */
const MOST_CHUNK_BYTES = 4 * 1024 * 1024

export interface FileTransferOptions {
  readonly dir: string
  readonly clock: Clock
  /** Largest file that is taken; default 1 GiB. */
  readonly mostBytes?: number
  /** Uploads and downloads under way; of one more the oldest ends. Default 32. */
  readonly mostTransfers?: number
}

interface Upload {
  readonly kind: 'upload'
  readonly name: string
  readonly size: number
  readonly checksum: string
  readonly part: string
  readonly file: FileHandle
  readonly hash: Hash
  readonly startedMs: number
  bytes: number
  chunks: number
}

interface Download {
  readonly kind: 'download'
  readonly name: string
  readonly size: number
}

/**
 * File transfer as the netconduit library has it, by calls, with one folder for everything. Unlike there no name leads out of
 * the folder, chunks have to come in their order, size and SHA-256 are checked before a file gets its name, and what was not
 * finished leaves nothing behind.
 */
export class FileTransfers {
  readonly blueprint: Blueprint
  readonly #folder: FileFolder
  readonly #clock: Clock
  readonly #mostBytes: number
  readonly #mostTransfers: number
  /** The oldest first. */
  readonly #transfers = new Map<string, Upload | Download>()

  constructor({ dir, clock, mostBytes = 1024 ** 3, mostTransfers = 32 }: FileTransferOptions) {
    this.#folder = new FileFolder(dir)
    this.#clock = clock
    this.#mostBytes = mostBytes
    this.#mostTransfers = mostTransfers
    this.blueprint = new Blueprint('rpc:file_')
      .request('upload_start', (request) => this.#uploadStart(paramsOf(request)))
      .request('upload_chunk', (request) => this.#uploadChunk(paramsOf(request)))
      .request('upload_complete', (request) => this.#uploadComplete(paramsOf(request)))
      .request('download_start', (request) => this.#downloadStart(paramsOf(request)))
      .request('download_chunk', (request) => this.#downloadChunk(paramsOf(request)))
      .request('list', async () => jsonReply({ files: await this.#folder.list() }))
  }

  /** Ends what is under way, and removes what came of it. */
  async close(): Promise<void> {
    for (const id of [...this.#transfers.keys()]) await this.#end(id)
  }

  async #uploadStart({ filename, size, checksum }: Params): Promise<unknown> {
    const name = this.#folder.safeName(filename)
    if (name === undefined) throw invalid('filename is not a name for a file')
    if (!isCount(size)) throw invalid('size is not a whole number')
    if (size > this.#mostBytes) throw invalid(`files of more than ${this.#mostBytes} bytes are not taken`)
    if (typeof checksum !== 'string' || !/^[0-9a-f]{64}$/.test(checksum))
      throw invalid('checksum is no SHA-256')
    const part = this.#folder.newPart()
    const file = await open(part, 'wx', 0o600)
    const id = await this.#begin({
      kind: 'upload',
      name,
      size,
      checksum,
      part,
      file,
      hash: createHash('sha256'),
      startedMs: this.#clock.nowMs(),
      bytes: 0,
      chunks: 0,
    })
    return { transfer_id: id, chunk_size: CHUNK_BYTES, total_chunks: Math.ceil(size / CHUNK_BYTES) }
  }

  async #uploadChunk({ transfer_id: id, chunk_index: index, data_b64: data }: Params): Promise<unknown> {
    const upload = this.#find(id, 'upload')
    if (upload === undefined) return NOT_FOUND
    if (typeof data !== 'string' || data.length > (MOST_CHUNK_BYTES * 4) / 3 + 4)
      throw invalid('data_b64 is too long')
    const bytes = Buffer.from(data, 'base64')
    const isNext = index === upload.chunks && upload.bytes + bytes.length <= upload.size
    if (!isNext) {
      await this.#end(id as string)
      throw invalid(
        index === upload.chunks ? 'more bytes came than were announced' : `chunk ${upload.chunks} was due`,
      )
    }
    upload.chunks += 1
    upload.bytes += bytes.length
    upload.hash.update(bytes)
    await upload.file.write(bytes)
    const total = Math.ceil(upload.size / CHUNK_BYTES)
    return { received: true, chunk_index: index, chunks_received: upload.chunks, total_chunks: total }
  }

  async #uploadComplete({ transfer_id: id }: Params): Promise<unknown> {
    const upload = this.#find(id, 'upload')
    if (upload === undefined) return NOT_FOUND
    this.#transfers.delete(id as string)
    const got = upload.hash.digest('hex')
    await upload.file.close()
    if (upload.bytes !== upload.size || got !== upload.checksum) {
      await rm(upload.part, { force: true })
      return { error: 'Checksum mismatch', expected: upload.checksum, got }
    }
    const filename = await this.#folder.keep(upload.part, upload.name)
    const elapsed = (this.#clock.nowMs() - upload.startedMs) / 1000
    // Where it lies on this machine is nobody's business: the path is that within the folder.
    return { success: true, filename, size: upload.size, path: filename, elapsed }
  }

  async #downloadStart({ filename }: Params): Promise<unknown> {
    const name = this.#folder.safeName(filename)
    const size = name === undefined ? undefined : await this.#folder.sizeOf(name)
    if (name === undefined || size === undefined) return { error: 'File not found' }
    const id = await this.#begin({ kind: 'download', name, size })
    return { transfer_id: id, size, total_chunks: Math.ceil(size / CHUNK_BYTES), chunk_size: CHUNK_BYTES }
  }

  async #downloadChunk({ transfer_id: id, chunk_index: index }: Params): Promise<unknown> {
    const download = this.#find(id, 'download')
    if (download === undefined) return NOT_FOUND
    if (!isCount(index) || index * CHUNK_BYTES >= Math.max(1, download.size))
      throw invalid('there is no such chunk')
    const bytes = await this.#folder.read(download.name, index * CHUNK_BYTES, CHUNK_BYTES)
    if ((index + 1) * CHUNK_BYTES >= download.size) this.#transfers.delete(id as string)
    return { chunk_index: index, data_b64: Buffer.from(bytes).toString('base64'), size: bytes.length }
  }

  async #begin(transfer: Upload | Download): Promise<string> {
    const [oldest] = this.#transfers.keys()
    if (this.#transfers.size >= this.#mostTransfers) await this.#end(oldest!)
    const id = randomUUID()
    this.#transfers.set(id, transfer)
    return id
  }

  #find<K extends 'upload' | 'download'>(
    id: unknown,
    kind: K,
  ): Extract<Upload | Download, { kind: K }> | undefined {
    const transfer = typeof id === 'string' ? this.#transfers.get(id) : undefined
    return transfer?.kind === kind ? (transfer as Extract<Upload | Download, { kind: K }>) : undefined
  }

  async #end(id: string): Promise<void> {
    const transfer = this.#transfers.get(id)
    this.#transfers.delete(id)
    if (transfer?.kind !== 'upload') return
    await transfer.file.close()
    await rm(transfer.part, { force: true })
  }
}

type Params = Readonly<Record<string, unknown>>

const NOT_FOUND = { error: 'Transfer not found' }

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const invalid = (message: string): ConsoleError => new ConsoleError('REQUEST_BODY_INVALID', message)

function paramsOf(request: IncomingRequest): Params {
  const params = request.json()
  return typeof params === 'object' && params !== null ? (params as Params) : {}
}
