import type { CompiledFilter } from '../../shared/filter/filter-types'
import type { LinkAddress } from '../../shared/model/link-url'
import type { TraceEvent } from '../../shared/model/trace'
import { Capture } from '../capture/capture'
import { messageSubject } from '../capture/subject/message-subject'
import { linkWords } from './link-title'
import { sessionDay } from './session-day'

/** Judged when it ends, a message only needs its partner and its chunks: more than this is not kept. */
const KEPT = { messages: 4096, chunks: 131_072, bodyBytes: 64 * 1024 * 1024 }

export interface FilterWorld {
  readonly addressOf: (linkId: number) => LinkAddress | undefined
  /** Session time. */
  readonly nowMs: () => number
}

/** Lets pass what a filter says, and everything that is no message. */
export class MessageFilter {
  readonly #capture = new Capture(KEPT)
  readonly #filter: CompiledFilter
  readonly #subject

  constructor(filter: CompiledFilter, { addressOf, nowMs }: FilterWorld) {
    this.#filter = filter
    const { dayStartMs } = sessionDay(new Date(Date.now() - nowMs()).toISOString())
    this.#subject = messageSubject(
      this.#capture.subjectSource({
        linkOf: (linkId) => linkWords(addressOf(linkId)),
        nowMs,
        dayStartMs,
      }),
    )
  }

  /** Takes every event of the session, in order. False for the end of a message that does not match. */
  admits(event: TraceEvent): boolean {
    const isEnd = event.type === 'message-closed'
    const id = isEnd ? this.#capture.messageIdOf(event.linkId, event.messageKey) : 0
    this.#capture.observe(event)
    return !isEnd || (this.#subject.moveTo(id) && this.#filter.test(this.#subject))
  }
}
