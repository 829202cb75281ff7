import type {
  Direction,
  FrameEvent,
  MessageClosed,
  MessageOpened,
  StackEvent,
} from '../../../shared/model/trace'
import { dialectNamed } from '../../netcore/dialects'
import { Fifo } from '../../netcore/pipe/fifo'
import { createStack } from '../../netcore/stack'
import type { StackPort } from '../../netcore/stack-types'
import { printLossless } from '../format/lossless-json'
import type { DecodeDifference } from './decode-difference'

export interface DirectionOptions {
  readonly dialect: string
  readonly isLossy: boolean
  readonly idleGapMs?: number
  readonly dir: Direction
}

type Found = Omit<DecodeDifference, 'linkId' | 'dir'>

type SeenFrame = Pick<
  FrameEvent,
  'frameKind' | 'streamOffset' | 'wireBytes' | 'payloadBytes' | 'ref' | 'atMs'
>

interface SeenMessage {
  readonly opened: Omit<MessageOpened, 'linkId'>
  readonly closed: Omit<MessageClosed, 'linkId'>
  readonly offset: number
}

/** What one side has and the other has not yet. More means that the two are about different things. */
const MAX_WAITING = 100_000

/** One direction of a link: its bytes read again, and held against what was recorded of it. */
export class DirectionCheck {
  readonly #options: DirectionOptions
  readonly #onDifference: (difference: Found) => void
  /** Reads along instead of taking part: its names and heads are its own. */
  readonly #isReader: boolean
  readonly #hasMessages: boolean
  #stack: StackPort
  #isConnected = false
  /** Where the stream of the connection began in that of the link. */
  #base = 0
  #endOffset = 0
  #nowMs = 0
  /** The recording begins in the midst of a stream: what cannot be matched before the first match is no difference. */
  #isJoining = false
  #comparesMessages = true
  readonly #recordedFrames = new Fifo<SeenFrame>()
  readonly #derivedFrames = new Fifo<SeenFrame>()
  readonly #recordedOpen = new Map<number, Omit<MessageOpened, 'linkId'>>()
  readonly #derivedOpen = new Map<number, Omit<MessageOpened, 'linkId'>>()
  /** Whole messages of one side that the other has not, by what names them. */
  readonly #recordedDone = new Map<string, SeenMessage[]>()
  readonly #derivedDone = new Map<string, SeenMessage[]>()
  #waitingMessages = 0
  #bytes = 0
  #frames = 0
  #messages = 0

  constructor(options: DirectionOptions, onDifference: (difference: Found) => void) {
    this.#options = options
    this.#onDifference = onDifference
    this.#isReader = dialectNamed(options.dialect).reader !== undefined
    this.#hasMessages = options.dialect !== 'raw' || options.dir === 'in'
    this.#stack = this.#newStack()
  }

  get counts(): { dialect: string; bytes: number; frames: number; messages: number } {
    const { dialect } = this.#options
    return { dialect, bytes: this.#bytes, frames: this.#frames, messages: this.#messages }
  }

  /** A new connection: what was under way is over. */
  restart(): void {
    this.end()
    this.#stack = this.#newStack()
  }

  receive(bytes: Uint8Array, streamOffset: number, atMs: number): void {
    this.#wakeUntil(atMs)
    if (!this.#isConnected) {
      this.#isConnected = true
      this.#join(this.#bytes === 0 && streamOffset > 0)
      this.#base = streamOffset
      this.#stack.connected(atMs)
    } else if (streamOffset !== this.#endOffset) {
      // bytes are missing between: from here on it is another stream
      this.restart()
      this.#isConnected = true
      this.#join(true)
      this.#base = streamOffset
      this.#stack.connected(atMs)
    }
    this.#endOffset = streamOffset + bytes.length
    this.#bytes += bytes.length
    this.#stack.receive(bytes, atMs)
    this.#compareFrames(false)
  }

  #join(isJoining: boolean): void {
    this.#isJoining = isJoining
    // names of routes and headers were said before: without them no message can be told
    this.#comparesMessages = !(isJoining && this.#isReader)
  }

  recordedFrame(frame: FrameEvent): void {
    if (!this.#hasMessages) return
    this.#recordedFrames.push(frame)
    this.#compareFrames(false)
  }

  recordedOpened(event: MessageOpened): void {
    if (this.#hasMessages) this.#recordedOpen.set(event.messageKey, event)
  }

  recordedClosed(event: MessageClosed): void {
    const opened = this.#recordedOpen.get(event.messageKey)
    if (opened === undefined) return
    this.#recordedOpen.delete(event.messageKey)
    if (event.outcome !== 'complete') return
    this.#match(
      this.#recordedDone,
      this.#derivedDone,
      { opened, closed: event, offset: this.#endOffset },
      true,
    )
  }

  /** The connection is over: what is there on one side only stays so. */
  end(): void {
    if (!this.#isConnected) return
    this.#wakeUntil(Number.POSITIVE_INFINITY)
    this.#stack.disconnected(this.#nowMs, 'MESSAGE_INTERRUPTED')
    this.#isConnected = false
    this.#compareFrames(true)
    for (const [side, isRecorded] of [
      [this.#recordedDone, true],
      [this.#derivedDone, false],
    ] as const) {
      for (const message of [...side.values()].flat()) this.#alone(message, isRecorded)
      side.clear()
    }
    this.#waitingMessages = 0
    this.#derivedOpen.clear()
  }

  #newStack(): StackPort {
    const { dialect: name, isLossy, idleGapMs } = this.#options
    const dialect = dialectNamed(name)
    const stack = createStack({
      dialect: dialect.reader ?? dialect,
      codec: { onDamage: isLossy ? 'resync' : 'fatal', ...(idleGapMs !== undefined && { idleGapMs }) },
      random: () => 0, // nothing is sent, so nothing is drawn
      answersErrors: false,
      onTrace: (event) => this.#derived(event),
      onWork: () => undefined,
    })
    stack.onUnrouted(() => undefined)
    return stack
  }

  /** Silence that ended a piece is known by the times of the bytes. */
  #wakeUntil(atMs: number): void {
    for (;;) {
      const wakeAtMs = this.#isConnected ? this.#stack.wakeAtMs : null
      if (wakeAtMs === null || wakeAtMs > atMs || wakeAtMs <= this.#nowMs) break
      this.#nowMs = wakeAtMs
      this.#stack.wake(wakeAtMs)
    }
    if (Number.isFinite(atMs)) this.#nowMs = atMs
  }

  #derived(event: StackEvent): void {
    if (!this.#hasMessages) return
    if (event.type === 'frame' && event.wireBytes > 0) {
      const { frameKind, streamOffset, wireBytes, payloadBytes, ref, atMs } = event
      this.#derivedFrames.push({
        frameKind,
        streamOffset: this.#base + streamOffset,
        wireBytes,
        payloadBytes,
        ref,
        atMs,
      })
    } else if (event.type === 'message-opened') this.#derivedOpen.set(event.messageKey, event)
    else if (event.type === 'message-closed') {
      const opened = this.#derivedOpen.get(event.messageKey)
      this.#derivedOpen.delete(event.messageKey)
      if (opened === undefined || event.outcome !== 'complete') return
      this.#match(
        this.#derivedDone,
        this.#recordedDone,
        { opened, closed: event, offset: this.#endOffset },
        false,
      )
    }
  }

  /** Frames lie in the order of the stream on both sides, so the one that comes first is alone. */
  #compareFrames(isEnd: boolean): void {
    for (;;) {
      const recorded = this.#recordedFrames.peek()
      const derived = this.#derivedFrames.peek()
      if (recorded === undefined && derived === undefined) return
      const isFull = Math.max(this.#recordedFrames.length, this.#derivedFrames.length) > MAX_WAITING
      if ((recorded === undefined || derived === undefined) && !isEnd && !isFull) return
      if (
        derived === undefined ||
        (recorded !== undefined && this.#placeOf(recorded) < this.#placeOf(derived))
      ) {
        this.#recordedFrames.shift()
        if (!this.#isJoining) this.#aloneFrame(recorded!, true)
      } else if (recorded === undefined || this.#placeOf(derived) < this.#placeOf(recorded)) {
        this.#derivedFrames.shift()
        // a confirmation that rides along is one frame with the other when it is sent, and one of its own when it is read
        const isRiding =
          this.#isReader && recorded !== undefined && derived.streamOffset >= recorded.streamOffset
        if (!this.#isJoining && !isRiding) this.#aloneFrame(derived, false)
      } else {
        this.#recordedFrames.shift()
        this.#derivedFrames.shift()
        this.#isJoining = false
        this.#samePlace(recorded, derived)
      }
    }
  }

  /** What separates frames belongs to the one behind it when it is sent, and to none when it is read: their ends are the same. */
  #placeOf({ streamOffset, wireBytes }: SeenFrame): number {
    return this.#isReader ? streamOffset + wireBytes : streamOffset
  }

  #samePlace(recorded: SeenFrame, derived: SeenFrame): void {
    const fields = this.#isReader
      ? (['frameKind'] as const)
      : (['wireBytes', 'frameKind', 'payloadBytes', 'ref'] as const)
    const field = fields.find((name) => recorded[name] !== derived[name])
    if (field === undefined) this.#frames += 1
    else {
      const { streamOffset: offset, atMs } = recorded
      const values = { recorded: String(recorded[field]), derived: String(derived[field]) }
      this.#onDifference({ what: 'frame', offset, atMs, field, ...values })
    }
  }

  #aloneFrame(frame: SeenFrame, isRecorded: boolean): void {
    const { streamOffset: offset, atMs, frameKind, wireBytes } = frame
    const words = `${frameKind}, ${wireBytes} bytes`
    this.#onDifference({ what: 'frame', offset, atMs, field: '', ...sided(words, isRecorded) })
  }

  #match(
    own: Map<string, SeenMessage[]>,
    other: Map<string, SeenMessage[]>,
    message: SeenMessage,
    isRecorded: boolean,
  ): void {
    if (!this.#comparesMessages) return
    const name = this.#nameOf(message)
    const waiting = other.get(name)
    const partner = waiting?.shift()
    if (waiting?.length === 0) other.delete(name)
    if (partner !== undefined) {
      this.#waitingMessages -= 1
      if (isRecorded) this.#compareMessages(message, partner)
      else this.#compareMessages(partner, message)
      return
    }
    if (this.#waitingMessages >= MAX_WAITING) {
      this.#alone(message, isRecorded)
      return
    }
    this.#waitingMessages += 1
    const messages = own.get(name)
    if (messages === undefined) own.set(name, [message])
    else messages.push(message)
  }

  /**
   * Names travel in `lso`; elsewhere a route keeps its order. Whoever only reads along does not know which request an answer
   * is for, and so not its route: there answers of the same length keep theirs.
   */
  #nameOf({ opened, closed }: SeenMessage): string {
    if (this.#options.dialect === 'lso') return opened.ref
    return this.#isReader && opened.kind === 'response'
      ? `response ${closed.bodyBytes}`
      : `route ${opened.route}`
  }

  #compareMessages(recorded: SeenMessage, derived: SeenMessage): void {
    const field = this.#differingField(recorded, derived)
    if (field === null) {
      this.#messages += 1
      return
    }
    const { offset, closed } = recorded
    this.#onDifference({
      what: 'message',
      offset,
      atMs: closed.atMs,
      field,
      recorded: shownField(recorded, field),
      derived: shownField(derived, field),
    })
  }

  #differingField(recorded: SeenMessage, derived: SeenMessage): MessageField | null {
    const isNamed = !this.#isReader || recorded.opened.kind !== 'response'
    if (isNamed && recorded.opened.route !== derived.opened.route) return 'route'
    if (recorded.closed.bodyBytes !== derived.closed.bodyBytes) return 'length'
    if (!sameBody(recorded.closed, derived.closed)) return 'body'
    if (this.#options.dialect === 'raw') return null
    // what we wanted to say is more than what goes over the line: defaults are left out there
    if (this.#options.dir === 'out' || this.#isReader) return null
    if (recorded.opened.priority !== derived.opened.priority) return 'priority'
    if (recorded.opened.correlationId !== derived.opened.correlationId) return 'correlation id'
    if (printLossless(recorded.opened.headers) !== printLossless(derived.opened.headers)) return 'headers'
    return null
  }

  #alone(message: SeenMessage, isRecorded: boolean): void {
    const { opened, closed, offset } = message
    if (this.#isJoining) return
    const words = `${opened.route === '' ? opened.kind : opened.route}, ${closed.bodyBytes} bytes`
    this.#onDifference({ what: 'message', offset, atMs: closed.atMs, field: '', ...sided(words, isRecorded) })
  }
}

type MessageField = 'route' | 'length' | 'body' | 'priority' | 'correlation id' | 'headers'

const sided = (words: string, isRecorded: boolean): { recorded: string; derived: string } =>
  isRecorded ? { recorded: words, derived: '' } : { recorded: '', derived: words }

/** A body that was recorded in part is compared as far as it goes. */
function sameBody(recorded: Pick<MessageClosed, 'body'>, derived: Pick<MessageClosed, 'body'>): boolean {
  const count = Math.min(recorded.body.length, derived.body.length)
  for (let at = 0; at < count; at++) if (recorded.body[at] !== derived.body[at]) return false
  return true
}

function shownField({ opened, closed }: SeenMessage, field: MessageField): string {
  switch (field) {
    case 'route':
      return opened.route
    case 'length':
      return `${opened.route}: ${closed.bodyBytes} bytes`
    case 'body':
      return `${opened.route}: ${closed.bodyBytes} other bytes`
    case 'priority':
      return `${opened.route}: ${opened.priority}`
    case 'correlation id':
      return `${opened.route}: ${opened.correlationId}`
    case 'headers':
      return `${opened.route}: ${printLossless(opened.headers).slice(0, 200)}`
  }
}
