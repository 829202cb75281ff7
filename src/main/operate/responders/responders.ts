import { asConsoleError, ConsoleError } from '../../../shared/errors'
import type { Clock } from '../../../shared/model/clock'
import { MAX_WAITING_ANSWERS, type RespondersState } from '../../../shared/model/responders'
import { parseResponder, takesRoute } from '../../../shared/workspace/responder-file'
import type { WorkspaceEntry } from '../../../shared/workspace/workspace-types'
import type { Link } from '../../link/link'
import type { IncomingRequest, Reply } from '../../netcore/stack-types'
import type { Workspace } from '../../workspace/workspace'
import { answerAt, type BodyMaker, makeAnswer, notMade, tooBusy } from './answer-maker'
import { DelayedAnswers } from './delayed-answers'
import { KnownResponder } from './known-responder'
import { byCloseness } from './route-match'

export interface RespondersOptions {
  readonly clock: Clock
  readonly nowIso: () => string
  readonly workspace: Pick<Workspace, 'list' | 'read' | 'watch'>
  readonly makeBody: BodyMaker
  /** Compiles a filter over messages of the capture. @throws ConsoleError `FILTER_INVALID`. */
  readonly compileFilter: (filter: string) => (messageId: number) => boolean
  /** Number of a message in the capture; 0 when it is not there. */
  readonly messageIdOf: (linkId: number, messageKey: number) => number
  /** Is this link what a responder calls so? */
  readonly isLinkNamed: (linkId: number, name: string) => boolean
  /** Default: `MAX_WAITING_ANSWERS`. */
  readonly maxWaiting?: number
}

/**
 * Answers requests as files of the workspace say, without code: firmware can be tested before its host exists. Where no
 * responder is responsible, nothing is said in the operator's name, as ever.
 */
export class Responders {
  readonly #options: RespondersOptions
  readonly #delayed: DelayedAnswers
  readonly #listeners = new Set<() => void>()
  readonly #stopWatching: () => void
  /** By name. */
  readonly #known = new Map<string, KnownResponder>()
  /** Those that can answer, in the order in which they are asked. */
  #armed: readonly KnownResponder[] = []
  #skipped = 0
  #version = 0

  constructor(options: RespondersOptions) {
    this.#options = options
    this.#delayed = new DelayedAnswers(options.clock, options.maxWaiting ?? MAX_WAITING_ANSWERS)
    this.#load()
    this.#stopWatching = options.workspace.watch('responders', () => this.#load())
  }

  /** Grows whenever `state` may be another. */
  get version(): number {
    return this.#version
  }

  state(): RespondersState {
    return { responders: [...this.#known.values()].map((known) => known.state()), skipped: this.#skipped }
  }

  /** Calls `listener` when a responder changed or did something. Returns how to end it. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** Lets responders answer what nobody else on this link does. */
  serve(link: Link): void {
    link.stack.onUnrouted((request) => this.#answer(link, request))
  }

  close(): void {
    this.#stopWatching()
    this.#delayed.giveUpAll()
  }

  #answer(link: Link, request: IncomingRequest): Reply | undefined | Promise<Reply | undefined> {
    if (!request.isAnswerable || this.#armed.length === 0) return undefined
    const messageId = this.#options.messageIdOf(link.id, request.messageKey)
    const known = this.#armed.find((candidate) => this.#isResponsible(candidate, link, request, messageId))
    if (known === undefined) return undefined
    known.asked(this.#options.clock.nowMs(), messageId)
    this.#tell()
    if (link.isListenOnly) {
      known.withheld += 1
      return undefined
    }
    const { delayMs } = known.responder
    if (delayMs === 0) return this.#make(known, known.nextIndex(), request)
    if (!this.#delayed.hasRoom) {
      known.failedBy(new ConsoleError('RESPONDER_BUSY', 'too many answers wait for their delay'))
      return tooBusy(request.route)
    }
    return this.#answerLater(known, link, request, delayMs)
  }

  async #answerLater(
    known: KnownResponder,
    link: Link,
    request: IncomingRequest,
    delayMs: number,
  ): Promise<Reply | undefined> {
    const index = known.nextIndex() // by the order of the requests, whichever delay ends first
    known.waiting += 1
    const isDue = await this.#delayed.wait(delayMs, request.signal)
    known.waiting -= 1
    this.#tell()
    if (!isDue) return undefined
    if (link.isListenOnly) {
      known.withheld += 1
      return undefined
    }
    return this.#make(known, index, request)
  }

  #make(known: KnownResponder, index: number, request: IncomingRequest): Reply | undefined {
    const { stored, body } = request
    const moment = { count: index + 1, nowIso: this.#options.nowIso() }
    const answer = answerAt(known.responder.answer, index)
    try {
      const made = makeAnswer(answer, request, stored ?? body, moment, this.#options.makeBody)
      known.answered += 1
      return made.kind === 'silence' ? undefined : made.reply
    } catch (error) {
      const problem = asConsoleError(error)
      known.failedBy(problem)
      return notMade(known.name, problem, request.route)
    }
  }

  #isResponsible(
    { responder, matches }: KnownResponder,
    link: Link,
    { route, path }: IncomingRequest,
    messageId: number,
  ): boolean {
    if (!responder.isEnabled || !takesRoute(responder.route, route)) return false
    if (responder.path !== '' && responder.path !== path) return false
    if (responder.link !== '' && !this.#options.isLinkNamed(link.id, responder.link)) return false
    return matches === null || (messageId !== 0 && matches(messageId))
  }

  #load(): void {
    const { entries, skipped } = this.#options.workspace.list('responders')
    this.#skipped = skipped
    const names = new Set(entries.map(({ name }) => name))
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name)
    for (const entry of entries) this.#read(entry)
    this.#armed = [...this.#known.values()]
      .filter(({ problem }) => problem === null)
      .toSorted((left, right) =>
        byCloseness({ ...left.responder, name: left.name }, { ...right.responder, name: right.name }),
      )
    this.#tell()
  }

  #read({ name, revision, problem }: WorkspaceEntry): void {
    const known = this.#known.get(name) ?? new KnownResponder(name)
    if (known.revision === revision) return
    this.#known.set(name, known)
    if (problem !== null) {
      known.broken(revision, problem)
      return
    }
    try {
      const { text } = this.#options.workspace.read('responders', name)
      const reading = parseResponder(text, `responders/${name}.yaml`)
      if (reading.problem !== undefined) known.broken(revision, reading.problem)
      else {
        const { filter } = reading.value
        known.became(revision, reading.value, filter === '' ? null : this.#options.compileFilter(filter))
      }
    } catch (error) {
      const { message, remedy } = asConsoleError(error)
      known.broken(revision, { file: `responders/${name}.yaml`, line: 0, column: 0, message, remedy })
    }
  }

  #tell(): void {
    this.#version += 1
    for (const listener of [...this.#listeners]) listener()
  }
}
