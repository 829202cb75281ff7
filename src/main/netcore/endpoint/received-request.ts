import { lenientUtf8 } from '../../../shared/bytes'
import type { Headers, MessageKind, Priority } from '../../../shared/model/trace'
import type { IncomingHead } from '../dialects/dialect'
import type { IncomingRequest, Reply } from '../stack-types'
import { parseJsonBody } from '../../../shared/model/json-body'

/** A complete incoming message as its handler sees it. */
export class ReceivedRequest implements IncomingRequest {
  readonly messageKey: number
  readonly body: Uint8Array
  /** Number of the connection it came on: an answer belongs there and nowhere else. */
  readonly connection: number
  readonly #head: IncomingHead
  readonly #reply: (request: ReceivedRequest, reply: Reply) => void

  constructor(
    message: { readonly messageKey: number; readonly head: IncomingHead },
    body: Uint8Array,
    connection: number,
    reply: (request: ReceivedRequest, reply: Reply) => void,
  ) {
    this.messageKey = message.messageKey
    this.#head = message.head
    this.body = body
    this.connection = connection
    this.#reply = reply
  }

  get ref(): string {
    return this.#head.ref
  }

  get route(): string {
    return this.#head.route
  }

  get kind(): MessageKind {
    return this.#head.kind
  }

  get priority(): Priority {
    return this.#head.priority
  }

  get headers(): Headers {
    return this.#head.headers
  }

  get correlationId(): string {
    return this.#head.correlationId
  }

  /** True when the peer can match an answer to it. */
  get isAnswerable(): boolean {
    return this.kind === 'request' && this.correlationId !== ''
  }

  json(): unknown {
    return parseJsonBody(this.body)
  }

  text(): string {
    return lenientUtf8(this.body)
  }

  reply(reply: Reply): void {
    this.#reply(this, reply)
  }
}
