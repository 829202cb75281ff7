import type { ErrorCode } from '../../../../../shared/errors'
import type { AttemptLimit, CredentialStore, SessionCrypto, StoredCredential } from '../../../pipe/pipe'
import type { RandomSource } from '../../codec'
import type { AuthFrame, ByeFrame, HelloFrame, HelloSettings, PingFrame, PongFrame } from '../wire/frames'
import type { XsafeMode } from '../wire/wire'

/**
 * The session of a native link: who is there, under which numbers, with which password, and whether it still lives. It
 * carries no messages; the pipe asks it before sending numbered frames. Pure: frames and `nowMs` come in, frames,
 * callbacks and "wake me at" come out.
 */
export type SessionFrame = HelloFrame | AuthFrame | ByeFrame | PingFrame | PongFrame

/**
 * - `down`: no bytes can flow, or we said goodbye.
 * - `hello`: asking who is there.
 * - `auth`: both know each other, the password is being proved.
 * - `up`: numbered frames may flow.
 * - `incompatible`: no common version; tried again every `retryMs`.
 * - `refused`: one side does not want to (password, own echo); `phaseChanged` said why. Own echo is tried again every
 *   `retryMs`; the password waits for `connected`, or for a peer with another session number.
 */
export type SessionPhase = 'down' | 'hello' | 'auth' | 'up' | 'incompatible' | 'refused'

/** How a session that is up is doing. `one-way`: the peer's frames come, but nothing shows that it gets ours. */
export type SessionCondition = 'live' | 'silent' | 'one-way'

/** What the peer's HELLO said, after negotiation with ours. */
export interface PeerOffer extends HelloSettings {
  readonly session: number
  /** Highest version both speak. */
  readonly major: number
  /** CAPABILITY bits that both sides have. */
  readonly capabilities: number
  /** CAPABILITY bits that the peer has. */
  readonly peerCapabilities: number
  /** Frames after the handshake are XON/XOFF-safe. */
  readonly isXsafe: boolean
  /** A password was proved, by both sides. */
  readonly isAuthenticated: boolean
}

export interface NativeSession {
  readonly phase: SessionPhase
  readonly condition: SessionCondition
  /** Null before a HELLO with a common version came. Stays through `disconnected` while the state is kept. */
  readonly peer: PeerOffer | null
  readonly epoch: number
  /** How bytes that come in are to be read now (COBS). */
  readonly scannerMode: XsafeMode
  /**
   * Whether the frame that `nextFrame` handed out last goes out escaped (COBS). HELLO alternates before an agreement; the
   * pipe's own frames go by `peer.isXsafe`.
   */
  readonly isLastFrameEscaped: boolean
  /** The goodbye was answered, or said often enough: the connection can be closed. */
  readonly isFarewellOver: boolean
  /** When `wake` wants to be called, or null. */
  readonly wakeAtMs: number | null

  /** Bytes can flow: HELLO begins, as a resume when a former session is remembered. */
  connected(nowMs: number): void
  /** Bytes cannot flow any more. The session is remembered for `sessionMs` since the last frame that came. */
  disconnected(nowMs: number): void
  /** The frame is borrowed until this returns; its byte fields may be kept. */
  receive(frame: SessionFrame, nowMs: number): void
  /** Any other valid frame came. */
  noteFrame(nowMs: number): void
  /** Probes stay unanswered while frames come (true), or an ACK came (false). */
  noteOneWay(isOneWay: boolean, nowMs: number): void
  /** A numbered frame or an ACK came and `phase` is not `up`: drop it and call this. Answered by HELLO, ten a second at most. */
  numberedFrameOutsideSession(nowMs: number): void
  /**
   * The next frame to send, or undefined. Order: HELLO, AUTH, BYE, PONG, PING. Each goes before everything else of the pipe
   * but an ACK with a hole.
   *
   * @param isLineIdle - Nothing is handed over that is not on the wire yet. Clock samples are taken only then.
   */
  nextFrame(nowMs: number, isLineIdle: boolean): SessionFrame | undefined
  /**
   * Says goodbye (BYE, up to three times) and forgets the session. `phase` is `down` from now on; `down` is not called.
   *
   * @param code - NATIVE_CODE.
   */
  farewell(code: number, text: string, nowMs: number): void
  wake(nowMs: number): void
}

export interface SessionUp {
  /**
   * True: the pipe goes on with what it knows of this peer: frame numbers restart at 0, everything unsettled counts as
   * lost, positions remove duplicates. False: everything is new.
   */
  readonly isResumed: boolean
  readonly epoch: number
  readonly peer: PeerOffer
}

export interface PhaseChange {
  readonly phase: SessionPhase
  readonly condition: SessionCondition
  /** Why, where it is bad news. */
  readonly code: ErrorCode | null
  /** For people. */
  readonly detail: string
}

/** The peer's clock as seen from ours: peer time = own time + offset. */
export interface ClockSample {
  readonly offsetMs: number
  /** The true offset lies within ± this. */
  readonly uncertaintyMs: number
  /** How much faster the peer's clock runs. Null before 60 s of samples. */
  readonly driftPpm: number | null
  /** Of the newest sample: on the line there and back, without the time inside the peer. */
  readonly roundTripMs: number
}

/** Called synchronously, after the session's own state has changed: the owner may call back. */
export interface SessionOwner {
  /** Numbered frames may flow. Comes once per epoch. */
  up(event: SessionUp, nowMs: number): void
  /** The peer began a new epoch: numbered frames stop until `up`, nothing is lost yet. Not called by `disconnected`. */
  suspended(nowMs: number): void
  /**
   * What both sides knew of each other is gone, or will never be (refusal): what was started has to be settled with this code.
   * Comes once per cause, also when the session never was up.
   */
  down(code: ErrorCode, detail: string, nowMs: number): void
  /** For traces and the screen. */
  phaseChanged(change: PhaseChange, nowMs: number): void
  clockSample(sample: ClockSample, nowMs: number): void
  /** Something finished outside a call (the host's key derivation): call `wake(now)`, then `nextFrame`. */
  work(): void
}

export interface SessionTiming {
  /** HELLO and AUTH are repeated after this, doubling … */
  readonly firstTryMs: number
  /** … up to this. */
  readonly lastTryMs: number
  /** Between tries after a version mismatch, an own echo or the peer's goodbye. */
  readonly retryMs: number
  /** PING when nothing came for this long, and again for each further period. */
  readonly pingMs: number
  readonly silentMs: number
  /** A peer of which nothing was heard for this long is forgotten, connected or not. */
  readonly sessionMs: number
  /** Between clock samples, once there are enough to begin with. */
  readonly clockMs: number
  /** Between the repeats of a goodbye. */
  readonly farewellMs: number
}

export const DEFAULT_TIMING: SessionTiming = {
  firstTryMs: 250,
  lastTryMs: 5_000,
  retryMs: 5_000,
  pingMs: 2_000,
  silentMs: 6_000,
  sessionMs: 60_000,
  clockMs: 5_000,
  farewellMs: 250,
}

export type { AttemptLimit, CredentialStore, StoredCredential }

export type SessionAuth =
  | { readonly kind: 'none' }
  /** The host: knows the password. A device that asks for none is refused (`AUTH_NOT_DEMANDED`). */
  | { readonly kind: 'client'; readonly user: string; readonly password: string }
  /** The device: can check a password. */
  | { readonly kind: 'server'; readonly credentials: CredentialStore; readonly attempts: AttemptLimit }

export interface NativeSessionOptions {
  readonly settings: HelloSettings
  /** For session numbers: they have to be unique, not secret. */
  readonly random: RandomSource
  readonly crypto: SessionCrypto
  readonly auth: SessionAuth
  /** Ties the password to the channel below (TLS exporter, RFC 9266). Default: none. */
  readonly binding?: Uint8Array
  /** Ask for XON/XOFF-safe mode. */
  readonly wantsXsafe?: boolean
  readonly timing?: Partial<SessionTiming>
  /** Default: PROTOCOL_MAJOR only. */
  readonly majors?: { readonly highest: number; readonly lowest: number }
}
