import type { CommandRequest } from '../../../shared/contract/contract'
import type { CommandReply } from '../../../shared/contract/replies'
import { hasCode } from '../../../shared/errors'
import type { Priority } from '../../../shared/model/trace'
import type { Capture } from '../../capture/capture'
import type { Links } from '../../link/links'
import type { AnswerCache } from '../../operate/cache/answer-cache'
import { linkWords } from '../link-title'
import type { Handlers } from './handlers'

type MessageCommand = 'message.send' | 'message.cancel'

export const messageHandlers = (
  links: Links,
  capture: Capture,
  answers: AnswerCache,
): Pick<Handlers, MessageCommand> => ({
  'message.send': (request) => sendOn(links, capture, answers, request),
  'message.cancel': ({ messageId }) => {
    const { linkId, messageKey } = capture.locate(messageId)
    return { wasCancelled: cancelOn(links, linkId, messageKey) }
  },
})

/** A request that a caching rule is for goes over the wire only when no fresh answer is there and none like it is under way. */
function sendOn(
  links: Links,
  capture: Capture,
  answers: AnswerCache,
  request: CommandRequest<'message.send'>,
): CommandReply<'message.send'> {
  const { linkId, route, kind, body, headers, timeoutMs } = request
  const link = links.link(linkId)
  const priority = request.priority as Priority
  if (kind === 'subscribe') {
    const { messageKey } = link.subscribe({
      ...{ route, body, headers, priority, timeoutMs },
      // Its answers are in the trace, and so on screen: nobody else takes them.
      onAnswer: ({ stored }) => {
        stored?.release()
        return true
      },
      onEnd: () => {},
    })
    return { messageId: capture.messageIdOf(linkId, messageKey) }
  }
  if (kind !== 'request') {
    const { messageKey } = link.send({ route, kind, body, headers, priority })
    return { messageId: capture.messageIdOf(linkId, messageKey) }
  }
  const linkName = linkWords(links.get(linkId).address)?.name ?? ''
  const plan = answers.plan({ linkName, route, body, headers }, 'composer')
  if (plan?.kind === 'served') return { messageId: plan.answer.messageId ?? 0, cached: plan.answer }
  if (plan?.kind === 'joined') return { messageId: plan.requestId, isJoined: true }
  const { messageKey, answer } = link.request({ route, body, headers, priority, timeoutMs })
  const messageId = capture.messageIdOf(linkId, messageKey)
  plan?.began(messageId)
  // How it ends is in the trace, and so on screen: nobody waits for this promise.
  answer.then(
    (given) => {
      const isWhole = given.stored === null
      plan?.ended(isWhole ? { ...given, messageId: capture.messageIdOf(linkId, given.messageKey) } : null)
      given.stored?.release()
    },
    () => plan?.ended(null),
  )
  return { messageId }
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
