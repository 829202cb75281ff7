import { ConsoleError } from '../../../shared/errors'
import type {
  Direction,
  FrameEvent,
  Headers,
  MessageKind,
  MessageOpened,
  Priority,
  TraceEvent,
} from '../../../shared/model/trace'

/** One message of the recording, as it has to be sent again. Times are those of the session. */
export interface RecordedMessage {
  readonly dir: Direction
  readonly messageKey: number
  readonly route: string
  readonly kind: MessageKind
  readonly priority: Priority
  readonly headers: Headers
  readonly answersKey: number
  /** Out: given to the link. In: its head was there. */
  readonly openedMs: number
  body: Uint8Array
  /** First and last moment of its frames on the line; NaN while there were none. */
  startMs: number
  endMs: number
  /** NaN while it is under way. */
  closedMs: number
  isComplete: boolean
}

/** Frames of one link on the line, in columns: there can be many. */
export interface RecordedFrame {
  readonly dir: Direction
  readonly messageKey: number
  readonly startMs: number
  readonly endMs: number
}

/** What one link of a recording carried. */
export interface LinkTraffic {
  readonly linkId: number
  url: string
  readonly messages: Map<number, RecordedMessage>
  readonly frames: RecordedFrame[]
  /** Largest payload of a frame, sent and received. */
  largestOut: number
  largestIn: number
  /** Line time that was with the driver when a frame was handed over, where there was any. */
  readonly aheadMs: number[]
}

export interface TrafficLimits {
  /** Of both directions, all links. */
  readonly messages: number
  readonly frames: number
  readonly bodyBytes: number
}

/** Beyond this a run takes longer than anybody waits for an answer while turning a knob. */
export const TRAFFIC_LIMITS: TrafficLimits = {
  messages: 20_000,
  frames: 400_000,
  bodyBytes: 64 * 1024 * 1024,
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Gathers from the events of a recording what is needed to send it again: messages that began within a span. */
export class RecordedTraffic {
  readonly links = new Map<number, LinkTraffic>()
  readonly #span: Span
  readonly #limits: TrafficLimits
  #messages = 0
  #frames = 0
  #bodyBytes = 0

  constructor(span: Span, limits: TrafficLimits = TRAFFIC_LIMITS) {
    this.#span = span
    this.#limits = limits
  }

  /**
   * Takes the next event. False when it has no part in the span.
   *
   * @throws ConsoleError `WHATIF_TOO_LARGE`.
   */
  observe(event: TraceEvent): boolean {
    switch (event.type) {
      case 'link-state':
        if (event.url !== '') this.#link(event.linkId).url = event.url
        return true
      case 'session':
        return true
      case 'message-opened':
        return this.#opened(event)
      case 'frame':
        return this.#framed(event)
      case 'message-closed': {
        const message = this.links.get(event.linkId)?.messages.get(event.messageKey)
        if (message === undefined) return false
        message.closedMs = event.atMs
        message.isComplete = event.outcome === 'complete'
        this.#bodyBytes += event.bodyBytes
        this.#check(this.#bodyBytes, this.#limits.bodyBytes, 'bytes in bodies')
        // a body that the recording does not have takes as long on the line as any other of its length
        message.body = event.body.length === event.bodyBytes ? event.body : new Uint8Array(event.bodyBytes)
        return true
      }
      case 'request-settled':
        return this.links.get(event.linkId)?.messages.has(event.requestKey) ?? false
      default:
        return false
    }
  }

  #opened(event: MessageOpened): boolean {
    if (event.kind === 'bytes' || event.atMs < this.#span.fromMs || event.atMs > this.#span.toMs) return false
    this.#messages += 1
    this.#check(this.#messages, this.#limits.messages, 'messages')
    const { dir, messageKey, route, kind, priority, headers, answersKey, atMs } = event
    this.#link(event.linkId).messages.set(messageKey, {
      dir,
      messageKey,
      route,
      kind,
      priority,
      headers,
      answersKey,
      openedMs: atMs,
      body: NOTHING,
      startMs: Number.NaN,
      endMs: Number.NaN,
      closedMs: Number.NaN,
      isComplete: false,
    })
    return true
  }

  #framed(event: FrameEvent): boolean {
    const { dir, messageKey, startMs, endMs, payloadBytes, atMs } = event
    if (startMs < this.#span.fromMs || startMs > this.#span.toMs + LATE_FRAMES_MS) return false
    const link = this.#link(event.linkId)
    this.#frames += 1
    this.#check(this.#frames, this.#limits.frames, 'frames')
    link.frames.push({ dir, messageKey, startMs, endMs })
    if (dir === 'out') {
      link.largestOut = Math.max(link.largestOut, payloadBytes)
      if (startMs - atMs > AHEAD_SEEN_MS && link.aheadMs.length < MAX_AHEAD_SEEN)
        link.aheadMs.push(startMs - atMs)
    } else link.largestIn = Math.max(link.largestIn, payloadBytes)
    const message = link.messages.get(messageKey)
    if (message === undefined) return true
    if (!(message.startMs <= startMs)) message.startMs = startMs
    if (!(message.endMs >= endMs)) message.endMs = endMs
    return true
  }

  #link(linkId: number): LinkTraffic {
    let link = this.links.get(linkId)
    if (link === undefined) {
      link = { linkId, url: '', messages: new Map(), frames: [], largestOut: 0, largestIn: 0, aheadMs: [] }
      this.links.set(linkId, link)
    }
    return link
  }

  #check(count: number, limit: number, what: string): void {
    if (count <= limit) return
    throw new ConsoleError('WHATIF_TOO_LARGE', `this span has over ${limit} ${what}`, { limit })
  }
}

const NOTHING = new Uint8Array(0)
/** Frames after the span belong to messages that began within it. */
export const LATE_FRAMES_MS = 60_000
const AHEAD_SEEN_MS = 0.5
const MAX_AHEAD_SEEN = 10_000
