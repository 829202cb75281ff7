import { ConsoleError, type ErrorCode } from '../../../../shared/errors'
import { UnreadableBody } from '../../pipe/guarded-body'
import { IncomingTrace } from '../../pipe/incoming-trace'
import { OutgoingTrace } from '../../pipe/outgoing-trace'
import type { OutgoingFrame, Pipe, PipeMessage, PipeOptions, PipeOwner } from '../../pipe/pipe'
import { RecentMap } from '../../pipe/recent-map'
import { Asked } from './asked'
import { ControlLine } from './control-line'
import type { FrameDraft, PlainFrame } from './frame-draft'
import { Joining } from './joining'
import { OurRequests } from './our-requests'
import { type NextFrame, SendLine } from './send-line'
import { CLOSE } from './session/close-codes'
import { Session } from './session/session'
import { drawSid } from './session/sids'
import { wrapFrame } from './wire/envelope'
import { decoderFor, type LineForm, lineFormOf } from './wire/line-form'
import type { FrameDecoder, FrameTaker, WireFault, WireFrame } from './wire/frame-decoder'
import { MessageDrafts } from './message-drafts'
import { ReceivedFrames } from './received-frames'

/** Strangers get little memory. */
const STRANGER_BYTES = 64 * 1024
/** Ids of messages of ours that were used. */
const REMEMBERED_SIDS = 4096
/**
 * The pipe of the `socketd` dialect: a handshake before everything, messages in pieces that interleave, answers found by sid
 * and by this connection alone. Joins handshake, heartbeat, the line of waiting frames and the joining of pieces;
 * docs/socketd.md says what goes over the line.
 *
 * A pipe that only reads takes no part: no handshake, no answers, one direction's frames as they come.
 */
export class SocketdPipe implements Pipe {
  readonly survivesLoss = false
  readonly confirmedOffset = null
  readonly #options: PipeOptions
  readonly #owner: PipeOwner
  readonly #isReading: boolean
  readonly #form: LineForm
  readonly #incoming: IncomingTrace
  readonly #outgoing: OutgoingTrace
  readonly #line: SendLine
  readonly #control = new ControlLine()
  readonly #joining: Joining
  readonly #asked: Asked
  readonly #ours = new OurRequests()
  readonly #drafts: MessageDrafts
  readonly #received: ReceivedFrames
  /** Answers whose end follows them in a frame of its own: event by sid. */
  readonly #endsBehind = new Map<string, string>()
  readonly #taker: FrameTaker = {
    frame: (wire) => {
      this.#frame(wire)
    },
    fault: (fault) => {
      this.#fault(fault)
    },
  }
  readonly #session: Session
  #decoder: FrameDecoder
  #usedSids = new RecentMap<true>(REMEMBERED_SIDS)
  /** Drawn as a correlation id, to be the ref of the same message. */
  #drawn = ''
  #isConnected = false
  /** Whoever only reads has no session to end. */
  #isUnreadable = false
  #outOffset = 0
  #sessions = 0

  constructor(options: PipeOptions, owner: PipeOwner, isReading = false) {
    const { limits, policy, session, codec } = options
    this.#options = options
    this.#owner = owner
    this.#isReading = isReading
    this.#form = lineFormOf(codec, isReading)
    this.#incoming = new IncomingTrace((event) => owner.trace(event))
    this.#outgoing = new OutgoingTrace((event) => owner.trace(event))
    this.#line = new SendLine({ queuedBytes: limits.queuedBytes, agingMs: policy.agingMs })
    this.#joining = new Joining(limits, owner, this.#incoming, this.#form.isLossy)
    this.#asked = new Asked(limits.pendingRequests)
    this.#drafts = new MessageDrafts(options, this.#form, this.#asked)
    this.#received = new ReceivedFrames({
      isReading,
      metaEscape: session?.metaEscape,
      path: () => this.#session.path,
      owner,
      trace: this.#incoming,
      joining: this.#joining,
      control: this.#control,
      asked: this.#asked,
      ours: this.#ours,
      pressed: (wire, text) => {
        this.#session.pressed(wire, text, this.#incoming.nowMs)
      },
    })
    this.#decoder = this.#newDecoder()
    this.#session = new Session(options, {
      form: this.#form,
      control: this.#control,
      changed: (phase, code, detail, peerIdentity, nowMs) => {
        owner.trace({ type: 'session', atMs: nowMs, phase, code, detail, peerIdentity, isResumed: false })
      },
      fault: (code, detail, wire) => {
        this.#sessionFault(code, detail, wire)
      },
      noted: (wire) => {
        this.#received.noted(wire)
      },
      opened: () => {
        this.#decoder.mostBytes = this.#form.largestFrameBytes
      },
      take: (wire) => this.#received.take(wire),
      restarted: (code, nowMs) => {
        this.#restarted(code, nowMs)
      },
      paused: (isPaused, nowMs) => {
        if (isPaused) this.#line.pause()
        else this.#line.goOn(nowMs)
      },
      peerLeaves: (detail, nowMs) => {
        this.#peerLeaves(detail, nowMs)
      },
      work: () => {
        owner.work()
      },
    })
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

  get inOffset(): number {
    return this.#decoder.streamOffset
  }

  get isSpent(): boolean {
    return this.#isUnreadable || this.#session.isSpent
  }

  get isReady(): boolean {
    return this.#isConnected && (this.#isReading || this.#session.isOpen)
  }

  get session(): number {
    return this.#sessions
  }

  get wakeAtMs(): number | null {
    if (!this.#isConnected || this.isSpent) return null
    const atMs = Math.min(this.#joining.wakeAtMs, this.#isReading ? Infinity : this.#session.wakeAtMs)
    return atMs === Infinity ? null : atMs
  }

  connected(nowMs: number): void {
    this.#incoming.nowMs = nowMs
    this.#incoming.streamOffset = 0
    this.#decoder = this.#newDecoder()
    this.#outOffset = 0
    this.#isConnected = true
    this.#isUnreadable = false
    this.#beginSession(nowMs)
    if (!this.#isReading) this.#session.begin(nowMs)
    this.#traceQueue(nowMs)
  }

  disconnected(nowMs: number): void {
    this.#incoming.nowMs = nowMs
    if (this.#isConnected && this.#decoder.pendingBytes > 0 && !this.isSpent) {
      const { streamOffset, pendingBytes } = this.#decoder
      const detail = 'the connection ended in the middle of a frame'
      this.#incoming.fault('MESSAGE_INTERRUPTED', streamOffset, pendingBytes, '', detail)
    }
    this.#isConnected = false
    this.#session.end()
    this.#endMessages()
    // Nobody waits for the answer of a request that failed, and the peer that asked is gone: neither is sent later.
    this.#leave(({ head, isAwaited }) => !isAwaited && head.kind !== 'response', nowMs)
  }

  stop(nowMs: number): void {
    this.disconnected(nowMs)
    this.#leave(() => false, nowMs)
  }

  farewell(nowMs: number): void {
    if (!this.#isConnected || this.#isReading || this.#session.isParting) return
    this.#session.part(CLOSE.command, nowMs)
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.#incoming.nowMs = nowMs
    if (this.#isDeaf) return
    this.#decoder.receive(bytes, nowMs, this.#taker)
    this.#session.heard(nowMs)
    if (this.#control.isOverfull) {
      this.#session.broken('QUEUE_FULL', 'the peer asks, and does not read the answers', nowMs)
    }
    this.#traceQueue(nowMs)
  }

  wake(nowMs: number): void {
    if (!this.#isConnected || this.isSpent) return
    this.#incoming.nowMs = nowMs
    this.#joining.wake(nowMs)
    if (!this.#isReading) this.#session.wake(nowMs)
  }

  pull(nowMs: number): OutgoingFrame | undefined {
    if (!this.#isConnected || this.#isReading || this.isSpent) return undefined
    const control = this.#control.next()
    if (control !== undefined) {
      if (control.frameKind === 'close') this.#session.closeLeft(nowMs)
      return this.#handedOver(control, { ref: control.sid })
    }
    if (!this.isReady) return undefined
    this.#session.endPause(nowMs)
    const next = this.#nextReadable(nowMs)
    if (next === undefined) {
      this.#traceQueue(nowMs)
      return undefined
    }
    const { queued, frame, pieceIndex, bodyOffset, isLast } = next
    const { message } = queued
    const { messageKey, head } = message
    if (pieceIndex === 0 && head.kind === 'request') this.#asks(queued.draft, messageKey)
    this.#owner.progressed(messageKey, nowMs)
    if (isLast) this.#outgoing.closed(message, 'complete', null, nowMs)
    if (isLast && head.kind === 'response') this.#answerLeft(queued.draft)
    this.#traceQueue(nowMs)
    return this.#handedOver(frame, {
      ref: queued.draft.sid,
      messageKey,
      chunkIndex: pieceIndex,
      bodyOffset,
      isLast,
    })
  }

  send(message: PipeMessage, nowMs: number): void {
    const { head } = message
    const isNew = head.kind !== 'response'
    if (isNew && this.#session.isPeerLeaving) {
      throw new ConsoleError('SOCKETD_PEER_CLOSING', 'the peer said that it is going to close')
    }
    if (isNew && this.#usedSids.has(head.ref)) {
      throw new ConsoleError('DUPLICATE_REF', `the id "${head.ref}" was used before`, { ref: head.ref })
    }
    this.#line.add(message, this.#drafts.draft(message), nowMs)
    if (isNew) this.#usedSids.set(head.ref, true)
    this.#outgoing.opened(message, nowMs)
    this.#traceQueue(nowMs)
  }

  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    const queued = this.#line.remove(messageKey, nowMs)
    this.#ours.done(messageKey)
    if (queued === undefined) return false
    this.#outgoing.closed(queued.message, 'cancelled', code, nowMs)
    if (queued.message.head.kind === 'response') this.#answerLeft(queued.draft)
    this.#traceQueue(nowMs)
    return true
  }

  declineAnswers(requestKey: number): void {
    // There is no word for it: what still comes is dropped.
    this.#ours.done(requestKey)
  }

  consumed(): void {
    // There is no credit here: whatever comes has to be taken.
  }

  endAnswers(incomingKey: number): void {
    const asked = this.#asked.get(incomingKey)
    if (asked === undefined || asked.isOver || !asked.isSubscription) return
    asked.isOver = true
    const last = this.#line.lastAnswer(asked.sid)
    if (last?.draft.kind === 'reply') last.draft.kind = 'reply-end'
    else if (!this.#line.hasAnswers(asked.sid)) this.#control.add('reply-end', asked.sid, asked.event, '')
    else this.#endsBehind.set(asked.sid, asked.event)
  }

  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    return this.#line.hasRoomFor(bodyBytes, extraBytes)
  }

  drawRef(): string {
    const ref = this.#drawn === '' ? drawSid(this.#options) : this.#drawn
    this.#drawn = ''
    return ref
  }

  /** A request is found by its sid, so the two are drawn together. */
  drawCorrelationId(): string {
    this.#drawn = drawSid(this.#options)
    return this.#drawn
  }

  // Out.

  #asks({ sid, kind }: FrameDraft, messageKey: number): void {
    this.#ours.add(sid, { messageKey, isSubscription: kind === 'subscribe' })
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
    const { message, draft, handedBytes } = this.#line.remove(messageKey, nowMs)!
    const { code, message: detail } = problem
    const lostBytes = draft.body.byteLength - handedBytes
    const streamOffset = this.#outOffset
    const { sid: ref } = draft
    this.#owner.trace({ type: 'fault', atMs: nowMs, dir: 'out', code, streamOffset, lostBytes, ref, detail })
    this.#outgoing.closed(message, 'failed', code, nowMs)
    if (message.head.kind === 'response') this.#answerLeft(draft)
    this.#ours.done(messageKey)
    this.#owner.lost(messageKey, code, nowMs, detail)
  }

  /** The end of answers goes behind the last one. */
  #answerLeft({ sid }: FrameDraft): void {
    const event = this.#endsBehind.get(sid)
    if (event === undefined || this.#line.hasAnswers(sid)) return
    this.#endsBehind.delete(sid)
    this.#control.add('reply-end', sid, event, '')
  }

  #handedOver(
    { frameKind, parts, dataBytes }: PlainFrame,
    place: Pick<OutgoingFrame, 'ref'> &
      Partial<Pick<OutgoingFrame, 'messageKey' | 'chunkIndex' | 'bodyOffset' | 'isLast'>>,
  ): OutgoingFrame {
    const { kind } = this.#form
    const sent = kind === 'envelope' ? [wrapFrame(parts, this.#options.checksum)] : parts
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

  #leave(makesSenseLater: (message: PipeMessage) => boolean, nowMs: number): void {
    for (const { message } of this.#line.keep(makesSenseLater, nowMs)) {
      this.#outgoing.closed(message, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
    }
    this.#traceQueue(nowMs)
  }

  // In.

  /** Nothing that comes now is looked at. */
  get #isDeaf(): boolean {
    return this.isSpent || this.#session.isParting
  }

  #frame(wire: WireFrame): void {
    if (this.#isDeaf) return
    if (this.#isReading) this.#readAlong(wire)
    else this.#session.frame(wire, this.#incoming.nowMs)
  }

  #readAlong(wire: WireFrame): void {
    if (this.#received.take(wire)) return
    this.#received.noted(wire)
    const { kind, flag } = wire.frame
    if (kind === 'unknown') {
      this.#sessionFault('SOCKETD_PROTOCOL', `there is no frame with the flag ${flag}`, wire)
    }
  }

  #fault({ code, detail, streamOffset, lostBytes }: WireFault): void {
    if (this.#isDeaf) return
    this.#incoming.fault(code, streamOffset, lostBytes, '', detail)
    if (!this.#decoder.isSpent) return
    if (this.#isReading) this.#isUnreadable = true
    else this.#session.part(CLOSE.protocol, this.#incoming.nowMs)
  }

  // The session.

  #beginSession(nowMs: number): void {
    this.#sessions += 1
    this.#usedSids = new RecentMap(REMEMBERED_SIDS)
    this.#line.begin(nowMs)
    if (!this.#isReading) this.#decoder.mostBytes = Math.min(STRANGER_BYTES, this.#form.largestFrameBytes)
  }

  /** Gives the requests of ours that wait. */
  #endMessages(): readonly number[] {
    this.#control.clear()
    this.#asked.clear()
    this.#endsBehind.clear()
    this.#joining.end()
    return this.#ours.takeAll()
  }

  /** On a line that stays: what was under way is over at once, what had not begun waits for the next handshake. */
  #restarted(code: ErrorCode, nowMs: number): void {
    const waiting = this.#endMessages()
    this.#leave(({ head }) => head.kind !== 'response', nowMs)
    for (const messageKey of waiting) this.#owner.lost(messageKey, code, nowMs, 'the session began anew')
    this.#beginSession(nowMs)
  }

  #peerLeaves(detail: string, nowMs: number): void {
    for (const { message } of this.#line.takeNew(nowMs)) {
      this.#outgoing.closed(message, 'interrupted', 'SOCKETD_PEER_CLOSING', nowMs)
      this.#owner.lost(message.messageKey, 'SOCKETD_PEER_CLOSING', nowMs, detail)
    }
  }

  #sessionFault(code: ErrorCode, detail: string, wire: WireFrame | undefined): void {
    const { streamOffset, frame } = wire ?? { streamOffset: this.#decoder.streamOffset, frame: undefined }
    this.#incoming.fault(code, streamOffset, 0, frame?.sid ?? '', detail)
  }

  #newDecoder(): FrameDecoder {
    return decoderFor(this.#form, this.#options.checksum)
  }

  #traceQueue(nowMs: number): void {
    this.#outgoing.queue(this.#line.queuedBytes, this.#line.queuedMessages, nowMs)
  }
}
