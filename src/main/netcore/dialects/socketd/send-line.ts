import { ConsoleError } from '../../../../shared/errors'
import { memoryBytesOf } from '../../pipe/message-body'
import type { PipeMessage } from '../../pipe/pipe'
import { admit, charge, createSendOrder, pickNext, type Turn, withdraw } from '../../pipe/send-policy'
import { type FrameDraft, frameOfPiece, pieceDataBytes, type PlainFrame } from './frame-draft'

/** A message that waits, or is on its way. */
export interface Queued {
  readonly message: PipeMessage
  readonly draft: FrameDraft
  readonly handedPieces: number
  readonly handedBytes: number
}

/** A frame that may go. */
export interface NextFrame {
  readonly queued: Queued
  readonly frame: PlainFrame
  readonly pieceIndex: number
  readonly bodyOffset: number
  readonly isLast: boolean
}

interface Entry extends Queued {
  handedPieces: number
  handedBytes: number
  readonly isCounted: boolean
  turn: Turn<Entry> | undefined
}

/**
 * Messages that wait, each as its frames, in the order of the send policy: pieces of several messages interleave, and a
 * message of one frame passes between the pieces of a large one. Answers to one request follow each other.
 */
export class SendLine {
  readonly #limitBytes: number
  readonly #agingMs: number
  readonly #entries = new Map<number, Entry>()
  /** Answers with the same sid: only the first is in the order. */
  readonly #chains = new Map<string, Entry[]>()
  #order = createSendOrder<Entry>()
  #queuedBytes = 0
  /** Of them those in memory that would fit. */
  #countedBytes = 0
  #large: Entry | undefined
  #isPaused = false

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

  /** One that is larger than all room is taken beside the others, since it could never be sent otherwise. */
  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    if (bodyBytes > this.#limitBytes) return this.#large === undefined && extraBytes <= this.#limitBytes
    return this.#countedBytes + extraBytes + bodyBytes <= this.#limitBytes
  }

  byKey(messageKey: number): Queued | undefined {
    return this.#entries.get(messageKey)
  }

  /** @throws ConsoleError `QUEUE_FULL`. */
  add(message: PipeMessage, draft: FrameDraft, nowMs: number): void {
    const { body } = draft
    const neededBytes = memoryBytesOf(body)
    const isLarge = neededBytes > this.#limitBytes
    if (!this.hasRoomFor(neededBytes)) {
      const why = `${this.#countedBytes} of ${this.#limitBytes} bytes wait already`
      throw new ConsoleError('QUEUE_FULL', `${neededBytes} bytes do not fit: ${why}`, {
        queuedBytes: this.#queuedBytes,
        bodyBytes: neededBytes,
      })
    }
    const isCounted = !isLarge && body instanceof Uint8Array
    const entry: Entry = { message, draft, handedPieces: 0, handedBytes: 0, isCounted, turn: undefined }
    this.#entries.set(message.messageKey, entry)
    this.#queuedBytes += body.byteLength
    if (isCounted) this.#countedBytes += body.byteLength
    if (isLarge) this.#large = entry
    if (isAnswer(entry)) this.#chain(entry, nowMs)
    else this.#admit(entry, nowMs)
  }

  /** Takes out the frame whose turn it is. @throws UnreadableBody: take its message out. */
  next(nowMs: number): NextFrame | undefined {
    const turn = pickNext(this.#order, nowMs, this.#agingMs)
    if (turn === undefined) return undefined
    const entry = turn.message
    const { draft } = entry
    const pieceIndex = entry.handedPieces
    const frame = frameOfPiece(draft, pieceIndex)
    const bodyOffset = entry.handedBytes
    entry.handedPieces += 1
    entry.handedBytes += frame.dataBytes
    this.#left(entry, frame.dataBytes)
    const isLast = entry.handedPieces === draft.pieces
    charge(this.#order, turn, isLast ? 0 : costOf(entry), nowMs)
    if (isLast) this.#forget(entry, nowMs)
    return { queued: entry, frame, pieceIndex, bodyOffset, isLast }
  }

  /** Takes out what is left of a message; undefined when nothing is. */
  remove(messageKey: number, nowMs: number): Queued | undefined {
    const entry = this.#entries.get(messageKey)
    if (entry === undefined) return undefined
    if (entry.turn !== undefined) withdraw(this.#order, entry.turn)
    this.#left(entry, entry.draft.body.byteLength - entry.handedBytes)
    this.#forget(entry, nowMs)
    return entry
  }

  /** Takes out all that have begun or do not pass, in the order they came. */
  keep(passes: (message: PipeMessage) => boolean, nowMs: number): Queued[] {
    const left = [...this.#entries.values()].filter(
      ({ message, handedPieces }) => handedPieces > 0 || !passes(message),
    )
    for (const { message } of left) this.remove(message.messageKey, nowMs)
    return left
  }

  /** Takes out all messages of ours that have not begun. */
  takeNew(nowMs: number): Queued[] {
    const fresh = [...this.#entries.values()].filter((entry) => entry.handedPieces === 0 && !isAnswer(entry))
    for (const { message } of fresh) this.remove(message.messageKey, nowMs)
    return fresh
  }

  /** Messages of ours that have not begun wait; what is under way, and answers, go on. */
  pause(): void {
    this.#isPaused = true
    for (const entry of this.#entries.values()) {
      if (entry.turn === undefined || entry.handedPieces > 0 || passesPause(entry)) continue
      withdraw(this.#order, entry.turn)
      entry.turn = undefined
    }
  }

  goOn(nowMs: number): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    for (const entry of this.#entries.values()) {
      if (entry.turn === undefined && !isAnswer(entry)) this.#admit(entry, nowMs)
    }
  }

  /** The last answer that waits for this sid, if it has not begun. */
  lastAnswer(sid: string): Queued | undefined {
    const last = this.#chains.get(sid)?.at(-1)
    return last?.handedPieces === 0 ? last : undefined
  }

  /** Answers with this sid wait. */
  hasAnswers(sid: string): boolean {
    return this.#chains.has(sid)
  }

  /** A new connection: everybody is in line again. */
  begin(nowMs: number): void {
    this.#order = createSendOrder()
    this.#isPaused = false
    for (const entry of this.#entries.values()) {
      entry.turn = undefined
      this.#admit(entry, nowMs)
    }
  }

  #chain(entry: Entry, nowMs: number): void {
    const chain = this.#chains.get(entry.draft.sid)
    if (chain !== undefined) chain.push(entry)
    else {
      this.#chains.set(entry.draft.sid, [entry])
      this.#admit(entry, nowMs)
    }
  }

  #admit(entry: Entry, nowMs: number): void {
    if (this.#isPaused && entry.handedPieces === 0 && !passesPause(entry)) return
    const { priority } = entry.message.head
    const nextBytes = costOf(entry)
    const chunkBytes = Math.max(entry.draft.frameBytes, nextBytes)
    entry.turn = admit(this.#order, entry, { priority, chunkBytes, nextBytes }, nowMs)
  }

  #left(entry: Entry, byteCount: number): void {
    this.#queuedBytes -= byteCount
    if (entry.isCounted) this.#countedBytes -= byteCount
  }

  #forget(entry: Entry, nowMs: number): void {
    entry.turn = undefined
    if (entry === this.#large) this.#large = undefined
    this.#entries.delete(entry.message.messageKey)
    if (!isAnswer(entry)) return
    const { sid } = entry.draft
    const chain = this.#chains.get(sid)!
    const wasFirst = chain[0] === entry
    chain.splice(chain.indexOf(entry), 1)
    if (chain.length === 0) this.#chains.delete(sid)
    else if (wasFirst) this.#admit(chain[0]!, nowMs)
  }
}

const isAnswer = ({ message }: Entry): boolean => message.head.kind === 'response'

/** As in the library, a meta says that a message need not wait for the peer to catch its breath. */
const passesPause = (entry: Entry): boolean =>
  isAnswer(entry) || Object.hasOwn(entry.message.head.headers, 'X-Unlimited')

/** Bytes of the next frame on the wire, about. */
const costOf = ({ draft, handedPieces }: Entry): number =>
  draft.frameBytes - draft.pieceBytes + pieceDataBytes(draft, handedPieces)
