import { ConsoleError } from '../../../shared/errors'
import { compileFilter } from '../../../shared/filter'
import { type MessageSubject, messageSubject } from '../subject/message-subject'
import type { SubjectSource } from '../subject/message-cursor'
import { columnBound } from '../views/column-test'

/** Does the message that the filters stand at match? */
export type TriggerFilter = () => boolean

/** Filters that look at one message together: its body is decoded once for all of them. */
export class TriggerFilters {
  readonly #source: SubjectSource
  readonly #subject: MessageSubject
  /** Column tests move their own: they ask for single fields of other messages. */
  readonly #columnSubject: MessageSubject
  #id = 0

  constructor(source: SubjectSource) {
    this.#source = source
    this.#subject = messageSubject(source)
    this.#columnSubject = messageSubject(source)
  }

  /** Makes this the message that is asked about, as it is now. False when it is not kept. */
  moveTo(messageId: number): boolean {
    this.#id = messageId
    return this.#subject.moveTo(messageId)
  }

  /** @throws ConsoleError `FILTER_INVALID`, with the problems in `details`. */
  compile(text: string): TriggerFilter {
    const result = compileFilter(text)
    if (!result.ok) {
      const [first] = result.problems
      const where = first === undefined ? '' : ` at character ${first.from + 1}: ${first.message}`
      const hint = first === undefined || first.suggestion === null ? '' : `; perhaps ${first.suggestion}`
      throw new ConsoleError('FILTER_INVALID', `the filter is not understood${where}${hint}`, {
        filter: text,
        problems: result.problems,
      })
    }
    const { filter } = result
    const bound = columnBound(filter.node, this.#columnSubject, this.#source)
    const { messages } = this.#source
    const byColumns = (): boolean =>
      bound === null || bound.test(messages.columnsOf(this.#id), messages.indexOf(this.#id), this.#id)
    return bound?.isExact === true ? byColumns : () => byColumns() && filter.test(this.#subject)
  }
}
