import { ConsoleError, type ErrorCode } from '../../../../shared/errors'
import { IncomingTrace } from '../../pipe/incoming-trace'
import type { OutgoingFrame, Pipe, PipeMessage, PipeOptions, PipeOwner } from '../../pipe/pipe'
import { Asked } from './asked'
import { ControlLine } from './control-line'
import { Joining } from './joining'
import { OurRequests } from './our-requests'
import { SentFrames } from './sent-frames'
import { CLOSE } from './session/close-codes'
import { Session } from './session/session'
import { decoderFor, type LineForm, lineFormOf } from './wire/line-form'
import type { FrameDecoder, FrameTaker, WireFault, WireFrame } from './wire/frame-decoder'
import { ReceivedFrames } from './received-frames'

/** Strangers get little memory. */
const STRANGER_BYTES = 64 * 1024

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
  readonly #sent: SentFrames
  readonly #control = new ControlLine()
  readonly #joining: Joining
  readonly #asked: Asked
  readonly #ours = new OurRequests()
  readonly #received: ReceivedFrames
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
  #isConnected = false
  /** Whoever only reads has no session to end. */
  #isUnreadable = false
  #sessions = 0

  constructor(options: PipeOptions, owner: PipeOwner, isReading = false) {
    const { limits, session, codec } = options
    this.#options = options
    this.#owner = owner
    this.#isReading = isReading
    this.#form = lineFormOf(codec, isReading)
    this.#incoming = new IncomingTrace((event) => owner.trace(event))
    this.#joining = new Joining(limits, owner, this.#incoming, this.#form.isLossy)
    this.#asked = new Asked(limits.pendingRequests)
    this.#sent = new SentFrames({
      options,
      owner,
      form: this.#form,
      control: this.#control,
      asked: this.#asked,
      ours: this.#ours,
    })
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
        this.#sent.pause(isPaused, nowMs)
      },
      peerLeaves: (detail, nowMs) => {
        this.#sent.dropNew('SOCKETD_PEER_CLOSING', detail, nowMs)
      },
      work: () => {
        owner.work()
      },
    })
  }

  get queuedBytes(): number {
    return this.#sent.queuedBytes
  }

  get queuedMessages(): number {
    return this.#sent.queuedMessages
  }

  get outOffset(): number {
    return this.#sent.outOffset
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
    this.#sent.connected()
    this.#isConnected = true
    this.#isUnreadable = false
    this.#beginSession(nowMs)
    if (!this.#isReading) this.#session.begin(nowMs)
    this.#sent.traceQueue(nowMs)
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
    this.#sent.leave(({ head, isAwaited }) => !isAwaited && head.kind !== 'response', nowMs)
  }

  stop(nowMs: number): void {
    this.disconnected(nowMs)
    this.#sent.leave(() => false, nowMs)
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
    this.#sent.traceQueue(nowMs)
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
      return this.#sent.handOver(control, { ref: control.sid })
    }
    if (!this.isReady) return undefined
    this.#session.endPause(nowMs)
    return this.#sent.next(nowMs)
  }

  send(message: PipeMessage, nowMs: number): void {
    if (message.head.kind !== 'response' && this.#session.isPeerLeaving) {
      throw new ConsoleError('SOCKETD_PEER_CLOSING', 'the peer said that it is going to close')
    }
    this.#sent.add(message, nowMs)
  }

  cancel(messageKey: number, code: ErrorCode, nowMs: number): boolean {
    return this.#sent.cancel(messageKey, code, nowMs)
  }

  declineAnswers(requestKey: number): void {
    // There is no word for it: what still comes is dropped.
    this.#ours.done(requestKey)
  }

  consumed(): void {
    // There is no credit here: whatever comes has to be taken.
  }

  endAnswers(incomingKey: number): void {
    this.#sent.endAnswers(incomingKey)
  }

  hasRoomFor(bodyBytes: number, extraBytes = 0): boolean {
    return this.#sent.hasRoomFor(bodyBytes, extraBytes)
  }

  drawRef(): string {
    return this.#sent.drawRef()
  }

  drawCorrelationId(): string {
    return this.#sent.drawCorrelationId()
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
    this.#sent.beginSession(nowMs)
    if (!this.#isReading) this.#decoder.mostBytes = Math.min(STRANGER_BYTES, this.#form.largestFrameBytes)
  }

  /** Gives the requests of ours that wait. */
  #endMessages(): readonly number[] {
    this.#control.clear()
    this.#asked.clear()
    this.#sent.endSession()
    this.#joining.end()
    return this.#ours.takeAll()
  }

  /** On a line that stays: what was under way is over at once, what had not begun waits for the next handshake. */
  #restarted(code: ErrorCode, nowMs: number): void {
    const waiting = this.#endMessages()
    this.#sent.leave(({ head }) => head.kind !== 'response', nowMs)
    for (const messageKey of waiting) this.#owner.lost(messageKey, code, nowMs, 'the session began anew')
    this.#beginSession(nowMs)
  }

  #sessionFault(code: ErrorCode, detail: string, wire: WireFrame | undefined): void {
    const { streamOffset, frame } = wire ?? { streamOffset: this.#decoder.streamOffset, frame: undefined }
    this.#incoming.fault(code, streamOffset, 0, frame?.sid ?? '', detail)
  }

  #newDecoder(): FrameDecoder {
    return decoderFor(this.#form, this.#options.checksum)
  }
}
