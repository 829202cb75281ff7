import { asConsoleError, type ConsoleError, hasCode } from '../../../shared/errors'
import { memoryBytesOf } from '../pipe/message-body'
import type { IncomingRequest, Reply } from '../stack-types'
import { toReply } from './body-encoding'

export type Stream = AsyncIterable<unknown> | Iterator<unknown>

/** Async iterables and generators; arrays and other collections are data. */
export function isStream(value: unknown): value is Stream {
  if (typeof value !== 'object' || value === null) return false
  if (Symbol.asyncIterator in value) return true
  return Symbol.iterator in value && 'next' in value && typeof value.next === 'function'
}

/**
 * Sends what an iterator gives as the answers of one request, as fast as the line takes them: the next value is asked for
 * when the one before is queued. Ends at once when nobody wants the answers any more; the iterator is then closed, so that
 * the `finally` of a generator runs.
 */
export class AnswerStream {
  readonly #request: IncomingRequest
  readonly #iterator: AsyncIterator<unknown> | Iterator<unknown>
  readonly #onReply: (reply: Reply) => void
  #stopped: ConsoleError | undefined
  #interrupt: (reason: ConsoleError) => void = () => {}

  /** @param onReply - Told of each answer after it was queued. */
  constructor(request: IncomingRequest, stream: Stream, onReply: (reply: Reply) => void) {
    this.#request = request
    this.#iterator = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream
    this.#onReply = onReply
  }

  /**
   * @returns the last answer, or undefined when the last one was sent already.
   * @throws what the iterator throws; the reason of `stop`; the reason of the request's signal; `BODY_NOT_ENCODABLE`.
   */
  async run(): Promise<Reply | undefined> {
    const { signal } = this.#request
    const onAbort = (): void => this.stop(asConsoleError(signal.reason))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    try {
      for (;;) {
        const step: IteratorResult<unknown, unknown> = await this.#unlessStopped(() => this.#iterator.next())
        const { done, value } = step
        if (done === true) return value === undefined ? undefined : toReply(value)
        await this.#send({ ...toReply(value), hasMore: true })
      }
    } catch (error) {
      this.#close()
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  stop(reason: ConsoleError): void {
    this.#stopped ??= reason
    this.#interrupt(reason)
  }

  async #send(reply: Reply): Promise<void> {
    for (;;) {
      await this.#unlessStopped(() => this.#request.whenRoom(memoryBytesOf(reply.body)))
      try {
        this.#request.reply(reply)
        break
      } catch (error) {
        // Somebody else was quicker to take the room.
        if (!hasCode(error, 'QUEUE_FULL')) throw error
      }
    }
    this.#onReply(reply)
  }

  /** By hand: `Promise.race` with a promise that lives as long as the stream would keep every step in memory. */
  #unlessStopped<T>(step: () => T | PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#stopped !== undefined) {
        reject(this.#stopped)
        return
      }
      this.#interrupt = reject
      Promise.resolve(step()).then(resolve, reject)
    })
  }

  /** Not waited for: a generator that waits for something that never comes closes when it comes. */
  #close(): void {
    try {
      Promise.resolve(this.#iterator.return?.()).catch(() => {})
    } catch {
      // It failed to close; nobody wants anything of it any more.
    }
  }
}
