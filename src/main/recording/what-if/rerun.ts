import { ConsoleError } from '../../../shared/errors'
import type { LineRate } from '../../../shared/model/line-rate'
import { parseLinkUrl } from '../../../shared/model/link-url'
import type { MessageOpened, Priority, TraceEvent, TraceObserver } from '../../../shared/model/trace'
import { Link } from '../../link/link'
import { NO_RECONNECT } from '../../link/link-machine'
import { DEFAULT_LIMITS, type StackLimits } from '../../netcore/pipe/limits'
import type { IncomingRequest, Reply, RequestOutcome } from '../../netcore/stack-types'
import { createLine } from '../../transport/line'
import { seededRandom } from '../../transport/seeded-random'
import type { Cause } from './causes'
import type { RecordedMessage } from './recorded-traffic'
import { SimulatedClock } from './simulated-clock'
import { Turns } from './turns'

export interface RerunLine {
  readonly dialect: string
  readonly rate: LineRate
  /** Of what we send; null: as the link chooses by itself. */
  readonly chunkBytes: number | null
  /** Of what the peer sends. */
  readonly peerChunkBytes: number
  readonly aheadMs: number | null
  readonly priorities: Readonly<Record<string, Priority>>
}

export interface RerunOptions {
  /** In the order in which they began; complete ones only. */
  readonly messages: readonly RecordedMessage[]
  /** Of messages that follow an answer instead of the time. */
  readonly causes: ReadonlyMap<number, Cause>
  readonly line: RerunLine
  readonly fromMs: number
  readonly toMs: number
  /** Every event of our end of the line; times count from the beginning of the run, see `shiftMs`. */
  readonly onTrace: TraceObserver
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface Rerun {
  /** Key in the recording → key in the run. */
  readonly keys: ReadonlyMap<number, number>
  /** What to add to a time of the run to get one of the recording. */
  readonly shiftMs: number
  readonly unfinished: number
}

/** A link that cannot shake hands in this time on a line without faults never will. */
const MAX_HANDSHAKE_MS = 60_000
/** The line is quiet for so long before the first message: what shaking hands left behind is over. */
const QUIET_MS = 200
/** The run ends here, in spans of the recording, however much is still to send. */
const MAX_STRETCH = 20
const MAX_EXTRA_MS = 10 * 60_000
const DAY_MS = 86_400_000

/** Nobody gives up in a run: that a line is too slow is what it shall show. */
const PATIENT: StackLimits = {
  ...DEFAULT_LIMITS,
  queuedBytes: 1024 ** 3,
  pendingRequests: 100_000,
  requestTimeoutMs: DAY_MS,
  reassemblyMessages: 100_000,
  reassemblyIdleMs: DAY_MS,
}

/**
 * Sends what was recorded again: two real links at the ends of a simulated line without faults, on a clock of their own.
 * Ours sends each message when it was sent, or so long after its cause; the other end answers as it did, so long after
 * the request's last byte as then, and says by itself what it said, when it said it.
 *
 * Deterministic: the same messages and line give the same events.
 *
 * @throws ConsoleError `WHATIF_DIALECT`, `CHUNK_SIZE_RANGE`, `WHATIF_NEEDS_RATE` (they did not get on), or the reason of the signal.
 */
export async function rerunTraffic(options: RerunOptions): Promise<Rerun> {
  return new Run(options).run()
}

class Run {
  readonly #options: RerunOptions
  readonly #clock = new SimulatedClock()
  readonly #near: Link
  readonly #far: Link
  readonly #byKey: ReadonlyMap<number, RecordedMessage>
  /** Answers in their order, by key of the request. */
  readonly #answers = new Map<number, RecordedMessage[]>()
  /** What follows an answer, by its key. */
  readonly #followers = new Map<number, { message: RecordedMessage; gapMs: number }[]>()
  /** By id on the wire: what we sent, and what the peer said by itself. */
  readonly #ours = new Map<string, RecordedMessage>()
  readonly #theirs = new Map<string, RecordedMessage>()
  /** Keys of the run and of the recording. */
  readonly #keys = new Map<number, number>()
  readonly #recordedOf = new Map<number, RecordedMessage>()
  /** When the last frame of a message of ours was on the line. */
  readonly #endMs = new Map<number, number>()
  readonly #answered = new Map<number, number>()
  #open: number
  #shiftMs = 0

  constructor(options: RerunOptions) {
    this.#options = options
    const { messages, line } = options
    this.#byKey = new Map(messages.map((message) => [message.messageKey, message]))
    this.#open = messages.length
    for (const message of messages) {
      if (!this.#isAnswer(message)) continue
      const answers = this.#answers.get(message.answersKey) ?? []
      if (answers.push(message) === 1) this.#answers.set(message.answersKey, answers)
    }
    for (const [key, { answerKey, gapMs }] of options.causes) {
      const followers = this.#followers.get(answerKey) ?? []
      if (followers.push({ message: this.#byKey.get(key)!, gapMs }) === 1)
        this.#followers.set(answerKey, followers)
    }
    const wire = createLine({ clock: this.#clock, rate: line.rate })
    this.#near = this.#link(1, line.chunkBytes, wire.near, (event) => this.#traced(event))
    this.#far = this.#link(2, line.peerChunkBytes, wire.far, () => undefined)
    this.#near.stack.serveWith({ serve: (request, outcome) => this.#serveHere(request, outcome) })
    this.#far.stack.serveWith({ serve: (request, outcome) => this.#serveThere(request, outcome) })
  }

  async run(): Promise<Rerun> {
    const { messages, causes, fromMs, toMs, onProgress, signal } = this.#options
    await this.#connect()
    this.#shiftMs = this.#clock.nowMs() + QUIET_MS - fromMs
    for (const message of messages) {
      if (this.#isAnswer(message) || causes.has(message.messageKey)) continue
      const startsMs = message.dir === 'out' ? message.openedMs : message.startMs
      this.#clock.schedule(startsMs + this.#shiftMs, () => this.#begin(message))
    }
    const untilMs = this.#clock.nowMs() + (toMs - fromMs) * MAX_STRETCH + MAX_EXTRA_MS
    const turns = new Turns()
    while (this.#open > 0 && (await this.#clock.step(untilMs))) {
      if (!turns.isOver) continue
      onProgress?.(messages.length - this.#open, messages.length)
      await turns.pass(signal)
    }
    const unfinished = this.#open
    const endMs = this.#clock.nowMs()
    for (const link of [this.#near, this.#far]) void link.close()
    while (await this.#clock.step(endMs + 1000)); // what closing takes
    return { keys: this.#keys, shiftMs: -this.#shiftMs, unfinished }
  }

  #link(
    id: number,
    chunkBytes: number | null,
    transport: ConstructorParameters<typeof Link>[0]['transport'],
    onTrace: TraceObserver,
  ): Link {
    const { dialect, rate, aheadMs } = this.#options.line
    const url = `sim:what-if?baud=${rate.baud}&dialect=${encodeURIComponent(dialect)}`
    const isOurs = id === 1
    return new Link({
      id,
      address: parseLinkUrl(chunkBytes === null ? url : `${url}&chunk=${chunkBytes}`),
      transport,
      clock: this.#clock,
      random: seededRandom(id),
      reconnect: NO_RECONNECT,
      answersErrors: false,
      limits: PATIENT,
      lineRate: rate,
      session: { role: isOurs ? 'host' : 'device' },
      // the peer's frames are to begin when they began: the wait at its own driver is in the recorded times already
      ...(isOurs ? aheadMs !== null && { keptAheadMs: aheadMs } : { keptAheadMs: 0 }),
      onTrace,
    })
  }

  async #connect(): Promise<void> {
    const both: { areReady: boolean } = { areReady: false }
    this.#far.open()
    this.#near.open()
    await this.#clock.settle()
    const ready = Promise.all([this.#near.whenConnected(), this.#far.whenConnected()])
    ready.then(
      () => {
        both.areReady = true
      },
      () => undefined,
    )
    await this.#clock.settle()
    while (!both.areReady && (await this.#clock.step(MAX_HANDSHAKE_MS)));
    if (!both.areReady)
      throw new ConsoleError('WHATIF_NEEDS_RATE', 'both ends do not get on over a line this slow')
  }

  /** An answer whose request is sent again too. */
  #isAnswer({ kind, answersKey }: RecordedMessage): boolean {
    return kind === 'response' && this.#byKey.has(answersKey)
  }

  #begin(message: RecordedMessage): void {
    const { route, headers, body } = message
    const priority = this.#priorityOf(message)
    const kind = message.kind === 'response' ? 'event' : message.kind // its request is not part of this
    const answers = this.#answers.get(message.messageKey)?.length ?? 0
    const given = { route, headers, priority, body }
    if (message.dir === 'in') {
      this.#theirs.set(this.#far.send({ ...given, kind }).ref, message)
    } else if (kind === 'request' && answers === 1) {
      const { messageKey, ref } = this.#near.request(given)
      this.#sent(message, messageKey, ref)
    } else if (kind === 'request' && answers > 1) {
      const { messageKey, ref } = this.#near.subscribe({
        ...given,
        onAnswer: () => true,
        onEnd: () => undefined,
      })
      this.#sent(message, messageKey, ref)
    } else {
      const { messageKey, ref } = this.#near.send({ ...given, kind })
      this.#sent(message, messageKey, ref)
    }
  }

  #sent(message: RecordedMessage, messageKey: number, ref: string): void {
    this.#ours.set(ref, message)
    this.#know(message, messageKey)
  }

  #know(message: RecordedMessage, messageKey: number): void {
    this.#keys.set(message.messageKey, messageKey)
    this.#recordedOf.set(messageKey, message)
  }

  /** What was asked for a route holds for what we send; the peer answers with the priority of the request, as it did. */
  #priorityOf({ route, priority, dir, answersKey, kind }: RecordedMessage): Priority {
    const { priorities } = this.#options.line
    const asked = Object.hasOwn(priorities, route) ? priorities[route] : undefined
    if (dir === 'out') return asked ?? priority
    const request = kind === 'response' ? this.#byKey.get(answersKey) : undefined
    return request?.priority === priority ? this.#priorityOf(request) : priority
  }

  #serveThere(request: IncomingRequest, outcome: RequestOutcome): boolean {
    const asked = taken(this.#ours, request.ref, request.route)
    if (asked === undefined) return false
    const endMs = this.#endMs.get(this.#keys.get(asked.messageKey)!) ?? this.#clock.nowMs()
    const delayed = (answer: RecordedMessage): number => endMs + Math.max(0, answer.startMs - asked.endMs)
    this.#answer(request, outcome, asked, delayed)
    return true
  }

  #serveHere(request: IncomingRequest, outcome: RequestOutcome): boolean {
    const asked = this.#recordedOf.get(request.messageKey)
    if (asked === undefined) return false
    const nowMs = this.#clock.nowMs()
    this.#answer(request, outcome, asked, (answer) => nowMs + Math.max(0, answer.openedMs - asked.closedMs))
    return true
  }

  #answer(
    request: IncomingRequest,
    outcome: RequestOutcome,
    asked: RecordedMessage,
    atMs: (answer: RecordedMessage) => number,
  ): void {
    const answers = this.#answers.get(asked.messageKey) ?? []
    if (answers.length === 0) outcome.finished(request, undefined)
    for (const [index, answer] of answers.entries()) {
      const hasMore = index < answers.length - 1
      const reply: Reply = {
        body: answer.body,
        route: answer.route,
        headers: withoutMore(answer.headers),
        priority: this.#priorityOf(answer),
        ...(hasMore && { hasMore }),
      }
      this.#clock.schedule(Math.max(this.#clock.nowMs(), atMs(answer)), () => {
        request.reply(reply)
        if (!hasMore) outcome.finished(request, undefined)
      })
    }
  }

  #traced(event: TraceEvent): void {
    if (event.type === 'message-opened' && !this.#recordedOf.has(event.messageKey)) {
      const recorded = this.#recorded(event)
      if (recorded !== undefined) this.#know(recorded, event.messageKey)
    }
    if (event.type === 'frame' && event.dir === 'out') this.#endMs.set(event.messageKey, event.endMs)
    this.#options.onTrace(event)
    if (event.type !== 'message-closed') return
    const message = this.#recordedOf.get(event.messageKey)
    if (message === undefined) return
    this.#open -= 1
    const followers = this.#followers.get(message.messageKey)
    if (followers === undefined || event.outcome !== 'complete') return
    for (const { message: follower, gapMs } of followers) {
      this.#clock.schedule(event.atMs + gapMs, () => this.#begin(follower))
    }
  }

  /** What a message of the run was in the recording, where the run did not begin it by itself. */
  #recorded({ dir, ref, route, answersKey }: MessageOpened): RecordedMessage | undefined {
    if (dir === 'in' && answersKey === 0) return taken(this.#theirs, ref, route)
    const asked = this.#recordedOf.get(answersKey)
    if (asked === undefined) return undefined
    const before = this.#answered.get(asked.messageKey) ?? 0
    this.#answered.set(asked.messageKey, before + 1)
    return this.#answers.get(asked.messageKey)?.[before]
  }
}

/**
 * The message that arrived, which is awaited no longer then. Names do not travel in every dialect: where they do not, the
 * first of this route that is on its way is meant, because a route keeps its order.
 */
function taken(
  onTheirWay: Map<string, RecordedMessage>,
  ref: string,
  route: string,
): RecordedMessage | undefined {
  const named = onTheirWay.get(ref)
  if (named?.route === route) {
    onTheirWay.delete(ref)
    return named
  }
  for (const [name, message] of onTheirWay) {
    if (message.route !== route) continue
    onTheirWay.delete(name)
    return message
  }
  return undefined
}

/** The word of `lso` for further answers is written by the stack itself. */
function withoutMore(headers: RecordedMessage['headers']): RecordedMessage['headers'] {
  if (!Object.hasOwn(headers, 'more')) return headers
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'more'))
}
