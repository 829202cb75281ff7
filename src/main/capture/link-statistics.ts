import { type LineRate, wireMs } from '../../shared/model/line-rate'
import type {
  BytesEvent,
  ClockSample,
  FaultEvent,
  FrameEvent,
  QueueEvent,
  SessionEvent,
  SessionPhase,
} from '../../shared/model/trace'
import type { LinkStatus, PeerClock, SessionStatus } from '../../shared/model/views'
import { SlidingSum } from './sliding-sum'

const WINDOW_MS = 1000
const BINS = 10

export type LinkFigures = Pick<
  LinkStatus,
  | 'bytesIn'
  | 'bytesOut'
  | 'rateInBytesPerSecond'
  | 'rateOutBytesPerSecond'
  | 'utilisation'
  | 'queuedBytes'
  | 'queuedMessages'
  | 'faults'
  | 'repeatedFrames'
  | 'lostBytes'
  | 'session'
  | 'clock'
>

/** Messages can go: the clock of the peer is being watched. */
const UP: ReadonlySet<SessionPhase> = new Set<SessionPhase>(['ready', 'silent', 'one-way'])

/** Totals of a link since it was first opened, its rates over the last second, and what it knows of its peer. */
export class LinkStatistics {
  #bytesIn = 0
  #bytesOut = 0
  readonly #recentIn = new SlidingSum(WINDOW_MS, BINS)
  readonly #recentOut = new SlidingSum(WINDOW_MS, BINS)
  #queuedBytes = 0
  #queuedMessages = 0
  #faults = 0
  #repeatedFrames = 0
  #lostBytes = 0
  #session: SessionStatus | null = null
  #clock: PeerClock | null = null

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  get faults(): number {
    return this.#faults
  }

  get repeatedFrames(): number {
    return this.#repeatedFrames
  }

  get lostBytes(): number {
    return this.#lostBytes
  }

  addBytes({ dir, atMs, byteCount }: BytesEvent): void {
    if (dir === 'in') {
      this.#bytesIn += byteCount
      this.#recentIn.add(atMs, byteCount)
    } else {
      this.#bytesOut += byteCount
      this.#recentOut.add(atMs, byteCount)
    }
  }

  addFrame({ isRepeat }: FrameEvent): void {
    if (isRepeat === true) this.#repeatedFrames += 1
  }

  addFault({ lostBytes }: FaultEvent): void {
    this.#faults += 1
    this.#lostBytes += lostBytes
  }

  noteQueue({ queuedBytes, queuedMessages }: QueueEvent): void {
    this.#queuedBytes = queuedBytes
    this.#queuedMessages = queuedMessages
  }

  noteSession({ atMs, phase, peerIdentity, isResumed, code, detail }: SessionEvent): void {
    const sinceMs = this.#session?.phase === phase ? this.#session.sinceMs : atMs
    this.#session = { phase, sinceMs, peerIdentity, isResumed, code, detail }
    if (!UP.has(phase)) this.#clock = null
  }

  noteClock({ offsetMs, uncertaintyMs, driftPpm }: ClockSample): void {
    this.#clock = { offsetMs, uncertaintyMs, driftPpm }
  }

  /** @param lineRate - Speed of the line, null where it is not known: then the utilisation is unknown as well. */
  figures(nowMs: number, lineRate: LineRate | null): LinkFigures {
    const inPerSecond = (this.#recentIn.at(nowMs) * 1000) / WINDOW_MS
    const outPerSecond = (this.#recentOut.at(nowMs) * 1000) / WINDOW_MS
    return {
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      rateInBytesPerSecond: inPerSecond,
      rateOutBytesPerSecond: outPerSecond,
      utilisation:
        lineRate === null ? null : Math.min(1, wireMs(Math.max(inPerSecond, outPerSecond), lineRate) / 1000),
      queuedBytes: this.#queuedBytes,
      queuedMessages: this.#queuedMessages,
      faults: this.#faults,
      repeatedFrames: this.#repeatedFrames,
      lostBytes: this.#lostBytes,
      session: this.#session,
      clock: this.#clock,
    }
  }
}
