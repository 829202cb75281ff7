import { lenientUtf8 } from '../../../shared/bytes'
import { ConsoleError } from '../../../shared/errors'
import { parseJsonBody } from '../../../shared/model/json-body'
import type { Headers, MessageKind, Priority } from '../../../shared/model/trace'
import type { IncomingHead } from '../dialects/dialect'
import { DEFAULT_LIMITS } from '../pipe/limits'
import type { ReceivedBody, StoredBody } from '../pipe/message-body'
import type { IncomingRequest, Reply } from '../stack-types'

/** What a request asks of the desk that sends its answers. */
export interface ReplyPort {
  reply(request: ReceivedRequest, reply: Reply): void
  end(request: ReceivedRequest): void
  whenRoom(request: ReceivedRequest, bodyBytes: number): Promise<void>
}

/** A complete incoming message as its handler sees it. */
export class ReceivedRequest implements IncomingRequest {
  readonly messageKey: number
  readonly body: Uint8Array
  readonly bodyBytes: number
  readonly stored: StoredBody | null
  /** Number of the session it came in: an answer belongs there and nowhere else. */
  readonly session: number
  readonly #head: IncomingHead
  readonly #port: ReplyPort
  #abort: AbortController | undefined
  #unwanted: ConsoleError | undefined

  constructor(
    message: { readonly messageKey: number; readonly head: IncomingHead },
    body: ReceivedBody,
    session: number,
    port: ReplyPort,
  ) {
    this.messageKey = message.messageKey
    this.#head = message.head
    this.body = body.bytes
    this.bodyBytes = body.byteLength
    this.stored = body.stored
    this.session = session
    this.#port = port
  }

  get ref(): string {
    return this.#head.ref
  }

  get route(): string {
    return this.#head.route
  }

  get path(): string {
    return this.#head.path ?? ''
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

  get isSubscription(): boolean {
    return this.#head.isSubscription ?? false
  }

  get isAnswerable(): boolean {
    return this.kind === 'request' && this.correlationId !== ''
  }

  /** Made when somebody looks: most handlers never do. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#unwanted !== undefined) this.#abort.abort(this.#unwanted)
    return this.#abort.signal
  }

  /** Why nobody wants an answer any more; undefined while somebody does. */
  get unwanted(): ConsoleError | undefined {
    return this.#unwanted
  }

  /** Nobody wants the answer any more. */
  decline(reason: ConsoleError): void {
    this.#unwanted ??= reason
    this.#abort?.abort(reason)
  }

  json(): unknown {
    return parseJsonBody(this.#whole())
  }

  text(): string {
    return lenientUtf8(this.#whole())
  }

  #whole(): Uint8Array {
    const { stored, bodyBytes } = this
    if (stored === null) return this.body
    if (bodyBytes <= DEFAULT_LIMITS.messageBytes) return stored.read(0, bodyBytes)
    throw new ConsoleError('MESSAGE_TOO_LARGE', `a body of ${bodyBytes} bytes is not read as a whole`, {
      remedy: 'Read it in pieces, with stored.read.',
    })
  }

  reply(reply: Reply): void {
    this.#port.reply(this, reply)
  }

  end(): void {
    this.#port.end(this)
  }

  whenRoom(bodyBytes: number): Promise<void> {
    return this.#port.whenRoom(this, bodyBytes)
  }
}
