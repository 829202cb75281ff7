import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../shared/model/clock'
import { Blueprint } from '../../netcore/endpoint/blueprint'
import { jsonReply } from '../../netcore/endpoint/body-encoding'
import { FileFolder } from './file-folder'
import { CHUNK_BYTES, isCount, MOST_FILE_BYTES, MOST_TRANSFERS, type Params, paramsOf } from './file-words'
import { OpenTransfers } from './open-transfers'
import { chunksOf, FileMismatch, invalid, readClaim, ReceivingFile } from './receiving-file'

export interface FileTransferOptions {
  readonly dir: string
  readonly clock: Clock
  /** Largest file that is taken; default 1 GiB. */
  readonly mostBytes?: number
  /** Uploads and downloads under way; of one more the oldest ends. Default 32. */
  readonly mostTransfers?: number
}

/** A download: nothing of it lies anywhere. */
class Download {
  readonly name: string
  readonly size: number

  constructor(name: string, size: number) {
    this.name = name
    this.size = size
  }

  async drop(): Promise<void> {
    // Nothing to remove.
  }
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
  readonly #open: OpenTransfers<ReceivingFile | Download>

  constructor({
    dir,
    clock,
    mostBytes = MOST_FILE_BYTES,
    mostTransfers = MOST_TRANSFERS,
  }: FileTransferOptions) {
    this.#folder = new FileFolder(dir)
    this.#clock = clock
    this.#mostBytes = mostBytes
    this.#open = new OpenTransfers(clock, mostTransfers)
    this.blueprint = new Blueprint('rpc:file_')
      .request('upload_start', (request) => this.#uploadStart(paramsOf(request)))
      .request('upload_chunk', (request) => this.#uploadChunk(paramsOf(request)))
      .request('upload_complete', (request) => this.#uploadComplete(paramsOf(request)))
      .request('download_start', (request) => this.#downloadStart(paramsOf(request)))
      .request('download_chunk', (request) => this.#downloadChunk(paramsOf(request)))
      .request('list', async () => jsonReply({ files: await this.#folder.list() }))
  }

  /** Ends what is under way, and removes what came of it. */
  close(): Promise<void> {
    return this.#open.close()
  }

  async #uploadStart(params: Params): Promise<unknown> {
    const claim = readClaim(params, this.#folder, this.#mostBytes)
    const upload = new ReceivingFile(this.#folder, claim, this.#clock.nowMs())
    await upload.opened
    const id = randomUUID()
    await this.#open.begin(id, upload)
    return { transfer_id: id, chunk_size: CHUNK_BYTES, total_chunks: chunksOf(claim.size) }
  }

  async #uploadChunk({ transfer_id: id, chunk_index: index, data_b64: data }: Params): Promise<unknown> {
    const upload = this.#open.find(id)
    if (!(upload instanceof ReceivingFile)) return NOT_FOUND
    try {
      await upload.append(index, data)
    } catch (error) {
      await this.#open.drop(id as string)
      throw error
    }
    const { chunks, claim } = upload
    return { received: true, chunk_index: index, chunks_received: chunks, total_chunks: chunksOf(claim.size) }
  }

  async #uploadComplete({ transfer_id: id }: Params): Promise<unknown> {
    const upload = this.#open.find(id)
    if (!(upload instanceof ReceivingFile)) return NOT_FOUND
    this.#open.remove(id as string)
    try {
      const { filename, size } = await upload.finish()
      const elapsed = (this.#clock.nowMs() - upload.startedMs) / 1000
      // Where it lies on this machine is nobody's business: the path is that within the folder.
      return { success: true, filename, size, path: filename, elapsed }
    } catch (error) {
      if (!(error instanceof FileMismatch)) throw error
      return { error: 'Checksum mismatch', expected: upload.claim.checksum, got: error.got }
    }
  }

  async #downloadStart({ filename }: Params): Promise<unknown> {
    const name = this.#folder.safeName(filename)
    const size = name === undefined ? undefined : await this.#folder.sizeOf(name)
    if (name === undefined || size === undefined) return { error: 'File not found' }
    const id = randomUUID()
    await this.#open.begin(id, new Download(name, size))
    return { transfer_id: id, size, total_chunks: chunksOf(size), chunk_size: CHUNK_BYTES }
  }

  async #downloadChunk({ transfer_id: id, chunk_index: index }: Params): Promise<unknown> {
    const download = this.#open.find(id)
    if (!(download instanceof Download)) return NOT_FOUND
    if (!isCount(index) || index * CHUNK_BYTES >= Math.max(1, download.size))
      throw invalid('there is no such chunk')
    const bytes = await this.#folder.read(download.name, index * CHUNK_BYTES, CHUNK_BYTES)
    if ((index + 1) * CHUNK_BYTES >= download.size) this.#open.remove(id as string)
    return { chunk_index: index, data_b64: Buffer.from(bytes).toString('base64'), size: bytes.length }
  }
}

const NOT_FOUND = { error: 'Transfer not found' }
