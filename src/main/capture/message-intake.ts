import { peerErrorOf } from '../../shared/model/peer-error'
import type {
  FaultEvent,
  FrameEvent,
  MessageClosed,
  MessageOpened,
  RequestSettled,
} from '../../shared/model/trace'
import { LANE_FAULT } from '../../shared/model/views'
import type { CaptureListeners } from './capture-listeners'
import type { ChunkStore } from './chunk-store'
import { EarlyChunks } from './early-chunks'
import type { LinkLedgers } from './link-ledgers'
import { MessageKeys } from './message-keys'
import type { MessageStore } from './message-store'
import { KINDS } from './message-words'
import { RouteHues } from './route-hues'

interface Stores {
  readonly chunks: ChunkStore
  readonly messages: MessageStore
  readonly ledgers: LinkLedgers
  /** Told of moments. */
  readonly listeners: CaptureListeners
}

/**
 * Brings what the trace says of messages together: from the keys of links to numbers, frames to their messages, answers
 * to their requests. A frame costs no allocation.
 */
export class MessageIntake {
  readonly #chunks: ChunkStore
  readonly #messages: MessageStore
  readonly #ledgers: LinkLedgers
  readonly #listeners: CaptureListeners
  readonly #keys = new MessageKeys()
  readonly #early = new EarlyChunks()
  readonly #hues = new RouteHues()

  constructor({ chunks, messages, ledgers, listeners }: Stores) {
    this.#chunks = chunks
    this.#messages = messages
    this.#ledgers = ledgers
    this.#listeners = listeners
  }

  /** Number of the message with this key on its link, 0 when it is not (or no longer) known. */
  idOf(linkId: number, messageKey: number): number {
    return this.#keys.idOf(linkId, messageKey)
  }

  frame(frame: FrameEvent): void {
    const ledger = this.#ledgers.of(frame.linkId)
    const id = this.#keys.idOf(frame.linkId, frame.messageKey)
    const { busyMs } = ledger.of(frame.dir)
    let isRepeat = frame.isRepeat === true
    if (this.#messages.has(id)) {
      const newBytes = this.#messages.addFrame(id, frame, busyMs)
      isRepeat &&= newBytes === 0
    }
    const row = this.#chunks.append(frame, id, isRepeat)
    ledger.addFrame(frame, row, id)
    if (id === 0 && frame.messageKey !== 0) this.#early.add(frame, row, busyMs)
    if (this.#early.isEmpty) return
    this.#early.passTo(frame.atMs)
    this.#earlyChanged()
  }

  opened(event: MessageOpened): void {
    const requestId = this.#keys.idOf(event.linkId, event.answersKey)
    const hasRequest = this.#messages.has(requestId)
    const route = event.route === '' && hasRequest ? this.#routeOf(requestId) : event.route
    const hue = hasRequest ? this.#hueOf(requestId) : this.#hues.hueOf(route)
    const id = this.#messages.open(event, route, hue, hasRequest ? requestId : 0)
    this.#keys.add(event.linkId, event.messageKey, id)
    if (!this.#early.isEmpty) this.#claimEarly(event.linkId, event.messageKey, id)
    if (this.#messages.has(requestId)) this.#messages.setPartner(requestId, id, false)
    this.#listeners.reached(id, 'opened', event.atMs)
  }

  closed(event: MessageClosed): void {
    const id = this.#keys.idOf(event.linkId, event.messageKey)
    const isRequest = this.#messages.has(id) && this.#kindOf(id) === 'request'
    this.#keys.close(event.linkId, event.messageKey, isRequest)
    if (!this.#messages.has(id)) return
    this.#messages.close(id, event)
    if (event.dir === 'in' && this.#kindOf(id) === 'response') this.#noteErrorAnswer(id, event)
    this.#listeners.reached(id, 'closed', event.atMs)
    const isAwaited = this.#messages.columnsOf(id).awaited[this.#messages.indexOf(id)] === 1
    if (!isAwaited) this.#listeners.reached(id, 'settled', event.atMs)
  }

  settled({ linkId, atMs, requestKey, answerKey, code, roundTripMs }: RequestSettled): void {
    const requestId = this.#keys.idOf(linkId, requestKey)
    if (!this.#messages.has(requestId)) return
    this.#messages.settle(requestId, atMs, code, roundTripMs)
    const answerId = this.#keys.idOf(linkId, answerKey)
    if (this.#messages.has(answerId)) {
      this.#messages.setPartner(requestId, answerId, true)
      this.#messages.setPartner(answerId, requestId, true)
    }
    this.#listeners.reached(requestId, 'settled', atMs)
  }

  /** Notes which frame a fault is about, and which head will not come any more. */
  fault(event: FaultEvent): void {
    if (event.ref === '') return
    if (!this.#early.isEmpty) {
      this.#early.noteFault(event)
      this.#earlyChanged()
    }
    const { lastRow, lastMessageId } = this.#ledgers.of(event.linkId).of(event.dir)
    const isOfLastFrame = this.#messages.has(lastMessageId) && this.#refOf(lastMessageId) === event.ref
    if (isOfLastFrame) this.#chunks.addFlags(lastRow, LANE_FAULT)
  }

  /** @param newIdOf - Numbers of messages that stay; the others are forgotten. */
  clear(newIdOf: (messageId: number) => number | undefined): void {
    this.#keys.renumber(newIdOf)
    this.#early.clear()
    this.#earlyChanged()
  }

  forgetLink(linkId: number): void {
    this.#keys.forgetLink(linkId)
    this.#early.forgetLink(linkId)
    this.#earlyChanged()
  }

  /** Chunks that were ahead of the head of a message belong to it like those that come after. */
  #claimEarly(linkId: number, messageKey: number, id: number): void {
    for (const { frame, row, busyBeforeMs } of this.#early.claim(linkId, messageKey)) {
      this.#messages.addFrame(id, frame, busyBeforeMs)
      this.#chunks.assign(row, id)
    }
    this.#earlyChanged()
  }

  #earlyChanged(): void {
    this.#chunks.waitFrom(this.#early.firstRow)
  }

  /** An answer that says the peer failed marks itself and its request: both are through, and neither is well. */
  #noteErrorAnswer(id: number, { body }: MessageClosed): void {
    const columns = this.#messages.columnsOf(id)
    const at = this.#messages.indexOf(id)
    const said = peerErrorOf({ headers: columns.headers[at]!, body })
    if (said === undefined) return
    const code = said.code === 'ROUTE_UNKNOWN' ? 'ROUTE_UNKNOWN' : 'HANDLER_FAILED'
    this.#messages.noteCode(id, code)
    const requestId = columns.partnerIds[at]!
    if (this.#messages.has(requestId)) this.#messages.noteCode(requestId, code)
  }

  #kindOf(id: number) {
    return KINDS.word(this.#messages.columnsOf(id).kinds[this.#messages.indexOf(id)]!)
  }

  #routeOf(id: number): string {
    return this.#messages.columnsOf(id).routes[this.#messages.indexOf(id)]!
  }

  #hueOf(id: number): number {
    return this.#messages.columnsOf(id).hues[this.#messages.indexOf(id)]!
  }

  #refOf(id: number): string {
    return this.#messages.columnsOf(id).refs[this.#messages.indexOf(id)]!
  }
}
