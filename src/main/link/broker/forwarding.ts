import { asConsoleError, ConsoleError } from '../../../shared/errors'
import { peerErrorOf } from '../../../shared/model/peer-error'
import { AnswerError } from '../../netcore/endpoint/told-error'
import { BodyParts } from '../../netcore/pipe/body-parts'
import type { Answer, IncomingRequest, RequestOutcome } from '../../netcore/stack-types'
import type { Link } from '../link'

/**
 * A request on its way to others: asked again under ids of their own, their answers given back in the order in which they
 * come. One who fails among several is left out; where all fail, who asked is told the first reason.
 */
export class Forwarding {
  readonly #request: IncomingRequest
  readonly #outcome: RequestOutcome
  readonly #isAlone: boolean
  #open: number
  #answered = 0
  #failure: unknown
  readonly #cancels = new Set<() => void>()
  #isOver = false

  constructor(request: IncomingRequest, outcome: RequestOutcome, targetCount: number) {
    this.#request = request
    this.#outcome = outcome
    this.#open = targetCount
    this.#isAlone = targetCount === 1
    request.signal.addEventListener('abort', () => this.#giveUp(undefined), { once: true })
  }

  /** Asks one of them. Never throws. */
  ask(link: Link): void {
    try {
      if (this.#request.isSubscription) this.#subscribe(link)
      else this.#askOnce(link)
    } catch (error) {
      this.#done(error)
    }
  }

  get #words(): Pick<IncomingRequest, 'route' | 'body' | 'headers' | 'priority'> & {
    readonly answerBody: () => BodyParts
  } {
    const { route, body, headers, priority } = this.#request
    // In memory, where the limits of the link hold: a file would have to outlive the answer that it becomes.
    return { route, body, headers, priority, answerBody: () => new BodyParts() }
  }

  #askOnce(link: Link): void {
    const { answer, messageKey } = link.request(this.#words)
    const cancel = (): void => void link.cancel(messageKey)
    this.#cancels.add(cancel)
    answer.then(
      (given) => {
        this.#cancels.delete(cancel)
        this.#done(this.#giveBack(given, !this.#isAlone))
      },
      (error: unknown) => {
        this.#cancels.delete(cancel)
        this.#done(error)
      },
    )
  }

  #subscribe(link: Link): void {
    const { messageKey } = link.subscribe({
      ...this.#words,
      onAnswer: (answer) => {
        const failure = this.#giveBack(answer, true)
        if (failure !== undefined) this.#giveUp(failure)
        return true
      },
      onEnd: (error) => {
        this.#cancels.delete(cancel)
        this.#done(error ?? undefined)
      },
    })
    const cancel = (): void => void link.cancel(messageKey)
    this.#cancels.add(cancel)
  }

  /** What stands in the way of it, if anything. */
  #giveBack(answer: Answer, hasMore: boolean): unknown {
    const { body, headers } = answer
    const error = peerErrorOf(answer)
    if (this.#isOver) return undefined
    // Of several one that fails does not speak for the others.
    if (error !== undefined && !this.#isAlone) {
      return new ConsoleError('PEER_FAILED', `${error.code}: ${error.message}`)
    }
    try {
      this.#request.reply({ body, headers, ...(error === undefined && hasMore && { hasMore }) })
      this.#answered += 1
      return undefined
    } catch (failure) {
      return failure
    }
  }

  #done(failure: unknown): void {
    this.#failure ??= failure
    this.#open -= 1
    if (this.#open > 0 || this.#isOver) return
    this.#isOver = true
    if (this.#answered === 0 && this.#failure !== undefined) this.#fail(this.#failure)
    else this.#outcome.finished(this.#request, undefined)
  }

  #giveUp(failure: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const cancel of [...this.#cancels]) cancel()
    if (failure === undefined) this.#outcome.finished(this.#request, undefined)
    else this.#fail(failure)
  }

  #fail(failure: unknown): void {
    // Who asked is told what the other link met with, whatever it is.
    const { code, message } = asConsoleError(failure)
    this.#outcome.failed(this.#request, new AnswerError(code, message))
  }
}
