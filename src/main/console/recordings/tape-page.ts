import type { Clock } from '../../../shared/model/clock'
import type { LineRate } from '../../../shared/model/line-rate'
import type { LinkAddress } from '../../../shared/model/link-url'
import type { TraceEvent } from '../../../shared/model/trace'
import { Capture } from '../../capture/capture'
import type { CaptureLimits } from '../../capture/capture-limits'
import type { PageLimits } from '../../recording/replay/page-tally'
import type { NoteEntry } from '../../recording/replay/tape-notes'
import { CaptureLens } from '../lens/capture-lens'
import type { SessionDay } from '../session-day'

export interface TapePageOptions {
  readonly number: number
  readonly limits: PageLimits
  readonly clock: Clock
  /** End of what is read. */
  readonly nowMs: () => number
  readonly day: SessionDay
  readonly addressOf: (linkId: number) => LinkAddress | undefined
  readonly lineRateOf: (linkId: number) => LineRate | undefined
}

/** What may have begun before a page and be under way still, on one link. */
export const MAX_STANDING = 16_384

/** A part of a recording with everything that is looked at: rows, lanes, details. A short recording is one page. */
export class TapePage {
  readonly number: number
  readonly capture: Capture
  readonly lens: CaptureLens
  readonly #noteIds = new Map<number, number>()
  #refused = 0

  constructor(options: TapePageOptions) {
    this.number = options.number
    this.capture = new Capture(captureLimits(options.limits))
    this.lens = new CaptureLens({ ...options, capture: this.capture, onMerged: () => undefined })
  }

  /** Events that the capture could make nothing of. */
  get refused(): number {
    return this.#refused
  }

  observe(event: TraceEvent): void {
    try {
      this.capture.observe(event)
    } catch {
      this.#refused += 1 // a file may come from anybody
    }
  }

  take(entry: NoteEntry): void {
    try {
      if ('removed' in entry) {
        const known = this.#noteIds.get(entry.removed)
        if (known !== undefined) this.capture.removeNote(known)
        this.#noteIds.delete(entry.removed)
        return
      }
      const { kind, atMs, text, on } = entry
      const messageId = on === null ? 0 : this.capture.messageIdOf(on.linkId, on.messageKey)
      const note = { kind, atMs, text, messageId: messageId > 0 ? messageId : null }
      this.#noteIds.set(entry.noteId, this.capture.setNote(note, this.#noteIds.get(entry.noteId)))
    } catch {
      this.#refused += 1 // beyond the limit of notes
    }
  }

  close(): void {
    this.lens.close()
  }
}

/** Room for a page and for what was under way when it began: nothing is ever dropped. */
const captureLimits = ({ messages, chunks, bodyBytes }: PageLimits): Partial<CaptureLimits> => ({
  messages: messages + MAX_STANDING,
  chunks: chunks + 1,
  bodyBytes: bodyBytes * 2,
})
