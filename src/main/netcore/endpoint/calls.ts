import { asConsoleError, ConsoleError } from '../../../shared/errors'
import type { Answer, OutgoingRequest, PendingRequest } from '../stack-types'
import { encodeBody } from './body-encoding'
import type { Asked, AskOptions, PostOptions, SentMessage, SubscribeOptions } from './endpoint-types'
import { peerFailureOf } from './peer-failure'
import type { NamedPipe, OpenCall, PipeSet } from './pipe-set'
import { DEFAULT_BUFFERED_ANSWERS, DEFAULT_BUFFERED_BYTES, Subscription } from './subscription'

/** The side of an endpoint that asks. Whatever waits here ends exactly once. */
export class Calls {
  readonly #pipes: PipeSet
  #isStopped = false

  constructor(pipes: PipeSet) {
    this.#pipes = pipes
  }

  start(): void {
    this.#isStopped = false
  }

  stop(): void {
    this.#isStopped = true
    this.#pipes.failAll(new ConsoleError('ENDPOINT_STOPPED', 'the endpoint was stopped'))
  }

  post(route: string, body: unknown, kind: 'event' | 'request', options: PostOptions): SentMessage {
    const { name, pipe } = this.#choose(options)
    const { messageKey, ref } = pipe.send({ route, kind, body: encodeBody(body), ...headOf(options) })
    return { pipe: name, messageKey, ref }
  }

  ask(route: string, body: unknown, options: AskOptions): Asked {
    const named = this.#choose(options)
    const pending = named.pipe.request(requestOf(route, body, options))
    const { messageKey, ref } = pending
    let cancel: () => void = () => {}
    const answer = new Promise<Answer>((resolve, reject) => {
      cancel = this.#await(named, pending, options, resolve, reject)
    })
    // Whoever is not interested in the outcome must not bring the process down by not listening.
    answer.catch(() => {})
    return { pipe: named.name, messageKey, ref, answer, cancel }
  }

  subscribe(route: string, body: unknown, options: SubscribeOptions): Subscription {
    const named = this.#choose(options)
    const { pipe, calls } = named
    const { signal, isRaw = false } = options
    let messageKey = 0
    const onAbort = (): void => subscription.fail(cancelledBy(signal))
    const subscription = new Subscription({
      hasCredit: pipe.hasCredit,
      bufferedAnswers: options.bufferedAnswers ?? DEFAULT_BUFFERED_ANSWERS,
      bufferedBytes: options.bufferedBytes ?? DEFAULT_BUFFERED_BYTES,
      isRaw,
      onTaken: (byteCount) => pipe.consumed(messageKey, byteCount),
      onOver: () => {
        calls.delete(subscription)
        signal?.removeEventListener('abort', onAbort)
      },
      onUnwanted: () => pipe.cancel(messageKey),
    })
    const sent = pipe.subscribe({
      ...requestOf(route, body, options),
      onAnswer: (answer) => subscription.take(answer),
      onEnd: (error) => subscription.ended(error),
    })
    messageKey = sent.messageKey
    calls.add(subscription)
    signal?.addEventListener('abort', onAbort, { once: true })
    return subscription
  }

  /** @returns ends the wait from this side. */
  #await(
    { pipe, calls }: NamedPipe,
    pending: PendingRequest,
    { signal, isRaw = false }: AskOptions,
    resolve: (answer: Answer) => void,
    reject: (error: ConsoleError) => void,
  ): () => void {
    const over = (): boolean => {
      signal?.removeEventListener('abort', cancel)
      return calls.delete(call)
    }
    const call: OpenCall = {
      fail: (error) => {
        if (!over()) return
        reject(error)
        pipe.cancel(pending.messageKey)
      },
    }
    const cancel = (): void => call.fail(cancelledBy(signal))
    calls.add(call)
    signal?.addEventListener('abort', cancel, { once: true })
    pending.answer.then(
      (answer) => {
        const failure = isRaw ? undefined : peerFailureOf(answer)
        const isWanted = over()
        if (!isWanted || failure !== undefined) answer.stored?.release()
        if (!isWanted) return
        if (failure === undefined) resolve(answer)
        else reject(failure)
      },
      (error: unknown) => {
        if (over()) reject(asConsoleError(error))
      },
    )
    return cancel
  }

  #choose({ pipe, signal }: PostOptions & Pick<AskOptions, 'signal'>): NamedPipe {
    if (this.#isStopped) throw new ConsoleError('ENDPOINT_STOPPED', 'the endpoint was stopped')
    if (signal?.aborted) throw cancelledBy(signal)
    return this.#pipes.choose(pipe)
  }
}

const cancelledBy = (signal: AbortSignal | undefined): ConsoleError =>
  new ConsoleError('REQUEST_CANCELLED', 'the request was cancelled here', {}, { cause: signal?.reason })

const headOf = ({ priority, headers }: PostOptions): Pick<PostOptions, 'priority' | 'headers'> => ({
  ...(priority !== undefined && { priority }),
  ...(headers !== undefined && { headers }),
})

function requestOf(route: string, body: unknown, options: AskOptions): OutgoingRequest {
  const { timeoutMs, answerBody } = options
  return {
    route,
    body: encodeBody(body),
    ...headOf(options),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(answerBody !== undefined && { answerBody }),
  }
}
