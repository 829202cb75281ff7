import { ConsoleError, type ErrorCode } from '../../../../shared/errors'
import { STATUS_ERROR, STATUS_HEADER } from '../../../../shared/model/peer-error'
import type { Headers, SessionPhase } from '../../../../shared/model/trace'
import { guardBody } from '../../pipe/guarded-body'
import { IncomingTrace, NO_BODY } from '../../pipe/incoming-trace'
import { OutgoingTrace } from '../../pipe/outgoing-trace'
import type { OutgoingFrame, Pipe, PipeMessage, PipeOptions, PipeOwner } from '../../pipe/pipe'
import type { EncodedFrame } from '../codec'
import { type Arq, createArq } from './arq/arq'
import type { Outgoing } from './arq/exchange'
import { packHeaders } from './arq/header-block'
import { OutgoingMessage } from './arq/outgoing-message'
import { ReceivedNumbers } from './arq/received-numbers'
import type { FramePlace, Sender } from './arq/sender'
import { checkChunkBytes } from './chunk-bytes'
import { type NativeSettings, nativeSessionOptions, nativeSettings } from './native-settings'
import { RefNames } from '../ref-names'
import { createNativeSession } from './session/session'
import { tracePhase } from './trace-phase'
import type {
  ClockSample,
  NativeSession,
  PhaseChange,
  SessionFrame,
  SessionOwner,
  SessionUp,
} from './session/session-types'
import { FrameEncoder, LINE_OPENING } from './wire/frame-encoder'
import { FrameScanner } from './wire/frame-scanner'
import { type AckFrame, CAPABILITY, type NativeFrame, type NumberedFrame } from './wire/frames'
import type { WireFault, WireSink } from './wire/wire'

/**
 * The pipe of the `native` dialect: whatever happens on the line, a message arrives once and whole as long as the session
 * lives, and what is in flight outlives a lost connection. Joins the session (who is there), the sender, the receiver and the
 * bytes; docs/native-protocol.md says what goes over the line.
 */
export class NativePipe implements Pipe, WireSink, SessionOwner {
  readonly survivesLoss = true
  readonly #options: PipeOptions
  readonly #owner: PipeOwner
  readonly #settings: NativeSettings
  readonly #session: NativeSession
  readonly #incoming: IncomingTrace
  readonly #outgoing: OutgoingTrace
  readonly #sender: Sender
  readonly #arq: Arq
  #scanner: FrameScanner
  #encoder: FrameEncoder
  #numbers: ReceivedNumbers
  #isConnected = false
  #isUp = false
  #isBroken = false
  #isResumed = false
  #isLineOpen = false
  /** Something happened since the session had nothing to say: asking it for each frame would cost as much as the frame. */
  #maySessionSpeak = true
  /** When the session wants to be woken. Frames that come only put that off, so it is looked up when something else happened. */
  #sessionWakeMs = Infinity
  #isSessionWakeStale = true
  /** The session wants to be woken without a time. */
  #hasWork = false
  #sessionNumber = 0
  #outOffset = 0
  #queueTracedMs = -Infinity
  /** Frames that came since an ACK told us something. */
  #unheardFrames = 0
  #isOneWay = false
  readonly #refs: RefNames

  constructor(options: PipeOptions, owner: PipeOwner) {
    const settings = nativeSettings(options)
    const { framing, hello } = settings
    const { limits, line, policy } = options
    this.#options = options
    this.#owner = owner
    this.#settings = settings
    this.#session = createNativeSession(nativeSessionOptions(options, hello), this)
    this.#incoming = new IncomingTrace((event) => owner.trace(event))
    this.#outgoing = new OutgoingTrace((event) => owner.trace(event))
    this.#arq = createArq(
      {
        framing,
        limits,
        line,
        policy,
        creditWindow: hello.firstCreditBytes,
        ownSlots: hello.slots,
        peerSlots: settings.peerSlots,
      },
      { owner, incoming: this.#incoming, outgoing: this.#outgoing, outOffset: () => this.#outOffset },
    )
    this.#sender = this.#arq.sender
    this.#scanner = this.#newScanner()
    this.#encoder = this.#newEncoder()
    this.#numbers = this.#newNumbers()
    this.#refs = new RefNames(limits.rememberedRefs)
  }

  get queuedBytes(): number {
    return this.#arq.tables.room.queuedBytes
  }

  get queuedMessages(): number {
    return this.#arq.tables.room.queuedMessages
  }

  get confirmedOffset(): number {
    return this.#sender.sent.confirmedOffset
  }

  get outOffset(): number {
    return this.#outOffset
  }

  get inOffset(): number {
    return this.#scanner.streamOffset
  }

  get isSpent(): boolean {
    return this.#isBroken || this.#scanner.isSpent
  }

  get isReady(): boolean {
    return this.#isUp
  }

  get session(): number {
    return this.#sessionNumber
  }

  /** Nothing is kept of any message, in either direction. */
  get isIdle(): boolean {
    return this.#arq.tables.isIdle && this.#arq.assembly.isIdle
  }

  get wakeAtMs(): number | null {
    if (this.#hasWork) return this.#incoming.nowMs
    if (this.#isSessionWakeStale) {
      this.#sessionWakeMs = this.#session.wakeAtMs ?? Infinity
      this.#isSessionWakeStale = false
    }
    let atMs = this.#sessionWakeMs
    if (this.#isUp) {
      const ackMs = this.#numbers.dueMs
      const probeMs = this.#sender.probeAtMs
      const idleMs = this.#arq.assembly.idleCheckMs
      const giveUpMs = this.#arq.endings.giveUpAtMs
      if (ackMs !== null && ackMs < atMs) atMs = ackMs
      if (probeMs !== null && probeMs < atMs) atMs = probeMs
      if (idleMs !== null && idleMs < atMs) atMs = idleMs
      if (giveUpMs !== null && giveUpMs < atMs) atMs = giveUpMs
    }
    return atMs === Infinity ? null : atMs
  }

  connected(nowMs: number): void {
    this.#incoming.nowMs = nowMs
    this.#incoming.streamOffset = 0
    this.#scanner = this.#newScanner()
    this.#encoder = this.#newEncoder()
    this.#outOffset = 0
    this.#isBroken = false
    this.#isLineOpen = false
    this.#isConnected = true
    this.#sender.sent.confirmedOffset = 0
    this.#sender.line.begin()
    this.#session.connected(nowMs)
    this.#follow()
  }

  disconnected(nowMs: number): void {
    if (!this.#isConnected) return
    this.#incoming.nowMs = nowMs
    this.#scanner.end(this)
    this.#isConnected = false
    this.#suspend()
    this.#session.disconnected(nowMs)
    this.#isSessionWakeStale = true
    this.#traceQueue(nowMs)
  }

  stop(nowMs: number): void {
    this.disconnected(nowMs)
    this.#incoming.nowMs = nowMs
    this.#arq.endings.stop(nowMs)
    this.#arq.receiver.forget()
    this.#sender.sent.reset()
    this.#sessionNumber += 1
    this.#traceQueue(nowMs)
  }

  farewell(nowMs: number): void {
    if (this.#isConnected) this.#session.farewell(0, '', nowMs)
    this.#maySessionSpeak = true
    this.#isSessionWakeStale = true
    this.#suspend()
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.#incoming.nowMs = nowMs
    this.#scanner.receive(bytes, this)
    this.#traceQueue(nowMs)
  }

  wake(nowMs: number): void {
    this.#incoming.nowMs = nowMs
    this.#hasWork = false
    this.#session.wake(nowMs)
    this.#follow()
    if (!this.#isUp) return
    this.#numbers.wake(nowMs)
    this.#arq.assembly.wake(nowMs)
    this.#arq.endings.giveUpLate(nowMs)
    this.#sender.wake(nowMs)
    if (this.#sender.isUnheard(nowMs) && this.#unheardFrames > 0) this.#noteOneWay(true, nowMs)
    if (this.#sender.isHopeless) this.#renew(nowMs)
    this.#traceQueue(nowMs)
  }

  pull(nowMs: number): OutgoingFrame | undefined {
    if (!this.#isConnected) return undefined
    if (this.#isUp && this.#numbers.hasNewHole) return this.#ackFrame(nowMs)
    if (this.#maySessionSpeak) {
      const said = this.#session.nextFrame(nowMs, this.#sender.line.isIdle(nowMs))
      this.#isSessionWakeStale = true
      if (said !== undefined) return this.#sessionFrame(said, nowMs)
      this.#maySessionSpeak = false
    }
    if (!this.#isUp) return undefined
    const frame = this.#sender.next(nowMs)
    if (frame === undefined) {
      this.#traceQueue(nowMs)
      this.#numbers.wake(nowMs)
      return this.#numbers.isDue ? this.#ackFrame(nowMs) : undefined
    }
    const encoded = this.#numbers.wantsRide
      ? this.#encoder.encodeRiding(this.#numbers.takeAck(), frame)
      : this.#encoder.encode(frame)
    const out = this.#outgoingFrame(encoded, this.#sender.place)
    const lineEndMs = this.#sender.line.handedOver(out.wireBytes, nowMs)
    this.#sender.handedOver(out.wireBytes, this.#outOffset, lineEndMs, nowMs)
    if (nowMs - this.#queueTracedMs >= QUEUE_TRACE_MS) this.#traceQueue(nowMs)
    return out
  }

  send(message: PipeMessage, nowMs: number): void {
    const { messageKey, head, chunkBytes } = message
    if (head.kind === 'bytes') {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', 'the native dialect has no unframed bytes')
    }
    if (chunkBytes !== undefined) checkChunkBytes(chunkBytes)
    const isError = head.kind === 'response' && head.headers[STATUS_HEADER] === STATUS_ERROR
    const outgoing: Outgoing = new OutgoingMessage(
      message,
      guardBody(message.body, messageKey),
      packHeaders(isError ? withoutStatus(head.headers) : head.headers),
      isError,
      chunkBytes ?? Infinity,
    )
    this.#refs.use(head.ref)
    this.#arq.exchanges.add(outgoing, nowMs)
    this.#outgoing.opened(message, nowMs)
    this.#traceQueue(nowMs)
  }

  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    this.#incoming.nowMs = nowMs
    const hadLeft = this.#arq.endings.cancel(messageKey, code, nowMs)
    this.#traceQueue(nowMs)
    return hadLeft
  }

  declineAnswers(requestKey: number, _ref: string, nowMs: number): void {
    this.#incoming.nowMs = nowMs
    this.#arq.endings.declineAnswers(requestKey, 'REQUEST_CANCELLED', nowMs)
  }

  consumed(requestKey: number, byteCount: number, nowMs: number): void {
    this.#incoming.nowMs = nowMs
    const half = this.#arq.exchanges.answersTo(requestKey)
    if (half !== null) this.#arq.assembly.consumed(half, byteCount)
  }

  endAnswers(incomingKey: number, nowMs: number): void {
    this.#arq.exchanges.endAnswers(incomingKey, nowMs)
  }

  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    return this.#arq.tables.room.hasRoomFor(bodyBytes, extraBytes)
  }

  drawRef(): string {
    return this.#refs.drawRef()
  }

  drawCorrelationId(): string {
    return this.#refs.drawCorrelationId()
  }

  // Bytes became a frame, or did not.

  frame(frame: NativeFrame, streamOffset: number, wireBytes: number): void {
    const { nowMs } = this.#incoming
    const extent = { frameKind: frame.kind, streamOffset, wireBytes }
    switch (frame.kind) {
      case 'hello':
      case 'auth':
      case 'bye':
      case 'ping':
      case 'pong':
        this.#incoming.frame(extent, '', 0, NO_BODY)
        this.#session.receive(frame, nowMs)
        this.#follow()
        return
      case 'unknown':
        this.#incoming.frame(extent, '', 0, NO_BODY)
        this.#session.noteFrame(nowMs)
        return
      case 'ack':
        this.#incoming.frame(extent, '', 0, NO_BODY)
        if (this.#isUp) this.#acked(frame, nowMs)
        else this.#outside(nowMs)
        return
      default:
        if (this.#isUp) this.#numbered(frame, extent, nowMs)
        else {
          this.#incoming.frame(extent, '', 0, NO_BODY)
          this.#outside(nowMs)
        }
    }
  }

  /** What was in the damaged bytes comes again: messages lose nothing. */
  fault({ code, streamOffset, detail }: WireFault): void {
    this.#incoming.fault(code, streamOffset, 0, '', detail)
  }

  // What the session tells.

  up({ isResumed, peer }: SessionUp, nowMs: number): void {
    const { sent } = this.#sender
    this.#isUp = true
    this.#isResumed = isResumed
    this.#unheardFrames = 0
    this.#isOneWay = false
    this.#numbers = this.#newNumbers()
    this.#encoder.hasCrc = !this.#sparesCrc()
    this.#encoder.isXsafe = peer.isXsafe
    this.#encoder.largestFrameBytes = Math.min(this.#settings.hello.largestFrameBytes, peer.largestFrameBytes)
    this.#sender.begin(peer)
    this.#arq.exchanges.begin(peer)
    if (isResumed) {
      sent.loseAll(nowMs, this.#sender)
      if (this.#settings.framing === 'len') this.#arq.exchanges.rewind(nowMs)
      else this.#arq.exchanges.relineAll(nowMs)
      this.#arq.assembly.resumed()
    } else {
      this.#forget('PEER_RESTARTED', 'the peer began anew', nowMs)
    }
    this.#traceSession('ready', null, '', nowMs)
  }

  suspended(): void {
    this.#suspend()
  }

  down(code: ErrorCode, detail: string, nowMs: number): void {
    this.#suspend()
    this.#forget(code, detail, nowMs)
    this.#traceQueue(nowMs)
  }

  phaseChanged({ phase, condition, code, detail }: PhaseChange, nowMs: number): void {
    // `up` tells that it is ready, and whether it goes on.
    if (phase === 'up' && condition === 'live' && code === null && !this.#isUp) return
    this.#traceSession(tracePhase(phase, condition), code, detail, nowMs)
  }

  clockSample(sample: ClockSample, nowMs: number): void {
    this.#owner.trace({ type: 'clock-sample', atMs: nowMs, ...sample })
  }

  work(): void {
    this.#hasWork = true
    this.#owner.work()
  }

  // Inside.

  #acked(frame: AckFrame, nowMs: number): void {
    this.#session.noteFrame(nowMs)
    this.#unheardFrames += 1
    if (!this.#sender.acked(frame, nowMs)) return
    this.#unheardFrames = 0
    if (this.#isOneWay) this.#noteOneWay(false, nowMs)
  }

  #numbered(
    frame: NumberedFrame,
    extent: { frameKind: string; streamOffset: number; wireBytes: number },
    nowMs: number,
  ): void {
    const { number } = frame
    this.#session.noteFrame(nowMs)
    this.#unheardFrames += 1
    if (this.#settings.framing === 'len' && this.#numbers.skippedBefore(number) !== 0) {
      this.#isBroken = true
      this.#incoming.fault('NATIVE_BAD_FRAME', extent.streamOffset, 0, '', 'a number was skipped')
      return
    }
    const isProbe = frame.kind === 'probe'
    const fate = this.#arq.receiver.take(frame, extent)
    if (fate === 'dropped') return
    this.#numbers.note(number, extent.wireBytes, fate === 'urgent', nowMs)
    if (isProbe) this.#numbers.probed()
  }

  #noteOneWay(isOneWay: boolean, nowMs: number): void {
    this.#isOneWay = isOneWay
    this.#session.noteOneWay(isOneWay, nowMs)
  }

  #outside(nowMs: number): void {
    this.#session.numberedFrameOutsideSession(nowMs)
    this.#maySessionSpeak = true
    this.#isSessionWakeStale = true
  }

  /** Reads and writes as the session says now. */
  #follow(): void {
    this.#maySessionSpeak = true
    this.#isSessionWakeStale = true
    this.#scanner.xsafe = this.#session.scannerMode
    this.#scanner.hasCrc = !this.#sparesCrc()
  }

  #sparesCrc(): boolean {
    const agreed = this.#session.peer?.capabilities ?? 0
    return this.#settings.framing === 'len' && (agreed & CAPABILITY.noCrc) !== 0
  }

  /** Too many numbers went unanswered to go on counting: a new epoch says where we are. */
  #renew(nowMs: number): void {
    this.#suspend()
    this.#session.disconnected(nowMs)
    this.#session.connected(nowMs)
    this.#follow()
  }

  #suspend(): void {
    this.#isUp = false
    this.#sender.suspend()
  }

  #forget(code: ErrorCode, why: string, nowMs: number): void {
    this.#sessionNumber += 1
    this.#arq.endings.forget(code, why, nowMs)
    this.#arq.receiver.forget()
    this.#sender.sent.reset()
  }

  #ackFrame(nowMs: number): OutgoingFrame {
    const out = this.#outgoingFrame(this.#encoder.encode(this.#numbers.takeAck()), NO_PLACE)
    this.#sender.line.handedOver(out.wireBytes, nowMs)
    return out
  }

  #sessionFrame(frame: SessionFrame, nowMs: number): OutgoingFrame {
    const { isXsafe } = this.#encoder
    this.#encoder.isXsafe = this.#session.isLastFrameEscaped
    const encoded = this.#encoder.encode(frame)
    this.#encoder.isXsafe = isXsafe
    const out = this.#outgoingFrame(encoded, NO_PLACE)
    this.#sender.line.handedOver(out.wireBytes, nowMs)
    return out
  }

  #outgoingFrame(encoded: EncodedFrame, place: Readonly<FramePlace>): OutgoingFrame {
    const isOpening = !this.#isLineOpen && this.#settings.framing === 'cobs'
    this.#isLineOpen = true
    const streamOffset = this.#outOffset
    const wireBytes = encoded.wireBytes + (isOpening ? LINE_OPENING.length : 0)
    this.#outOffset += wireBytes
    const { message } = place
    return {
      frameKind: encoded.frameKind,
      parts: isOpening ? [LINE_OPENING, ...encoded.parts] : encoded.parts,
      wireBytes,
      payloadBytes: place.bodyBytes,
      ref: message === null ? '' : message.head.ref,
      messageKey: message === null ? 0 : message.messageKey,
      chunkIndex: place.chunkIndex,
      bodyOffset: place.bodyOffset,
      isLast: place.isLast,
      isRepeat: place.isRepeat,
      streamOffset,
    }
  }

  #newScanner(): FrameScanner {
    const { framing, hello } = this.#settings
    return new FrameScanner(framing, this.#wireOptions(hello.largestFrameBytes))
  }

  #newEncoder(): FrameEncoder {
    const { framing, hello } = this.#settings
    return new FrameEncoder(framing, this.#wireOptions(hello.largestFrameBytes))
  }

  #wireOptions(largestFrameBytes: number): ConstructorParameters<typeof FrameEncoder>[1] {
    const { checksum } = this.#options
    return { largestFrameBytes, ...(checksum && { checksum }) }
  }

  #newNumbers(): ReceivedNumbers {
    const { framing, ackDelayMs: delayMs } = this.#settings
    return new ReceivedNumbers(
      framing === 'cobs'
        ? { frames: 2, bytes: Infinity, delayMs, ridesFromFrames: 1 }
        : { frames: 32, bytes: 64 * 1024, delayMs, ridesFromFrames: 16 },
    )
  }

  #traceSession(phase: SessionPhase, code: ErrorCode | null, detail: string, nowMs: number): void {
    const peerIdentity = this.#session.peer?.identity ?? ''
    const isResumed = this.#isUp && this.#isResumed
    this.#owner.trace({ type: 'session', atMs: nowMs, phase, code, detail, peerIdentity, isResumed })
  }

  #traceQueue(nowMs: number): void {
    this.#queueTracedMs = nowMs
    const { queuedBytes, queuedMessages } = this.#arq.tables.room
    this.#outgoing.queue(queuedBytes, queuedMessages, nowMs)
  }
}

/** While frames go out one after the other the depth of the queue is told this often; when they end, at once. */
const QUEUE_TRACE_MS = 10

const NO_PLACE: Readonly<FramePlace> = {
  message: null,
  chunkIndex: -1,
  bodyOffset: 0,
  bodyBytes: 0,
  isLast: false,
  isRepeat: false,
}

/** An error answer says so in a flag; the header by which our side knows it is put back by the receiver. */
const withoutStatus = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([key]) => key !== STATUS_HEADER))
