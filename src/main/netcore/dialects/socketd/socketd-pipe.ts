import { ConsoleError, type ErrorCode } from '../../../../shared/errors'
import type { SessionPhase } from '../../../../shared/model/trace'
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
import { CLOSE, partingOf } from './session/close-codes'
import { EarlyFrames } from './session/early-frames'
import { Handshake } from './session/handshake'
import { DEFAULT_HEARTBEAT_MS, Heartbeat } from './session/heartbeat'
import { drawSid } from './session/sids'
import { wrapFrame } from './wire/envelope'
import { decoderFor, type LineForm, lineFormOf } from './wire/line-form'
import type { FrameDecoder, FrameTaker, WireFault, WireFrame } from './wire/frame-decoder'
import { MessageDrafts } from './message-drafts'
import { ReceivedFrames } from './received-frames'

/** Strangers get little memory. */
const STRANGER_BYTES = 64 * 1024
/** How long a Close may wait to leave. */
const PARTING_MS = 1000
/** What 3001 asks for: the library sleeps as long before its next send. */
export const PRESSURE_PAUSE_MS = 100
/** Ids of messages of ours that were used. */
const REMEMBERED_SIDS = 4096
/** On a line that said no, or goodbye, it is asked again after this long. */
const REJOIN_MS = 1000

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
  readonly #early = new EarlyFrames()
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
  readonly #heartbeat: Heartbeat
  readonly #handshake: Handshake
  #decoder: FrameDecoder
  #usedSids = new RecentMap<true>(REMEMBERED_SIDS)
  /** Drawn as a correlation id, to be the ref of the same message. */
  #drawn = ''
  #isConnected = false
  #isSpent = false
  /** A Close is on its way, and nothing behind it: until then at most. */
  #partsAtMs = Infinity
  /** The peer wants nothing new. */
  #isPeerLeaving = false
  #pausedUntilMs = Infinity
  /** When to ask anew on a line, where nobody asks. */
  #rejoinAtMs = Infinity
  #toldStrangerMs = -Infinity
  #outOffset = 0
  #session = 0

  constructor(options: PipeOptions, owner: PipeOwner, isReading = false) {
    const { limits, policy, session, random, codec } = options
    this.#options = options
    this.#owner = owner
    this.#isReading = isReading
    this.#form = lineFormOf(codec, isReading)
    this.#incoming = new IncomingTrace((event) => owner.trace(event))
    this.#outgoing = new OutgoingTrace((event) => owner.trace(event))
    this.#line = new SendLine({ queuedBytes: limits.queuedBytes, agingMs: policy.agingMs })
    this.#joining = new Joining(limits, owner, this.#incoming)
    this.#asked = new Asked(limits.pendingRequests)
    this.#drafts = new MessageDrafts(options, this.#form, this.#asked)
    this.#received = new ReceivedFrames({
      isReading,
      metaEscape: session?.metaEscape,
      owner,
      trace: this.#incoming,
      joining: this.#joining,
      control: this.#control,
      asked: this.#asked,
      ours: this.#ours,
      pressed: (wire, text) => {
        this.#pause(wire, text)
      },
    })
    const { heartbeatMs = DEFAULT_HEARTBEAT_MS, silenceMs } = session ?? {}
    this.#heartbeat = new Heartbeat(heartbeatMs, random(1000) / 1000, silenceMs)
    this.#decoder = this.#newDecoder()
    this.#handshake = new Handshake(options, {
      drawSid: () => drawSid(options),
      connect: (sid, url, meta) => {
        this.#control.connect(sid, url, meta)
      },
      connack: (sid, event, data, meta) => {
        this.#control.add('connack', sid, event, meta, data)
      },
      changed: (phase, code, detail, nowMs) => {
        this.#sessionChanged(phase, code, detail, nowMs)
      },
      opened: (nowMs) => {
        this.#opened(nowMs)
      },
      refuse: (code, detail, nowMs) => {
        this.#refuse(code, detail, nowMs)
      },
      work: () => owner.work(),
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
    return this.#isSpent
  }

  get isReady(): boolean {
    return this.#isConnected && !this.#isParting && (this.#isReading || this.#handshake.isOpen)
  }

  get session(): number {
    return this.#session
  }

  get wakeAtMs(): number | null {
    if (!this.#isConnected || this.#isSpent) return null
    const atMs = Math.min(this.#joining.wakeAtMs, this.#isReading ? Infinity : this.#sessionWakeAtMs)
    return atMs === Infinity ? null : atMs
  }

  connected(nowMs: number): void {
    this.#incoming.nowMs = nowMs
    this.#incoming.streamOffset = 0
    this.#decoder = this.#newDecoder()
    this.#outOffset = 0
    this.#isConnected = true
    this.#isSpent = false
    this.#beginSession(nowMs)
    if (!this.#isReading) this.#handshake.begin(nowMs)
    this.#traceQueue(nowMs)
  }

  disconnected(nowMs: number): void {
    this.#incoming.nowMs = nowMs
    if (this.#isConnected && this.#decoder.pendingBytes > 0 && !this.#isSpent) {
      const { streamOffset, pendingBytes } = this.#decoder
      const detail = 'the connection ended in the middle of a frame'
      this.#incoming.fault('MESSAGE_INTERRUPTED', streamOffset, pendingBytes, '', detail)
    }
    this.#isConnected = false
    this.#endSession()
    // Nobody waits for the answer of a request that failed, and the peer that asked is gone: neither is sent later.
    this.#leave(({ head, isAwaited }) => !isAwaited && head.kind !== 'response', nowMs)
  }

  stop(nowMs: number): void {
    this.disconnected(nowMs)
    this.#leave(() => false, nowMs)
  }

  farewell(nowMs: number): void {
    if (!this.#isConnected || this.#isReading || this.#isParting) return
    this.#part(CLOSE.command, nowMs)
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.#incoming.nowMs = nowMs
    if (this.#isSpent || this.#isParting) return
    this.#decoder.receive(bytes, nowMs, this.#taker)
    if (!this.#form.isLossy) this.#heartbeat.sign(nowMs)
    if (this.#control.isOverfull)
      this.#break('QUEUE_FULL', 'the peer asks, and does not read the answers', nowMs)
    this.#traceQueue(nowMs)
  }

  wake(nowMs: number): void {
    if (!this.#isConnected || this.#isSpent) return
    this.#incoming.nowMs = nowMs
    this.#joining.wake(nowMs)
    if (this.#isReading) return
    if (this.#isParting) {
      if (nowMs >= this.#partsAtMs) this.#isSpent = true
      return
    }
    if (nowMs >= this.#rejoinAtMs) {
      this.#rejoinAtMs = Infinity
      this.#handshake.begin(nowMs)
    }
    this.#handshake.wake(nowMs)
    if (nowMs >= this.#pausedUntilMs) this.#endPause(nowMs)
    if (!this.#handshake.isOpen) return
    const tick = this.#heartbeat.tick(nowMs)
    if (tick === 'ping') this.#control.bare('ping')
    else if (tick === 'lost') this.#silent(nowMs)
  }

  pull(nowMs: number): OutgoingFrame | undefined {
    if (!this.#isConnected || this.#isReading || this.#isSpent) return undefined
    const control = this.#control.next()
    if (control !== undefined) {
      // The link looks at once after it wrote.
      if (control.frameKind === 'close' && this.#isParting) this.#partsAtMs = nowMs
      return this.#handedOver(control, { ref: control.sid })
    }
    if (!this.isReady) return undefined
    if (nowMs >= this.#pausedUntilMs) this.#endPause(nowMs)
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
    if (isNew && this.#isPeerLeaving) {
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

  #frame(wire: WireFrame): void {
    if (this.#isSpent || this.#isParting) return
    const { nowMs } = this.#incoming
    const { kind } = wire.frame
    if (this.#isReading) this.#take(wire)
    else if (kind === 'connect') this.#connectCame(wire, nowMs)
    else if (kind === 'connack') this.#connackCame(wire, nowMs)
    else if (this.#handshake.isOpen) {
      this.#heartbeat.sign(nowMs)
      this.#take(wire)
    } else if (kind === 'close') this.#closeCame(wire, nowMs)
    else this.#tooEarly(wire, nowMs)
  }

  /** What comes before the session is open is seen by nobody, and kept for a moment where the session is being opened. */
  #tooEarly(wire: WireFrame, nowMs: number): void {
    if (this.#handshake.hasBegun && this.#early.add(wire)) return
    this.#received.noted(wire)
    const { kind } = wire.frame
    const detail = `a frame "${kind}" came before the handshake was done`
    if (this.#form.kind !== 'envelope') {
      this.#break('SOCKETD_HANDSHAKE', detail, nowMs)
      return
    }
    // The other end of a line does not know that we began anew.
    this.#incoming.fault('SOCKETD_HANDSHAKE', wire.streamOffset, wire.wireBytes, wire.frame.sid, detail)
    if (!this.#isServer || nowMs < this.#toldStrangerMs + REJOIN_MS) return
    this.#toldStrangerMs = nowMs
    this.#control.close(CLOSE.protocol)
  }

  #connectCame(wire: WireFrame, nowMs: number): void {
    const { frame } = wire
    this.#received.noted(wire)
    if (!this.#isServer || !frame.hasMessage) {
      this.#unwanted(wire, 'a Connect came that makes no sense here', nowMs)
    } else if (this.#handshake.isIdle || this.#handshake.isWaiting) {
      this.#handshake.connectCame(frame, nowMs)
    } else if (!this.#form.isLossy) this.#break('SOCKETD_PROTOCOL', 'a second Connect came', nowMs)
    else if (this.#handshake.isRepeated(frame)) this.#handshake.answerAgain()
    else {
      this.#restart('PEER_RESTARTED', nowMs)
      this.#handshake.begin(nowMs)
      this.#handshake.connectCame(frame, nowMs)
    }
  }

  #connackCame(wire: WireFrame, nowMs: number): void {
    this.#received.noted(wire)
    if (this.#handshake.connackCame(wire.frame, nowMs)) return
    this.#unwanted(wire, 'a Connack came that answers nothing of ours', nowMs)
  }

  /** Where frames get lost, one that came too late is nothing to hang up for. */
  #unwanted(wire: WireFrame, detail: string, nowMs: number): void {
    if (!this.#form.isLossy) this.#break('SOCKETD_HANDSHAKE', detail, nowMs)
    else this.#incoming.fault('SOCKETD_HANDSHAKE', wire.streamOffset, wire.wireBytes, wire.frame.sid, detail)
  }

  /** A frame of an open session. */
  #take(wire: WireFrame): void {
    if (this.#received.take(wire)) return
    const { kind, flag } = wire.frame
    const { nowMs } = this.#incoming
    if (kind === 'close') {
      this.#closeCame(wire, nowMs)
      return
    }
    this.#received.noted(wire)
    if (kind === 'ping' && !this.#isReading) this.#control.bare('pong')
    if (kind === 'unknown') this.#unknown(wire, flag, nowMs)
  }

  #unknown(wire: WireFrame, flag: number, nowMs: number): void {
    const detail = `there is no frame with the flag ${flag}`
    if (this.#isReading || this.#form.isLossy) {
      this.#incoming.fault('SOCKETD_PROTOCOL', wire.streamOffset, wire.wireBytes, wire.frame.sid, detail)
    } else this.#break('SOCKETD_PROTOCOL', detail, nowMs)
  }

  #fault({ code, detail, streamOffset, lostBytes }: WireFault): void {
    if (this.#isSpent || this.#isParting) return
    this.#incoming.fault(code, streamOffset, lostBytes, '', detail)
    if (!this.#decoder.isSpent) return
    if (this.#isReading) this.#isSpent = true
    else this.#part(CLOSE.protocol, this.#incoming.nowMs)
  }

  // The session.

  get #isServer(): boolean {
    return this.#options.session?.role === 'device'
  }

  get #isParting(): boolean {
    return this.#partsAtMs !== Infinity
  }

  get #sessionWakeAtMs(): number {
    const sessionMs = Math.min(this.#heartbeat.wakeAtMs, this.#handshake.wakeAtMs, this.#rejoinAtMs)
    return Math.min(sessionMs, this.#partsAtMs, this.#pausedUntilMs)
  }

  #beginSession(nowMs: number): void {
    this.#session += 1
    this.#partsAtMs = Infinity
    this.#rejoinAtMs = Infinity
    this.#pausedUntilMs = Infinity
    this.#isPeerLeaving = false
    this.#usedSids = new RecentMap(REMEMBERED_SIDS)
    this.#line.begin(nowMs)
    if (!this.#isReading) this.#decoder.mostBytes = Math.min(STRANGER_BYTES, this.#form.largestFrameBytes)
  }

  #endSession(): readonly number[] {
    this.#handshake.end()
    this.#heartbeat.end()
    this.#control.clear()
    this.#early.clear()
    this.#asked.clear()
    this.#endsBehind.clear()
    this.#joining.end()
    return this.#ours.takeAll()
  }

  /** On a line that stays: what was under way is over at once, what had not begun waits for the next handshake. */
  #restart(code: ErrorCode, nowMs: number): void {
    const waiting = this.#endSession()
    this.#leave(({ head }) => head.kind !== 'response', nowMs)
    for (const messageKey of waiting) this.#owner.lost(messageKey, code, nowMs, 'the session began anew')
    this.#beginSession(nowMs)
  }

  #opened(nowMs: number): void {
    this.#heartbeat.begin(nowMs)
    this.#decoder.mostBytes = this.#form.largestFrameBytes
    for (const wire of this.#early.takeAll()) {
      if (!this.#isParting) this.#take(wire)
    }
  }

  #refuse(code: ErrorCode, detail: string, nowMs: number): void {
    this.#sessionChanged('refused', code, detail, nowMs)
    this.#break(code, detail, nowMs)
  }

  #closeCame(wire: WireFrame, nowMs: number): void {
    this.#received.noted(wire)
    if (this.#isReading) return
    const parting = partingOf(wire.frame.meta)
    if (!this.#handshake.isOpen) {
      const detail = 'the peer hung up on the handshake'
      // On a line the word may be about what was said before; it is asked again.
      const phase = this.#form.kind === 'envelope' ? 'handshake' : 'refused'
      this.#sessionChanged(phase, 'SOCKETD_REFUSED', detail, nowMs)
      this.#over('SOCKETD_REFUSED', detail, nowMs)
    } else if (parting === 'soon') this.#peerLeaves(nowMs)
    else {
      const isOurs = parting === 'protocol'
      const code = isOurs ? 'SOCKETD_PROTOCOL' : 'PEER_CLOSED'
      const detail = isOurs ? 'the peer says that it was told something it can not know' : 'the peer closed'
      this.#sessionChanged('ended', code, detail, nowMs)
      this.#over(code, detail, nowMs)
    }
  }

  /** What is under way goes on, nothing new is begun. */
  #peerLeaves(nowMs: number): void {
    if (this.#isPeerLeaving) return
    this.#isPeerLeaving = true
    const detail = 'the peer is going to close: nothing new is sent'
    this.#sessionChanged('ready', 'SOCKETD_PEER_CLOSING', detail, nowMs)
    for (const { message } of this.#line.takeNew(nowMs)) {
      this.#outgoing.closed(message, 'interrupted', 'SOCKETD_PEER_CLOSING', nowMs)
      this.#owner.lost(message.messageKey, 'SOCKETD_PEER_CLOSING', nowMs, detail)
    }
  }

  /** The peer has ended it. */
  #over(code: ErrorCode, detail: string, nowMs: number): void {
    this.#incoming.fault(code, this.#decoder.streamOffset, 0, '', detail)
    if (this.#form.kind !== 'envelope') this.#isSpent = true
    else this.#askAnew(code, nowMs)
  }

  /** Something is wrong, and the peer is told. */
  #break(code: ErrorCode, detail: string, nowMs: number): void {
    if (this.#isSpent || this.#isParting) return
    this.#incoming.fault(code, this.#decoder.streamOffset, 0, '', detail)
    if (this.#form.kind !== 'envelope') this.#part(CLOSE.protocol, nowMs)
    else {
      this.#askAnew(code, nowMs)
      if (this.#isServer) this.#control.close(CLOSE.protocol)
    }
  }

  #silent(nowMs: number): void {
    const detail = 'nothing came from the peer, and no heartbeat was answered'
    this.#incoming.fault('SOCKETD_SILENT', this.#decoder.streamOffset, 0, '', detail)
    if (this.#form.kind !== 'envelope') this.#part(CLOSE.command, nowMs)
    else {
      this.#sessionChanged('silent', 'SOCKETD_SILENT', detail, nowMs)
      this.#askAnew('SOCKETD_SILENT', nowMs)
    }
  }

  #askAnew(code: ErrorCode, nowMs: number): void {
    this.#restart(code, nowMs)
    if (this.#isServer) this.#handshake.begin(nowMs)
    else this.#rejoinAtMs = nowMs + REJOIN_MS
  }

  /** Says goodbye, and nothing else. */
  #part(code: number, nowMs: number): void {
    this.#control.clear()
    this.#control.close(code)
    this.#partsAtMs = nowMs + PARTING_MS
  }

  #pause(wire: WireFrame, text: string): void {
    this.#pausedUntilMs = this.#incoming.nowMs + PRESSURE_PAUSE_MS
    this.#line.pause()
    const detail = `the peer asks for a pause of ${PRESSURE_PAUSE_MS} ms: ${text.slice(0, 200)}`
    this.#incoming.fault('SOCKETD_PRESSURE', wire.streamOffset, 0, wire.frame.sid, detail)
  }

  #endPause(nowMs: number): void {
    this.#pausedUntilMs = Infinity
    this.#line.goOn(nowMs)
  }

  #sessionChanged(phase: SessionPhase, code: ErrorCode | null, detail: string, nowMs: number): void {
    const { peerIdentity } = this.#handshake
    this.#owner.trace({ type: 'session', atMs: nowMs, phase, code, detail, peerIdentity, isResumed: false })
  }

  #newDecoder(): FrameDecoder {
    return decoderFor(this.#form, this.#options.checksum)
  }

  #traceQueue(nowMs: number): void {
    this.#outgoing.queue(this.#line.queuedBytes, this.#line.queuedMessages, nowMs)
  }
}
