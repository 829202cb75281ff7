import { asConsoleError, ConsoleError } from '../../../shared/errors'
import type {
  ReplayDifferenceKind,
  ReplayNext,
  ReplayPhase,
  ReplayPolicy,
  ReplayState,
} from '../../../shared/model/replay'
import { TimePercentiles } from '../../../shared/model/time-percentiles'
import type { Headers, TraceEvent } from '../../../shared/model/trace'
import type { Link } from '../../link/link'
import { dialectNamed } from '../../netcore/dialects'
import { MORE_HEADER } from '../../netcore/endpoint/answer-desk'
import type { Answer, IncomingRequest, Reply } from '../../netcore/stack-types'
import {
  digestOf,
  type Likeness,
  type OwnAnswer,
  type OwnMessage,
  type OwnStep,
  type ReplayScript,
} from './replay-script'
import { RunDifferences, differenceOf } from './run-differences'
import { RunDigest } from './run-digest'
import type { RunTime } from './run-time'
import { TheirMessages } from './their-messages'

export interface ReplayRunOptions {
  readonly script: ReplayScript
  readonly policy: ReplayPolicy
  /** Of the policy `time`; null: as fast as possible. */
  readonly speed: number | null
  readonly stopAtDifference: boolean
  /** How long an answer, a request or a peer that the recording has is waited for. */
  readonly timeoutMs: number
  readonly time: RunTime
  /** The run has the link to itself and draws its ids: the bytes are the same each time. */
  readonly ownsIds: boolean
  /** Nothing else happens in this time: when what happens is the same each time too. */
  readonly isSimulated: boolean
  readonly onChange: () => void
}

/** The part of the state that the run knows. */
export type ReplayProgress = Pick<
  ReplayState,
  | 'phase'
  | 'linkId'
  | 'sent'
  | 'total'
  | 'skipped'
  | 'matched'
  | 'interruptions'
  | 'late'
  | 'differences'
  | 'told'
  | 'next'
  | 'hash'
  | 'orderHash'
  | 'problem'
>

/** More than this is not handed to a link that has not sent what it has: the rest of the run would be in its queue. */
const MOST_QUEUED_BYTES = 1024 * 1024
const MOST_REQUESTS = 1000
/** Messages take turns on the line: a peer has so many open at once, and refuses more than it has places for. */
const MOST_LEAVING = 256

/** A request of the peer whose recorded answers are being given. */
interface Answering {
  readonly request: IncomingRequest
  readonly answers: readonly OwnAnswer[]
  next: number
  readonly cameMs: number
  /** Ends the handling of the request, with its last answer or without. */
  readonly finish: (reply: Reply | undefined) => void
}

/**
 * Plays one side of a recording to a live peer, through the real stack: messages are sent again as messages, with ids of
 * their own, so that a peer with other ids than the recorded one accepts them. Decides when each goes by its policy, and
 * holds what the peer says against the recording.
 */
export class ReplayRun {
  /** Resolves when the run has ended, in whichever way. */
  readonly ended: Promise<void>
  readonly #options: ReplayRunOptions
  readonly #script: ReplayScript
  readonly #time: RunTime
  readonly #theirs: TheirMessages
  readonly #differences = new RunDifferences()
  readonly #late = new TimePercentiles()
  readonly #digest: RunDigest
  readonly #settled: Uint8Array
  readonly #answering = new Map<number, Answering>()
  /** Keys of messages that have not left yet. */
  readonly #leaving = new Set<number>()
  /** Answers that were given and are not in the queue yet, by the key of their request. */
  readonly #given = new Map<number, { count: number; readonly request: IncomingRequest }>()
  #resolveEnded: () => void = () => {}
  #link: Link | null = null
  #stopObserving: () => void = () => {}
  #cancelAlarm: () => void = () => {}
  #cancelQuiet: () => void = () => {}
  #phase: ReplayPhase = 'waiting'
  #problem: ConsoleError | null = null
  #originMs: number | null = null
  #progressMs = 0
  #nextStep = 0
  #allowed = 0
  #awaited = 0
  #sent = 0
  #unsent = 0
  #matched = 0
  #interruptions = 0
  #highestRank = -1
  #theirBytes = 0
  #areBytesChanged = false
  /** Bytes of the other side that are not waited for any more. */
  #waivedBytes = 0
  #result: { readonly hash: string; readonly orderHash: string } | null = null
  #isPumping = false
  /** All before this place went. */
  #firstUngone = 0

  constructor(options: ReplayRunOptions) {
    const { script, time, ownsIds, isSimulated } = options
    this.#options = options
    this.#script = script
    this.#time = time
    this.#theirs = new TheirMessages(script.theirs)
    this.#settled = new Uint8Array(script.steps.length)
    this.#digest = new RunDigest({ ofBytes: ownsIds, hasTimes: isSimulated })
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve
    })
  }

  get phase(): ReplayPhase {
    return this.#phase
  }

  get progress(): ReplayProgress {
    const { own, skipped } = this.#script
    const problem = this.#problem
    return {
      phase: this.#phase,
      linkId: this.#link?.id ?? 0,
      sent: this.#sent,
      total: own.length,
      skipped,
      matched: this.#matched,
      interruptions: this.#interruptions,
      late: this.#late.view,
      differences: this.#differences.count,
      told: this.#differences.told,
      next: this.#next(),
      hash: this.#result?.hash ?? null,
      orderHash: this.#result?.orderHash ?? null,
      problem: problem && { code: problem.code, message: problem.message, remedy: problem.remedy },
    }
  }

  /** Plays on this link from now on, as soon as it is connected; the one before has gone. */
  attach(link: Link): void {
    if (this.#link !== null) this.#lost(this.#link, false)
    if (this.#isOver()) return
    this.#stopObserving()
    this.#cancelQuiet()
    this.#link = link
    link.stack.onUnrouted((request) => this.#came(request))
    this.#stopObserving = link.observe((event) => this.#observe(link, event))
    if (link.phase === 'connected' && link.stack.isReady) this.#connected()
    this.#options.onChange()
  }

  /** Lets the next recorded message go, as soon as what it answers has come. For the policy `step`. */
  step(): void {
    this.#time.enter(() => {
      this.#allowed = Math.min(this.#script.own.length, this.#allowed + 1)
      this.#pump()
    })
  }

  stop(): void {
    this.#time.enter(() => this.#end('stopped'))
  }

  /** The other end cannot be reached, or not any more. */
  fail(problem: ConsoleError): void {
    this.#problem ??= problem
    this.#end('failed')
  }

  #isRunning(): boolean {
    return this.#phase === 'running'
  }

  #isOver(): boolean {
    return this.#phase === 'done' || this.#phase === 'stopped' || this.#phase === 'failed'
  }

  #atMs(): number {
    return this.#time.nowMs() - (this.#originMs ?? this.#time.nowMs())
  }

  #connected(): void {
    if (this.#phase !== 'waiting') return
    this.#cancelQuiet()
    this.#originMs ??= this.#time.nowMs()
    this.#phase = 'running'
    this.#progressed()
    this.#pump()
    this.#options.onChange()
  }

  #observe(link: Link, event: TraceEvent): void {
    switch (event.type) {
      case 'bytes':
        this.#digest.passed(event, this.#time.nowMs())
        if (event.dir === 'in' && this.#script.theirBytes.length > 0) this.#cameBytes(event.bytes)
        return
      case 'session':
        if (event.phase === 'ready') this.#connected()
        return
      case 'link-state':
        if (event.phase === 'connected') {
          if (link.stack.isReady) this.#connected()
        } else this.#lost(link, event.phase === 'closed')
        return
      case 'message-opened':
        if (event.dir === 'out') this.#answerQueued(event.answersKey, event.messageKey)
        return
      case 'message-closed':
        if (event.dir === 'out' && this.#leaving.delete(event.messageKey)) this.#pumpSoon()
        return
      case 'fault':
        if (event.dir === 'out') this.#answerFailed(event.ref, event.detail)
        return
      default:
    }
  }

  #lost(link: Link, isClosed: boolean): void {
    if (this.#isRunning()) {
      this.#phase = 'waiting'
      this.#interruptions += 1
      this.#cancelAlarm()
      this.#leaving.clear()
      this.#given.clear()
      this.#happened('lost', this.#interruptions)
      for (const answering of this.#answering.values()) {
        this.#unsent += answering.answers.length - answering.next
        this.#differ('unsent', answering.request.route, 'the connection ended before the answer was due')
        answering.finish(undefined)
      }
      this.#answering.clear()
      this.#options.onChange()
    }
    if (this.#isOver()) return
    if (this.#isAllGone) this.#end('done')
    else if (isClosed && !link.isOfListener) {
      this.fail(
        link.problem ?? new ConsoleError('LINK_LOST', 'the link was closed before the run was through'),
      )
    } else if (link.isOfListener) this.#waitForPeer()
  }

  /** A host that hung up may come again; not for ever. */
  #waitForPeer(): void {
    this.#cancelQuiet()
    this.#cancelQuiet = this.#time.schedule(this.#time.nowMs() + this.#options.timeoutMs, () =>
      this.#end('done'),
    )
  }

  #progressed(): void {
    this.#progressMs = this.#time.nowMs()
  }

  #happened(what: string, number: number): void {
    this.#digest.happened(what, number, this.#time.nowMs())
  }

  #differ(kind: ReplayDifferenceKind, route: string, detail: string): void {
    if (this.#isOver()) return
    const { number } = this.#differences.add(kind, route, detail, this.#atMs())
    this.#happened(kind, number)
    if (this.#options.stopAtDifference) this.#end('stopped')
    this.#options.onChange()
  }

  // What goes.

  readonly #pump = (): void => {
    if (this.#isPumping || !this.#isRunning()) return
    this.#isPumping = true
    this.#cancelAlarm()
    try {
      while (this.#isRunning() && (this.#giveNext() || this.#takeNext())) this.#progressed()
    } finally {
      this.#isPumping = false
    }
    if (!this.#isRunning()) return
    this.#setAlarm()
    this.#settleEnd()
    this.#options.onChange()
  }

  /** After all that this event leads to. */
  #pumpSoon(): void {
    queueMicrotask(this.#pump)
  }

  #dueMs({ atMs }: OwnMessage): number {
    const { speed } = this.#options
    return (this.#originMs ?? 0) + (speed === null ? 0 : atMs / speed)
  }

  get #hasRoom(): boolean {
    const link = this.#link
    if (link === null || link.stack.queuedBytes >= MOST_QUEUED_BYTES) return false
    return this.#awaited < MOST_REQUESTS && this.#leaving.size < MOST_LEAVING
  }

  /** Gives the next answer that may go. False when there is none. */
  #giveNext(): boolean {
    if (!this.#hasRoom) return false
    for (const [theirs, answering] of this.#answering) {
      const answer = answering.answers[answering.next]!
      if (!this.#mayGive(answer)) continue
      this.#give(theirs, answering, answer)
      return true
    }
    return false
  }

  #mayGive({ message }: OwnAnswer): boolean {
    const { policy } = this.#options
    if (policy === 'time') return this.#dueMs(message) <= this.#time.nowMs()
    return policy === 'reply' || message.place < this.#allowed
  }

  #give(theirs: number, answering: Answering, answer: OwnAnswer): void {
    if (this.#link?.isListenOnly === true) {
      this.fail(new ConsoleError('LISTEN_ONLY', `${this.#link.address.text} only listens`))
      return
    }
    const { request, answers, cameMs } = answering
    const { message, hasMore } = answer
    answering.next += 1
    const isLast = answering.next === answers.length
    if (isLast) this.#answering.delete(theirs)
    const headers = withoutMore(message.headers)
    const saysMore = hasMore || (!isLast && dialectNamed(this.#link!.address.dialect).traits.endsAnswers)
    const reply: Reply = {
      body: message.body,
      route: message.route,
      headers,
      priority: message.priority,
      ...(saysMore && { hasMore: true }),
    }
    this.#noteLate(Math.max(this.#dueMs(message), cameMs))
    const given = this.#given.get(request.messageKey)
    if (given === undefined) this.#given.set(request.messageKey, { count: 1, request })
    else given.count += 1
    try {
      if (isLast) answering.finish(reply)
      else request.reply(reply)
      this.#went(message)
    } catch (error) {
      this.#given.delete(request.messageKey)
      this.#couldNot(message, asConsoleError(error))
    }
  }

  /** Takes the next step that may go. False when there is none. */
  #takeNext(): boolean {
    const step = this.#script.steps[this.#nextStep]
    if (step === undefined || !this.#hasRoom || !this.#mayTake(step)) return false
    try {
      this.#nextStep += 1
      this.#noteLate(this.#dueMs(step.message))
      this.#send(step)
      this.#went(step.message)
      return true
    } catch (error) {
      const problem = asConsoleError(error)
      if (
        problem.code === 'LINK_NOT_CONNECTED' ||
        problem.code === 'QUEUE_FULL' ||
        problem.code === 'REQUESTS_TOO_MANY'
      ) {
        this.#nextStep -= 1 // it is tried again when something changes
        return false
      }
      this.#settled[step.index] = 1
      this.#couldNot(step.message, problem)
      return true
    }
  }

  #mayTake(step: OwnStep): boolean {
    const { message, afterAnswers, afterTheirs, afterBytes } = step
    switch (this.#options.policy) {
      case 'time':
        return this.#dueMs(message) <= this.#time.nowMs()
      case 'step':
        return message.place < this.#allowed
      case 'reply':
        if (Math.max(this.#theirBytes, this.#waivedBytes) < afterBytes) return false
        if (!afterAnswers.every((index) => this.#settled[index] === 1)) return false
        // A device says what it does unasked after what it was asked; a host waits for answers alone.
        return this.#script.side === 'host' || afterTheirs.every((index) => this.#theirs.hasCome(index))
    }
  }

  #send(step: OwnStep): void {
    const link = this.#link!
    const { timeoutMs } = this.#options
    const { route, kind, priority, headers, body } = step.message
    const outgoing = { route, body, priority, headers }
    if (!step.isRequest) {
      this.#leaving.add(link.send({ ...outgoing, kind }).messageKey)
      return
    }
    const answers: Answer[] = []
    const take = (answer: Answer): void => {
      answers.push(answer)
      this.#answered(step, answers.length - 1, answer)
    }
    // Recordings from before subscriptions were noted tell by their answers alone.
    const isMany =
      step.isSubscription ||
      step.answers.length > 1 ||
      step.answers.some(({ headers }) => headers[MORE_HEADER] === true)
    if (isMany) {
      const { messageKey } = link.subscribe({
        ...outgoing,
        timeoutMs,
        onAnswer: (answer) => {
          take(answer)
          return true
        },
        onEnd: (error) => this.#settle(step, answers.length, error),
      })
      this.#leaving.add(messageKey)
    } else {
      const { messageKey, answer } = link.request({ ...outgoing, timeoutMs })
      this.#leaving.add(messageKey)
      answer.then(
        (only) => {
          take(only)
          this.#settle(step, 1, null)
        },
        (error: unknown) => this.#settle(step, 0, asConsoleError(error)),
      )
    }
    this.#awaited += 1
  }

  #noteLate(dueMs: number): void {
    if (this.#options.policy !== 'time' || this.#options.speed === null) return
    this.#late.add(this.#time.nowMs() - dueMs + this.#time.lagMs)
  }

  #went(message: OwnMessage): void {
    this.#sent += 1
    this.#digest.sent(message, this.#time.nowMs())
  }

  #couldNot(message: OwnMessage, problem: ConsoleError): void {
    if (problem.code === 'LISTEN_ONLY') {
      this.fail(problem)
      return
    }
    this.#unsent += 1
    this.#differ('unsent', message.route, problem.message)
  }

  /** The answer that was given has its key now. */
  #answerQueued(requestKey: number, messageKey: number): void {
    const given = requestKey === 0 ? undefined : this.#given.get(requestKey)
    if (given === undefined) return
    given.count -= 1
    if (given.count === 0) this.#given.delete(requestKey)
    this.#leaving.add(messageKey)
  }

  /** The stack could not send an answer that it had taken. */
  #answerFailed(ref: string, detail: string): void {
    for (const [requestKey, { count, request }] of this.#given) {
      if (request.ref !== ref) continue
      this.#given.delete(requestKey)
      this.#sent -= count
      this.#unsent += count
      this.#differ('unsent', request.route, detail)
      this.#pumpSoon()
    }
  }

  // What comes.

  #came(request: IncomingRequest): Reply | undefined | Promise<Reply | undefined> {
    if (this.#isOver() || request.kind === 'bytes') return undefined
    this.#progressed()
    const { route, headers, bodyBytes, kind } = request
    // What a device tells unasked is another each time; what a host does is what a test wants to see.
    const isCompared = kind === 'request' || this.#script.side === 'device'
    const found = this.#theirs.recognise({ route, headers, bodyBytes, digest: digestThatCame(request) })
    this.#pumpSoon()
    if (found === undefined) {
      if (!isCompared) return undefined
      this.#differ('added', route, 'the recording has no further message of this route')
      if (this.#script.side === 'host') return undefined
      throw new ConsoleError('ROUTE_UNKNOWN', `the recording has no further answer of the route "${route}"`)
    }
    const { theirs, isEarly, difference } = found
    this.#matched += 1
    this.#happened('came', theirs.index)
    if (isCompared && difference !== '') this.#differ('changed', route, difference)
    if (isCompared && isEarly) this.#differ('order', route, 'came before others of its route')
    const { answers } = theirs
    if (answers.length === 0 || !request.isAnswerable || this.#isOver()) return undefined
    return new Promise((finish) => {
      const cameMs = this.#time.nowMs()
      this.#answering.set(theirs.index, { request, answers, next: 0, cameMs, finish })
    })
  }

  #answered(step: OwnStep, at: number, answer: Answer): void {
    const digest = this.#isOver() ? '' : digestThatCame(answer)
    answer.stored?.release()
    if (this.#isOver()) return
    this.#progressed()
    this.#happened('answer', step.index)
    const recorded = step.answers[at]
    const { route, headers, bodyBytes } = answer
    if (recorded === undefined) {
      this.#differ('added', step.message.route, `${at + 1} answers instead of ${step.answers.length}`)
      return
    }
    this.#matched += 1
    const come: Likeness = { route, headers, bodyBytes, digest }
    const difference = differenceOf(recorded, come)
    if (difference !== '') this.#differ('changed', step.message.route, `answer: ${difference}`)
    if (at > 0) return
    if (step.answerRank < this.#highestRank)
      this.#differ('order', step.message.route, 'answered later than another')
    this.#highestRank = Math.max(this.#highestRank, step.answerRank)
  }

  #settle(step: OwnStep, count: number, error: ConsoleError | null): void {
    this.#settled[step.index] = 1
    this.#awaited -= 1
    if (this.#isOver()) return
    this.#progressed()
    if (count < step.answers.length) {
      const why = error === null ? '' : `: ${error.message}`
      const what =
        step.answers.length === 1 ? 'no answer' : `${count} answers instead of ${step.answers.length}`
      this.#differ('missing', step.message.route, `${what}${why}`)
    }
    this.#pumpSoon()
  }

  #cameBytes(bytes: Uint8Array): void {
    const recorded = this.#script.theirBytes
    const from = this.#theirBytes
    this.#theirBytes += bytes.length
    this.#progressed()
    if (!this.#areBytesChanged) {
      const at = bytes.findIndex((byte, index) => byte !== recorded[from + index])
      this.#areBytesChanged = at !== -1
      if (at !== -1) {
        const isAdded = from + at >= recorded.length
        this.#differ(isAdded ? 'added' : 'changed', '', `bytes differ from byte ${from + at} on`)
      }
    }
    this.#pumpSoon()
  }

  // The end.

  get #isAllGone(): boolean {
    return this.#sent + this.#unsent >= this.#script.own.length
  }

  /** Nothing is under way, and nothing that the recording has is still to come. */
  get #isThrough(): boolean {
    if (this.#leaving.size > 0 || this.#given.size > 0) return false
    if (this.#script.steps.some(({ index, answers }) => answers.length > 0 && this.#settled[index] !== 1))
      return false
    return !this.#expectsMore
  }

  /** Of a device only its requests are waited for: what it tells unasked has its own time. */
  get #expectsMore(): boolean {
    if (this.#theirBytes < this.#script.theirBytes.length) return true
    if (this.#theirs.left === 0) return false
    return this.#script.side === 'device' || this.#theirs.missing().some(({ kind }) => kind === 'request')
  }

  #setAlarm(): void {
    const { policy } = this.#options
    if (policy !== 'time') {
      this.#setQuiet()
      return
    }
    let atMs = Number.POSITIVE_INFINITY
    const step = this.#script.steps[this.#nextStep]
    if (step !== undefined) atMs = this.#dueMs(step.message)
    for (const { answers, next } of this.#answering.values()) {
      atMs = Math.min(atMs, this.#dueMs(answers[next]!.message))
    }
    // What is due already waits for room, and is tried again when there is some.
    if (atMs > this.#time.nowMs() && atMs !== Number.POSITIVE_INFINITY) {
      this.#cancelAlarm = this.#time.scheduleExactly(atMs, this.#pump)
    }
    this.#setQuiet()
  }

  /** What the recording has next may never come. A device waits for its host, but not once it has said everything. */
  #setQuiet(): void {
    const { policy, timeoutMs } = this.#options
    const step = this.#script.steps[this.#nextStep]
    const waitsForBytes = policy === 'reply' && step !== undefined && step.afterBytes > this.#theirBytes
    const isEndless = this.#script.side === 'device' && !this.#isAllGone && !waitsForBytes
    this.#cancelQuiet()
    const cannotStep = this.#nextStep >= this.#script.steps.length || waitsForBytes
    if (isEndless || policy === 'step' || !cannotStep) return
    const atMs = Math.max(this.#progressMs, this.#time.nowMs()) + timeoutMs
    this.#cancelQuiet = this.#time.schedule(atMs, () => this.#quiet())
  }

  #quiet(): void {
    if (!this.#isRunning()) return
    const step = this.#script.steps[this.#nextStep]
    if (step !== undefined && step.afterBytes > this.#theirBytes) {
      const missing = step.afterBytes - this.#theirBytes
      this.#differ('missing', '', `${missing} bytes did not come within ${this.#options.timeoutMs} ms`)
      this.#waivedBytes = step.afterBytes
      this.#pump()
      return
    }
    this.#end('done')
  }

  #settleEnd(): void {
    if (this.#isAllGone && this.#isThrough) this.#end('done')
  }

  #end(phase: 'done' | 'stopped' | 'failed'): void {
    if (this.#isOver()) return
    if (phase === 'done') this.#tellMissing()
    if (this.#isOver()) return // at the first difference
    this.#phase = phase
    this.#result = this.#digest.end()
    this.#cancelAlarm()
    this.#cancelQuiet()
    this.#stopObserving()
    for (const { finish } of this.#answering.values()) finish(undefined)
    this.#answering.clear()
    this.#options.onChange()
    this.#resolveEnded()
  }

  #tellMissing(): void {
    for (const { kind, route } of this.#theirs.missing()) {
      if (kind === 'request' || this.#script.side === 'device') this.#differ('missing', route, 'did not come')
    }
    const missing = this.#script.theirBytes.length - Math.max(this.#theirBytes, this.#waivedBytes)
    if (missing > 0) this.#differ('missing', '', `${missing} bytes did not come`)
    const unasked = this.#script.own.length - this.#sent - this.#unsent
    if (unasked > 0)
      this.#differ('unsent', '', `${unasked} messages, because what comes before them did not come`)
  }

  #next(): ReplayNext | null {
    if (this.#isOver()) return null
    const { own, steps } = this.#script
    const step = steps[this.#nextStep]
    const stepPlace = step?.message.place ?? own.length
    // The first that did not go is a step, or an answer before it.
    for (let place = this.#firstUngone; place < own.length; place++) {
      const item = own[place]!
      if (item.role === 'step' && place < stepPlace) continue
      if (item.role === 'answer' && this.#isGiven(item)) continue
      this.#firstUngone = place
      const { route, kind } = item.message
      return { route, kind, isHeld: item.role === 'answer' && !this.#theirs.hasCome(item.theirs) }
    }
    return null
  }

  #isGiven({ theirs, message }: OwnAnswer): boolean {
    if (!this.#theirs.hasCome(theirs)) return false
    const answering = this.#answering.get(theirs)
    return answering === undefined || answering.answers[answering.next]!.message.place > message.place
  }
}

/** Of a body that cannot be read back from its file: of none. */
function digestThatCame({ body, stored }: Pick<Answer, 'body' | 'stored'>): string {
  try {
    return digestOf(stored ?? body)
  } catch {
    return ''
  }
}

/** The stack says it again where it is to be said. */
const withoutMore = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== MORE_HEADER))
