import type { LineRate } from '../../../shared/model/line-rate'
import type { Capture } from '../../capture/capture'
import { screenHeaders } from '../screen-headers'
import type { Handlers } from './handlers'

type ShownMessageCommand =
  | 'message.chunks'
  | 'message.previous'
  | 'messages.rows'
  | 'message.detail'
  | 'message.explain'
  | 'message.body'

/** What there is to see of messages. @param nowMs - What is under way is explained up to here. */
export const shownMessageHandlers = (
  capture: Capture,
  nowMs: () => number,
  lineRateOf: (linkId: number) => LineRate | undefined,
): Pick<Handlers, ShownMessageCommand> => ({
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
    return { explanation: capture.explain(messageId, nowMs(), lineRateOf(linkId) ?? null) }
  },
  'message.body': ({ messageId, offset, count }) => {
    const body = capture.body(messageId)
    return { offset, totalBytes: body.length, bytes: body.subarray(offset, offset + count) }
  },
  'message.chunks': ({ messageId }) => ({ chunks: capture.chunksOf(messageId) }),
  'message.previous': ({ messageId }) => ({ messageId: capture.previousOf(messageId) }),
})
