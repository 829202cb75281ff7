import { ConsoleError } from '../../../shared/errors'
import type { StackPort } from '../stack-types'
import type { EndpointPipe } from './endpoint-types'

export interface StackPipeOptions {
  readonly linkId: number
  readonly nowMs: () => number
  readonly isConnected: () => boolean
  /** Something was queued: pull. */
  readonly onQueued: () => void
  /** See `EndpointPipe.hasCredit`. */
  readonly hasCredit?: boolean
}

/** A pipe for an endpoint over a stack that somebody else owns (who has no `Link`). */
export function stackPipe(stack: StackPort, options: StackPipeOptions): EndpointPipe {
  const { linkId, nowMs, isConnected, onQueued, hasCredit = false } = options
  const queued = <T>(sent: T): T => {
    onQueued()
    return sent
  }
  const need = (): number => {
    if (!isConnected())
      throw new ConsoleError('LINK_NOT_CONNECTED', `link ${linkId} is not connected`, { linkId })
    return nowMs()
  }
  return {
    linkId,
    hasCredit,
    get isConnected() {
      return isConnected()
    },
    serveWith: (server) => stack.serveWith(server),
    send: (message) => queued(stack.send(message, need())),
    request: (request) => queued(stack.request(request, need())),
    subscribe: (subscription) => queued(stack.subscribe(subscription, need())),
    consumed: (messageKey, byteCount) => {
      stack.consumed(messageKey, byteCount, nowMs())
      onQueued()
    },
    cancel: (messageKey) => queued(stack.cancel(messageKey, nowMs())),
  }
}
