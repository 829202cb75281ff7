import type { Direction, FrameEvent } from '../../shared/model/trace'
import { LinkStatistics } from './link-statistics'

/** What the capture keeps per direction of a link. */
interface DirectionLedger {
  /** How long frames have occupied the line in all. */
  busyMs: number
  /** Row and message of the latest frame. */
  lastRow: number
  lastMessageId: number
}

/** What the capture keeps per link. */
export class LinkLedger {
  readonly statistics = new LinkStatistics()
  readonly #in: DirectionLedger = { busyMs: 0, lastRow: -1, lastMessageId: 0 }
  readonly #out: DirectionLedger = { busyMs: 0, lastRow: -1, lastMessageId: 0 }

  of(dir: Direction): DirectionLedger {
    return dir === 'in' ? this.#in : this.#out
  }

  /** Notes that a frame took its time on the line, and whether it was there before. */
  addFrame(frame: FrameEvent, row: number, messageId: number): void {
    const ledger = this.of(frame.dir)
    ledger.busyMs += frame.endMs - frame.startMs
    ledger.lastRow = row
    ledger.lastMessageId = messageId
    this.statistics.addFrame(frame)
  }
}
