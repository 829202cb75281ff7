import { type ConsoleError, toWireError } from '../../../shared/errors'
import type { ResponderState } from '../../../shared/model/responders'
import type { Problem } from '../../../shared/model/views'
import { answerWords } from '../../../shared/workspace/responder-file'
import type { FileProblem, Responder } from '../../../shared/workspace/workspace-types'

const NOTHING: Responder = {
  isEnabled: false,
  route: '',
  link: '',
  path: '',
  delayMs: 0,
  filter: '',
  answer: { answer: 'silence' },
}

/** One file of a responder, and what it did since the program started. */
export class KnownResponder {
  readonly name: string
  revision = ''
  problem: FileProblem | null = null
  responder: Responder = NOTHING
  /** Null when every request will do. */
  matches: ((messageId: number) => boolean) | null = null
  answered = 0
  waiting = 0
  withheld = 0
  #requests = 0
  #failed = 0
  #given = 0
  #lastAtMs: number | null = null
  #lastMessageId: number | null = null
  #lastFailure: Problem | null = null

  constructor(name: string) {
    this.name = name
  }

  /** The file reads otherwise. A sequence begins anew, unless only the switch is another. */
  became(revision: string, responder: Responder, matches: ((messageId: number) => boolean) | null): void {
    const isSwitched =
      JSON.stringify({ ...responder, isEnabled: true }) ===
      JSON.stringify({ ...this.responder, isEnabled: true })
    if (!isSwitched) this.#given = 0
    this.revision = revision
    this.responder = responder
    this.matches = matches
    this.problem = null
    this.#lastFailure = null
  }

  broken(revision: string, problem: FileProblem): void {
    this.revision = revision
    this.problem = problem
  }

  asked(atMs: number, messageId: number): void {
    this.#requests += 1
    this.#lastAtMs = atMs
    this.#lastMessageId = messageId === 0 ? null : messageId
  }

  /** Number of the answer that is given next, from 0. */
  nextIndex(): number {
    return this.#given++
  }

  failedBy(error: ConsoleError): void {
    this.#failed += 1
    this.#lastFailure = toWireError(error)
  }

  state(): ResponderState {
    const { name, revision, problem, responder, answered, waiting, withheld } = this
    const { isEnabled, route, link, path, filter, delayMs, answer } = responder
    return {
      name,
      revision,
      problem,
      isEnabled: isEnabled && problem === null,
      route,
      link,
      path,
      filter,
      delayMs,
      kind: answer.answer,
      answer: answerWords(answer),
      requests: this.#requests,
      answered,
      waiting,
      withheld,
      failed: this.#failed,
      lastAtMs: this.#lastAtMs,
      lastMessageId: this.#lastMessageId,
      lastFailure: this.#lastFailure,
    }
  }
}
