import { asConsoleError, hasCode } from '../../../shared/errors'
import type { CachedAnswer } from '../../../shared/model/cache'
import type { DraftCheck, DraftProblem, SentOutcome } from '../../../shared/model/drafts'
import { wireMs } from '../../../shared/model/line-rate'
import { parseFilter } from '../../../shared/filter'
import type { MessageDraft } from '../../../shared/workspace/workspace-types'
import type { AnswerCache } from '../cache/answer-cache'
import type { SendResult } from '../operate-types'
import type { DraftSender, ReadyDraft, StartedMessage } from './draft-sender'
import type { Environments } from './environments'
import { checkDraft, fillDraft } from './prepare-draft'
import type { SendHistory } from './send-history'

/** What somebody sends by hand. */
export interface HandSend {
  readonly draft: MessageDraft
  /** Empty for none. */
  readonly environment: string
  readonly link: number | string
  /** File in `messages` that it came from; empty for none. */
  readonly name: string
}

export interface HandSent {
  /** Number in the capture; 0 when the answer was there already. */
  readonly messageId: number
  readonly linkId: number
  readonly historyId: string
  readonly cached?: CachedAnswer
  readonly isJoined?: true
}

export interface OperatorSendOptions {
  readonly sender: DraftSender
  readonly environments: Environments
  readonly history: SendHistory
  readonly answers: AnswerCache
  readonly messageIdOf: (linkId: number, messageKey: number) => number
  readonly workspaceDir: string
  readonly nowIso: () => string
}

/** Sends what a person wrote, notes it in the history, and says before what would be wrong. */
export class OperatorSend {
  readonly #options: OperatorSendOptions

  constructor(options: OperatorSendOptions) {
    this.#options = options
  }

  /** Never throws for what is wrong with the draft, the environment or the link: that is the answer. */
  async check({ draft, environment, link }: Omit<HandSend, 'name'>): Promise<DraftCheck> {
    const { environments, sender, workspaceDir } = this.#options
    const problems: DraftProblem[] = []
    await environments.ready()
    let values: ReadonlyMap<string, string> = new Map()
    let variables: DraftCheck['variables'] = []
    try {
      values = environments.variables(environment)
      variables = environments.known(environment)
    } catch (error) {
      problems.push(problemOf('environment', error))
    }
    const { problems: found, bytes } = await checkDraft(fillDraft(draft, values), workspaceDir)
    problems.push(
      ...found.map((problem) => this.#hidden(environment, problem)),
      ...expectProblems(draft.expect),
    )
    let shape: Pick<DraftCheck, 'chunks' | 'wireMs'> = { chunks: null, wireMs: null }
    try {
      const own = sender.handleOf(link).link
      if (own !== null && bytes !== null) {
        const rate = own.lineRate
        const chunks = Math.max(1, Math.ceil(bytes / own.chunkBytes))
        shape = { chunks, wireMs: rate === undefined ? null : wireMs(bytes, rate) }
      }
    } catch (error) {
      if (!hasCode(error, 'LINK_NOT_CONNECTED') || link !== '') problems.push(problemOf('link', error))
    }
    return { problems, bytes, variables, ...shape }
  }

  /**
   * Resolves as soon as the message is on its way; how it ends is in the capture and in the history.
   *
   * @throws ConsoleError as `Sender.send`, `ENVIRONMENT_UNKNOWN`, `ENVIRONMENT_INVALID`: then nothing was sent.
   */
  async send(request: HandSend): Promise<HandSent> {
    const { environments, sender, history } = this.#options
    const { draft, environment, link } = request
    await environments.ready()
    const ready = sender.prepare(draft, { link, variables: environments.variables(environment) })
    const { linkId } = ready.handle
    const linkName = sender.nameOf(ready.handle.address)
    const plan = this.#planOf(ready, linkName)
    if (plan?.kind === 'served') {
      const historyId = this.#note(request, linkName, plan.answer.messageId)
      history.ended(historyId, { outcome: 'cached', roundTripMs: null, problem: '' })
      return { messageId: plan.answer.messageId ?? 0, linkId, historyId, cached: plan.answer }
    }
    if (plan?.kind === 'joined') {
      const historyId = this.#note(request, linkName, plan.requestId)
      history.ended(historyId, { outcome: 'sent', roundTripMs: null, problem: '' })
      return { messageId: plan.requestId, linkId, historyId, isJoined: true }
    }
    let started: StartedMessage
    try {
      started = sender.start(ready)
    } catch (error) {
      plan?.ended(null)
      throw error
    }
    const { messageId, settled, answer } = started
    plan?.began(messageId)
    answer?.then(
      (given) => {
        const isWhole = given.stored === null
        const own = { headers: given.headers, body: given.body }
        plan?.ended(
          isWhole ? { ...own, messageId: this.#options.messageIdOf(linkId, given.messageKey) } : null,
        )
      },
      () => plan?.ended(null),
    )
    const historyId = this.#note(request, linkName, messageId)
    void settled.then((result) => {
      const problem =
        result.problem === null ? '' : environments.withoutSecrets(environment, result.problem.message)
      history.ended(historyId, { outcome: outcomeOf(result), roundTripMs: result.roundTripMs, problem })
    })
    return { messageId, linkId, historyId }
  }

  #planOf({ kind, body, route, headers }: ReadyDraft, linkName: string): ReturnType<AnswerCache['plan']> {
    if (kind !== 'request' || !(body instanceof Uint8Array)) return null
    return this.#options.answers.plan({ linkName, route, body, headers }, 'composer')
  }

  #note({ draft, environment, name }: HandSend, link: string, messageId: number | null): string {
    const { history, environments, nowIso } = this.#options
    const hidden = (text: string): string => environments.withoutSecrets(environment, text)
    const headers = Object.entries(draft.headers).map(
      ([header, value]) => [header, typeof value === 'string' ? hidden(value) : value] as const,
    )
    const kept = {
      ...draft,
      route: hidden(draft.route),
      headers: Object.fromEntries(headers),
      body: draft.body && { ...draft.body, text: hidden(draft.body.text) },
    }
    return history.began({ draft: kept, environment, link, name, messageId, sentAtIso: nowIso() })
  }

  #hidden(environment: string, problem: DraftProblem): DraftProblem {
    return { ...problem, message: this.#options.environments.withoutSecrets(environment, problem.message) }
  }
}

function outcomeOf({ answer, problem }: SendResult): Exclude<SentOutcome, 'waiting' | 'cached'> {
  if (problem !== null) return 'failed'
  if (answer === null) return 'sent'
  return answer.isOk ? 'answered' : 'failed'
}

function problemOf(field: DraftProblem['field'], error: unknown): DraftProblem {
  const { message, remedy } = asConsoleError(error)
  return { field, header: '', at: null, message, remedy }
}

function expectProblems(expect: string): DraftProblem[] {
  const parsed = parseFilter(expect)
  if (parsed.ok || expect.trim() === '') return []
  return parsed.problems.map(({ from, message, suggestion }) => ({
    field: 'expect',
    header: '',
    at: from,
    message,
    remedy: suggestion === null ? 'Correct the filter at this place.' : `Write ${suggestion}.`,
  }))
}
