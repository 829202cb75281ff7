import { asConsoleError, type ErrorCode } from '../../../../shared/errors'
import { DEFAULT_PRIORITY, type SessionPhase } from '../../../../shared/model/trace'
import { IncomingTrace, NO_BODY } from '../../pipe/incoming-trace'
import { OutgoingTrace } from '../../pipe/outgoing-trace'
import type { Incoming, OutgoingFrame, Pipe, PipeMessage, PipeOptions, PipeOwner } from '../../pipe/pipe'
import type { EncodedFrame, IncomingHead } from '../codec'
import { Heartbeat } from '../heartbeat'
import { RefNames } from '../ref-names'
import { rateLimitedParts } from './content/envelope'
import { ControlLine } from './control-line'
import { finishFrame } from './frame-draft'
import { MessageDrafts } from './message-drafts'
import { type NewMessage, ReceivedFrames } from './received-frames'
import { type Queued, SendLine } from './send-line'
import { Handshake } from './session/handshake'
import { Login } from './session/login'
import { RateLimit } from './session/rate-limit'
import { Streams } from './streams'
import { OpenCalls } from './open-calls'
import { FrameDecoder, type WireFault, type WireFrame } from './wire/frame-decoder'

/** Default of the library. */
export const DEFAULT_HEARTBEAT_MS = 30_000

/**
 * The pipe of the `netconduit` dialect: each message is one frame, calls find their answers by a 64-bit id, and what a
 * connection did not carry is lost with it. Joins login, heartbeats, flow control, streams and the line of waiting frames;
 * docs/netconduit.md says what goes over the line.
 *
 * A pipe that only reads takes no part: no login, no answers, both directions' frames as they come.
 */
export class NetconduitPipe implements Pipe {
  readonly survivesLoss = false
  readonly confirmedOffset = null
  readonly #options: PipeOptions
  readonly #owner: PipeOwner
  readonly #isReading: boolean
  readonly #incoming: IncomingTrace
  readonly #outgoing: OutgoingTrace
  readonly #line: SendLine
  readonly #control = new ControlLine()
  readonly #calls = new OpenCalls()
  readonly #streams: Streams
  readonly #received: ReceivedFrames
  readonly #heartbeat: Heartbeat
  readonly #login: Login | undefined
  readonly #refs: RefNames
  #rates: RateLimit
  readonly #drafts: MessageDrafts
  #decoder: FrameDecoder
  #isConnected = false
  #isPaused = false
  #isBroken = false
  #outOffset = 0
  #session = 0

  /** @throws ConsoleError `OPTION_INVALID` without cryptography, unless it only reads. */
  constructor(options: PipeOptions, owner: PipeOwner, isReading = false) {
    const { limits, policy, session, compression } = options
    this.#options = options
    this.#owner = owner
    this.#isReading = isReading
    this.#incoming = new IncomingTrace((event) => owner.trace(event))
    this.#outgoing = new OutgoingTrace((event) => owner.trace(event))
    this.#line = new SendLine({ queuedBytes: limits.queuedBytes, agingMs: policy.agingMs })
    this.#streams = new Streams(owner, this.#control, this.#calls)
    // Requests, messages and PINGs of the peer are no signs, because a broken Python peer goes on pinging; a payload that is
    // still coming in is one, because its PONG can not overtake it.
    this.#heartbeat = new Heartbeat({
      intervalMs: session?.heartbeatMs ?? DEFAULT_HEARTBEAT_MS,
      silenceMs: session?.silenceMs,
      foundAt: 'tick',
    })
    this.#refs = new RefNames(limits.rememberedRefs)
    this.#drafts = new MessageDrafts({
      streams: this.#streams,
      calls: this.#calls,
      deflating: session?.isCompressing === true ? compression : undefined,
      unixMs: (nowMs) => this.#unixMs(nowMs),
    })
    this.#decoder = this.#newDecoder()
    this.#rates = new RateLimit(session?.rates ?? {})
    this.#login = isReading
      ? undefined
      : new Login(new Handshake(options), options, {
          control: this.#control,
          changed: (phase, code, detail, nowMs) => this.#sessionChanged(phase, code, detail, nowMs),
          broken: (code, detail) => this.#break(code, detail),
        })
    this.#received = new ReceivedFrames({
      isReading,
      isServer: session?.role === 'device',
      control: this.#control,
      calls: this.#calls,
      streams: this.#streams,
      deliver: (message, frame) => this.#deliver(message, frame),
      noted: (frame) => this.#noted(frame),
      answerBegan: (messageKey) => owner.answerBegan(messageKey),
      paused: (isPaused) => {
        this.#isPaused = isPaused
      },
      pong: (nowMs) => this.#heartbeat.sign(nowMs),
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
    return this.#isBroken || this.#decoder.isSpent
  }

  get isReady(): boolean {
    return this.#isConnected && (this.#login?.isDone ?? true)
  }

  get session(): number {
    return this.#session
  }

  get wakeAtMs(): number | null {
    if (!this.#isConnected || this.isSpent) return null
    const atMs = Math.min(this.#heartbeat.wakeAtMs, this.#login?.wakeAtMs ?? Infinity)
    return atMs === Infinity ? null : atMs
  }

  connected(nowMs: number): void {
    this.#incoming.nowMs = nowMs
    this.#incoming.streamOffset = 0
    this.#decoder = this.#newDecoder()
    this.#session += 1
    this.#outOffset = 0
    this.#isConnected = true
    this.#isPaused = false
    this.#isBroken = false
    this.#rates = new RateLimit(this.#options.session?.rates ?? {})
    this.#login?.begin(nowMs)
    this.#decoder.mostBytes = this.#mostBytes
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
    this.#control.clear()
    this.#calls.clear()
    this.#streams.clear()
    this.#heartbeat.end()
    // Nobody waits for the answer of a request that failed, and the peer that asked is gone: neither is sent later.
    this.#leave(({ head, isAwaited }) => !isAwaited && head.kind !== 'response', nowMs)
  }

  stop(nowMs: number): void {
    this.disconnected(nowMs)
    this.#leave(() => false, nowMs)
  }

  farewell(): void {
    // The library has a word for it, and does not understand it.
  }

  receive(bytes: Uint8Array, nowMs: number): void {
    this.#incoming.nowMs = nowMs
    if (this.#isBroken) return
    this.#login?.heard()
    this.#decoder.receive(
      bytes,
      nowMs,
      (frame) => this.#frame(frame),
      (fault) => this.#fault(fault),
    )
    if (this.#decoder.isInsideFrame) this.#heartbeat.sign(nowMs)
    if (this.#control.isOverfull) this.#break('QUEUE_FULL', 'the peer asks, and does not read the answers')
    this.#traceQueue(nowMs)
  }

  wake(nowMs: number): void {
    if (!this.#isConnected || this.isSpent) return
    this.#incoming.nowMs = nowMs
    this.#login?.wake(nowMs)
    const tick = this.isReady ? this.#heartbeat.tick(nowMs) : null
    if (tick === 'ping') this.#control.add('ping')
    else if (tick === 'lost') this.#break('NETCONDUIT_SILENT', 'the peer answered no heartbeat')
  }

  pull(nowMs: number): OutgoingFrame | undefined {
    if (!this.#isConnected || this.#isReading || this.isSpent) return undefined
    if (this.isReady) this.#streams.confirm()
    const control = this.#control.next(this.#unixMs(nowMs))
    if (control !== undefined) {
      this.#login?.left(control.frameKind, nowMs)
      return this.#handedOver(control, undefined)
    }
    if (!this.isReady || this.#isPaused || this.#login!.holdsBack(nowMs)) return undefined
    const queued = this.#line.next(nowMs)
    if (queued === undefined) {
      this.#traceQueue(nowMs)
      return undefined
    }
    return this.#pullMessage(queued, nowMs)
  }

  send(message: PipeMessage, nowMs: number): void {
    const draft = this.#drafts.draft(message, nowMs)
    this.#refs.use(message.head.ref)
    this.#line.add(message, draft, nowMs)
    this.#outgoing.opened(message, nowMs)
    this.#traceQueue(nowMs)
  }

  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    const queued = this.#line.remove(messageKey)
    this.#calls.forget(messageKey)
    if (queued === undefined) {
      this.#streams.unsubscribe(messageKey)
      return false
    }
    this.#streams.itemLeft(queued.message.answersKey)
    this.#outgoing.closed(queued.message, 'cancelled', code, nowMs)
    this.#traceQueue(nowMs)
    return true
  }

  declineAnswers(requestKey: number): void {
    this.#streams.unsubscribe(requestKey)
  }

  consumed(): void {
    // There is no credit here: whatever comes has to be taken.
  }

  endAnswers(incomingKey: number): void {
    this.#streams.ends(incomingKey)
  }

  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    return this.#line.hasRoomFor(bodyBytes, extraBytes)
  }

  drawRef(): string {
    return this.#refs.drawRef()
  }

  drawCorrelationId(): string {
    return this.#refs.drawCorrelationId()
  }

  // Out.

  #pullMessage({ message, draft }: Queued, nowMs: number): OutgoingFrame {
    const { messageKey, head, answersKey } = message
    const frame = finishFrame(draft, this.#drafts.idOf(message, draft), this.#unixMs(nowMs))
    this.#streams.itemLeft(answersKey)
    this.#owner.progressed(messageKey, nowMs)
    this.#outgoing.closed(message, 'complete', null, nowMs)
    this.#traceQueue(nowMs)
    return this.#handedOver(frame, { messageKey, ref: head.ref, bodyBytes: message.body.byteLength })
  }

  #handedOver(
    { frameKind, parts, wireBytes }: EncodedFrame,
    message: { readonly messageKey: number; readonly ref: string; readonly bodyBytes: number } | undefined,
  ): OutgoingFrame {
    const streamOffset = this.#outOffset
    this.#outOffset += wireBytes
    const isMessage = message !== undefined
    return {
      frameKind,
      parts,
      wireBytes,
      payloadBytes: message?.bodyBytes ?? 0,
      ref: message?.ref ?? '',
      messageKey: message?.messageKey ?? 0,
      chunkIndex: isMessage ? 0 : -1,
      bodyOffset: 0,
      isLast: isMessage,
      streamOffset,
    }
  }

  #leave(makesSenseLater: (message: PipeMessage) => boolean, nowMs: number): void {
    for (const { message } of this.#line.keep(makesSenseLater)) {
      this.#outgoing.closed(message, 'interrupted', 'MESSAGE_INTERRUPTED', nowMs)
    }
    this.#traceQueue(nowMs)
  }

  // In.

  #frame(frame: WireFrame): void {
    const { nowMs } = this.#incoming
    if (this.#isBroken) return
    if (this.#login === undefined || this.#login.isDone) {
      if (this.#isAdmitted(frame, nowMs)) this.#received.take(frame, nowMs)
      return
    }
    this.#noted(frame)
    this.#login.receive(frame, nowMs)
  }

  /** False: it came too fast, and was answered where somebody waits. */
  #isAdmitted(frame: WireFrame, nowMs: number): boolean {
    const { header, streamOffset, wireBytes } = frame
    const isCall = header.kind === 'rpc-request'
    if (!isCall && header.kind !== 'message') return true
    const waitMs = this.#rates.admit(wireBytes, nowMs)
    if (waitMs === 0) return true
    this.#noted(frame)
    const detail = `a ${isCall ? 'call' : 'message'} came too fast and was left out`
    this.#incoming.fault('RATE_LIMITED', streamOffset, wireBytes, '', detail)
    if (isCall) this.#control.add('rpc-response', rateLimitedParts(waitMs), header.correlationId)
    return false
  }

  #noted({ header, streamOffset, wireBytes }: WireFrame): void {
    this.#incoming.frame({ frameKind: header.kind, streamOffset, wireBytes }, '', 0, NO_BODY)
  }

  /** @returns key of the message. */
  #deliver(message: NewMessage, { header, streamOffset, wireBytes, startMs }: WireFrame): number {
    const { nowMs } = this.#incoming
    const owner = this.#owner
    const { body } = message
    const head: IncomingHead = {
      ref: message.ref,
      route: message.route,
      kind: message.kind,
      priority: DEFAULT_PRIORITY,
      correlationId: message.correlationId,
      headers: message.headers,
      declaredBytes: body.length,
      isSubscription: message.isSubscription ?? false,
    }
    const incoming: Incoming = { messageKey: owner.drawKey(), head, answersKey: owner.answersKey(head) }
    const { messageKey, answersKey } = incoming
    message.began?.(messageKey)
    this.#incoming.opened(incoming)
    const place = { chunkIndex: 0, bodyOffset: 0, payloadBytes: body.length, isLast: true }
    this.#incoming.frame(
      { frameKind: header.kind, streamOffset, wireBytes, startMs },
      head.ref,
      messageKey,
      place,
    )
    if (answersKey !== 0) owner.answerBegan(answersKey)
    try {
      const writer = owner.bodyWriter(incoming)
      writer.append(body)
      const received = writer.finish()
      this.#incoming.closed(messageKey, 'complete', null, received.byteLength, received.bytes)
      owner.completed(incoming, received, nowMs)
    } catch (error) {
      const { code, message: detail } = asConsoleError(error)
      this.#incoming.fault(code, streamOffset, body.length, head.ref, detail)
      this.#incoming.closed(messageKey, 'failed', code, body.length, body)
      owner.failed(incoming, code, nowMs)
    }
    if (message.isOneAnswerOfMany === true) owner.answersEnded(answersKey, null, nowMs)
    return messageKey
  }

  #fault({ code, detail, streamOffset }: WireFault): void {
    this.#incoming.fault(code, streamOffset, 0, '', detail)
  }

  #break(code: ErrorCode, detail: string): void {
    if (this.isSpent) return
    this.#incoming.fault(code, this.#decoder.streamOffset, 0, '', detail)
    this.#isBroken = true
  }

  // The session.

  #sessionChanged(phase: SessionPhase, code: ErrorCode | null, detail: string, nowMs: number): void {
    if (phase === 'ready') {
      this.#heartbeat.begin(nowMs)
      this.#decoder.mostBytes = this.#mostBytes
    }
    const peerIdentity = this.#login?.peerIdentity ?? ''
    this.#owner.trace({ type: 'session', atMs: nowMs, phase, code, detail, peerIdentity, isResumed: false })
  }

  get #mostBytes(): number {
    return this.#login?.mostBytes ?? this.#options.limits.messageBytes
  }

  #newDecoder(): FrameDecoder {
    return new FrameDecoder({
      mostBytes: this.#options.limits.messageBytes,
      compression: this.#options.compression,
    })
  }

  #unixMs(nowMs: number): number {
    return (this.#options.session?.startedUnixMs ?? 0) + nowMs
  }

  #traceQueue(nowMs: number): void {
    this.#outgoing.queue(this.#line.queuedBytes, this.#line.queuedMessages, nowMs)
  }
}
