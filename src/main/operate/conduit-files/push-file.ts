import { utf8 } from '../../../shared/bytes'
import { ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import { Blueprint } from '../../netcore/endpoint/blueprint'
import type { Link } from '../../link/link'
import { FileToSend, type TransferOptions } from './file-to-send'
import { type Params, paramsOf } from './file-words'
import { sentMessage } from '../send/sent-message'
import { chunksOf } from './receiving-file'

/** How long a client may take to say that it takes files. Python does so at once, or never. */
const ACKNOWLEDGE_MS = 10_000

export interface PushedFile {
  readonly filename: string
  readonly size: number
  readonly sha256: string
}

/**
 * Pushes files from a netconduit server to one of its clients. Its blueprint has to be registered where the client is served:
 * it takes the acknowledgement. The library begins without waiting for it, and goes on where nobody listens.
 */
export class FilePusher {
  readonly blueprint: Blueprint
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #waiting = new Map<string, (words: Params) => void>()

  constructor(clock: Clock, newId: () => string) {
    this.#clock = clock
    this.#newId = newId
    this.blueprint = new Blueprint('msg:file_').request('incoming_ack', (request) => {
      const words = paramsOf(request)
      this.#waiting.get(String(words['transfer_id']))?.(words)
    })
  }

  /**
   * Resolves when the last byte was handed over: this protocol has no word for what came of it at the other end. What is
   * stopped on the way leaves a part there that never gets a name.
   *
   * @throws ConsoleError `FILE_UNREADABLE`, `FILE_TRANSFER_FAILED` (the client does not take it), as `sentMessage`; the
   *   reason of the signal.
   */
  async push(link: Link, path: string, options: TransferOptions = {}): Promise<PushedFile> {
    const file = await FileToSend.open(path, options.signal)
    const id = this.#newId()
    const say = (type: string, words: Params): Promise<void> =>
      sentMessage(link, {
        route: `msg:file_${type}`,
        kind: 'event',
        body: utf8(JSON.stringify({ transfer_id: id, ...words })),
      })
    try {
      const { name, size, checksum } = file
      const ready = this.#acknowledged(id, link, options.signal)
      ready.catch(() => {}) // it may fail before it is waited for
      await say('incoming', { filename: name, size, checksum, total_chunks: chunksOf(size) })
      await ready
      for await (const { index, data, doneBytes } of file.pieces(options)) {
        await say('chunk', { chunk_index: index, data_b64: data })
        options.onProgress?.(doneBytes, size)
      }
      await say('complete', { checksum })
      return { filename: name, size, sha256: checksum }
    } finally {
      this.#waiting.delete(id)
      await file.close()
    }
  }

  async #acknowledged(id: string, link: Link, signal: AbortSignal | undefined): Promise<void> {
    const stops: (() => void)[] = []
    const ready = new Promise<void>((resolve, reject) => {
      const refuse = (message: string): void => reject(new ConsoleError('FILE_TRANSFER_FAILED', message))
      stops.push(
        this.#clock.schedule(this.#clock.nowMs() + ACKNOWLEDGE_MS, () =>
          refuse('the client said nothing: it does not take files, or is busy'),
        ),
        link.observe((event) => {
          if (event.type === 'link-state' && event.phase !== 'connected') refuse('the client is gone')
        }),
      )
      const abort = (): void => reject(signal!.reason as Error)
      signal?.addEventListener('abort', abort, { once: true })
      stops.push(() => signal?.removeEventListener('abort', abort))
      this.#waiting.set(id, ({ ready: isReady, error }) => {
        if (isReady === true) resolve()
        else refuse(typeof error === 'string' ? error : 'the client does not take the file')
      })
    })
    try {
      await ready
    } finally {
      for (const stop of stops) stop()
    }
  }
}
