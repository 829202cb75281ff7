import { type LineRate, wireMs } from '../../shared/model/line-rate'
import { Fifo } from '../netcore/pipe/fifo'
import { FRAME_OVERHEAD_BYTES } from './line-settings'
import { MAX_RATE_ERROR, RateEstimate } from './rate-estimate'
import { RefillThreshold } from './refill-threshold'

/** Without evidence the line is filled to this share only: a line 1.5 % slower than its setting must not fill the driver. */
const PACING_SHARE = 0.985
/** Least write-ahead in line time: below it the line idles whenever a timer is late. */
export const MIN_WRITE_AHEAD_MS = 10
/** A drain this late is the line's doing; less is the way of the notification. */
const LATE_MS = 1
/** Less is rounding. */
const NOISE_MS = 0.01
/** A driver that says "drained" in less than this share of the time of its last frame alone does not know. */
const TRUTHFUL_SHARE = 0.8
/** Frames shorter than this prove nothing about the driver. */
const MIN_PROBE_MS = 3
/** So often in a row the driver must have told the truth before it is trusted. */
const TRUTHS_WANTED = 2
/** Frames remembered until they are acknowledged; more than any window. */
const MARKS = 256

export interface LineTime {
  readonly startMs: number
  readonly endMs: number
}

/** What went otherwise than planned, for screens and tests. */
export interface PacerCounts {
  /** The line was slower than the model. */
  lateDrains: number
  /** The driver said "drained" sooner than any line could be. */
  falseDrains: number
  /** The driver did not answer for so long that it is not asked any more. */
  unansweredDrains: number
  /** The system did not take bytes although the model said that it had room: flow control, or a full driver. */
  unsentHolds: number
}

/** A time in which the line had something to send without a pause, by the model. */
interface Stretch {
  readonly startMs: number
  readonly startBytes: number
  /** A pause was too short to be sure of. */
  isGapless: boolean
}

/** A frame on its way: when the model has it arrive. */
interface Mark {
  readonly endBytes: number
  /** As if the model had not been put right since the stretch began. */
  readonly plainEndMs: number
}

/**
 * How much may be handed to the driver (design.md §5: what is handed over can not be overtaken any more). A model of
 * the line by its speed: bytes handed over occupy it one after the other.
 *
 * The bound: whatever is handed over and not yet on the wire is at most `refillBelowMs` (J) of line time and one frame,
 * and never more than `writeAheadMs` (two chunks with their heads, or 10 ms, whichever is more), apart from a single
 * frame that is longer than that by itself. J follows the lateness of wake-ups, 5 to 25 ms.
 *
 * The model is put right by evidence:
 * - acknowledgements (`noteArrived`): what they name has left the line. Put the model forward at once, and teach the speed
 *   of the line in both directions, within 5 %.
 * - drains (`noteDrained`): a late one puts the model back and teaches that the line is slower. An early one never makes
 *   us faster than the setting: pseudo-terminals and some USB chips say "drained" while their own buffers are full.
 * - bytes that the system has not taken (`noteUnsent`).
 *
 * With evidence (acknowledgements, or a driver that told the truth twice) the line is filled completely. Without it, to
 * 98.5 %: a line up to 1.5 % slower than its setting is paced correctly; beyond that the driver's buffer fills, 4 KiB
 * on Linux, and an urgent message waits for that (355 ms at 115,200 baud), until the system takes no more and
 * `noteUnsent` holds us; `counts` tells.
 *
 * Pure: times come in. Sockets have no pacer, there the transport's `canWrite` decides.
 */
export class Pacer {
  /** By the setting of the port. */
  readonly rate: LineRate
  readonly writeAheadMs: number
  readonly counts: PacerCounts = { lateDrains: 0, falseDrains: 0, unansweredDrains: 0, unsentHolds: 0 }
  readonly #refill: RefillThreshold
  readonly #estimate = new RateEstimate()
  readonly #marks = new Fifo<Mark>()
  /** When the line is free as far as we know: for the times of frames. */
  #lineFreeAtMs = Number.NEGATIVE_INFINITY
  /** When it is free by the slightly lower speed we fill it with while there is no evidence. */
  #pacedFreeAtMs = Number.NEGATIVE_INFINITY
  #handedBytes = 0
  #arrivedBytes = 0
  #lastFrameMs = 0
  #wakeDueMs: number | null = null
  #stretch: Stretch | undefined
  /** By how much the model was moved since the stretch began. */
  #movedMs = 0
  #hasAcks = false
  #truths = 0

  /** @param keptAheadMs - J as somebody wants it; default: it follows the lateness of wake-ups. */
  constructor(rate: LineRate, chunkBytes: number, keptAheadMs?: number) {
    this.rate = rate
    const frameMs = wireMs(chunkBytes + FRAME_OVERHEAD_BYTES, rate) / (1 - MAX_RATE_ERROR)
    this.writeAheadMs = Math.max(MIN_WRITE_AHEAD_MS, 2 * frameMs, (keptAheadMs ?? 0) + frameMs)
    this.#refill = new RefillThreshold(this.writeAheadMs - frameMs, keptAheadMs)
  }

  /** J: the next frame is handed over once less than this is left on the line. */
  get refillBelowMs(): number {
    return this.#refill.belowMs
  }

  /** A of `urgentBound`: bytes that are kept with the driver for late wake-ups, besides the frame handed over last. */
  get aheadBytes(): number {
    return Math.ceil(this.refillBelowMs / this.#byteMs)
  }

  /** Real speed of the line over its setting, as far as it was learnt: 0.95 to 1.05. */
  get rateFactor(): number {
    return this.#estimate.factor
  }

  /** Something tells how the line fares, so that it can be filled without fear. */
  get hasEvidence(): boolean {
    return this.#hasAcks || this.#truths >= TRUTHS_WANTED
  }

  /**
   * Until when the line takes no further frame; null when it takes one now. Whoever is told a time comes back then: how
   * late that really is decides how early the next frame is asked for.
   */
  waitsUntilMs(nowMs: number): number | null {
    if (this.#wakeDueMs !== null && nowMs >= this.#wakeDueMs) {
      this.#refill.woke(nowMs - this.#wakeDueMs, nowMs)
      this.#wakeDueMs = null
    }
    const freeAtMs = this.hasEvidence ? this.#lineFreeAtMs : this.#pacedFreeAtMs
    const readyAtMs = freeAtMs - this.#refill.belowMs
    if (nowMs >= readyAtMs) return null
    this.#wakeDueMs = readyAtMs
    return readyAtMs
  }

  /** Line time of what was handed over and is not on the wire yet, by the model. */
  backlogMs(nowMs: number): number {
    return Math.max(0, this.#lineFreeAtMs - nowMs)
  }

  /** For how long the line has been busy without a pause that we know of; 0 when it is not. */
  busyForMs(nowMs: number): number {
    return this.#stretch === undefined || nowMs > this.#lineFreeAtMs ? 0 : nowMs - this.#stretch.startMs
  }

  /** Takes note of a frame that goes to the driver now. Returns when it will occupy the line. */
  handOver(byteCount: number, nowMs: number): LineTime {
    this.#followStretch(nowMs)
    const durationMs = byteCount * this.#byteMs
    const startMs = Math.max(nowMs, this.#lineFreeAtMs)
    this.#lineFreeAtMs = startMs + durationMs
    this.#pacedFreeAtMs = Math.max(nowMs, this.#pacedFreeAtMs) + durationMs / PACING_SHARE
    this.#handedBytes += byteCount
    this.#lastFrameMs = durationMs
    this.#marks.push({ endBytes: this.#handedBytes, plainEndMs: this.#lineFreeAtMs - this.#movedMs })
    if (this.#marks.length > MARKS) this.#marks.shift()
    return { startMs, endMs: this.#lineFreeAtMs }
  }

  /**
   * Evidence that the line is slower than its speed says (flow control holds it): bytes which the system has not even
   * taken are certainly not on the wire.
   */
  noteUnsent(byteCount: number, nowMs: number): void {
    if (byteCount <= 0) return
    const behindMs = nowMs + byteCount * this.#byteMs - this.#lineFreeAtMs
    if (behindMs <= 0) return
    if (behindMs > NOISE_MS) this.counts.unsentHolds += 1
    this.#move(behindMs)
  }

  /**
   * The peer has everything up to this offset of the connection's outgoing stream, so it has left the line. Each offset
   * counts once; an older one is ignored.
   */
  noteArrived(streamOffset: number, nowMs: number): void {
    if (streamOffset <= this.#arrivedBytes) return
    this.#arrivedBytes = Math.min(streamOffset, this.#handedBytes)
    this.#hasAcks = true
    const stretch = this.#stretch
    if (stretch !== undefined && this.#arrivedBytes > stretch.startBytes) {
      const nominalMs = wireMs(this.#arrivedBytes - stretch.startBytes, this.rate)
      this.#estimate.proven(nominalMs, nowMs - stretch.startMs)
    }
    let mark: Mark | undefined
    while ((this.#marks.peek()?.endBytes ?? Number.POSITIVE_INFINITY) <= this.#arrivedBytes) {
      mark = this.#marks.shift()
    }
    if (mark !== undefined) {
      const fallenMs = this.#estimate.delaySeen(nowMs - mark.plainEndMs, nowMs)
      if (fallenMs > 0) this.#move(fallenMs)
    }
    const latestMs = nowMs + (this.#handedBytes - this.#arrivedBytes) * this.#byteMs
    if (this.#lineFreeAtMs > latestMs) this.#move(latestMs - this.#lineFreeAtMs)
  }

  /**
   * The driver says that everything handed over has left. Nothing may have been handed over since it was asked.
   *
   * @returns how the driver's word was taken: `late` the line is slower than the model, `false` it can not be true.
   */
  noteDrained(askedAtMs: number, nowMs: number): 'late' | 'in-time' | 'false' {
    if (this.#lastFrameMs >= MIN_PROBE_MS) {
      if (nowMs - askedAtMs < TRUTHFUL_SHARE * this.#lastFrameMs) {
        this.counts.falseDrains += 1
        this.distrustDrains()
        return 'false'
      }
      this.#truths += 1
    }
    const stretch = this.#stretch
    const lateMs = nowMs - this.#lineFreeAtMs
    this.#stretch = undefined
    if (lateMs > LATE_MS) {
      this.counts.lateDrains += 1
      if (stretch?.isGapless) {
        const nominalMs = wireMs(this.#handedBytes - stretch.startBytes, this.rate)
        this.#estimate.drainedLate(nominalMs, nowMs - stretch.startMs)
      }
      this.#move(lateMs)
      return 'late'
    }
    if (lateMs < -LATE_MS) this.#estimate.drainedEarly()
    return 'in-time'
  }

  /** The driver's word counts for nothing until it has told the truth again. */
  distrustDrains(): void {
    if (this.hasEvidence) this.#pacedFreeAtMs = this.#lineFreeAtMs
    this.#truths = 0
  }

  get #byteMs(): number {
    return wireMs(1, this.rate) / this.#estimate.factor
  }

  #move(byMs: number): void {
    this.#lineFreeAtMs += byMs
    this.#pacedFreeAtMs = Math.max(this.#pacedFreeAtMs, this.#lineFreeAtMs)
    this.#movedMs += byMs
  }

  #followStretch(nowMs: number): void {
    const stretch = this.#stretch
    if (stretch !== undefined) {
      if (nowMs <= this.#lineFreeAtMs) return
      // Even a line as slow as we reckon with has had time to finish: then it was idle for certain.
      const longestMs = (this.#lineFreeAtMs - stretch.startMs) * (1 + MAX_RATE_ERROR)
      if (nowMs <= stretch.startMs + longestMs) {
        stretch.isGapless = false
        return
      }
    }
    this.#stretch = { startMs: nowMs, startBytes: this.#handedBytes, isGapless: true }
    this.#movedMs = 0
    this.#estimate.restart()
  }
}
