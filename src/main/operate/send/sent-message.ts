import { ConsoleError } from '../../../shared/errors'
import type { TraceEvent } from '../../../shared/model/trace'
import type { Link } from '../../link/link'
import type { OutgoingMessage } from '../../netcore/stack-types'

/**
 * Sends what nobody answers, and resolves when its last byte was handed over.
 *
 * @throws ConsoleError as `Link.send`, and why it did not leave as a whole.
 */
export function sentMessage(link: Link, message: OutgoingMessage): Promise<void> {
  const { messageKey } = link.send(message)
  return new Promise((resolve, reject) => {
    const stop = link.observe((event: TraceEvent) => {
      if (event.type !== 'message-closed' || event.messageKey !== messageKey) return
      stop()
      if (event.outcome === 'complete') resolve()
      else reject(new ConsoleError(event.code ?? 'MESSAGE_CANCELLED', 'the message did not leave as a whole'))
    })
  })
}
