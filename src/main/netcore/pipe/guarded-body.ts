import { asConsoleError, ConsoleError } from '../../../shared/errors'
import type { BodySource, MessageBody } from './message-body'

/** A body could not be read on. Says whose it was, so that its message fails alone. */
export class UnreadableBody extends Error {
  readonly messageKey: number
  readonly problem: ConsoleError

  constructor(messageKey: number, problem: ConsoleError) {
    super(problem.message)
    this.name = 'UnreadableBody'
    this.messageKey = messageKey
    this.problem = problem
  }
}

/**
 * The same body; one that lies outside memory throws `UnreadableBody` where it fails, and where it gives other than the
 * bytes it was asked for: a chunk of another length would break the peer's count.
 */
export const guardBody = (body: MessageBody, messageKey: number): MessageBody =>
  body instanceof Uint8Array ? body : new GuardedBody(body, messageKey)

class GuardedBody implements BodySource {
  readonly byteLength: number
  readonly #source: BodySource
  readonly #messageKey: number

  constructor(source: BodySource, messageKey: number) {
    this.byteLength = source.byteLength
    this.#source = source
    this.#messageKey = messageKey
  }

  read(offset: number, length: number): Uint8Array {
    let bytes: Uint8Array
    try {
      bytes = this.#source.read(offset, length)
    } catch (error) {
      throw new UnreadableBody(this.#messageKey, asConsoleError(error))
    }
    if (bytes.length === length) return bytes
    const detail = `${length} bytes at ${offset} were asked for, ${bytes.length} came`
    throw new UnreadableBody(this.#messageKey, new ConsoleError('BODY_UNREADABLE', detail))
  }

  retain(): void {
    this.#source.retain?.()
  }

  release(): void {
    this.#source.release?.()
  }
}
