import { ConsoleError } from '../../../../shared/errors'
import type { PipeMessage } from '../../pipe/pipe'
import { admitHead, charge, createSendOrder, pickNext, type Turn, withdraw } from '../../pipe/send-policy'
import type { FrameDraft } from './frame-draft'
import { HEADER_BYTES } from './wire/header'

/** A message that waits, as the one frame it will be. */
export interface Queued {
  readonly message: PipeMessage
  readonly draft: FrameDraft
  readonly wireBytes: number
}

interface Entry extends Queued {
  turn: Turn<Entry>
}

/**
 * Messages that wait, each a whole frame: the format can not split them. The more urgent class goes first, ageing lifts what
 * was passed over, and inside a class the order is kept.
 */
export class SendLine {
  readonly #limitBytes: number
  readonly #agingMs: number
  readonly #entries = new Map<number, Entry>()
  readonly #order = createSendOrder<Entry>()
  #queuedBytes = 0

  constructor(options: { readonly queuedBytes: number; readonly agingMs: number }) {
    this.#limitBytes = options.queuedBytes
    this.#agingMs = options.agingMs
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  get queuedMessages(): number {
    return this.#entries.size
  }

  /** One that is larger than all room is taken when nothing else waits: it could never be sent otherwise. */
  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    if (bodyBytes > this.#limitBytes) return this.#queuedBytes + extraBytes === 0
    return this.#queuedBytes + extraBytes + bodyBytes <= this.#limitBytes
  }

  /** @throws ConsoleError `QUEUE_FULL`. */
  add(message: PipeMessage, draft: FrameDraft, nowMs: number): void {
    const wireBytes = HEADER_BYTES + draft.payloadBytes
    if (!this.hasRoomFor(wireBytes)) {
      const why = `${this.#queuedBytes} of ${this.#limitBytes} bytes wait already`
      throw new ConsoleError('QUEUE_FULL', `${wireBytes} bytes do not fit: ${why}`, {
        queuedBytes: this.#queuedBytes,
        bodyBytes: wireBytes,
      })
    }
    const { priority } = message.head
    const entry = { message, draft, wireBytes } as Entry
    entry.turn = admitHead(this.#order, entry, { priority, wireBytes }, nowMs)
    this.#entries.set(message.messageKey, entry)
    this.#queuedBytes += wireBytes
  }

  /** Takes out the message whose turn it is. */
  next(nowMs: number): Queued | undefined {
    const turn = pickNext(this.#order, nowMs, this.#agingMs)
    if (turn === undefined) return undefined
    charge(this.#order, turn, 0, nowMs)
    this.#forget(turn.message)
    return turn.message
  }

  /** Takes a message out before its turn; undefined when it does not wait. */
  remove(messageKey: number): Queued | undefined {
    const entry = this.#entries.get(messageKey)
    if (entry === undefined) return undefined
    withdraw(this.#order, entry.turn)
    this.#forget(entry)
    return entry
  }

  /** Takes out all that do not pass, in the order they came. */
  keep(passes: (message: PipeMessage) => boolean): Queued[] {
    const left = [...this.#entries.values()].filter(({ message }) => !passes(message))
    for (const { message } of left) this.remove(message.messageKey)
    return left
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.message.messageKey)
    this.#queuedBytes -= entry.wireBytes
  }
}
