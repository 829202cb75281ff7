import { parseLinkUrl } from '../../../shared/model/link-url'
import type {
  BytesEvent,
  Direction,
  FrameEvent,
  MessageOpened,
  TraceEvent,
} from '../../../shared/model/trace'
import { REDACTION_RECORD } from '../format/schemas'
import type { TraceTransform } from '../write/trace-transform'
import { MASK, redactBody } from './redact-body'
import { redactOperation } from './redact-operation'
import { type RedactionRule, rulesOf, wordsOf } from './redaction-rules'

/** Bytes whose frame is not known yet; of more, the first are masked without knowing what they were. */
const MAX_HELD_BYTES = 4 * 1024 * 1024
const MAX_HELD_EVENTS = 65_536
/** Frames that were told of before their bytes. */
const MAX_EARLY_FRAMES = 4096
/** Messages whose rules are remembered after their end: their frames may be told of late. */
const MAX_KNOWN_MESSAGES = 65_536
const WITHHELD = '[redacted]'

interface HeldBytes {
  readonly kind: 'bytes'
  readonly event: BytesEvent
  readonly stream: Stream
}
type Held = HeldBytes | { readonly kind: 'event'; readonly event: TraceEvent }

interface Stream {
  readonly items: HeldBytes[]
  readonly early: Verdict[]
  /** Everything before it is decided. */
  decided: number
  end: number
}

interface Verdict {
  readonly from: number
  readonly to: number
  /** Bytes at its end that are masked. */
  readonly maskedBytes: number
}

/**
 * Leaves secrets out of a trace as it is written: values in bodies and headers by rules, and the bytes of the line that carried
 * them, which keep their length so that places in the stream stay. What cannot be told apart for sure is masked as a whole: the
 * bytes of all chunks of a message that a rule is about, and bytes that belong to no frame. Events keep their order; bytes are
 * held until it is known what they are.
 */
export class Redactor implements TraceTransform {
  readonly #rules: readonly RedactionRule[]
  readonly #messages = new Map<string, readonly RedactionRule[]>()
  readonly #streams = new Map<string, Stream>()
  readonly #dialects = new Map<number, string>()
  #queue: Held[] = []
  #heldBytes = 0

  constructor(rules: readonly RedactionRule[]) {
    this.#rules = rules
  }

  /** The record `redaction` of each file: by which rules what is masked. Patterns may be secrets themselves. */
  get told(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    const words = this.#rules.map((rule, at) => [`rule.${at + 1}`, wordsOf(rule)] as const)
    return new Map([[REDACTION_RECORD, new Map([['rules', `${this.#rules.length}`], ...words])]])
  }

  take(event: TraceEvent): readonly TraceEvent[] {
    switch (event.type) {
      case 'bytes':
        this.#bytes(event)
        break
      case 'frame':
        this.#frame(event)
        this.#queue.push({ kind: 'event', event })
        break
      case 'link-state':
        if (!this.#dialects.has(event.linkId)) this.#dialects.set(event.linkId, dialectOf(event.url))
        this.#queue.push({ kind: 'event', event })
        break
      default:
        this.#queue.push({ kind: 'event', event: this.#told(event) })
    }
    return this.#drain()
  }

  end(): readonly TraceEvent[] {
    for (const stream of this.#streams.values()) decide(stream, stream.end, stream.end - stream.decided)
    return this.#drain()
  }

  /** Of what the operator did the details are masked as a body of its route would be; what cannot be read is left out. */
  text(channel: string, data: Uint8Array): Uint8Array | null {
    if (channel === 'note' || channel === 'gap') return data
    return channel === 'op' ? redactOperation(data, this.#rules) : null
  }

  #told(event: TraceEvent): TraceEvent {
    switch (event.type) {
      case 'message-opened':
        return this.#opened(event)
      case 'message-closed':
        return { ...event, body: redactBody(event.body, this.#rulesOf(event.linkId, event.messageKey)) }
      case 'fault': // its words may quote what was damaged
        return { ...event, detail: '' }
      case 'cache':
        return { ...event, key: event.key === '' ? '' : WITHHELD }
      default:
        return event
    }
  }

  #opened(event: MessageOpened): MessageOpened {
    const rules = rulesOf(this.#rules, event.route)
    const key = `${event.linkId} ${event.messageKey}`
    this.#messages.set(key, rules)
    const oldest = this.#messages.size > MAX_KNOWN_MESSAGES ? this.#messages.keys().next().value : undefined
    if (oldest !== undefined) this.#messages.delete(oldest)
    const names = new Set(rules.flatMap(({ headers }) => headers))
    if (names.size === 0) return event
    const headers = Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [
        name,
        names.has(name.toLowerCase()) ? WITHHELD : value,
      ]),
    )
    return { ...event, headers }
  }

  /** Of a message that nobody knows, all rules hold. */
  #rulesOf(linkId: number, messageKey: number): readonly RedactionRule[] {
    return this.#messages.get(`${linkId} ${messageKey}`) ?? ALL_OF_IT
  }

  #bytes(event: BytesEvent): void {
    const stream = this.#stream(event.linkId, event.dir)
    if (event.streamOffset !== stream.end) {
      decide(stream, stream.end, stream.end - stream.decided)
      stream.decided = event.streamOffset
    }
    stream.end = event.streamOffset + event.byteCount
    const held: HeldBytes = { kind: 'bytes', event: { ...event, bytes: event.bytes.slice() }, stream }
    stream.items.push(held)
    this.#queue.push(held)
    this.#heldBytes += event.byteCount
    while (stream.early.length > 0 && stream.early[0]!.to <= stream.end) apply(stream, stream.early.shift()!)
  }

  #frame(frame: FrameEvent): void {
    const { linkId, dir, streamOffset, wireBytes } = frame
    if (wireBytes <= 0) return
    const stream = this.#stream(linkId, dir)
    const verdict = {
      from: streamOffset,
      to: streamOffset + wireBytes,
      maskedBytes: this.#maskedBytes(frame),
    }
    if (verdict.to <= stream.end) apply(stream, verdict)
    else if (stream.early.length < MAX_EARLY_FRAMES) stream.early.push(verdict)
  }

  /** How many bytes at the end of a frame may hold a secret. */
  #maskedBytes({ linkId, messageKey, payloadBytes, wireBytes }: FrameEvent): number {
    if (messageKey === 0 && payloadBytes === 0) return 0
    const rules = this.#rulesOf(linkId, messageKey)
    const concernsBody = rules.some(({ body, pattern }) => body !== null || pattern !== null)
    // in this dialect a chunk is a head and then its bytes as they are; in others they may stand anywhere
    const isTail = this.#dialects.get(linkId) === 'lso'
    if (payloadBytes > 0 && concernsBody) return isTail ? Math.min(payloadBytes, wireBytes) : wireBytes
    const mayHoldHeaders = payloadBytes === 0 || !isTail
    return mayHoldHeaders && rules.some(({ headers }) => headers.length > 0) ? wireBytes : 0
  }

  #drain(): TraceEvent[] {
    const events: TraceEvent[] = []
    let done = 0
    for (const held of this.#queue) {
      if (held.kind === 'bytes') {
        const endOffset = held.event.streamOffset + held.event.byteCount
        if (endOffset > held.stream.decided) {
          const isTooMuch = this.#heldBytes > MAX_HELD_BYTES || this.#queue.length - done > MAX_HELD_EVENTS
          if (!isTooMuch) break
          decide(held.stream, endOffset, endOffset - held.stream.decided)
        }
        held.stream.items.shift()
        this.#heldBytes -= held.event.byteCount
      }
      events.push(held.event)
      done += 1
    }
    if (done > 0) this.#queue = this.#queue.slice(done)
    return events
  }

  #stream(linkId: number, dir: Direction): Stream {
    const key = `${linkId} ${dir}`
    let stream = this.#streams.get(key)
    if (stream === undefined) {
      stream = { items: [], early: [], decided: 0, end: 0 }
      this.#streams.set(key, stream)
    }
    return stream
  }
}

const ALL_OF_IT: readonly RedactionRule[] = [{ route: '*', body: 'all', pattern: null, headers: ['*'] }]

/** Bytes before a frame that belong to none are masked, and of the frame as many as its verdict says. */
function apply(stream: Stream, { from, to, maskedBytes }: Verdict): void {
  if (from > stream.decided) decide(stream, from, from - stream.decided)
  if (to > stream.decided) decide(stream, to, Math.min(maskedBytes, to - stream.decided))
}

/** Decides all up to a place; of it, the last `maskedBytes` are masked. */
function decide(stream: Stream, until: number, maskedBytes: number): void {
  const from = until - maskedBytes
  for (const { event } of stream.items) {
    const start = Math.max(0, from - event.streamOffset)
    const end = Math.min(event.byteCount, until - event.streamOffset)
    if (start < end) event.bytes.fill(MASK, start, end)
  }
  stream.decided = Math.max(stream.decided, until)
}

function dialectOf(url: string): string {
  const named = /[?&]dialect=([a-z0-9-]+)/.exec(url)?.[1]
  if (named !== undefined) return named
  try {
    return parseLinkUrl(url).dialect
  } catch {
    return 'raw'
  }
}
