import type { ErrorCode } from '../../../../../shared/errors'
import type { SessionPhase } from '../../../../../shared/model/trace'
import type { PipeOptions } from '../../../pipe/pipe'
import { Heartbeat } from '../../heartbeat'
import type { ControlLine } from '../control-line'
import type { LineForm } from '../wire/line-form'
import type { WireFrame } from '../wire/frame-decoder'
import { CLOSE, partingOf } from './close-codes'
import { EarlyFrames } from './early-frames'
import { Handshake } from './handshake'
import { drawSid } from './sids'

/** As in the library. */
export const DEFAULT_HEARTBEAT_MS = 20_000
/** Of an interval at most, by chance. */
const RANDOM_SHARE = 0.1
/** How long a Close may wait to leave. */
const PARTING_MS = 1000
/** What 3001 asks for: the library sleeps as long before its next send. */
export const PRESSURE_PAUSE_MS = 100
/** On a line that said no, or goodbye, it is asked again after this long. */
const REJOIN_MS = 1000

export interface SessionPort {
  readonly form: LineForm
  readonly control: ControlLine
  changed(
    phase: SessionPhase,
    code: ErrorCode | null,
    detail: string,
    peerIdentity: string,
    nowMs: number,
  ): void
  /** @param wire - What it is about; without it, the place where the stream stands. */
  fault(code: ErrorCode, detail: string, wire?: WireFrame): void
  /** The frame concerns no message. */
  noted(wire: WireFrame): void
  /** The session is open: larger frames may come. */
  opened(): void
  /** A frame of the open session; false when it is no message. */
  take(wire: WireFrame): boolean
  /** On a line that stays: what was under way is over, a new session begins. */
  restarted(code: ErrorCode, nowMs: number): void
  /** Nothing new is sent until it is said again. */
  paused(isPaused: boolean, nowMs: number): void
  /** The peer wants nothing new; what is under way goes on. */
  peerLeaves(detail: string, nowMs: number): void
  work(): void
}

/**
 * The life of sessions on one connection after the other: the gate that lets nothing through before the handshake, heartbeats,
 * pauses, and all ways to part. On a line, which is there for good, a session that ends is followed by the next one.
 */
export class Session {
  readonly #port: SessionPort
  readonly #isServer: boolean
  readonly #handshake: Handshake
  readonly #heartbeat: Heartbeat
  readonly #early = new EarlyFrames()
  #isSpent = false
  #isPeerLeaving = false
  /** A Close is on its way, and nothing behind it: until then at most. */
  #partsAtMs = Infinity
  #pausedUntilMs = Infinity
  /** When to ask anew on a line, where nobody asks. */
  #rejoinAtMs = Infinity
  #toldStrangerMs = -Infinity

  constructor(options: PipeOptions, port: SessionPort) {
    const { session, random } = options
    const { heartbeatMs = DEFAULT_HEARTBEAT_MS, silenceMs } = session ?? {}
    this.#port = port
    this.#isServer = session?.role === 'device'
    // The library closes what said nothing for 60 s. Any frame is a sign, and so are bytes of one that is still coming in.
    this.#heartbeat = new Heartbeat({
      intervalMs: heartbeatMs,
      silenceMs,
      shorterBy: (RANDOM_SHARE * random(1000)) / 1000,
      foundAt: 'deadline',
    })
    this.#handshake = new Handshake(options, {
      drawSid: () => drawSid(options),
      connect: (sid, url, meta) => {
        port.control.connect(sid, url, meta)
      },
      connack: (sid, event, data, meta) => {
        port.control.add('connack', sid, event, meta, data)
      },
      changed: (phase, code, detail, nowMs) => {
        this.#changed(phase, code, detail, nowMs)
      },
      opened: (nowMs) => {
        this.#opened(nowMs)
      },
      refuse: (code, detail, nowMs) => {
        this.#changed('refused', code, detail, nowMs)
        this.broken(code, detail, nowMs)
      },
      work: () => {
        port.work()
      },
    })
  }

  get isOpen(): boolean {
    return this.#handshake.isOpen && !this.isParting
  }

  get isParting(): boolean {
    return this.#partsAtMs !== Infinity
  }

  /** The connection is of no more use. */
  get isSpent(): boolean {
    return this.#isSpent
  }

  /** What the client asked for; empty before the handshake. */
  get path(): string {
    return this.#handshake.path
  }

  get isPeerLeaving(): boolean {
    return this.#isPeerLeaving
  }

  get wakeAtMs(): number {
    const sessionMs = Math.min(this.#heartbeat.wakeAtMs, this.#handshake.wakeAtMs, this.#rejoinAtMs)
    return Math.min(sessionMs, this.#partsAtMs, this.#pausedUntilMs)
  }

  begin(nowMs: number): void {
    this.#isSpent = false
    this.#reset()
    this.#handshake.begin(nowMs)
  }

  end(): void {
    this.#handshake.end()
    this.#heartbeat.end()
    this.#early.clear()
  }

  wake(nowMs: number): void {
    if (this.isParting) {
      if (nowMs >= this.#partsAtMs) this.#isSpent = true
      return
    }
    if (nowMs >= this.#rejoinAtMs) {
      this.#rejoinAtMs = Infinity
      this.#handshake.begin(nowMs)
    }
    this.#handshake.wake(nowMs)
    this.endPause(nowMs)
    if (!this.#handshake.isOpen) return
    const tick = this.#heartbeat.tick(nowMs)
    if (tick === 'ping') this.#port.control.bare('ping')
    else if (tick === 'lost') this.#silent(nowMs)
  }

  /** Bytes came. Where they may be rubbish only whole frames count. */
  heard(nowMs: number): void {
    if (!this.#port.form.isLossy) this.#heartbeat.sign(nowMs)
  }

  frame(wire: WireFrame, nowMs: number): void {
    const { kind } = wire.frame
    if (kind === 'connect') this.#connectCame(wire, nowMs)
    else if (kind === 'connack') this.#connackCame(wire, nowMs)
    else if (this.#handshake.isOpen) {
      this.#heartbeat.sign(nowMs)
      this.#take(wire, nowMs)
    } else if (kind === 'close') this.#closeCame(wire, nowMs)
    else this.#tooEarly(wire, nowMs)
  }

  /** Says goodbye, and nothing else. */
  part(code: number, nowMs: number): void {
    const { control } = this.#port
    control.clear()
    control.close(code)
    this.#partsAtMs = nowMs + PARTING_MS
  }

  /** A Close was handed over: whoever owns the connection looks at once after it wrote. */
  closeLeft(nowMs: number): void {
    if (this.isParting) this.#partsAtMs = nowMs
  }

  /** Something is wrong, and the peer is told. */
  broken(code: ErrorCode, detail: string, nowMs: number): void {
    if (this.#isSpent || this.isParting) return
    this.#port.fault(code, detail)
    if (!this.#isLine) this.part(CLOSE.protocol, nowMs)
    else {
      this.#askAnew(code, nowMs)
      if (this.#isServer) this.#port.control.close(CLOSE.protocol)
    }
  }

  /** The peer asks for a moment without new messages. */
  pressed(wire: WireFrame, text: string, nowMs: number): void {
    this.#pausedUntilMs = nowMs + PRESSURE_PAUSE_MS
    this.#port.paused(true, nowMs)
    const detail = `the peer asks for a pause of ${PRESSURE_PAUSE_MS} ms: ${text.slice(0, 200)}`
    this.#port.fault('SOCKETD_PRESSURE', detail, wire)
  }

  endPause(nowMs: number): void {
    if (nowMs < this.#pausedUntilMs) return
    this.#pausedUntilMs = Infinity
    this.#port.paused(false, nowMs)
  }

  /** A line is there for good: whoever is refused there asks again. */
  get #isLine(): boolean {
    return this.#port.form.kind === 'envelope'
  }

  #reset(): void {
    this.#partsAtMs = Infinity
    this.#rejoinAtMs = Infinity
    this.#pausedUntilMs = Infinity
    this.#isPeerLeaving = false
  }

  #opened(nowMs: number): void {
    this.#heartbeat.begin(nowMs)
    this.#port.opened()
    for (const wire of this.#early.takeAll()) {
      if (!this.isParting) this.#take(wire, nowMs)
    }
  }

  /** A frame of the open session. */
  #take(wire: WireFrame, nowMs: number): void {
    const port = this.#port
    if (port.take(wire)) return
    const { kind, flag } = wire.frame
    if (kind === 'close') {
      this.#closeCame(wire, nowMs)
      return
    }
    port.noted(wire)
    if (kind === 'ping') port.control.bare('pong')
    if (kind !== 'unknown') return
    const detail = `there is no frame with the flag ${flag}`
    if (port.form.isLossy) port.fault('SOCKETD_PROTOCOL', detail, wire)
    else this.broken('SOCKETD_PROTOCOL', detail, nowMs)
  }

  /** What comes before the session is open is seen by nobody, and kept for a moment where the session is being opened. */
  #tooEarly(wire: WireFrame, nowMs: number): void {
    if (this.#handshake.hasBegun && this.#early.add(wire)) return
    this.#port.noted(wire)
    const detail = `a frame "${wire.frame.kind}" came before the handshake was done`
    if (!this.#isLine) {
      this.broken('SOCKETD_HANDSHAKE', detail, nowMs)
      return
    }
    // The other end of a line does not know that we began anew.
    this.#port.fault('SOCKETD_HANDSHAKE', detail, wire)
    if (!this.#isServer || nowMs < this.#toldStrangerMs + REJOIN_MS) return
    this.#toldStrangerMs = nowMs
    this.#port.control.close(CLOSE.protocol)
  }

  #connectCame(wire: WireFrame, nowMs: number): void {
    const { frame } = wire
    const handshake = this.#handshake
    this.#port.noted(wire)
    if (!this.#isServer || !frame.hasMessage) {
      this.#unwanted(wire, 'a Connect came that makes no sense here', nowMs)
    } else if (handshake.isWaiting) handshake.connectCame(frame, nowMs)
    else if (!this.#port.form.isLossy) this.broken('SOCKETD_PROTOCOL', 'a second Connect came', nowMs)
    else if (handshake.isRepeated(frame)) handshake.answerAgain()
    else {
      this.#restart('PEER_RESTARTED', nowMs)
      handshake.begin(nowMs)
      handshake.connectCame(frame, nowMs)
    }
  }

  #connackCame(wire: WireFrame, nowMs: number): void {
    this.#port.noted(wire)
    if (this.#handshake.connackCame(wire.frame, nowMs)) return
    this.#unwanted(wire, 'a Connack came that answers nothing of ours', nowMs)
  }

  /** Where frames get lost, one that came too late is nothing to hang up for. */
  #unwanted(wire: WireFrame, detail: string, nowMs: number): void {
    if (this.#port.form.isLossy) this.#port.fault('SOCKETD_HANDSHAKE', detail, wire)
    else this.broken('SOCKETD_HANDSHAKE', detail, nowMs)
  }

  #closeCame(wire: WireFrame, nowMs: number): void {
    this.#port.noted(wire)
    const parting = partingOf(wire.frame.meta)
    if (!this.#handshake.isOpen) {
      const detail = 'the peer hung up on the handshake'
      // On a line the word may be about what was said before; it is asked again.
      this.#changed(this.#isLine ? 'handshake' : 'refused', 'SOCKETD_REFUSED', detail, nowMs)
      this.#over('SOCKETD_REFUSED', detail, nowMs)
    } else if (parting === 'soon') this.#peerLeaves(nowMs)
    else {
      const isOurs = parting === 'protocol'
      const code = isOurs ? 'SOCKETD_PROTOCOL' : 'PEER_CLOSED'
      const detail = isOurs ? 'the peer says that it was told something it can not know' : 'the peer closed'
      this.#changed('ended', code, detail, nowMs)
      this.#over(code, detail, nowMs)
    }
  }

  #peerLeaves(nowMs: number): void {
    if (this.#isPeerLeaving) return
    this.#isPeerLeaving = true
    const detail = 'the peer is going to close: nothing new is sent'
    this.#changed('ready', 'SOCKETD_PEER_CLOSING', detail, nowMs)
    this.#port.peerLeaves(detail, nowMs)
  }

  /** The peer has ended it. */
  #over(code: ErrorCode, detail: string, nowMs: number): void {
    this.#port.fault(code, detail)
    if (this.#isLine) this.#askAnew(code, nowMs)
    else this.#isSpent = true
  }

  #silent(nowMs: number): void {
    const detail = 'nothing came from the peer, and no heartbeat was answered'
    this.#port.fault('SOCKETD_SILENT', detail)
    if (!this.#isLine) {
      this.part(CLOSE.command, nowMs)
      return
    }
    this.#changed('silent', 'SOCKETD_SILENT', detail, nowMs)
    this.#askAnew('SOCKETD_SILENT', nowMs)
  }

  #askAnew(code: ErrorCode, nowMs: number): void {
    this.#restart(code, nowMs)
    if (this.#isServer) this.#handshake.begin(nowMs)
    else this.#rejoinAtMs = nowMs + REJOIN_MS
  }

  #restart(code: ErrorCode, nowMs: number): void {
    this.end()
    this.#reset()
    this.#port.restarted(code, nowMs)
  }

  #changed(phase: SessionPhase, code: ErrorCode | null, detail: string, nowMs: number): void {
    this.#port.changed(phase, code, detail, this.#handshake.peerIdentity, nowMs)
  }
}
