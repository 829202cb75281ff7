import { createHash } from 'node:crypto'
import { concatBytes } from '../../../shared/bytes'
import { ConsoleError } from '../../../shared/errors'
import type {
  Headers,
  MessageClosed,
  MessageKind,
  MessageOpened,
  Priority,
  TraceEvent,
} from '../../../shared/model/trace'
import { MORE_HEADER } from '../../netcore/endpoint/answer-desk'
import { bodyBlocks, type MessageBody } from '../../netcore/pipe/message-body'
import { printLossless } from '../../recording/format/lossless-json'
import type { WantedBody } from './large-bodies'

/** Which end of the recorded link the run plays. */
export type ReplaySide = 'host' | 'device'

/** What a message was, as far as a run compares it. */
export interface Likeness {
  readonly route: string
  readonly headers: Headers
  readonly bodyBytes: number
  /** SHA-256 of the body; null where not all of it is known. */
  readonly digest: string | null
}

/** A message that the run sends. */
export interface OwnMessage {
  readonly route: string
  readonly kind: MessageKind
  readonly priority: Priority
  readonly headers: Headers
  readonly body: MessageBody
  /** Since the first message of the script. */
  readonly atMs: number
  /** Its place among all that the run sends, from 0. */
  readonly place: number
}

/** A request or another message that the run begins by itself. */
export interface OwnStep {
  readonly role: 'step'
  readonly message: OwnMessage
  /** Counts the steps from 0. */
  readonly index: number
  readonly isRequest: boolean
  /** It asked for any number of answers. */
  readonly isSubscription: boolean
  /** Recorded answers, in their order. */
  readonly answers: readonly Likeness[]
  /** When the first of them came, among those of all requests; -1 without any. */
  answerRank: number
  /** Steps whose answers came in the recording between the step before and this one. */
  readonly afterAnswers: readonly number[]
  /** Messages of the other side that came in the recording between the step before and this one. */
  readonly afterTheirs: readonly number[]
  /** Bytes of an unframed stream that had come from the other side before. */
  readonly afterBytes: number
}

/** An answer that the run gives when the request has come. */
export interface OwnAnswer {
  readonly role: 'answer'
  readonly message: OwnMessage
  /** Index of what it answers. */
  readonly theirs: number
  readonly hasMore: boolean
}

/** A message that the other side began in the recording. */
export interface TheirMessage extends Likeness {
  readonly index: number
  readonly kind: MessageKind
  readonly atMs: number
  readonly answers: readonly OwnAnswer[]
}

/** What one side of a recorded link said, and what it was said to. */
export interface ReplayScript {
  readonly side: ReplaySide
  /** Address of the recorded link, as far as the recording tells; empty otherwise. */
  readonly url: string
  readonly steps: readonly OwnStep[]
  readonly theirs: readonly TheirMessage[]
  /** All that the run sends, in the order of the recording. */
  readonly own: readonly (OwnStep | OwnAnswer)[]
  /** Bytes that the other side said outside of frames. */
  readonly theirBytes: Uint8Array
  /** Messages of ours that are not whole in the recording, or answer what came before it. */
  readonly skipped: number
  readonly lengthMs: number
}

export interface ScriptLimits {
  readonly messages: number
  readonly bytes: number
}

/** A run holds what it sends in memory, but for bodies that were too large for that when they were recorded. */
export const SCRIPT_LIMITS: ScriptLimits = { messages: 1_000_000, bytes: 512 * 1024 * 1024 }

type Draft<T> = { -readonly [K in keyof T]: T[K] }

interface Slot {
  readonly opened: MessageOpened
  readonly afterAnswers: number[]
  readonly afterTheirs: number[]
  afterBytes: number
  body: MessageBody | null
}

/** Reads it all, a piece at a time. @throws ConsoleError `BODY_UNREADABLE`, of a body in a file. */
export function digestOf(body: MessageBody): string {
  const hash = createHash('sha256')
  for (const block of bodyBlocks(body)) hash.update(block)
  return hash.digest('hex')
}

/** Headers as one text: two messages have the same exactly when the texts are the same. */
export const headersText = (headers: Headers): string =>
  printLossless(Object.fromEntries(Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1))))

/**
 * Reads from the trace of a recording what a run sends in the place of one side of a link, and what it may expect of the
 * other. Only messages that came to their end are sent: half a body is not what was said.
 */
export class ScriptReader {
  readonly #side: ReplaySide
  readonly #linkId: number | null
  readonly #limits: ScriptLimits
  readonly #links = new Map<number, LinkReader>()
  #messages = 0
  #bytes = 0

  /** @param linkId - Number of the link in the recording; null for the one with the most messages. */
  constructor(side: ReplaySide, linkId: number | null = null, limits: ScriptLimits = SCRIPT_LIMITS) {
    this.#side = side
    this.#linkId = linkId
    this.#limits = limits
  }

  /** Takes the next event of the recording. @throws ConsoleError `REPLAY_TOO_LARGE`. */
  take(event: TraceEvent): void {
    if (event.linkId === 0 || (this.#linkId !== null && event.linkId !== this.#linkId)) return
    let link = this.#links.get(event.linkId)
    if (link === undefined) {
      link = new LinkReader(this.#side)
      this.#links.set(event.linkId, link)
    }
    if (event.type === 'message-opened') this.#messages += 1
    if (event.type === 'message-closed') this.#bytes += event.body.length
    if (this.#messages > this.#limits.messages || this.#bytes > this.#limits.bytes) {
      throw new ConsoleError('REPLAY_TOO_LARGE', 'the recording has more messages than one run can send', {
        messages: this.#limits.messages,
        bytes: this.#limits.bytes,
      })
    }
    link.take(event)
  }

  /** Bodies of the link that will be played which are not whole yet. To be asked, and found, before the script is made. */
  wanted(): { readonly linkId: number; readonly bodies: readonly WantedBody[] } {
    const [linkId, link] = this.#best() ?? [0, undefined]
    return { linkId, bodies: link?.wanted ?? [] }
  }

  /** @throws ConsoleError `REPLAY_EMPTY`: there is nothing that this side said. */
  script(): ReplayScript {
    const script = this.#best()?.[1].script()
    if (script !== undefined && script.own.length > 0) return script
    const who = this.#side === 'device' ? 'the device' : 'the host'
    throw new ConsoleError('REPLAY_EMPTY', `the recording has no whole message that ${who} sent`)
  }

  #best(): readonly [number, LinkReader] | undefined {
    let best: readonly [number, LinkReader] | undefined
    for (const entry of this.#links) if (best === undefined || entry[1].size > best[1].size) best = entry
    return best
  }
}

/** One link of the recording. */
class LinkReader {
  readonly #side: ReplaySide
  readonly #ours: 'in' | 'out'
  readonly #slots: Slot[] = []
  readonly #slotOf = new Map<number, Slot>()
  readonly #open = new Map<number, MessageOpened>()
  readonly #theirs: { opened: MessageOpened; digest: string | null; bodyBytes: number; atMs: number }[] = []
  readonly #theirsOf = new Map<number, number>()
  /** Answers of the other side, by the key of our request. */
  readonly #answers = new Map<number, Likeness[]>()
  readonly wanted: WantedBody[] = []
  readonly #ranks = new Map<number, number>()
  readonly #theirBytes: Uint8Array[] = []
  #theirByteCount = 0
  #skipped = 0
  #newAnswers: number[] = []
  #newTheirs: number[] = []
  #firstMs: number | null = null
  #lastMs = 0
  #url = ''

  constructor(side: ReplaySide) {
    this.#side = side
    this.#ours = side === 'host' ? 'out' : 'in'
  }

  get size(): number {
    return this.#slots.length + this.#theirs.length
  }

  take(event: TraceEvent): void {
    switch (event.type) {
      case 'link-state':
        this.#url ||= event.url
        return
      case 'message-opened':
        this.#firstMs ??= event.atMs
        this.#opened(event)
        return
      case 'message-closed':
        this.#lastMs = event.atMs
        this.#closed(event)
        return
      default:
    }
  }

  script(): ReplayScript {
    const originMs = this.#firstMs ?? 0
    const own: (OwnStep | OwnAnswer)[] = []
    const steps: Draft<OwnStep>[] = []
    const stepOfKey = new Map<number, number>()
    const answersOf = this.#theirs.map(() => [] as Draft<OwnAnswer>[])
    let skipped = this.#skipped
    let answersBefore: number[] = []
    let theirsBefore: number[] = []
    for (const { opened, body, afterAnswers, afterTheirs, afterBytes } of this.#slots) {
      const { messageKey, route, kind, priority, headers, answersKey } = opened
      const answered = answersKey === 0 ? undefined : this.#theirsOf.get(answersKey)
      const isAnswer = kind === 'response' || answersKey !== 0
      if (!isAnswer) {
        answersBefore.push(...afterAnswers)
        theirsBefore.push(...afterTheirs)
      }
      if (body === null || (isAnswer && answered === undefined)) {
        skipped += 1
        continue
      }
      const message = {
        route,
        kind,
        priority,
        headers,
        body,
        atMs: opened.atMs - originMs,
        place: own.length,
      }
      if (answered !== undefined) {
        const answer = {
          role: 'answer',
          message,
          theirs: answered,
          hasMore: headers[MORE_HEADER] === true,
        } as const
        answersOf[answered]!.push(answer)
        own.push(answer)
        continue
      }
      const index = steps.length
      stepOfKey.set(messageKey, index)
      const step: Draft<OwnStep> = {
        role: 'step',
        message,
        index,
        isRequest: kind === 'request',
        isSubscription: opened.isSubscription === true,
        answers: this.#answers.get(messageKey) ?? [],
        answerRank: this.#ranks.get(messageKey) ?? -1,
        afterAnswers: answersBefore.flatMap((key) => stepOfKey.get(key) ?? []),
        afterTheirs: theirsBefore,
        afterBytes,
      }
      answersBefore = []
      theirsBefore = []
      steps.push(step)
      own.push(step)
    }
    const theirs = this.#theirs.map(({ opened, digest, bodyBytes, atMs }, index): TheirMessage => {
      const { route, kind, headers } = opened
      const answers = answersOf[index]!
      return {
        index,
        route,
        kind,
        headers,
        bodyBytes,
        digest,
        atMs: atMs - originMs,
        answers,
      }
    })
    return {
      side: this.#side,
      url: this.#url,
      steps,
      theirs,
      own,
      theirBytes: concatBytes(this.#theirBytes),
      skipped,
      lengthMs: Math.max(0, this.#lastMs - originMs),
    }
  }

  #opened(event: MessageOpened): void {
    if (event.dir !== this.#ours) {
      this.#open.set(event.messageKey, event)
      return
    }
    const slot = {
      opened: event,
      body: null,
      afterAnswers: this.#newAnswers,
      afterTheirs: this.#newTheirs,
      afterBytes: this.#theirByteCount,
    }
    this.#slots.push(slot)
    this.#slotOf.set(event.messageKey, slot)
    // An answer has its reason in its request; what else came stays a reason of the next message that has none.
    if (event.kind === 'response' || event.answersKey !== 0) {
      slot.afterAnswers = []
      slot.afterTheirs = []
      return
    }
    this.#newAnswers = []
    this.#newTheirs = []
  }

  #closed(event: MessageClosed): void {
    const { messageKey, body, bodyBytes } = event
    const isWhole = event.outcome === 'complete'
    if (event.dir === this.#ours) {
      const slot = this.#slotOf.get(messageKey)
      this.#slotOf.delete(messageKey)
      if (slot === undefined) this.#skipped += 1
      else if (isWhole && body.length === bodyBytes) slot.body = body
      else if (isWhole && body.length > 0) {
        const found = (whole: MessageBody): void => {
          slot.body = whole
        }
        this.wanted.push({ as: 'body', dir: event.dir, bodyBytes, start: body.slice(), found })
      }
      return
    }
    const opened = this.#open.get(messageKey)
    this.#open.delete(messageKey)
    if (opened === undefined || !isWhole) return
    if (opened.kind === 'bytes') {
      this.#theirBytes.push(body)
      this.#theirByteCount += body.length
      return
    }
    const { answersKey, route, headers } = opened
    if (answersKey !== 0) {
      const answers = this.#answers.get(answersKey) ?? []
      if (answers.length === 0) {
        this.#answers.set(answersKey, answers)
        this.#ranks.set(answersKey, this.#ranks.size)
        this.#newAnswers.push(answersKey)
      }
      const answer: Draft<Likeness> = { route, headers, bodyBytes, digest: null }
      this.#compare(event, answer)
      answers.push(answer)
      return
    }
    if (opened.kind === 'response') return
    const index = this.#theirs.length
    const theirs = { opened, digest: null, bodyBytes, atMs: event.atMs }
    this.#compare(event, theirs)
    this.#theirs.push(theirs)
    this.#theirsOf.set(messageKey, index)
    this.#newTheirs.push(index)
  }

  /** Its digest, now or when the rest of its body is found. */
  #compare({ dir, body, bodyBytes }: MessageClosed, likeness: { digest: string | null }): void {
    if (body.length === bodyBytes) {
      likeness.digest = digestOf(body)
      return
    }
    const found = (digest: string): void => {
      likeness.digest = digest
    }
    if (body.length > 0) this.wanted.push({ as: 'digest', dir, bodyBytes, start: body.slice(), found })
  }
}
