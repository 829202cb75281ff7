import type { Clock } from '../../../shared/model/clock'
import { asConsoleError, type ConsoleError } from '../../../shared/errors'
import { Blueprint } from '../../netcore/endpoint/blueprint'
import type { Endpoint } from '../../netcore/endpoint/endpoint'
import type { IncomingRequest } from '../../netcore/stack-types'
import { FileFolder } from './file-folder'
import { MOST_FILE_BYTES, MOST_TRANSFERS, type Params, paramsOf } from './file-words'
import { OpenTransfers } from './open-transfers'
import { invalid, readClaim, type ReceivedFile, ReceivingFile } from './receiving-file'

const MOST_ID_LENGTH = 200

export interface PushedFileOptions {
  readonly dir: string
  readonly clock: Clock
  /** Largest file that is taken; default 1 GiB. */
  readonly mostBytes?: number
  /** Files that come at a time; of one more the one that is silent for longest ends. Default 32. */
  readonly mostTransfers?: number
  readonly onReceived?: (file: ReceivedFile) => void
  /** @param name - As the peer gave it. */
  readonly onFailed?: (name: string, error: ConsoleError) => void
  /** Bytes that came of a file. */
  readonly onProgress?: (name: string, done: number, all: number) => void
}

/**
 * Takes the files that a netconduit server pushes (`file_incoming`, `file_chunk`, `file_complete`) into one folder. Nobody
 * waits for an answer here: what is wrong with a file ends it, and is told to whoever made this.
 */
export class PushedFiles {
  readonly blueprint: Blueprint
  readonly #endpoint: Endpoint
  readonly #folder: FileFolder
  readonly #options: PushedFileOptions
  readonly #open: OpenTransfers<ReceivingFile>

  /** @param endpoint - What the link is attached to, for the acknowledgement. */
  constructor(endpoint: Endpoint, options: PushedFileOptions) {
    this.#endpoint = endpoint
    this.#options = options
    this.#folder = new FileFolder(options.dir)
    this.#open = new OpenTransfers(options.clock, options.mostTransfers ?? MOST_TRANSFERS, (_id, { claim }) =>
      this.#failed(claim.name, invalid('nothing was heard of it any more, or too many came at a time')),
    )
    this.blueprint = new Blueprint('msg:file_')
      .request('incoming', (request, { pipe }) => this.#incoming(paramsOf(request), pipe))
      .request('chunk', (request, { pipe }) => this.#chunk(request, pipe))
      .request('complete', (request, { pipe }) => this.#complete(paramsOf(request), pipe))
  }

  /** Ends what is under way, and removes what came of it. */
  close(): Promise<void> {
    return this.#open.close()
  }

  async #incoming(params: Params, pipe: string): Promise<void> {
    const { transfer_id: id, filename } = params
    const key = keyOf(id, pipe)
    if (typeof id !== 'string' || id.length > MOST_ID_LENGTH || this.#open.has(key)) {
      this.#failed(filename, invalid('transfer_id is no id, or is in use'))
      return
    }
    try {
      const claim = readClaim(params, this.#folder, this.#options.mostBytes ?? MOST_FILE_BYTES)
      const file = new ReceivingFile(this.#folder, claim, this.#options.clock.nowMs())
      await Promise.all([this.#open.begin(key, file), file.opened])
      this.#acknowledge({ transfer_id: id, ready: true }, pipe)
    } catch (error) {
      await this.#open.drop(key)
      const { message } = this.#failed(filename, error)
      this.#acknowledge({ transfer_id: id, ready: false, error: message }, pipe)
    }
  }

  async #chunk(request: IncomingRequest, pipe: string): Promise<void> {
    const { transfer_id: id, chunk_index: index, data_b64: data } = paramsOf(request)
    const key = keyOf(id, pipe)
    const file = this.#open.find(key)
    if (file === undefined) return // ended, and told
    const { name, size } = file.claim
    try {
      const written = file.append(index, data)
      const done = file.bytes
      await written
      this.#options.onProgress?.(name, done, size)
    } catch (error) {
      if (!this.#open.has(key)) return
      await this.#open.drop(key)
      this.#failed(name, error)
    }
  }

  async #complete({ transfer_id: id }: Params, pipe: string): Promise<void> {
    const key = keyOf(id, pipe)
    const file = this.#open.find(key)
    if (file === undefined) return
    this.#open.remove(key)
    try {
      this.#options.onReceived?.(await file.finish())
    } catch (error) {
      await file.drop()
      this.#failed(file.claim.name, error)
    }
  }

  #failed(name: unknown, error: unknown): ConsoleError {
    const told = asConsoleError(error)
    this.#options.onFailed?.(typeof name === 'string' ? name : '', told)
    return told
  }

  /** The library's server does not look at it; ours refuses to send what the client does not take. */
  #acknowledge(words: Params, pipe: string): void {
    this.#endpoint.post('msg:file_incoming_ack', words, { pipe })
  }
}

/** Ids of one peer say nothing about those of another. */
const keyOf = (id: unknown, pipe: string): string => `${pipe} ${String(id)}`
