import type { FieldRef, FilterSubject, SubjectValues } from '../../../shared/filter/filter-types'
import { type MessageSubject, messageSubject } from '../../capture/subject/message-subject'
import type { DifferenceKind, LatencyShift } from '../../../shared/model/compare'
import type { Alignment } from './align'
import type { ComparedRecording } from './compared-recording'
import type { Exchanges } from './exchanges'

/** What is asked of a comparison. */
export interface ComparedRows {
  readonly a: ComparedRecording
  readonly b: ComparedRecording
  readonly alignment: Alignment
  readonly aExchanges: Exchanges
  readonly bExchanges: Exchanges
  kindOf(row: number): DifferenceKind
  shiftOf(row: number): LatencyShift
  fieldsOf(row: number): readonly string[]
  shiftMsOf(row: number): number | null
}

/**
 * A row of a comparison as the filter sees it: `diff.*` is about both recordings, everything else about the message of the
 * first one; of what only the second one has, about that.
 */
export class CompareSubject implements FilterSubject {
  readonly #comparison: ComparedRows
  readonly #a: MessageSubject
  readonly #b: MessageSubject
  #row = 0
  #message: MessageSubject

  constructor(comparison: ComparedRows) {
    this.#comparison = comparison
    this.#a = messageSubject(comparison.a.subjects)
    this.#b = messageSubject(comparison.b.subjects)
    this.#message = this.#a
  }

  moveTo(row: number): void {
    const { alignment, aExchanges, bExchanges } = this.#comparison
    this.#row = row
    const aAt = alignment.aAt[row]!
    this.#message = aAt >= 0 ? this.#a : this.#b
    this.#message.moveTo(aAt >= 0 ? aExchanges.messageIds[aAt]! : bExchanges.messageIds[alignment.bAt[row]!]!)
  }

  field(ref: FieldRef): SubjectValues {
    switch (ref.name) {
      case 'diff.kind': {
        const kind = this.#comparison.kindOf(this.#row)
        const shift = this.#comparison.shiftOf(this.#row)
        return shift === null ? kind : [kind, shift]
      }
      case 'diff.field': {
        const fields = this.#comparison.fieldsOf(this.#row)
        return fields.length === 0 ? undefined : fields
      }
      case 'diff.latency':
        return this.#comparison.shiftMsOf(this.#row) ?? undefined
      default:
        return this.#message.field(ref)
    }
  }
}
