import type { ErrorCode } from '../../../shared/errors'
import type { MessageOutcome, StackEvent } from '../../../shared/model/trace'
import { type MessageBody, releaseBody, retainBody, shownBody } from './message-body'
import type { PipeMessage } from './pipe'

/**
 * Says in trace events what becomes of outgoing messages, and holds their bodies in between. Their frames are traced by
 * whoever hands them over.
 */
export class OutgoingTrace {
  readonly #emit: (event: StackEvent) => void
  #queuedBytes = 0
  #queuedMessages = 0

  constructor(emit: (event: StackEvent) => void) {
    this.#emit = emit
  }

  opened({ messageKey, head, body, answersKey }: PipeMessage, nowMs: number): void {
    const { ref, route, kind, priority, headers, correlationId, isSubscription } = head
    retainBody(body)
    this.#emit({
      type: 'message-opened',
      atMs: nowMs,
      dir: 'out',
      messageKey,
      ref,
      route,
      kind,
      priority,
      headers,
      correlationId,
      declaredBytes: body.byteLength,
      answersKey,
      ...(isSubscription === true && { isSubscription }),
    })
  }

  closed(
    message: { readonly messageKey: number; readonly body: MessageBody },
    outcome: MessageOutcome,
    code: ErrorCode | null,
    nowMs: number,
  ): void {
    const { messageKey, body } = message
    this.#emit({
      type: 'message-closed',
      atMs: nowMs,
      dir: 'out',
      messageKey,
      outcome,
      code,
      bodyBytes: body.byteLength,
      body: shownBody(body),
    })
    releaseBody(body)
  }

  /** Tells the depth of the queue when it is another one than the last time. */
  queue(queuedBytes: number, queuedMessages: number, nowMs: number): void {
    if (queuedBytes === this.#queuedBytes && queuedMessages === this.#queuedMessages) return
    this.#queuedBytes = queuedBytes
    this.#queuedMessages = queuedMessages
    this.#emit({ type: 'queue', atMs: nowMs, queuedBytes, queuedMessages })
  }
}
