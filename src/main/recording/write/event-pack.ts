import type {
  BytesEvent,
  Direction,
  FrameEvent,
  MessageClosed,
  MessageKind,
  MessageOpened,
  MessageOutcome,
  Priority,
  TraceEvent,
} from '../../../shared/model/trace'

/** What a row of numbers begins with: the type of its event, and how many numbers it has. */
const OTHER = 0
const BYTES = 1
const FRAME = 2
const OPENED = 3
const CLOSED = 4

const KINDS: readonly MessageKind[] = ['request', 'response', 'event', 'bytes']
/** Added to the number of the kind. */
const OF_SUBSCRIPTION = 8
const OUTCOMES: readonly MessageOutcome[] = ['complete', 'cancelled', 'failed', 'interrupted']
const DIRECTIONS: readonly Direction[] = ['in', 'out']
const NOT_SAID = 2

/** Bodies above this are kept by themselves, without a copy where they pin little more than themselves. */
const SMALL_BODY_BYTES = 2048
const PINS_TOO_MUCH = 1.125

const FIRST_NUMBERS = 512
const FIRST_BYTES = 4096
const NUMBER_BYTES = 8
const WORD_BYTES = 8
/** A text beside its characters, an object of headers for each of its names, and a rare event as a whole: about. */
const TEXT_BYTES = 24
const HEADER_BYTES = 96
const OTHER_BYTES = 240

/** Room that is written before it is read: filling it with zeros first would cost as much again. */
const unfilled = (byteCount: number): Uint8Array =>
  new Uint8Array(Buffer.allocUnsafeSlow(byteCount).buffer, 0, byteCount)

/**
 * Trace events in the order they came, in a few large arrays instead of an object for each: the engine has nothing to walk
 * through or to move, and what they take is known to the byte but for texts that others keep as well. Events that are read
 * are equal to those that were added.
 */
export class EventPack {
  #numbers: Float64Array
  #numberCount = 0
  #bytes: Uint8Array
  #byteCount = 0
  #words: unknown[] = []
  /** Beyond numbers, bytes and places for words. */
  #wordBytes = 0
  #count = 0

  /** @param before - A pack that filled as this one will, so that it has the room from the beginning. */
  constructor(before?: EventPack) {
    this.#numbers = new Float64Array(Math.max(FIRST_NUMBERS, before === undefined ? 0 : before.#numberCount))
    this.#bytes = unfilled(Math.max(FIRST_BYTES, before === undefined ? 0 : before.#byteCount))
  }

  /** How many events there are. */
  get count(): number {
    return this.#count
  }

  /** What the events take in memory. */
  get heldBytes(): number {
    return (
      this.#numberCount * NUMBER_BYTES + this.#byteCount + this.#words.length * WORD_BYTES + this.#wordBytes
    )
  }

  /** Takes an event. Bytes of the line are copied, bodies where they are small or pin a larger buffer. */
  add(event: TraceEvent): void {
    this.#count += 1
    switch (event.type) {
      case 'frame':
        this.#addFrame(event)
        return
      case 'bytes':
        this.#addBytes(event)
        return
      case 'message-opened':
        this.#addOpened(event)
        return
      case 'message-closed':
        this.#addClosed(event)
        return
      default:
        this.#numbers[this.#room(1)] = OTHER
        this.#words.push(event)
        this.#wordBytes += OTHER_BYTES
    }
  }

  /** No more events will come: gives back the room for them. */
  seal(): void {
    // copying all of it for a little room costs more than the room
    if (this.#numbers.length > this.#numberCount * PINS_TOO_MUCH)
      this.#numbers = this.#numbers.slice(0, this.#numberCount)
    if (this.#bytes.length > this.#byteCount * PINS_TOO_MUCH)
      this.#bytes = this.#bytes.slice(0, this.#byteCount)
    this.#words = this.#words.slice()
  }

  /** All events, made anew. Their bytes are borrowed and immutable. */
  events(): TraceEvent[] {
    const events: TraceEvent[] = []
    const reader = new PackReader(this.#numbers, this.#bytes, this.#words)
    while (events.length < this.#count) events.push(reader.next())
    return events
  }

  #addFrame(event: FrameEvent): void {
    const at = this.#room(13)
    const numbers = this.#numbers
    numbers[at] = FRAME
    numbers[at + 1] = event.linkId
    numbers[at + 2] = event.atMs
    numbers[at + 3] = DIRECTIONS.indexOf(event.dir)
    numbers[at + 4] = event.streamOffset
    numbers[at + 5] = event.wireBytes
    numbers[at + 6] = event.payloadBytes
    numbers[at + 7] = event.messageKey
    numbers[at + 8] = event.chunkIndex
    numbers[at + 9] = event.bodyOffset
    numbers[at + 10] =
      (event.isLast ? 1 : 0) + 2 * (event.isRepeat === undefined ? NOT_SAID : event.isRepeat ? 1 : 0)
    numbers[at + 11] = event.startMs
    numbers[at + 12] = event.endMs
    this.#words.push(event.frameKind)
    this.#addText(event.ref)
  }

  #addBytes(event: BytesEvent): void {
    const at = this.#room(6)
    const numbers = this.#numbers
    numbers[at] = BYTES
    numbers[at + 1] = event.linkId
    numbers[at + 2] = event.atMs
    numbers[at + 3] = DIRECTIONS.indexOf(event.dir)
    numbers[at + 4] = event.streamOffset
    numbers[at + 5] = event.byteCount
    this.#copy(event.bytes)
  }

  #addOpened(event: MessageOpened): void {
    const at = this.#room(9)
    const numbers = this.#numbers
    numbers[at] = OPENED
    numbers[at + 1] = event.linkId
    numbers[at + 2] = event.atMs
    numbers[at + 3] = DIRECTIONS.indexOf(event.dir)
    numbers[at + 4] = event.messageKey
    numbers[at + 5] = KINDS.indexOf(event.kind) + (event.isSubscription === true ? OF_SUBSCRIPTION : 0)
    numbers[at + 6] = event.priority
    numbers[at + 7] = event.declaredBytes ?? Number.NaN
    numbers[at + 8] = event.answersKey
    this.#addText(event.ref)
    this.#words.push(event.route, event.headers)
    this.#addText(event.correlationId)
    this.#wordBytes += HEADER_BYTES * Object.keys(event.headers).length
  }

  #addClosed(event: MessageClosed): void {
    const { body } = event
    const isSmall = body.length <= SMALL_BODY_BYTES
    const at = this.#room(8)
    const numbers = this.#numbers
    numbers[at] = CLOSED
    numbers[at + 1] = event.linkId
    numbers[at + 2] = event.atMs
    numbers[at + 3] = DIRECTIONS.indexOf(event.dir)
    numbers[at + 4] = event.messageKey
    numbers[at + 5] = OUTCOMES.indexOf(event.outcome)
    numbers[at + 6] = event.bodyBytes
    numbers[at + 7] = isSmall ? body.length : -1
    this.#words.push(event.code)
    if (isSmall) this.#copy(body)
    else {
      this.#words.push(body.buffer.byteLength > body.length * PINS_TOO_MUCH ? body.slice() : body)
      this.#wordBytes += body.length
    }
  }

  #addText(text: string): void {
    this.#words.push(text)
    if (text !== '') this.#wordBytes += TEXT_BYTES + text.length
  }

  /** Where so many numbers may be written. */
  #room(count: number): number {
    const at = this.#numberCount
    this.#numberCount += count
    if (this.#numberCount > this.#numbers.length) {
      const grown = new Float64Array(this.#numbers.length * 2)
      grown.set(this.#numbers)
      this.#numbers = grown
    }
    return at
  }

  #copy(bytes: Uint8Array): void {
    const end = this.#byteCount + bytes.length
    if (end > this.#bytes.length) {
      const grown = unfilled(Math.max(end, this.#bytes.length * 2))
      grown.set(this.#bytes.subarray(0, this.#byteCount))
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.#byteCount)
    this.#byteCount = end
  }
}

/** Walks through the arrays of a pack, event by event. */
class PackReader {
  readonly #numbers: Float64Array
  readonly #bytes: Uint8Array
  readonly #words: readonly unknown[]
  #at = 0
  #byteAt = 0
  #wordAt = 0

  constructor(numbers: Float64Array, bytes: Uint8Array, words: readonly unknown[]) {
    this.#numbers = numbers
    this.#bytes = bytes
    this.#words = words
  }

  next(): TraceEvent {
    const type = this.#number()
    if (type === OTHER) return this.#word() as TraceEvent
    const linkId = this.#number()
    const atMs = this.#number()
    const dir = DIRECTIONS[this.#number()]!
    switch (type) {
      case FRAME:
        return this.#frame(linkId, atMs, dir)
      case BYTES: {
        const streamOffset = this.#number()
        const byteCount = this.#number()
        return { type: 'bytes', linkId, atMs, dir, streamOffset, byteCount, bytes: this.#part(byteCount) }
      }
      case OPENED:
        return this.#opened(linkId, atMs, dir)
      default:
        return this.#closed(linkId, atMs, dir)
    }
  }

  #opened(linkId: number, atMs: number, dir: Direction): MessageOpened {
    const messageKey = this.#number()
    const kind = this.#number()
    return {
      type: 'message-opened',
      linkId,
      atMs,
      dir,
      messageKey,
      kind: KINDS[kind % OF_SUBSCRIPTION]!,
      priority: this.#number() as Priority,
      declaredBytes: nullOf(this.#number()),
      answersKey: this.#number(),
      ref: this.#word() as string,
      route: this.#word() as string,
      headers: this.#word() as MessageOpened['headers'],
      correlationId: this.#word() as string,
      ...(kind >= OF_SUBSCRIPTION && { isSubscription: true }),
    }
  }

  #frame(linkId: number, atMs: number, dir: Direction): FrameEvent {
    const streamOffset = this.#number()
    const wireBytes = this.#number()
    const payloadBytes = this.#number()
    const messageKey = this.#number()
    const chunkIndex = this.#number()
    const bodyOffset = this.#number()
    const flags = this.#number()
    const repeat = flags >> 1
    return {
      type: 'frame',
      linkId,
      atMs,
      dir,
      frameKind: this.#word() as string,
      streamOffset,
      wireBytes,
      payloadBytes,
      ref: this.#word() as string,
      messageKey,
      chunkIndex,
      bodyOffset,
      isLast: (flags & 1) === 1,
      ...(repeat !== NOT_SAID && { isRepeat: repeat === 1 }),
      startMs: this.#number(),
      endMs: this.#number(),
    }
  }

  #closed(linkId: number, atMs: number, dir: Direction): MessageClosed {
    const messageKey = this.#number()
    const outcome = OUTCOMES[this.#number()]!
    const bodyBytes = this.#number()
    const smallBytes = this.#number()
    const code = this.#word() as MessageClosed['code']
    const body = smallBytes < 0 ? (this.#word() as Uint8Array) : this.#part(smallBytes)
    return { type: 'message-closed', linkId, atMs, dir, messageKey, outcome, code, bodyBytes, body }
  }

  #number(): number {
    this.#at += 1
    return this.#numbers[this.#at - 1]!
  }

  /** What was put there is known by the type of the event. */
  #word(): unknown {
    this.#wordAt += 1
    return this.#words[this.#wordAt - 1]
  }

  #part(count: number): Uint8Array {
    this.#byteAt += count
    return this.#bytes.subarray(this.#byteAt - count, this.#byteAt)
  }
}

const nullOf = (value: number): number | null => (Number.isNaN(value) ? null : value)
