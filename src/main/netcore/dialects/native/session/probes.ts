import type { PingFrame, PongFrame } from '../wire/frames'
import { ClockEstimate } from './clock-estimate'
import type { ClockSample, SessionTiming } from './session-types'
import type { Silence } from './silence'

/** With so many samples the estimate is good; until then they are taken one after the other. */
const FIRST_SAMPLES = 8
const FIRST_SAMPLES_MS = 50

interface Asked {
  readonly id: number
  readonly sentAtMs: number
  /** A PING behind other bytes would measure them. */
  readonly isSample: boolean
}

/** PING and PONG of a session that is up: the question whether the peer lives, and what time it is there. */
export class Probes {
  readonly #timing: SessionTiming
  readonly #silence: Silence
  readonly #tickNs: number
  #clock: ClockEstimate | null = null
  #isUp = false
  #isSampleDue = false
  #sampleAtMs: number | null = null
  #asked: Asked | null = null
  #lastPongTicks = 0
  #nextId = 0
  #pong: { readonly id: number; readonly receivedTicks: number } | null = null

  /** @param tickNs - Of our own clock as PONG tells it; 0: zeros. */
  constructor(timing: SessionTiming, silence: Silence, tickNs: number) {
    this.#timing = timing
    this.#silence = silence
    this.#tickNs = tickNs
  }

  get wakeAtMs(): number | null {
    if (!this.#isUp) return null
    const askAtMs = this.#silence.wakeAtMs ?? Infinity
    const nextMs = Math.min(askAtMs, this.#isSampleDue ? Infinity : (this.#sampleAtMs ?? Infinity))
    return nextMs === Infinity ? null : nextMs
  }

  /**
   * The session is up.
   *
   * @param peerTickNs - Of the peer's clock, 0: it has none, or will not tell.
   */
  begin(peerTickNs: number, nowMs: number): void {
    this.#isUp = true
    if (peerTickNs === 0) this.#clock = null
    else this.#clock ??= new ClockEstimate(peerTickNs)
    this.#isSampleDue = false
    this.#sampleAtMs = this.#clock === null ? null : nowMs
  }

  /** The line is cut, or the peer begins anew; the clock goes on. */
  pause(): void {
    this.#isUp = false
    this.#asked = null
    this.#pong = null
    this.#lastPongTicks = 0
  }

  /** The peer's clock began anew. */
  forgetClock(): void {
    this.#clock = null
  }

  /** The newest question wins: an older one would get a wrong time. */
  pinged(frame: PingFrame, nowMs: number): void {
    if (this.#isUp) this.#pong = { id: frame.id, receivedTicks: this.#ticks(nowMs) }
  }

  ponged(frame: PongFrame, nowMs: number): ClockSample | null {
    const asked = this.#asked
    if (asked === null || asked.id !== frame.id) return null
    this.#asked = null
    this.#lastPongTicks = this.#ticks(nowMs)
    if (this.#clock === null || !asked.isSample) return null
    const sample = this.#clock.add({
      sentAtMs: asked.sentAtMs,
      peerReceivedTicks: frame.receivedTicks,
      peerSentTicks: frame.sentTicks,
      receivedAtMs: nowMs,
    })
    if (this.#clock.sampleCount < FIRST_SAMPLES) this.#sampleAt(nowMs + FIRST_SAMPLES_MS)
    return sample
  }

  nextFrame(nowMs: number, isLineIdle: boolean): PingFrame | PongFrame | undefined {
    if (!this.#isUp) return undefined
    if (this.#pong !== null) {
      const { id, receivedTicks } = this.#pong
      this.#pong = null
      return { kind: 'pong', id, receivedTicks, sentTicks: this.#ticks(nowMs) }
    }
    if (this.#silence.isAskDue || (this.#isSampleDue && isLineIdle)) return this.#ask(nowMs, isLineIdle)
    if (this.#isSampleDue) this.#sampleAt(nowMs + FIRST_SAMPLES_MS)
    return undefined
  }

  wake(nowMs: number): void {
    if (!this.#isUp) return
    this.#silence.wake(nowMs)
    if (this.#sampleAtMs !== null && nowMs >= this.#sampleAtMs) this.#isSampleDue = true
  }

  #ask(nowMs: number, isSample: boolean): PingFrame {
    const id = this.#nextId
    this.#nextId = (id + 1) & 255
    this.#asked = { id, sentAtMs: nowMs, isSample }
    this.#silence.asked(nowMs)
    if (this.#clock !== null) this.#sampleAt(nowMs + this.#timing.clockMs)
    return { kind: 'ping', id, sentTicks: this.#ticks(nowMs), lastPongTicks: this.#lastPongTicks }
  }

  #sampleAt(atMs: number): void {
    this.#isSampleDue = false
    this.#sampleAtMs = atMs
  }

  #ticks(nowMs: number): number {
    return this.#tickNs === 0 ? 0 : Math.floor((nowMs * 1e6) / this.#tickNs) % 2 ** 32
  }
}
