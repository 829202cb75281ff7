import type { CompiledFilter } from '../../../shared/filter/filter-types'
import type { LinkAddress } from '../../../shared/model/link-url'
import type { TraceEvent } from '../../../shared/model/trace'
import { addressOfUrl } from '../../recording/export/line-rate-of-url'
import { MessageFilter } from '../message-filter'

/** Judges the messages of a recording by a filter, whose words about links are answered by what the recording says of them. */
export function filterJudge(filter: CompiledFilter): (event: TraceEvent) => boolean {
  const addresses = new Map<number, LinkAddress>()
  let nowMs = 0
  const messages = new MessageFilter(filter, {
    addressOf: (linkId) => addresses.get(linkId),
    nowMs: () => nowMs,
  })
  return (event) => {
    nowMs = event.atMs
    if (event.type === 'link-state' && !addresses.has(event.linkId)) {
      const address = addressOfUrl(event.url)
      if (address !== undefined) addresses.set(event.linkId, address)
    }
    return messages.admits(event)
  }
}

/** Wants the messages with these numbers, as they are counted from the beginning of the recording. */
export function numberJudge(messageIds: ReadonlySet<number>): (event: TraceEvent) => boolean {
  const wanted = new Set<string>()
  let count = 0
  return (event) => {
    if (event.type === 'message-opened') {
      count += 1
      if (messageIds.has(count)) wanted.add(`${event.linkId} ${event.messageKey}`)
    }
    return event.type !== 'message-closed' || wanted.delete(`${event.linkId} ${event.messageKey}`)
  }
}
