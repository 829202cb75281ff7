import type { LineRate } from '../../../shared/model/line-rate'
import type { LinkAddress } from '../../../shared/model/link-url'
import type { TurnTaking } from '../../capture/explain/explanation-words'
import type { Capture } from '../../capture/capture'
import { DIALECT_NAMES, dialectNamed } from '../../netcore/dialects'
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
  addressOf: (linkId: number) => LinkAddress | undefined,
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
    const turns = turnsOf(addressOf(linkId)?.dialect)
    return { explanation: capture.explain(messageId, nowMs(), lineRateOf(linkId) ?? null, turns) }
  },
  'message.body': ({ messageId, offset, count }) => {
    const body = capture.body(messageId)
    return { offset, totalBytes: body.length, bytes: body.subarray(offset, offset + count) }
  },
  'message.chunks': ({ messageId }) => ({ chunks: capture.chunksOf(messageId) }),
  'message.previous': ({ messageId }) => ({ messageId: capture.previousOf(messageId) }),
})

/** Whether large messages let others pass. A recording may name a dialect that is not known here. */
function turnsOf(dialect: string | undefined): TurnTaking {
  if (dialect === undefined || !DIALECT_NAMES.includes(dialect)) return 'chunks'
  if (!dialectNamed(dialect).traits.isInterleaving) return 'none'
  return dialect === 'socketd' ? 'fragments' : 'chunks'
}
