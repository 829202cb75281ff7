import { setImmediate } from 'node:timers/promises'
import { ConsoleError } from '../../../shared/errors'
import { MAX_COMPARED_MESSAGES } from '../../../shared/model/compare'
import type { LineRate } from '../../../shared/model/line-rate'
import { type LinkAddress, parseLinkUrl } from '../../../shared/model/link-url'
import type { MessageClosed, TraceEvent } from '../../../shared/model/trace'
import { Capture } from '../../capture/capture'
import type { ChunkStore } from '../../capture/chunk-store'
import type { MessageStore } from '../../capture/message-store'
import { KINDS } from '../../capture/message-words'
import type { SubjectLink, SubjectSource } from '../../capture/subject/message-cursor'
import { lineRateOf } from '../../link/line-settings'
import type { SessionTime } from '../format/session-time'
import { bodyDigest, type Digest, headersDigest, mixed } from './content-digest'
import type { MessageDigests } from './exchanges'
import type { IgnoreRules } from './ignore-rules'
import type { RecordedLink } from './link-roles'
import { TURN_MS } from './turns'

/** What a recording is read as: `RecordingTrace`, or a run that was watched. */
export interface ReadableTrace {
  entries(signal?: AbortSignal): AsyncIterable<{ readonly event: TraceEvent | undefined }>
  readonly time: SessionTime
  readonly damagedBytes: number
}

export interface ReadLimits {
  readonly messages: number
}

export interface ReadOptions {
  readonly ignore: IgnoreRules
  readonly limits?: ReadLimits
  readonly signal?: AbortSignal
  /** Told now and then how many entries were read. */
  readonly onEntries?: (entries: number) => void
}

const MS_PER_DAY = 86_400_000

/** A recording as it is compared: a capture of its own, with a number for the content of every message. */
export class ComparedRecording {
  readonly name: string
  readonly capture = new Capture({ messages: MAX_COMPARED_MESSAGES })
  readonly messages: MessageStore
  readonly chunks: ChunkStore
  /** By what it is called, how it is reached, and its dialect. */
  readonly #links = new Map<number, { url: string; address: LinkAddress | undefined }>()
  readonly #subjects: SubjectSource
  readonly #ignore: IgnoreRules
  readonly #limits: ReadLimits
  readonly #bodyDigests: number[] = []
  #startMs = Number.NaN
  #endMs = 0
  #dayStartMs = 0
  damagedBytes = 0

  private constructor(name: string, { ignore, limits }: ReadOptions) {
    this.name = name
    this.#ignore = ignore
    this.#limits = limits ?? { messages: MAX_COMPARED_MESSAGES }
    this.#subjects = this.capture.subjectSource({
      linkOf: (linkId) => this.#linkWords(linkId),
      nowMs: () => this.#endMs,
      dayStartMs: 0,
    })
    this.messages = this.#subjects.messages
    this.chunks = this.#subjects.chunks
  }

  /**
   * Reads a recording to its end, in turns.
   *
   * @throws ConsoleError `COMPARE_TOO_LARGE`, `RECORDING_INVALID`; what `signal` was aborted with.
   */
  static async read(name: string, trace: ReadableTrace, options: ReadOptions): Promise<ComparedRecording> {
    const recording = new ComparedRecording(name, options)
    let entries = 0
    let beganMs = performance.now()
    for await (const { event } of trace.entries(options.signal)) {
      entries += 1
      if (event !== undefined) recording.#take(event)
      if (entries % 16 !== 0 || performance.now() - beganMs < TURN_MS) continue
      options.onEntries?.(entries)
      await setImmediate()
      options.signal?.throwIfAborted()
      beganMs = performance.now()
    }
    options.signal?.throwIfAborted()
    if (entries === 0) throw new ConsoleError('RECORDING_INVALID', `${name} has no entry that can be read`)
    const startedMs = Number(trace.time.toNs(0) / 1_000_000n)
    const local = startedMs - new Date(startedMs).getTimezoneOffset() * 60_000
    recording.#dayStartMs = ((local % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY
    recording.damagedBytes = trace.damagedBytes
    return recording
  }

  /** Session time at which it begins. */
  get startMs(): number {
    return Number.isNaN(this.#startMs) ? 0 : this.#startMs
  }

  get endMs(): number {
    return Math.max(this.startMs, this.#endMs)
  }

  get links(): RecordedLink[] {
    return [...this.#links].map(([linkId, { url, address }]) => ({
      linkId,
      url,
      scheme: address?.scheme ?? '',
      dialect: address?.dialect ?? '',
    }))
  }

  get subjects(): SubjectSource {
    return { ...this.#subjects, dayStartMs: this.#dayStartMs }
  }

  /** Null where the speed of the line is not known. */
  lineRate(linkId: number): LineRate | null {
    const address = this.#links.get(linkId)?.address
    return (address && lineRateOf(address)) ?? null
  }

  get digests(): MessageDigests {
    return {
      own: (id) => this.#digestOf(id, 'body', 'header'),
      asReply: (id) => this.#digestOf(id, 'reply', 'reply.header'),
    }
  }

  #take(event: TraceEvent): void {
    if (Number.isNaN(this.#startMs)) this.#startMs = event.atMs
    this.#endMs = Math.max(this.#endMs, event.atMs)
    if (event.type === 'link-state' && !this.#links.has(event.linkId)) {
      this.#links.set(event.linkId, { url: event.url, address: addressOf(event.url) })
    }
    this.capture.observe(event)
    if (event.type === 'message-opened' && this.messages.kept > this.#limits.messages) this.#refuse()
    if (event.type === 'message-closed') this.#noteBody(event)
  }

  /** Bodies may go to make room: what they were is noted while they are at hand. */
  #noteBody(event: MessageClosed): void {
    const id = this.capture.messageIdOf(event.linkId, event.messageKey)
    if (!this.messages.has(id)) return
    if (this.capture.totals().evictedMessages > 0) this.#refuse()
    const isAnswer = this.messages.columnsOf(id).kinds[this.messages.indexOf(id)] === RESPONSE
    this.#bodyDigests[id] = bodyDigest(event.body, isAnswer ? 'reply' : 'body', this.#ignore)
  }

  #refuse(): never {
    throw new ConsoleError(
      'COMPARE_TOO_LARGE',
      `${this.name} has more than ${this.#limits.messages} messages`,
      { limit: this.#limits.messages },
    )
  }

  #digestOf(id: number, place: 'body' | 'reply', headers: 'header' | 'reply.header'): Digest {
    const columns = this.messages.columnsOf(id)
    const own = columns.headers[this.messages.indexOf(id)]!
    return mixed(this.#bodyDigests[id] ?? -1, headersDigest(own, headers, this.#ignore), place)
  }

  #linkWords(linkId: number): SubjectLink | undefined {
    const address = this.#links.get(linkId)?.address
    return address && { name: address.name ?? address.scheme, kind: address.scheme, proto: address.dialect }
  }
}

const RESPONSE = KINDS.number('response')

function addressOf(url: string): LinkAddress | undefined {
  try {
    return parseLinkUrl(url)
  } catch {
    return undefined // a file may name an address that means nothing here
  }
}
