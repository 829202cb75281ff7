import type { LineRate } from '../../shared/model/line-rate'
import type { QueueEvent } from '../../shared/model/trace'
import type { LaneQueue, StatusSnapshot } from '../../shared/model/views'
import { LinkLedger } from './link-ledger'
import { type LinkFigures, LinkStatistics } from './link-statistics'

type Losses = Pick<StatusSnapshot, 'lostBytes' | 'faults' | 'repeatedFrames'>

const NO_FIGURES = new LinkStatistics()

/** What the capture keeps of each link, and the sums over all of them, with those that are forgotten. */
export class LinkLedgers {
  readonly #byLink = new Map<number, LinkLedger>()
  #queuedBytes = 0
  /** Of links that are forgotten. */
  #lossesBefore: Losses = { lostBytes: 0, faults: 0, repeatedFrames: 0 }

  /** The ledger of a link, begun when there is none. */
  of(linkId: number): LinkLedger {
    let ledger = this.#byLink.get(linkId)
    if (ledger === undefined) {
      ledger = new LinkLedger()
      this.#byLink.set(linkId, ledger)
    }
    return ledger
  }

  /** Bytes that wait to be sent on all links. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  queues(): LaneQueue[] {
    const queues: LaneQueue[] = []
    for (const [linkId, { statistics }] of this.#byLink) {
      queues.push({ linkId, queuedBytes: statistics.queuedBytes })
    }
    return queues
  }

  noteQueue(event: QueueEvent): void {
    const { statistics } = this.of(event.linkId)
    this.#queuedBytes += event.queuedBytes - statistics.queuedBytes
    statistics.noteQueue(event)
  }

  /** @param lineRate - Null where the speed of the line is not known. */
  figures(linkId: number, nowMs: number, lineRate: LineRate | null): LinkFigures {
    return this.#statisticsOf(linkId).figures(nowMs, lineRate)
  }

  /** Over all links there ever were. */
  losses(): Losses {
    let losses = this.#lossesBefore
    for (const { statistics } of this.#byLink.values()) losses = summed(losses, statistics)
    return losses
  }

  /** The rows of frames are gone. Totals go on. */
  forgetRows(): void {
    for (const ledger of this.#byLink.values()) {
      ledger.of('in').lastRow = -1
      ledger.of('out').lastRow = -1
    }
  }

  /** The link will not come back. Its losses stay counted. */
  forgetLink(linkId: number): void {
    const statistics = this.#statisticsOf(linkId)
    this.#queuedBytes -= statistics.queuedBytes
    this.#lossesBefore = summed(this.#lossesBefore, statistics)
    this.#byLink.delete(linkId)
  }

  #statisticsOf(linkId: number): LinkStatistics {
    return this.#byLink.get(linkId)?.statistics ?? NO_FIGURES
  }
}

const summed = (one: Losses, other: Losses): Losses => ({
  lostBytes: one.lostBytes + other.lostBytes,
  faults: one.faults + other.faults,
  repeatedFrames: one.repeatedFrames + other.repeatedFrames,
})
