import { ConsoleError } from '../../../../shared/errors'
import { STATUS_ERROR, STATUS_HEADER } from '../../../../shared/model/peer-error'
import { sliceBody } from '../../pipe/message-body'
import type { Compression, PipeMessage } from '../../pipe/pipe'
import { answerParts, callParts, failedMessageParts, messageParts, type Said } from './content/envelope'
import { draftFrame, type FrameDraft } from './frame-draft'
import type { OpenCalls } from './open-calls'
import { answerType, wireTarget } from './routes'
import type { Streams } from './streams'

export interface MessageDraftsParts {
  readonly streams: Streams
  readonly calls: OpenCalls
  /** What compresses our own frames, where that is wanted. */
  readonly deflating: Compression | undefined
  unixMs(nowMs: number): number
}

/** What our messages become on the wire: messages, calls, streams and their answers, each with the id it needs. */
export class MessageDrafts {
  readonly #parts: MessageDraftsParts

  constructor(parts: MessageDraftsParts) {
    this.#parts = parts
  }

  /**
   * @throws ConsoleError `HEAD_NOT_ENCODABLE` for what the dialect has no words for.
   */
  draft(message: PipeMessage, nowMs: number): FrameDraft {
    const { head } = message
    if (head.kind === 'bytes') {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', 'the netconduit dialect has no unframed bytes')
    }
    const body = sliceBody(message.body, 0, message.body.byteLength)
    if (head.kind === 'response') return this.#answerDraft(message, body, nowMs)
    if (Object.keys(head.headers).length > 0) {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', 'netconduit messages have no headers', {
        remedy: 'Leave the headers out, or put what they say into the body.',
      })
    }
    const { kind, name } = wireTarget(head.route)
    if (kind === 'msg') return draftFrame('message', messageParts(name, body), this.#parts.deflating)
    if (kind === 'rpc') return draftFrame('rpc-request', callParts(name, body), this.#parts.deflating)
    if (head.isSubscription !== true) {
      throw new ConsoleError(
        'HEAD_NOT_ENCODABLE',
        `"${head.route}" is a stream, and can only be subscribed to`,
      )
    }
    return draftFrame('rpc-request', this.#parts.streams.askingParts(name, body))
  }

  #answerDraft({ head, answersKey }: PipeMessage, body: Uint8Array, nowMs: number): FrameDraft {
    const said: Said = { body, headers: head.headers }
    const isError = head.headers[STATUS_HEADER] === STATUS_ERROR
    if (this.#parts.streams.isServed(answersKey)) {
      if (!isError) {
        return draftFrame(
          'message',
          this.#parts.streams.itemParts(answersKey, body, this.#parts.unixMs(nowMs)),
          this.#parts.deflating,
        )
      }
      const { kind, parts } = this.#parts.streams.failure(answersKey)
      return draftFrame(kind, parts)
    }
    const [, type] = /^(.*)#\d+$/s.exec(head.correlationId) ?? []
    if (type !== undefined) {
      const parts = isError
        ? failedMessageParts(answerType(type), body)
        : messageParts(answerType(type), body)
      return draftFrame('message', parts, this.#parts.deflating)
    }
    if (wireId(head.correlationId) !== undefined) {
      return draftFrame('rpc-response', answerParts(said), this.#parts.deflating)
    }
    throw new ConsoleError('HEAD_NOT_ENCODABLE', `"${head.correlationId}" names no request of the peer`)
  }

  /** The id on the wire; a request begins to wait for its answer here. */
  idOf({ messageKey, head }: PipeMessage, draft: FrameDraft): bigint {
    const { kind, correlationId, route, isSubscription } = head
    if (kind === 'response') return draft.kind === 'rpc-response' ? wireId(correlationId)! : 0n
    const { kind: target, name } = wireTarget(route)
    const open = { messageKey, correlationId, route, isSubscription: isSubscription ?? false }
    if (target === 'stream') this.#parts.streams.subscribed(name, open)
    if (target !== 'msg')
      return kind === 'request' ? this.#parts.calls.call(open) : this.#parts.calls.silentId()
    if (kind === 'request') this.#parts.calls.message(name, open)
    return 0n
  }
}

/** Requests of the peer are called `p` and their id; anything else is none of its calls. */
function wireId(correlationId: string): bigint | undefined {
  const [, digits] = /^p(\d{1,20})$/.exec(correlationId) ?? []
  return digits === undefined ? undefined : BigInt(digits)
}
