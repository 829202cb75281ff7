import { ConsoleError } from '../../../shared/errors'
import { peerErrorOf } from '../../../shared/model/peer-error'
import type { Answer } from '../stack-types'

/**
 * What the peer said went wrong, as an error of ours; undefined when the answer is an ordinary one.
 *
 * @returns ConsoleError `PEER_FAILED`: `details.peerCode`, `details.peerMessage` and, where the peer gave any,
 *   `details.peerDetails` are the peer's own words.
 */
export function peerFailureOf(answer: Answer): ConsoleError | undefined {
  const said = peerErrorOf(answer)
  if (said === undefined) return undefined
  const { code, message, details } = said
  return new ConsoleError('PEER_FAILED', `${code}: ${message || 'the peer gave no reason'}`, {
    peerCode: code,
    peerMessage: message,
    route: answer.route,
    ...(details && { peerDetails: details }),
  })
}
