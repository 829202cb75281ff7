import { createHash } from 'node:crypto'
import type { BytesEvent } from '../../../shared/model/trace'
import { bodyBlocks } from '../../netcore/pipe/message-body'
import { headersText, type OwnMessage } from './replay-script'

/**
 * What a run comes to, as two SHA-256: of what was sent, and of the order in which everything happened. Where the run has
 * the link to itself and draws its ids, what was sent are the bytes of the line; else, where ids are those of a peer or
 * of a link that was there before, the messages.
 */
export class RunDigest {
  readonly #sent = createHash('sha256')
  readonly #order = createHash('sha256')
  readonly #ofBytes: boolean
  /** Times belong to the order where time is simulated; in the real one no two runs have the same. */
  readonly #hasTimes: boolean
  #ended: { readonly hash: string; readonly orderHash: string } | null = null

  constructor(options: { readonly ofBytes: boolean; readonly hasTimes: boolean }) {
    this.#ofBytes = options.ofBytes
    this.#hasTimes = options.hasTimes
  }

  /** Bytes as they left or came. */
  passed(event: BytesEvent, atMs: number): void {
    if (this.#ended !== null) return
    if (this.#ofBytes && event.dir === 'out') this.#sent.update(event.bytes)
    if (this.#hasTimes) this.#note(event.dir, event.byteCount, atMs)
  }

  /** @throws ConsoleError `BODY_UNREADABLE`, of a body in a file. */
  sent({ route, kind, priority, headers, body, place }: OwnMessage, atMs: number): void {
    if (this.#ended !== null) return
    if (!this.#ofBytes) {
      const head = JSON.stringify([route, kind, priority, headersText(headers), body.byteLength])
      this.#sent.update(head).update('\n')
      for (const block of bodyBlocks(body)) this.#sent.update(block)
    }
    this.#note('sent', place, atMs)
  }

  /** Something of the other side was recognised, or was missing, or was too much. */
  happened(what: string, number: number, atMs: number): void {
    if (this.#ended === null) this.#note(what, number, atMs)
  }

  end(): { readonly hash: string; readonly orderHash: string } {
    this.#ended ??= { hash: this.#sent.digest('hex'), orderHash: this.#order.digest('hex') }
    return this.#ended
  }

  #note(what: string, number: number, atMs: number): void {
    this.#order.update(this.#hasTimes ? `${what} ${number} ${atMs}\n` : `${what} ${number}\n`)
  }
}
