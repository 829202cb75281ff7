import { asConsoleError, ConsoleError, type ErrorCode, hasCode } from '../../../shared/errors'
import type { LinkAddress } from '../../../shared/model/link-url'
import { peerErrorOf } from '../../../shared/model/peer-error'
import type { Priority, TraceEvent } from '../../../shared/model/trace'
import type { MessageDraft } from '../../../shared/workspace/workspace-types'
import type { Capture } from '../../capture/capture'
import { abortReason } from '../../link/abort-reason'
import type { Link } from '../../link/link'
import type { LinkHandle, Links } from '../../link/links'
import { type MessageBody, releaseBody } from '../../netcore/pipe/message-body'
import type { Answer } from '../../netcore/stack-types'
import type { Sender, SendPlace, SendResult } from '../operate-types'
import { chooseLink, type LinkNames } from './link-choice'
import { encodeDraft, fillDraft } from './prepare-draft'

export interface DraftSenderOptions extends LinkNames {
  readonly links: Links
  readonly capture: Pick<Capture, 'messageIdOf'>
  /** Folder that relative paths of bodies begin in. */
  readonly workspaceDir: string
}

/** A draft that is ready to go. Its body is released by `start`, or by whoever does not start it. */
export interface ReadyDraft {
  readonly handle: LinkHandle
  readonly link: Link
  readonly route: string
  readonly kind: MessageDraft['kind']
  readonly priority: Priority
  readonly headers: MessageDraft['headers']
  readonly timeoutMs: number
  readonly body: MessageBody
}

/** A message on its way. */
export interface StartedMessage {
  readonly linkId: number
  readonly messageId: number
  /** How it ends. Never rejects. */
  readonly settled: Promise<SendResult>
  /** The answer itself, for those who keep it; rejects as `PendingRequest.answer`. Null where none is awaited. */
  readonly answer: Promise<Answer> | null
}

/** Sends what operators write: fills in variables, makes bytes, chooses the link, and tells how it ended. */
export class DraftSender implements Sender {
  readonly #options: DraftSenderOptions

  constructor(options: DraftSenderOptions) {
    this.#options = options
  }

  async send(draft: MessageDraft, place: SendPlace, signal?: AbortSignal): Promise<SendResult> {
    if (signal?.aborted) throw abortReason(signal)
    const ready = this.prepare(draft, place)
    const { messageId, settled } = this.start(ready, signal)
    place.onMessage?.(messageId)
    return await settled
  }

  /** @throws ConsoleError as `send`. */
  prepare(draft: MessageDraft, place: SendPlace): ReadyDraft {
    const filled = fillDraft(draft, place.variables)
    const handle = this.handleOf(place.link)
    const body = encodeDraft(filled, this.#options.workspaceDir)
    const { route, headers } = filled
    const { kind, timeoutMs } = draft
    const link = this.#options.links.link(handle.linkId)
    return { handle, link, route, kind, headers, timeoutMs, body, priority: draft.priority as Priority }
  }

  /** @throws ConsoleError `LINK_UNKNOWN`, `LINK_NOT_CONNECTED`. */
  handleOf(link: number | string): LinkHandle {
    return chooseLink(this.#options.links, link, this.#options)
  }

  /** Name of a link, as filters say it. */
  nameOf(address: LinkAddress): string {
    return this.#options.nameOf(address)
  }

  /** @throws ConsoleError `LINK_NOT_CONNECTED`, `LISTEN_ONLY`, or what the stack refuses: then nothing was sent. */
  start(ready: ReadyDraft, signal?: AbortSignal): StartedMessage {
    try {
      const { kind } = ready
      if (kind === 'request') return this.#ask(ready, signal)
      return kind === 'subscribe' ? this.#subscribe(ready, signal) : this.#tell(ready, kind, signal)
    } finally {
      releaseBody(ready.body) // what is on its way holds it by itself
    }
  }

  #ask(
    { handle, link, route, headers, priority, timeoutMs, body }: ReadyDraft,
    signal?: AbortSignal,
  ): StartedMessage {
    const { messageKey, answer } = link.request({ route, headers, priority, timeoutMs, body })
    const { linkId } = handle
    const messageId = this.#messageId(linkId, messageKey)
    const cancel = (): void => void link.cancel(messageKey)
    signal?.addEventListener('abort', cancel, { once: true })
    const settled = answer
      .then(
        (given): SendResult => {
          given.stored?.release()
          return this.#answered(linkId, messageId, given)
        },
        (error: unknown): SendResult => failed(linkId, messageId, asConsoleError(error)),
      )
      .finally(() => signal?.removeEventListener('abort', cancel))
    return { linkId, messageId, settled, answer }
  }

  /** Whoever stops a subscription that was answered has what was wanted: that is its end, not a failure. */
  #subscribe(
    { handle, link, route, headers, priority, timeoutMs, body }: ReadyDraft,
    signal?: AbortSignal,
  ): StartedMessage {
    const { linkId } = handle
    let last: Answer | null = null
    let ended: (error: ConsoleError | null) => void = () => {}
    const end = new Promise<ConsoleError | null>((resolve) => {
      ended = resolve
    })
    const { messageKey } = link.subscribe({
      ...{ route, headers, priority, timeoutMs, body },
      onAnswer: (given) => {
        given.stored?.release()
        last = given
        return true
      },
      onEnd: (error) => ended(error),
    })
    const messageId = this.#messageId(linkId, messageKey)
    const cancel = (): void => void link.cancel(messageKey)
    signal?.addEventListener('abort', cancel, { once: true })
    const settled = end.then((error): SendResult => {
      signal?.removeEventListener('abort', cancel)
      const isStopped = last !== null && hasCode(error, 'REQUEST_CANCELLED')
      if (error !== null && !isStopped) return failed(linkId, messageId, error)
      if (last !== null) return this.#answered(linkId, messageId, last)
      return { linkId, messageId, answer: null, roundTripMs: null, problem: null }
    })
    return { linkId, messageId, settled, answer: null }
  }

  #answered(linkId: number, messageId: number, given: Answer): SendResult {
    const { messageKey, headers, body, roundTripMs } = given
    const isOk = peerErrorOf(given) === undefined
    const answer = { messageId: this.#messageId(linkId, messageKey), isOk, headers, body }
    return { linkId, messageId, answer, roundTripMs, problem: null }
  }

  #tell(ready: ReadyDraft, kind: 'event' | 'bytes', signal?: AbortSignal): StartedMessage {
    const { handle, link, route, headers, priority, body } = ready
    const { messageKey } = link.send({ route, kind, headers, priority, body })
    const { linkId } = handle
    const messageId = this.#messageId(linkId, messageKey)
    const cancel = (): void => void link.cancel(messageKey)
    signal?.addEventListener('abort', cancel, { once: true })
    const settled = new Promise<SendResult>((resolve) => {
      const stop = link.observe((event: TraceEvent) => {
        if (event.type !== 'message-closed' || event.messageKey !== messageKey) return
        stop()
        signal?.removeEventListener('abort', cancel)
        const problem =
          event.outcome === 'complete' ? null : notSent(event.code ?? 'MESSAGE_CANCELLED', ready.route)
        resolve({ linkId, messageId, answer: null, roundTripMs: null, problem })
      })
    })
    return { linkId, messageId, settled, answer: null }
  }

  #messageId(linkId: number, messageKey: number): number {
    return this.#options.capture.messageIdOf(linkId, messageKey)
  }
}

const notSent = (code: ErrorCode, route: string): ConsoleError =>
  new ConsoleError(code, `${route === '' ? 'the message' : route} did not leave as a whole`)

const failed = (linkId: number, messageId: number, problem: ConsoleError): SendResult => ({
  linkId,
  messageId,
  answer: null,
  roundTripMs: null,
  problem,
})
