import type { ErrorCode } from '../../../shared/errors'
import type { LinkPhase, SessionPhase, TraceEvent } from '../../../shared/model/trace'
import type { ModemLines, PeerClock, SessionStatus } from '../../../shared/model/views'
import { StepLog } from './step-log'
import { SumLog } from './sum-log'

/** How a link stood. */
export interface LinkMoment {
  readonly phase: LinkPhase
  readonly sinceMs: number
  readonly code: ErrorCode | null
  readonly detail: string
}

/** Everything about a link at one moment of the recording. */
export interface LinkFacts {
  readonly state: LinkMoment | undefined
  readonly session: SessionStatus | null
  readonly clock: PeerClock | null
  readonly lines: ModemLines | null
  readonly bytesIn: number
  readonly bytesOut: number
  /** During the second before. */
  readonly bytesInPerSecond: number
  readonly bytesOutPerSecond: number
  readonly queuedBytes: number
  readonly queuedMessages: number
  readonly faults: number
  readonly lostBytes: number
  readonly repeatedFrames: number
}

const SECOND_MS = 1000
/** Messages can go: the clock of the peer is being watched. */
const UP: ReadonlySet<SessionPhase> = new Set<SessionPhase>(['ready', 'silent', 'one-way'])

/** A link of a recording, asked how it stood at any moment: the answer depends on the file and the moment alone. */
export class TapeLink {
  readonly linkId: number
  /** The address that was seen first; empty when the recording does not say. */
  url = ''
  readonly #state = new StepLog<LinkMoment>()
  readonly #session = new StepLog<SessionStatus>()
  readonly #clock = new StepLog<PeerClock | null>()
  readonly #lines = new StepLog<ModemLines>()
  readonly #bytesIn = new SumLog()
  readonly #bytesOut = new SumLog()
  readonly #queuedBytes = new SumLog()
  readonly #queuedMessages = new SumLog()
  readonly #faults = new SumLog()
  readonly #lostBytes = new SumLog()
  readonly #repeats = new SumLog()

  constructor(linkId: number) {
    this.linkId = linkId
  }

  /** @param atMs - Where the event stands on the tape. */
  observe(event: TraceEvent, atMs: number): void {
    switch (event.type) {
      case 'bytes':
        ;(event.dir === 'in' ? this.#bytesIn : this.#bytesOut).add(atMs, event.byteCount)
        return
      case 'frame':
        if (event.isRepeat === true) this.#repeats.add(atMs, 1)
        return
      case 'fault':
        this.#faults.add(atMs, 1)
        this.#lostBytes.add(atMs, event.lostBytes)
        return
      case 'queue':
        this.#queuedBytes.add(atMs, event.queuedBytes - this.#queuedBytes.sum)
        this.#queuedMessages.add(atMs, event.queuedMessages - this.#queuedMessages.sum)
        return
      case 'link-state': {
        if (this.url === '') this.url = event.url
        const { phase, code, detail } = event
        this.#state.set(atMs, { phase, sinceMs: atMs, code, detail })
        return
      }
      case 'session': {
        const { phase, peerIdentity, isResumed, code, detail } = event
        const last = this.#session.last
        const sinceMs = last?.phase === phase ? last.sinceMs : atMs
        this.#session.set(atMs, { phase, sinceMs, peerIdentity, isResumed, code, detail })
        if (!UP.has(phase)) this.#clock.set(atMs, null)
        return
      }
      case 'clock-sample': {
        const { offsetMs, uncertaintyMs, driftPpm } = event
        this.#clock.set(atMs, { offsetMs, uncertaintyMs, driftPpm })
        return
      }
      case 'lines': {
        const { dtr, rts, cts, dsr, dcd, ri } = event
        this.#lines.set(atMs, { dtr, rts, cts, dsr, dcd, ri })
        return
      }
      default:
    }
  }

  at(atMs: number): LinkFacts {
    const bytesIn = this.#bytesIn.at(atMs)
    const bytesOut = this.#bytesOut.at(atMs)
    return {
      state: this.#state.at(atMs),
      session: this.#session.at(atMs) ?? null,
      clock: this.#clock.at(atMs) ?? null,
      lines: this.#lines.at(atMs) ?? null,
      bytesIn,
      bytesOut,
      bytesInPerSecond: bytesIn - this.#bytesIn.at(atMs - SECOND_MS),
      bytesOutPerSecond: bytesOut - this.#bytesOut.at(atMs - SECOND_MS),
      queuedBytes: this.#queuedBytes.at(atMs),
      queuedMessages: this.#queuedMessages.at(atMs),
      faults: this.#faults.at(atMs),
      lostBytes: this.#lostBytes.at(atMs),
      repeatedFrames: this.#repeats.at(atMs),
    }
  }
}
