import { ConsoleError } from '../../../../shared/errors'
import { STATUS_ERROR, STATUS_HEADER } from '../../../../shared/model/peer-error'
import { guardBody } from '../../pipe/guarded-body'
import type { PipeMessage, PipeOptions } from '../../pipe/pipe'
import type { Asked } from './asked'
import { alarmOfAnswer } from './content/alarms'
import { metaOfHeaders, type MetaEscape } from './content/headers'
import { fragmentBytes } from './fragment-bytes'
import { draftFrames, type FrameDraft } from './frame-draft'
import { frameNames } from './wire/frame'
import type { LineForm } from './wire/line-form'
import { checkEvent, checkSid } from './wire/sendable'

/** Of a message where each piece may get lost: more would hardly ever arrive whole. */
export const LARGEST_LOSSY_BYTES = 1024 * 1024

type Said = Pick<FrameDraft, 'kind' | 'sid' | 'names' | 'body'> & { readonly meta: string }

/** Says messages of ours in frames. Everything is checked before anything is written. */
export class MessageDrafts {
  readonly #options: PipeOptions
  readonly #form: LineForm
  readonly #asked: Asked

  constructor(options: PipeOptions, form: LineForm, asked: Asked) {
    this.#options = options
    this.#form = form
    this.#asked = asked
  }

  /** @throws ConsoleError `HEAD_NOT_ENCODABLE`, `HEAD_TOO_LARGE`, `MESSAGE_TOO_LARGE`. */
  draft(message: PipeMessage): FrameDraft {
    const { head, messageKey } = message
    const body = guardBody(message.body, messageKey)
    if (head.kind === 'bytes') {
      throw new ConsoleError('HEAD_NOT_ENCODABLE', 'the socketd dialect has no unframed bytes')
    }
    if (head.kind === 'response') return this.#answer(message, body)
    checkSid(head.ref)
    checkEvent(head.route)
    const kind = head.kind === 'event' ? 'message' : head.isSubscription === true ? 'subscribe' : 'request'
    const meta = metaOfHeaders(head.headers, this.#metaEscape)
    return this.#cut(message, { kind, sid: head.ref, names: frameNames(head.ref, head.route), meta, body })
  }

  get #metaEscape(): MetaEscape {
    return this.#options.session?.metaEscape
  }

  #answer(message: PipeMessage, body: FrameDraft['body']): FrameDraft {
    const { head, answersKey } = message
    const asked = this.#asked.get(answersKey)
    const sid = asked?.sid ?? head.correlationId
    if (asked === undefined) {
      checkSid(sid)
      checkEvent(head.route)
    }
    const names = frameNames(sid, asked?.event ?? head.route)
    if (head.headers[STATUS_HEADER] !== STATUS_ERROR) {
      const meta = metaOfHeaders(head.headers, this.#metaEscape)
      return this.#cut(message, { kind: 'reply', sid, names, meta, body })
    }
    const bytes = body instanceof Uint8Array ? body : new Uint8Array(0)
    const { kind, meta, data } = alarmOfAnswer(head.headers, bytes, asked?.meta ?? '')
    const draft = this.#cut(message, { kind, sid, names, meta, body: data })
    if (asked !== undefined) asked.isOver = true
    return draft
  }

  #cut({ chunkBytes }: PipeMessage, said: Said): FrameDraft {
    const { policy, line } = this.#options
    const { kind, isLossy, largestFrameBytes } = this.#form
    const { byteLength } = said.body
    if (kind === 'packets' && isLossy && byteLength > LARGEST_LOSSY_BYTES) {
      throw new ConsoleError(
        'MESSAGE_TOO_LARGE',
        `the body has ${byteLength} bytes; packets that get lost carry ${LARGEST_LOSSY_BYTES} at most`,
        { limit: LARGEST_LOSSY_BYTES, remedy: 'Send less, or connect over tcp or ws.' },
      )
    }
    const packetBytes = Math.min(largestFrameBytes, line.packetBytes ?? largestFrameBytes)
    const draft = draftFrames(said, chunkBytes ?? fragmentBytes(policy.chunkBytes, line), packetBytes)
    if (draft !== undefined) return draft
    throw new ConsoleError(
      'HEAD_TOO_LARGE',
      `route and headers leave no room in packets of ${packetBytes} bytes`,
      { limit: packetBytes },
    )
  }
}
