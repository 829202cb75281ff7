import type { CommandRequest } from '../../../shared/contract/contract'
import { hasCode } from '../../../shared/errors'
import type { LineRate } from '../../../shared/model/line-rate'
import type { Priority } from '../../../shared/model/trace'
import type { Capture } from '../../capture/capture'
import type { Link } from '../../link/link'
import type { Links } from '../../link/links'
import { screenHeaders } from '../screen-headers'
import type { Handlers } from './handlers'

type MessageCommand =
  | 'message.chunks'
  | 'message.previous'
  | 'message.send'
  | 'message.cancel'
  | 'messages.rows'
  | 'message.detail'
  | 'message.explain'
  | 'message.body'

export const messageHandlers = (links: Links, capture: Capture): Pick<Handlers, MessageCommand> => ({
  'message.send': (request) => {
    const messageKey = sendOn(links.link(request.linkId), request)
    return { messageId: capture.messageIdOf(request.linkId, messageKey) }
  },
  'message.cancel': ({ messageId }) => {
    const { linkId, messageKey } = capture.locate(messageId)
    return { wasCancelled: cancelOn(links, linkId, messageKey) }
  },
  'messages.rows': ({ from, count }) => ({
    from,
    total: capture.messageCount,
    rows: capture.rows(from, count),
  }),
  'message.detail': ({ messageId }) => {
    const detail = capture.detail(messageId)
    return { detail: { ...detail, headers: screenHeaders(detail.headers) } }
  },
  'message.explain': ({ messageId }) => {
    const { linkId } = capture.locate(messageId)
    return { explanation: capture.explain(messageId, links.clock.nowMs(), lineRateOf(links, linkId)) }
  },
  'message.body': ({ messageId, offset, count }) => {
    const body = capture.body(messageId)
    return { offset, totalBytes: body.length, bytes: body.subarray(offset, offset + count) }
  },
  'message.chunks': ({ messageId }) => ({ chunks: capture.chunksOf(messageId) }),
  'message.previous': ({ messageId }) => ({ messageId: capture.previousOf(messageId) }),
})

function sendOn(link: Link, request: CommandRequest<'message.send'>): number {
  const { route, kind, body, headers, timeoutMs } = request
  const priority = request.priority as Priority
  if (kind !== 'request') return link.send({ route, kind, body, headers, priority }).messageKey
  const { messageKey, answer } = link.request({ route, body, headers, priority, timeoutMs })
  // How it ends is in the trace, and so on screen: nobody waits for this promise.
  answer.then(
    ({ stored }) => stored?.release(),
    () => {},
  )
  return messageKey
}

/** Null where the speed is not known, also because the link is gone. */
function lineRateOf(links: Links, linkId: number): LineRate | null {
  return links.all().find((handle) => handle.linkId === linkId)?.link?.lineRate ?? null
}

/** A link that is gone has nothing left to cancel. */
function cancelOn(links: Links, linkId: number, messageKey: number): boolean {
  try {
    return links.link(linkId).cancel(messageKey)
  } catch (error) {
    if (hasCode(error, 'LINK_UNKNOWN')) return false
    throw error
  }
}
