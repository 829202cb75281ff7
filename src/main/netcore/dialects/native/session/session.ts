import type { ErrorCode } from '../../../../../shared/errors'
import {
  type AuthFrame,
  type ByeFrame,
  CAPABILITY,
  type HelloFrame,
  NATIVE_CODE,
  PROTOCOL_MAJOR,
} from '../wire/frames'
import type { XsafeMode } from '../wire/wire'
import { Agreement } from './agreement'
import type { LoginContext } from './client-login'
import { Farewell } from './farewell'
import { signedContent, withinHandshake } from './frame-content'
import { type DeskOutcome, LoginDesk } from './login-desk'
import { negotiate, type OwnOffer } from './offer'
import { Probes } from './probes'
import { Repeater } from './repeater'
import {
  DEFAULT_TIMING,
  type NativeSession,
  type NativeSessionOptions,
  type PeerOffer,
  type SessionCondition,
  type SessionFrame,
  type SessionOwner,
  type SessionPhase,
  type SessionTiming,
} from './session-types'
import { Silence } from './silence'

/** A frame outside the session is answered by HELLO, at most ten times a second. */
const OUTSIDE_ANSWER_MS = 100
const MAX_DETAIL_CHARACTERS = 200
const NO_BINDING = new Uint8Array(0)

/** @throws ConsoleError `PASSWORD_INVALID`, `USER_INVALID` for a host whose password or user cannot be used. */
export const createNativeSession = (options: NativeSessionOptions, owner: SessionOwner): NativeSession =>
  new Session(options, owner)

class Session implements NativeSession {
  readonly #options: NativeSessionOptions
  readonly #owner: SessionOwner
  readonly #timing: SessionTiming
  readonly #own: OwnOffer
  readonly #canEscape: boolean
  readonly #agreement: Agreement
  readonly #hello: Repeater
  readonly #silence: Silence
  readonly #probes: Probes
  readonly #farewell: Farewell
  readonly #login: LoginDesk
  #isConnected = false
  #phase: SessionPhase = 'down'
  #reported: SessionCondition = 'live'
  #peer: PeerOffer | null = null
  /** The HELLO that agreed, as both sides sign it. */
  #peerHello: Uint8Array = NO_BINDING
  /** Code and text of the last bad news, so that a cause that stays is told once. */
  #told = ''
  /** Why we do not want to talk; empty for an own echo. Means something in `refused` only. */
  #refusal = ''
  /** An own echo came since our last HELLO: whatever else comes may be an echo of what the peer hears. */
  #hearsEcho = false
  #outsideAnsweredAtMs = -Infinity
  #isNextHelloEscaped: boolean
  #isLastFrameEscaped = false

  constructor(options: NativeSessionOptions, owner: SessionOwner) {
    const { settings, random } = options
    this.#options = options
    this.#owner = owner
    this.#timing = { ...DEFAULT_TIMING, ...options.timing }
    this.#own = {
      settings,
      majors: options.majors ?? { highest: PROTOCOL_MAJOR, lowest: PROTOCOL_MAJOR },
      wantsXsafe: options.wantsXsafe ?? false,
    }
    this.#canEscape = (settings.capabilities & CAPABILITY.xsafe) !== 0
    this.#isNextHelloEscaped = this.#canEscape && this.#own.wantsXsafe
    this.#agreement = new Agreement(random, (settings.capabilities & CAPABILITY.resume) !== 0)
    this.#hello = new Repeater(this.#timing.firstTryMs, this.#timing.lastTryMs)
    this.#silence = new Silence(this.#timing)
    this.#probes = new Probes(this.#timing, this.#silence, settings.tickNs)
    this.#farewell = new Farewell(this.#timing.farewellMs)
    this.#login = new LoginDesk(options, this.#timing, () => owner.work())
  }

  get phase(): SessionPhase {
    return this.#phase
  }

  get condition(): SessionCondition {
    return this.#phase === 'up' ? this.#silence.condition : 'live'
  }

  get peer(): PeerOffer | null {
    return this.#peer
  }

  get epoch(): number {
    return this.#agreement.epoch
  }

  get scannerMode(): XsafeMode {
    if (!this.#canEscape) return 'plain'
    if (this.#phase !== 'up') return 'either'
    return this.#peer?.isXsafe === true ? 'escaped' : 'plain'
  }

  get isLastFrameEscaped(): boolean {
    return this.#isLastFrameEscaped
  }

  get isFarewellOver(): boolean {
    return this.#farewell.isOver
  }

  get wakeAtMs(): number | null {
    const nextMs = Math.min(
      this.#hello.wakeAtMs ?? Infinity,
      this.#farewell.wakeAtMs ?? Infinity,
      this.#login.wakeAtMs ?? Infinity,
      this.#probes.wakeAtMs ?? Infinity,
      this.#agreement.wasUp ? this.#silence.expiresAtMs : Infinity,
    )
    return nextMs === Infinity ? null : nextMs
  }

  connected(nowMs: number): void {
    if (this.#isConnected) this.disconnected(nowMs)
    this.#isConnected = true
    this.#farewell.end()
    this.#login.reset()
    this.#hearsEcho = false
    this.#told = ''
    this.#isNextHelloEscaped = this.#canEscape && this.#own.wantsXsafe
    this.#expire(nowMs)
    this.#beginEpoch(nowMs)
  }

  disconnected(nowMs: number): void {
    if (!this.#isConnected) return
    this.#isConnected = false
    this.#quiet()
    this.#farewell.end()
    this.#enter('down', nowMs)
  }

  receive(frame: SessionFrame, nowMs: number): void {
    if (this.#phase === 'down') {
      if (frame.kind === 'bye') this.#farewell.end()
      return
    }
    if (frame.kind === 'hello') {
      this.#onHello(frame, nowMs)
      return
    }
    this.noteFrame(nowMs)
    if (frame.kind === 'bye') this.#onBye(frame, nowMs)
    else if (frame.kind === 'auth') this.#onAuth(frame, nowMs)
    else if (frame.kind === 'ping') this.#probes.pinged(frame, nowMs)
    else {
      const sample = this.#probes.ponged(frame, nowMs)
      if (sample !== null) this.#owner.clockSample(sample, nowMs)
    }
  }

  noteFrame(nowMs: number): void {
    if (this.#phase === 'down') return
    this.#silence.heard(nowMs)
    this.#reportCondition(nowMs)
  }

  noteOneWay(isOneWay: boolean, nowMs: number): void {
    this.#silence.noteOneWay(isOneWay)
    this.#reportCondition(nowMs)
  }

  numberedFrameOutsideSession(nowMs: number): void {
    if (this.#phase !== 'hello' && this.#phase !== 'auth') return
    if (nowMs - this.#outsideAnsweredAtMs < OUTSIDE_ANSWER_MS) return
    this.#outsideAnsweredAtMs = nowMs
    if (!this.#login.nudge()) this.#hello.nudge()
  }

  nextFrame(nowMs: number, isLineIdle: boolean): SessionFrame | undefined {
    this.#isLastFrameEscaped = this.#peer?.isXsafe === true
    if (this.#hello.isDue) {
      this.#hello.handedOver(nowMs)
      this.#agreement.noteProposed()
      this.#hearsEcho = false
      if (!this.#agreement.isAgreed) this.#alternateEscaping()
      return this.#helloFrame(this.#agreement.isAgreed)
    }
    const auth = this.#login.nextFrame(nowMs)
    if (auth !== undefined) return auth
    const bye = this.#farewell.nextFrame(nowMs)
    if (bye === undefined) return this.#probes.nextFrame(nowMs, isLineIdle)
    if (this.#peer === null) this.#alternateEscaping()
    return bye
  }

  farewell(code: number, text: string, nowMs: number): void {
    const hasCompany = this.#isConnected && this.#agreement.peerSession !== 0
    this.#quiet()
    this.#forget()
    if (hasCompany) this.#farewell.say(code, text)
    this.#enter('down', nowMs)
  }

  wake(nowMs: number): void {
    this.#farewell.wake(nowMs)
    this.#hello.wake(nowMs)
    this.#probes.wake(nowMs)
    this.#afterLogin(this.#login.wake(nowMs), nowMs)
    this.#expire(nowMs)
    this.#reportCondition(nowMs)
  }

  // HELLO

  #beginEpoch(nowMs: number): void {
    if (!this.#agreement.begin()) {
      if (this.#agreement.wasUp) {
        this.#lose('SESSION_EXPIRED', 'nobody answered on any of many connections', nowMs)
      } else this.#forget()
      this.#agreement.begin()
    }
    this.#login.stop()
    this.#hello.start()
    this.#enter('hello', nowMs)
  }

  #helloFrame(hasHeard: boolean): HelloFrame {
    const { settings, majors, wantsXsafe } = this.#own
    return withinHandshake({
      kind: 'hello',
      wantsXsafe,
      hasKeptState: this.#agreement.carriesState,
      needsPassword: this.#options.auth.kind === 'server',
      hasHeard,
      highestMajor: majors.highest,
      lowestMajor: majors.lowest,
      mySession: this.#agreement.mySession,
      yourSession: this.#agreement.peerSession,
      epoch: this.#agreement.epoch,
      settings,
    })
  }

  #onHello(frame: HelloFrame, nowMs: number): void {
    const isOwn = this.#agreement.isOwn(frame.mySession)
    if (this.#phase === 'refused' && this.#refusal !== '') {
      if (!frame.hasHeard && !isOwn) this.#farewell.say(NATIVE_CODE.auth, this.#refusal, 1)
      return
    }
    if (isOwn) {
      this.#onOwnEcho(nowMs)
      return
    }
    if (frame.mySession === 0 || this.#hearsEcho) return
    this.noteFrame(nowMs)
    const negotiation = negotiate(this.#own, frame)
    if (!negotiation.isPossible) {
      this.#incompatible(negotiation.code, negotiation.detail, nowMs)
      return
    }
    // Whatever it was that we had against each other, or said goodbye to, is over.
    this.#farewell.end()
    this.#told = ''
    let verdict = this.#agreement.hear(frame)
    if (verdict === 'forgotten') {
      this.#lose('PEER_RESTARTED', 'the peer does not know this session any more', nowMs)
      verdict = this.#agreement.hear(frame)
    }
    if (verdict === 'duplicate') {
      if (!frame.hasHeard) this.#hello.nudge()
      return
    }
    if (verdict === 'agreed') {
      this.#peer = negotiation.offer
      this.#agreed(frame, nowMs)
      return
    }
    if (this.#agreement.isAgreed) {
      this.#hello.nudge()
      return
    }
    this.#peer = negotiation.offer
    this.#leaveUp(nowMs)
    this.#login.stop()
    // Somebody is there: the pause between our tries may be short again.
    this.#hello.start()
    this.#enter('hello', nowMs)
  }

  #agreed(frame: HelloFrame, nowMs: number): void {
    this.#peerHello = signedContent(frame)
    this.#login.stop()
    // When both begin at once, each has already sent what satisfies the other. If it got lost, the other asks again.
    this.#hello.stop()
    if (!this.#agreement.hasEchoed) this.#hello.nudge()
    if (this.#agreement.wasUp && !this.#agreement.isKeptByBoth) {
      this.#agreement.dropState()
      this.#probes.pause()
      this.#probes.forgetClock()
      this.#end('hello', 'PEER_RESTARTED', 'the peer keeps nothing over an interruption', nowMs)
    } else {
      this.#leaveUp(nowMs)
    }
    const outcome = this.#login.begin(frame.needsPassword, this.#loginContext())
    if (outcome.kind === 'waiting') this.#enter('auth', nowMs)
    this.#afterLogin(outcome, nowMs)
  }

  /** The peer began a new epoch under a session that is up. */
  #leaveUp(nowMs: number): void {
    if (this.#phase !== 'up') return
    this.#probes.pause()
    this.#phase = 'hello'
    this.#owner.suspended(nowMs)
  }

  #onOwnEcho(nowMs: number): void {
    this.#hearsEcho = true
    this.#quiet()
    this.#forget()
    this.#hello.startAt(nowMs + this.#timing.retryMs)
    this.#refusal = ''
    this.#end('refused', 'LINE_ECHO', 'our own HELLO came back', nowMs)
  }

  #incompatible(code: ErrorCode, detail: string, nowMs: number): void {
    this.#quiet()
    this.#forget()
    this.#hello.startAt(nowMs + this.#timing.retryMs)
    this.#farewell.say(NATIVE_CODE.version, detail, 1)
    this.#end('incompatible', code, detail, nowMs)
  }

  // AUTH

  #loginContext(): LoginContext {
    const mine = signedContent(this.#helloFrame(false))
    const isHost = this.#options.auth.kind === 'client'
    return {
      hostHello: isHost ? mine : this.#peerHello,
      deviceHello: isHost ? this.#peerHello : mine,
      binding: this.#options.binding ?? NO_BINDING,
    }
  }

  #onAuth(frame: AuthFrame, nowMs: number): void {
    // Our HELLO got lost, and the peer believes that we agreed.
    if (!this.#agreement.isAgreed) this.numberedFrameOutsideSession(nowMs)
    else this.#afterLogin(this.#login.receive(frame, nowMs), nowMs)
  }

  #afterLogin(outcome: DeskOutcome, nowMs: number): void {
    switch (outcome.kind) {
      case 'waiting':
        return
      case 'again':
        this.#beginEpoch(nowMs)
        return
      case 'note':
        this.#tell(outcome.code, outcome.detail, nowMs)
        return
      case 'refused':
        this.#refuse(outcome.code, outcome.detail, nowMs)
        return
      case 'open':
      case 'proved':
        this.#goUp(outcome.kind === 'proved', nowMs)
    }
  }

  /** We do not want to talk under these circumstances, and whoever says HELLO is told so until `connected`. */
  #refuse(code: ErrorCode, detail: string, nowMs: number): void {
    this.#refusal = `${code}: ${detail}`
    this.#quiet()
    this.#forget()
    this.#farewell.say(NATIVE_CODE.auth, this.#refusal, 1)
    this.#end('refused', code, detail, nowMs)
  }

  // up and down

  #goUp(isAuthenticated: boolean, nowMs: number): void {
    const isResumed = this.#agreement.wasUp
    const peer = { ...this.#peer!, isAuthenticated }
    this.#peer = peer
    this.#told = ''
    this.#agreement.noteUp()
    this.#silence.begin(nowMs)
    this.#reported = 'live'
    const tellsTime = (peer.capabilities & CAPABILITY.clock) !== 0
    this.#probes.begin(tellsTime ? peer.tickNs : 0, nowMs)
    this.#enter('up', nowMs)
    this.#owner.up({ isResumed, epoch: this.#agreement.epoch, peer }, nowMs)
  }

  #onBye({ code, text }: ByeFrame, nowMs: number): void {
    const isRefusal = code === NATIVE_CODE.version || code === NATIVE_CODE.auth
    if (this.#phase === 'refused' || this.#phase === 'incompatible') return
    // A repeat of a goodbye that is done with. A refusal is news also to a side that did not hear who refuses.
    if (this.#agreement.peerSession === 0 && !isRefusal) return
    const detail = text.slice(0, MAX_DETAIL_CHARACTERS)
    this.#quiet()
    this.#forget()
    if (code === NATIVE_CODE.auth && this.#options.auth.kind === 'client') {
      this.#refusal = detail
      this.#end('refused', 'AUTH_FAILED', detail, nowMs)
      return
    }
    this.#hello.startAt(nowMs + this.#timing.retryMs)
    if (!isRefusal) this.#farewell.say(NATIVE_CODE.ok, '', 1)
    if (code === NATIVE_CODE.version) this.#end('incompatible', 'VERSION_MISMATCH', detail, nowMs)
    else this.#end('hello', isRefusal ? 'AUTH_FAILED' : 'PEER_CLOSED', detail, nowMs)
  }

  /** Forgets a peer that was silent too long, connected or not. */
  #expire(nowMs: number): void {
    if (!this.#agreement.wasUp || nowMs < this.#silence.expiresAtMs) return
    const seconds = Math.round(this.#timing.sessionMs / 1000)
    this.#lose('SESSION_EXPIRED', `nothing came for ${seconds} s`, nowMs)
    if (!this.#isConnected) return
    this.#login.stop()
    this.#hello.start()
    this.#enter('hello', nowMs)
  }

  /** What both sides knew is gone; the handshake goes on. */
  #lose(code: ErrorCode, detail: string, nowMs: number): void {
    this.#probes.pause()
    this.#forget()
    this.#end(this.#isConnected ? 'hello' : 'down', code, detail, nowMs)
  }

  #end(phase: SessionPhase, code: ErrorCode, detail: string, nowMs: number): void {
    const news = `${code} ${detail}`
    const isNews = news !== this.#told
    const isChange = phase !== this.#phase
    this.#phase = phase
    this.#told = news
    if (isNews || isChange) this.#tell(code, detail, nowMs)
    if (isNews) this.#owner.down(code, detail, nowMs)
  }

  /** Everything that wants to send stops. */
  #quiet(): void {
    this.#hello.stop()
    this.#probes.pause()
    this.#login.stop()
  }

  #forget(): void {
    this.#agreement.forget()
    this.#probes.forgetClock()
    this.#peer = null
  }

  #alternateEscaping(): void {
    this.#isLastFrameEscaped = this.#isNextHelloEscaped
    if (this.#canEscape) this.#isNextHelloEscaped = !this.#isNextHelloEscaped
  }

  // for traces

  #enter(phase: SessionPhase, nowMs: number): void {
    if (this.#phase === phase) return
    this.#phase = phase
    this.#tell(null, '', nowMs)
  }

  #reportCondition(nowMs: number): void {
    if (this.condition === this.#reported) return
    this.#tell(null, '', nowMs)
  }

  #tell(code: ErrorCode | null, detail: string, nowMs: number): void {
    this.#reported = this.condition
    this.#owner.phaseChanged({ phase: this.#phase, condition: this.condition, code, detail }, nowMs)
  }
}
