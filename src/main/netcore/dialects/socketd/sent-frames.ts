import { ConsoleError, type ErrorCode } from '../../../../shared/errors'
import { UnreadableBody } from '../../pipe/guarded-body'
import { OutgoingTrace } from '../../pipe/outgoing-trace'
import type { OutgoingFrame, PipeMessage, PipeOptions, PipeOwner } from '../../pipe/pipe'
import { RecentMap } from '../../pipe/recent-map'
import type { Asked } from './asked'
import type { ControlLine } from './control-line'
import type { FrameDraft, PlainFrame } from './frame-draft'
import { MessageDrafts } from './message-drafts'
import type { OurRequests } from './our-requests'
import { type NextFrame, SendLine } from './send-line'
import { drawSid } from './session/sids'
import { wrapFrame } from './wire/envelope'
import type { LineForm } from './wire/line-form'

/** Ids of messages of ours that were used. */
const REMEMBERED_SIDS = 4096

export interface SentFramesParts {
  readonly options: PipeOptions
  readonly owner: PipeOwner
  readonly form: LineForm
  readonly control: ControlLine
  readonly asked: Asked
  readonly ours: OurRequests
}

/** Whose frame it is, and which of its; absent for frames of the protocol itself. */
type Place = Pick<OutgoingFrame, 'ref'> &
  Partial<Pick<OutgoingFrame, 'messageKey' | 'chunkIndex' | 'bodyOffset' | 'isLast'>>

/**
 * What we say: messages from being queued to their last frame, answers with the end that follows them, and where the
 * outgoing stream stands. When it may be said is up to the pipe.
 */
export class SentFrames {
  readonly #parts: SentFramesParts
  readonly #outgoing: OutgoingTrace
  readonly #line: SendLine
  readonly #drafts: MessageDrafts
  /** Answers whose end follows them in a frame of its own: event by sid. */
  readonly #endsBehind = new Map<string, string>()
  #usedSids = new RecentMap<true>(REMEMBERED_SIDS)
  /** Drawn as a correlation id, to be the ref of the same message. */
  #drawn = ''
  #outOffset = 0

  constructor(parts: SentFramesParts) {
    const { options, owner, form, asked } = parts
    const { limits, policy } = options
    this.#parts = parts
    this.#outgoing = new OutgoingTrace((event) => owner.trace(event))
    this.#line = new SendLine({ queuedBytes: limits.queuedBytes, agingMs: policy.agingMs })
    this.#drafts = new MessageDrafts(options, form, asked)
  }

  get queuedBytes(): number {
    return this.#line.queuedBytes
  }

  get queuedMessages(): number {
    return this.#line.queuedMessages
  }

  get outOffset(): number {
    return this.#outOffset
  }

  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    return this.#line.hasRoomFor(bodyBytes, extraBytes)
  }

  connected(): void {
    this.#outOffset = 0
  }

  beginSession(nowMs: number): void {
    this.#usedSids = new RecentMap(REMEMBERED_SIDS)
    this.#line.begin(nowMs)
  }

  /** Nobody reads the answers that are still to come. */
  endSession(): void {
    this.#endsBehind.clear()
  }

  pause(isPaused: boolean, nowMs: number): void {
    if (isPaused) this.#line.pause()
    else this.#line.goOn(nowMs)
  }

  /** @throws ConsoleError `QUEUE_FULL`, `DUPLICATE_REF`, and what the dialect can not say. */
  add(message: PipeMessage, nowMs: number): void {
    const { head } = message
    const isNew = head.kind !== 'response'
    if (isNew && this.#usedSids.has(head.ref)) {
      throw new ConsoleError('DUPLICATE_REF', `the id "${head.ref}" was used before`, { ref: head.ref })
    }
    this.#line.add(message, this.#drafts.draft(message), nowMs)
    if (isNew) this.#usedSids.set(head.ref, true)
    this.#outgoing.opened(message, nowMs)
    this.traceQueue(nowMs)
  }

  /** False when nothing was left of it. */
  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    const queued = this.#line.remove(messageKey, nowMs)
    this.#parts.ours.done(messageKey)
    if (queued === undefined) return false
    this.#outgoing.closed(queued.message, 'cancelled', code, nowMs)
    if (queued.message.head.kind === 'response') this.#answerLeft(queued.draft)
    this.traceQueue(nowMs)
    return true
  }

  endAnswers(incomingKey: number): void {
    const asked = this.#parts.asked.get(incomingKey)
    if (asked === undefined || asked.isOver || !asked.isSubscription) return
    asked.isOver = true
    const last = this.#line.lastAnswer(asked.sid)
    if (last?.draft.kind === 'reply') last.draft.kind = 'reply-end'
    else if (!this.#line.hasAnswers(asked.sid))
      this.#parts.control.add('reply-end', asked.sid, asked.event, '')
    else this.#endsBehind.set(asked.sid, asked.event)
  }

  drawRef(): string {
    const ref = this.#drawn === '' ? drawSid(this.#parts.options) : this.#drawn
    this.#drawn = ''
    return ref
  }

  /** A request is found by its sid, so the two are drawn together. */
  drawCorrelationId(): string {
    this.#drawn = drawSid(this.#parts.options)
    return this.#drawn
  }

  /** The next frame of a message. */
  next(nowMs: number): OutgoingFrame | undefined {
    const next = this.#nextReadable(nowMs)
    if (next === undefined) {
      this.traceQueue(nowMs)
      return undefined
    }
    const { queued, frame, pieceIndex, bodyOffset, isLast } = next
    const { message, draft } = queued
    const { messageKey, head } = message
    if (pieceIndex === 0 && head.kind === 'request') this.#asks(draft, messageKey)
    this.#parts.owner.progressed(messageKey, nowMs)
    if (isLast) this.#outgoing.closed(message, 'complete', null, nowMs)
    if (isLast && head.kind === 'response') this.#answerLeft(draft)
    this.traceQueue(nowMs)
    return this.handOver(frame, { ref: draft.sid, messageKey, chunkIndex: pieceIndex, bodyOffset, isLast })
  }

  handOver({ frameKind, parts, dataBytes }: PlainFrame, place: Place): OutgoingFrame {
    const { form, options } = this.#parts
    const sent = form.kind === 'envelope' ? [wrapFrame(parts, options.checksum)] : parts
    const wireBytes = sent.reduce((sum, { length }) => sum + length, 0)
    const streamOffset = this.#outOffset
    this.#outOffset += wireBytes
    const { ref, messageKey = 0, chunkIndex = -1, bodyOffset = 0, isLast = false } = place
    const payloadBytes = messageKey === 0 ? 0 : dataBytes
    return {
      frameKind,
      parts: sent,
      wireBytes,
      payloadBytes,
      ref,
      messageKey,
      chunkIndex,
      bodyOffset,
      isLast,
      streamOffset,
    }
  }

  /** What does not make sense on a later connection, or in a later session, is interrupted. */
  leave(makesSenseLater: (message: PipeMessage) => boolean, nowMs: number): void {
    for (const { message } of this.#line.keep(makesSenseLater, nowMs)) {
      this.#outgoing.closed(message, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
    }
    this.traceQueue(nowMs)
  }

  /** The peer wants nothing new: what had not begun fails. */
  dropNew(code: ErrorCode, detail: string, nowMs: number): void {
    for (const { message } of this.#line.takeNew(nowMs)) {
      this.#outgoing.closed(message, 'interrupted', code, nowMs)
      this.#parts.owner.lost(message.messageKey, code, nowMs, detail)
    }
  }

  traceQueue(nowMs: number): void {
    this.#outgoing.queue(this.#line.queuedBytes, this.#line.queuedMessages, nowMs)
  }

  #asks({ sid, kind }: FrameDraft, messageKey: number): void {
    this.#parts.ours.add(sid, { messageKey, isSubscription: kind === 'subscribe' })
  }

  /** The next frame of a body that can be read; one that can not takes its message with it, and nothing else. */
  #nextReadable(nowMs: number): NextFrame | undefined {
    for (;;) {
      try {
        return this.#line.next(nowMs)
      } catch (error) {
        if (!(error instanceof UnreadableBody)) throw error
        this.#giveUp(error, nowMs)
      }
    }
  }

  #giveUp({ messageKey, problem }: UnreadableBody, nowMs: number): void {
    const { owner, ours } = this.#parts
    const { message, draft, handedBytes } = this.#line.remove(messageKey, nowMs)!
    const { code, message: detail } = problem
    const lostBytes = draft.body.byteLength - handedBytes
    const streamOffset = this.#outOffset
    const { sid: ref } = draft
    owner.trace({ type: 'fault', atMs: nowMs, dir: 'out', code, streamOffset, lostBytes, ref, detail })
    this.#outgoing.closed(message, 'failed', code, nowMs)
    if (message.head.kind === 'response') this.#answerLeft(draft)
    ours.done(messageKey)
    owner.lost(messageKey, code, nowMs, detail)
  }

  /** The end of answers goes behind the last one. */
  #answerLeft({ sid }: FrameDraft): void {
    const event = this.#endsBehind.get(sid)
    if (event === undefined || this.#line.hasAnswers(sid)) return
    this.#endsBehind.delete(sid)
    this.#parts.control.add('reply-end', sid, event, '')
  }
}
