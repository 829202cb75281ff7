import { asConsoleError, ConsoleError, type ErrorCode } from '../../../shared/errors'
import { parseField, compileFilter } from '../../../shared/filter'
import type { CompiledFilter } from '../../../shared/filter/filter-types'
import { MAX_EXECUTED_STEPS, type RunState, type SnippetStepView } from '../../../shared/model/snippets'
import { formatDuration } from '../../../shared/workspace/duration'
import { fillText } from '../../../shared/workspace/fill-template'
import { readValueSource, valueText } from '../../../shared/workspace/message-values'
import type { SnippetStep } from '../../../shared/workspace/workspace-types'
import { previewOf } from '../../capture/preview'
import { type MessageSubject, messageSubject } from '../../capture/subject/message-subject'
import { abortReason } from '../../link/abort-reason'
import type { SendPlace, SendResult } from '../operate-types'
import { MessageInbox } from './message-inbox'
import { RunLog } from './run-log'
import type { LoadedSnippet, SnippetWorld } from './snippet-world'
import { flatSteps } from './step-title'

/** Messages of a run that are remembered for the way to their rows. */
export const MAX_RUN_MESSAGES = 64
/** Steps in one go before the wire is served. */
const STEPS_IN_ONE_GO = 64
/** Beyond: the step fails with `SNIPPET_VALUE_MISSING`. */
export const MAX_VARIABLE_LENGTH = 64 * 1024

type Step<Word extends SnippetStep['step']> = Extract<SnippetStep, { readonly step: Word }>
/** What comes after a step: the next one, the end of the repeat around it, or the end of all. */
type Way = 'on' | 'leave' | 'end'

export interface RunListener {
  /** Something that is shown of the run is another; called often, must be cheap. */
  changed(): void
  /** A step came to its end, each time it does. */
  stepEnded?(step: EndedStep): void
}

export interface EndedStep {
  readonly index: number
  readonly line: number
  readonly title: string
  readonly state: 'passed' | 'failed' | 'stopped'
  readonly detail: string
  readonly tookMs: number
  readonly messageIds: readonly number[]
}

export interface RunEnd {
  readonly state: Exclude<RunState, 'running'>
  readonly detail: string
  readonly problem: ConsoleError | null
}

/**
 * One run of a snippet, from its first step to its end, of which there is exactly one: it passed, a step failed, its time was
 * up, or somebody stopped it. Waits by the clock it is given, and by nothing else.
 */
export class SnippetRun {
  readonly linkId: number
  readonly #loaded: LoadedSnippet
  readonly #world: SnippetWorld
  readonly #place: SendPlace
  readonly #variables: Map<string, string>
  readonly #ownNames: Set<string>
  readonly #log: RunLog
  readonly #inbox: MessageInbox
  readonly #subject: MessageSubject
  readonly #indexOf: ReadonlyMap<SnippetStep, number>
  readonly #ending = new AbortController()
  readonly #listener: RunListener
  readonly #onMessage: ((messageId: number) => void) | undefined
  readonly #filters = new Map<string, CompiledFilter>()
  #executed = 0
  #messageIds: readonly number[] = []
  #roundTripMs: number | null = null
  /** Numbers of the last answer, of the message expected or sent last, and of whichever came last; 0 for none. */
  #replyId = 0
  #messageId = 0
  #currentId = 0
  /** The last answer was an error that a following `expect` has to judge. */
  #unjudged: ConsoleError | null = null

  /** @throws ConsoleError `LINK_UNKNOWN`, `LINK_NOT_CONNECTED`. */
  constructor(loaded: LoadedSnippet, place: SendPlace, world: SnippetWorld, listener: RunListener) {
    const { snippet, lines } = loaded
    const steps = flatSteps(snippet.steps)
    this.linkId = world.linkIdOf(place.link)
    this.#loaded = loaded
    this.#world = world
    this.#variables = new Map([...Object.entries(snippet.variables), ...place.variables])
    this.#ownNames = new Set(Object.keys(snippet.variables).filter((name) => !place.variables.has(name)))
    this.#place = { link: this.linkId, variables: this.#variables }
    this.#log = new RunLog(steps, lines)
    this.#inbox = new MessageInbox(world.clock, world.subjects, this.linkId)
    this.#subject = messageSubject(world.subjects)
    this.#indexOf = new Map(steps.map(({ step }, index) => [step, index]))
    this.#listener = listener
    this.#onMessage = place.onMessage
  }

  get messageIds(): readonly number[] {
    return this.#messageIds
  }

  /** Of the last request that was answered. */
  get roundTripMs(): number | null {
    return this.#roundTripMs
  }

  get executedSteps(): number {
    return this.#executed
  }

  get log(): RunLog {
    return this.#log
  }

  steps(): SnippetStepView[] {
    return this.#log.steps(this.#world.clock.nowMs())
  }

  /** Those that the snippet itself gave a value. What came from outside may be a secret, and is not shown. */
  variables(): readonly (readonly [string, string])[] {
    const own = [...this.#variables].filter(([name]) => this.#ownNames.has(name))
    return own.toSorted(([one], [other]) => (one < other ? -1 : 1))
  }

  /** Ends the run at once with this reason; nothing happens when it has ended. */
  stop(reason: ConsoleError): void {
    this.#ending.abort(reason)
  }

  /** Runs all steps, once. Never rejects. */
  async run(): Promise<RunEnd> {
    const { clock } = this.#world
    const { snippet } = this.#loaded
    const startedMs = clock.nowMs()
    const stopHearing = this.#world.hearMoments(this.#inbox)
    const stopAlarm = clock.schedule(startedMs + snippet.timeoutMs, () => {
      const words = `the snippet was not through within ${formatDuration(snippet.timeoutMs)}`
      this.stop(new ConsoleError('SNIPPET_TIMEOUT', words))
    })
    try {
      await this.#all(snippet.steps)
      const tookMs = clock.nowMs() - startedMs
      const steps = this.#executed === 1 ? '1 step' : `${this.#executed} steps`
      return { state: 'passed', detail: `${steps} in ${shownMs(tookMs)}`, problem: null }
    } catch (error) {
      const problem = asConsoleError(error)
      const state = problem.code === 'SNIPPET_STOPPED' ? 'stopped' : 'failed'
      return { state, detail: problem.message, problem }
    } finally {
      stopAlarm()
      stopHearing()
      this.#ending.abort(new ConsoleError('SNIPPET_STOPPED', 'the run is over'))
    }
  }

  async #all(steps: readonly SnippetStep[]): Promise<Way> {
    for (const [at, step] of steps.entries()) {
      const way = await this.#one(step, steps[at + 1])
      if (way !== 'on') return way
    }
    return 'on'
  }

  async #one(step: SnippetStep, next: SnippetStep | undefined): Promise<Way> {
    const { clock } = this.#world
    const index = this.#indexOf.get(step)!
    this.#executed += 1
    this.#log.begin(index, clock.nowMs())
    this.#listener.changed()
    try {
      if (this.#executed > MAX_EXECUTED_STEPS) {
        throw new ConsoleError('SNIPPET_STEPS_EXHAUSTED', `it took over ${MAX_EXECUTED_STEPS} steps`)
      }
      if (this.#executed % STEPS_IN_ONE_GO === 0) await this.#sleep(0)
      if (this.#ending.signal.aborted) throw abortReason(this.#ending.signal)
      const [way, detail] = await this.#take(step, index, next)
      this.#end(index, 'passed', detail)
      return way
    } catch (error) {
      const problem = asConsoleError(error)
      const told = step.step === 'repeat' ? problem : placed(problem, index, this.#log)
      const state = problem.code === 'SNIPPET_STOPPED' ? 'stopped' : 'failed'
      this.#end(index, state, step.step === 'repeat' ? '' : problem.message)
      throw told
    } finally {
      this.#listener.changed()
    }
  }

  #end(index: number, state: EndedStep['state'], detail: string): void {
    const { tookMs, messageIds } = this.#log.end(index, state, detail, this.#world.clock.nowMs())
    const [line, title] = [this.#log.lineOf(index), this.#log.titleOf(index)]
    this.#listener.stepEnded?.({ index, line, title, state, detail, tookMs, messageIds })
  }

  async #take(step: SnippetStep, index: number, next?: SnippetStep): Promise<readonly [Way, string]> {
    switch (step.step) {
      case 'send':
        return ['on', await this.#send(step, index, next?.step === 'expect' || next?.step === 'check')]
      case 'wait':
        await this.#sleep(step.waitMs)
        return ['on', '']
      case 'expect':
        return ['on', await this.#expect(step, index)]
      case 'check':
        return ['on', this.#checkLast(step, index)]
      case 'set':
        return ['on', this.#set(step)]
      case 'repeat':
        return this.#repeat(step)
      case 'stop-if':
        return this.#stopIf(step, index)
    }
  }

  async #send({ message, save }: Step<'send'>, index: number, isJudgedNext: boolean): Promise<string> {
    const draft = typeof message === 'string' ? this.#world.message(this.#filled(message)) : message
    this.#inbox.begin()
    const result = await this.#untilEnded(this.#world.sender.send(draft, this.#place, this.#ending.signal))
    const { answer, messageId, roundTripMs, problem } = result
    this.#inbox.sent(messageId, answer !== null)
    this.#note(index, answer === null ? [messageId] : [messageId, answer.messageId])
    this.#messageId = messageId
    this.#currentId = answer?.messageId ?? messageId
    this.#replyId = answer?.messageId ?? 0
    this.#roundTripMs = roundTripMs ?? this.#roundTripMs
    this.#unjudged = null
    const failure = failureOf(result)
    if (failure !== null) {
      if (answer === null || !isJudgedNext) throw failure
      this.#unjudged = failure
    }
    if (answer === null) {
      if (problem !== null) throw problem
      return 'sent'
    }
    if (draft.expect !== '' && failure === null) this.#check(draft.expect, answer.messageId)
    if (save !== '')
      this.#keep(save, new TextDecoder().decode(answer.body.subarray(0, MAX_VARIABLE_LENGTH + 1)))
    const time = roundTripMs === null ? '' : ` in ${shownMs(roundTripMs)}`
    return failure === null ? `answered${time}` : `answered with an error${time}: ${failure.message}`
  }

  /** What a message of the workspace demands of its answer. */
  #check(text: string, answerId: number): void {
    const filter = this.#filter(text)
    if (this.#subject.moveTo(answerId) && filter.test(this.#subject)) return
    throw new ConsoleError(
      'EXPECTATION_FAILED',
      `the answer is not as expected: ${text}; it is ${this.#shown(answerId)}`,
    )
  }

  async #expect({ filter: text, withinMs }: Step<'expect'>, index: number): Promise<string> {
    const { clock } = this.#world
    const filter = this.#filter(text)
    const startedMs = clock.nowMs()
    const found = await this.#inbox.find(filter, startedMs + withinMs, this.#ending.signal)
    if (found === null) throw this.#unmet(text, withinMs)
    this.#unjudged = null
    this.#note(index, [found])
    this.#messageId = found
    this.#currentId = found
    if (this.#isAnswer(found)) this.#replyId = found
    return `matched after ${shownMs(clock.nowMs() - startedMs)}`
  }

  /** @throws ConsoleError `EXPECTATION_FAILED`, which names the field and what it is. */
  #checkLast({ filter: text }: Step<'check'>, index: number): string {
    const filter = this.#filter(text)
    const id = this.#currentId
    if (id === 0) throw new ConsoleError('EXPECTATION_FAILED', `"${text}" is not so: nothing came yet`)
    this.#note(index, [id])
    const isThere = this.#subject.moveTo(id)
    if (!isThere || !filter.test(this.#subject)) {
      throw new ConsoleError(
        'EXPECTATION_FAILED',
        `"${text}" is not so${this.#found(text)}: ${this.#shown(id)}`,
        {
          filter: text,
        },
      )
    }
    this.#unjudged = null
    return ''
  }

  /** What the field that a condition begins with is instead; empty where it begins with none. */
  #found(text: string): string {
    const name = /^[A-Za-z]\w*(?:\.\w+|\."[^"]*"|\[[^\]]*\])*/.exec(this.#filled(text))?.[0] ?? ''
    const field = parseField(name)
    if ('message' in field) return ''
    const value = valueText(this.#subject, field)
    return value === undefined ? `, ${name} is missing` : `, ${name} is ${shortened(value)}`
  }

  #unmet(text: string, withinMs: number): ConsoleError {
    const { count, lastId } = this.#inbox.looked
    const { missed } = this.#inbox
    const messages = count === 1 ? 'one message came' : `${count} messages came`
    // what was asked for tells more than whatever came last
    const came =
      count === 0
        ? 'no message came'
        : this.#replyId !== 0
          ? `the answer was ${this.#shown(this.#replyId)}`
          : `${messages}, the last: ${this.#shown(lastId)}`
    const lost = missed === 0 ? '' : `; ${missed} came faster than they could be looked at`
    const before = this.#unjudged === null ? '' : `; ${this.#unjudged.message}`
    const message = `nothing matched "${text}" within ${formatDuration(withinMs)}: ${came}${lost}${before}`
    // an error answer is what went wrong; that nothing else came follows from it
    const code: ErrorCode = this.#unjudged === null ? 'EXPECTATION_TIMEOUT' : 'EXPECTATION_FAILED'
    return new ConsoleError(code, message, { filter: text })
  }

  #set({ variables }: Step<'set'>): string {
    const done: string[] = []
    for (const [name, text] of Object.entries(variables)) {
      const value = this.#valueOf(text)
      this.#keep(name, value)
      done.push(`${name} = ${shortened(value)}`)
    }
    return done.join(', ')
  }

  #valueOf(text: string): string {
    const source = readValueSource(text)
    if (source === undefined) return this.#filled(text)
    if (typeof source === 'string') throw new ConsoleError('SNIPPET_INVALID', source)
    const id = source.place === 'reply' ? this.#replyId : this.#messageId
    const isThere = id !== 0 && this.#subject.moveTo(id)
    if (!isThere) {
      const why = id === 0 ? 'there is none yet' : `message #${id} is no longer in memory`
      throw new ConsoleError('SNIPPET_VALUE_MISSING', `${text} can not be read: ${why}`)
    }
    const value = valueText(this.#subject, source.field)
    if (value !== undefined) return value
    throw new ConsoleError('SNIPPET_VALUE_MISSING', `there is no ${text} in ${this.#shown(id)}`)
  }

  #keep(name: string, value: string): void {
    if (value.length > MAX_VARIABLE_LENGTH) {
      const words = `the value of ${name} has over ${MAX_VARIABLE_LENGTH} characters`
      throw new ConsoleError('SNIPPET_VALUE_MISSING', words, {
        remedy: 'Take a part of it: reply.text[0:100].',
      })
    }
    this.#variables.set(name, value)
    this.#ownNames.add(name)
  }

  async #repeat({ times, steps }: Step<'repeat'>): Promise<readonly [Way, string]> {
    let round = 0
    while (times === 0 || round < times) {
      const way = await this.#all(steps)
      if (way === 'end') return ['end', '']
      round += 1
      if (way === 'leave') return ['on', `left in round ${round}`]
    }
    return ['on', `${round} rounds`]
  }

  #stopIf({ filter: text, isFailure }: Step<'stop-if'>, index: number): readonly [Way, string] {
    const filter = this.#filter(text)
    const holds = this.#currentId !== 0 && this.#subject.moveTo(this.#currentId) && filter.test(this.#subject)
    if (!holds) return ['on', '']
    this.#note(index, [this.#currentId])
    const what = `it holds for ${this.#shown(this.#currentId)}`
    if (isFailure) throw new ConsoleError('SNIPPET_CONDITION', `"${text}": ${what}`)
    const { depth } = flatSteps(this.#loaded.snippet.steps)[index]!
    return [depth > 0 ? 'leave' : 'end', what]
  }

  #filter(text: string): CompiledFilter {
    const filled = this.#filled(text)
    const known = this.#filters.get(filled)
    if (known !== undefined) return known
    const result = compileFilter(filled)
    if (!result.ok) {
      const why = result.problems[0]?.message ?? 'it is not understood'
      throw new ConsoleError('FILTER_INVALID', `the filter "${text}" is not understood: ${why}`)
    }
    if (this.#filters.size >= 64) this.#filters.clear() // each round of a repeat may make another of its variables
    this.#filters.set(filled, result.filter)
    return result.filter
  }

  #filled(text: string): string {
    const { text: filled, missing } = fillText(text, (name) => this.#variables.get(name))
    const [first] = missing
    if (first === undefined) return filled
    throw new ConsoleError('VARIABLE_UNKNOWN', `{{${first.name}}} has no value`, { name: first.name })
  }

  #note(index: number, messageIds: readonly number[]): void {
    this.#log.noteMessages(index, messageIds)
    this.#messageIds = [...this.#messageIds, ...messageIds].slice(-MAX_RUN_MESSAGES)
    for (const id of messageIds) this.#onMessage?.(id)
  }

  #isAnswer(messageId: number): boolean {
    this.#subject.moveTo(messageId)
    return this.#subject.field({ name: 'msg.kind', path: [], slice: null }) === 'response'
  }

  /** A message in a few words, for people. */
  #shown(messageId: number): string {
    const { messages } = this.#world.subjects
    if (messageId === 0 || !messages.has(messageId)) return 'a message that is no longer in memory'
    const route = messages.columnsOf(messageId).routes[messages.indexOf(messageId)]!
    const body = messages.bodyOf(messageId)
    return shortened(`#${messageId} ${route} ${body === undefined ? '' : previewOf(body)}`.trimEnd())
  }

  #sleep(ms: number): Promise<void> {
    const { clock } = this.#world
    let cancel = (): void => {}
    const slept = new Promise<void>((resolve) => {
      cancel = clock.schedule(clock.nowMs() + ms, resolve)
    })
    return this.#untilEnded(slept).finally(cancel)
  }

  /** What the promise gives, or the reason why the run ended before it did. */
  #untilEnded<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this.#ending
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(abortReason(signal))
      if (signal.aborted) abort()
      signal.addEventListener('abort', abort, { once: true })
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
    })
  }
}

/** Why a sending did not succeed; null when it did. An answer that tells of an error is a failure of the peer. */
function failureOf({ answer, problem }: SendResult): ConsoleError | null {
  if (answer === null || answer.isOk) return problem
  return (
    problem ??
    new ConsoleError('HANDLER_FAILED', `the peer answered with an error: ${previewOf(answer.body)}`)
  )
}

/** The same problem with the step in front of it. */
function placed(problem: ConsoleError, index: number, log: RunLog): ConsoleError {
  const line = log.lineOf(index)
  const where = line === 0 ? '' : ` (line ${line})`
  const details = { ...problem.details, stepIndex: index }
  return new ConsoleError(problem.code, `step ${index + 1}${where}: ${problem.message}`, details, {
    cause: problem,
  })
}

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text)

/** Of use to a person: three digits. */
export function shownMs(ms: number): string {
  if (ms >= 10_000) return `${Math.round(ms / 100) / 10} s`
  return ms >= 1000 ? `${Math.round(ms / 10) / 100} s` : `${Math.round(ms * 100) / 100} ms`
}
