import { Fifo } from '../../../pipe/fifo'
import type { Priority } from '../../../../../shared/model/trace'
import { sidOf } from '../wire/frames'
import type { Framing } from '../wire/wire'
import type { OwnRoute } from './aliases'
import type { Queued } from './control-queue'
import type { ExchangeKind, IncomingMessage, MessageStart } from './incoming-message'
import type { OutgoingMessage } from './outgoing-message'

/**
 * What both sides of an exchange are made of: a slot, the half of it that we send and the half that we receive, and the
 * control frames that go with them. Data, and the rules that need nothing else; `Sender` and `Receiver` act on it.
 */

export type Outgoing = OutgoingMessage<OutgoingHalf>

/**
 * A control frame that has to arrive. It is asked what it says when it is handed over, so one that was lost says what is
 * true now; one that is over is not said any more.
 */
export type Control = CreditControl | CancelControl | EndControl | AliasControl

/** The newest limit of a message that is coming in. */
export interface CreditControl extends Queued {
  readonly kind: 'credit'
  readonly half: IncomingHalf
}

/** Gives up an exchange; `own` waits for it to be settled before it is used again. */
export interface CancelControl extends Queued {
  readonly kind: 'cancel'
  readonly sid: number
  readonly code: number
  readonly own: OwnSlot | null
}

/** No further answer follows. */
export interface EndControl extends Queued {
  readonly kind: 'end'
  readonly half: OutgoingHalf
  readonly slot: PeerSlot
  readonly code: number
}

export interface AliasControl extends Queued {
  readonly kind: 'alias'
  readonly route: OwnRoute
}

/** Unsettled bytes of one message under COBS: 16 bits of a position name it only among these. */
export const NAMEABLE_POSITIONS = 32_767

/**
 * One direction of an exchange, as its sender sees it: a message of ours in a slot of ours, or the answers to a message of
 * the peer, one behind the other in the same positions.
 */
export class OutgoingHalf {
  readonly sid: number
  /** Set: a message of ours. */
  readonly own: OwnSlot | null
  /** Set: our answers to a message of the peer. */
  readonly theirs: PeerSlot | null
  /** Positions below it may be sent. */
  creditLimit: number
  /** Where the next message begins. */
  nextStart = 0
  /** Messages that may be sent or wait to be settled, in order of their positions. */
  active: readonly Outgoing[] = NONE
  /** Answers behind one that is not handed over yet. Made when there is one: most halves carry a single message. */
  #queued: Fifo<Outgoing> | null = null
  /** After a resume on LEN: the first frame says where it goes on. */
  needsPosition = false
  readonly #isNameLimited: boolean

  constructor(own: OwnSlot | null, theirs: PeerSlot | null, creditLimit: number, framing: Framing) {
    this.sid = (own ?? theirs)!.sid
    this.own = own
    this.theirs = theirs
    this.creditLimit = creditLimit
    this.#isNameLimited = framing === 'cobs'
  }

  get hasQueued(): boolean {
    return this.#queued !== null && this.#queued.length > 0
  }

  /** Puts an answer behind those before it. */
  enqueue(message: Outgoing): void {
    this.#queued ??= new Fifo()
    this.#queued.push(message)
  }

  /** The next answer that has not begun, taken out of line. */
  takeQueued(): Outgoing | undefined {
    return this.#queued?.shift()
  }

  /** New positions of `message` (relative to its own) at or beyond this may not be sent now. */
  limitOf(message: Outgoing): number {
    const credit = this.creditLimit - message.startPosition
    if (!this.#isNameLimited) return credit
    const first = this.active[0]!
    const unsettledFrom = first.startPosition + first.basePosition
    return Math.min(credit, unsettledFrom + NAMEABLE_POSITIONS - message.startPosition)
  }

  /** Gives `message` its positions. The one before it has been handed over whole. */
  activate(message: Outgoing): void {
    message.startPosition = this.nextStart
    message.half = this
    this.nextStart += message.sizeBytes + 1
    this.active = this.active.length === 0 ? [message] : [...this.active, message]
  }

  /** Takes back the positions of a message of which nothing was sent: it is the last one then. */
  deactivate(message: Outgoing): void {
    this.nextStart -= message.sizeBytes + 1
    this.release(message)
  }

  /** The first message with something that was not handed over since it was (re)activated. */
  get firstUnsent(): Outgoing | undefined {
    for (const message of this.active) if (message.nextPosition <= message.sizeBytes) return message
    return undefined
  }

  /** Lets go of a message that is over. */
  release(message: Outgoing): void {
    const isOnly = this.active.length === 1 && this.active[0] === message
    this.active = isOnly ? NONE : this.active.filter((other) => other !== message)
    message.half = null
  }

  /** Lets go of all messages, and returns them. */
  takeAll(): readonly Outgoing[] {
    const messages = [...this.active]
    this.active = NONE
    for (let next = this.takeQueued(); next !== undefined; next = this.takeQueued()) messages.push(next)
    return messages
  }
}

const NONE: readonly Outgoing[] = []

/** What came of a half before it was its turn. */
export interface Piece {
  readonly position: number
  readonly payload: Uint8Array
  readonly isFin: boolean
  readonly start: MessageStart | null
}

/** One direction of an exchange, as its receiver sees it. Positions are taken in order; what comes too early is kept aside. */
export class IncomingHalf {
  readonly sid: number
  /** Set: these are answers to a message of ours. */
  readonly own: OwnSlot | null
  /** Set: this is a message of the peer. */
  readonly theirs: PeerSlot | null
  /** All positions before it were taken. */
  next = 0
  /** Where a frame goes that says no position (LEN). */
  cursor = 0
  /** The peer was told that it may send positions below. */
  creditLimit: number
  /** Tells it so anew; made when it is needed, which small messages never do. */
  #credit: CreditControl | null = null
  readonly windowPositions: number
  priority: Priority
  /** Sorted by position, all behind `next`; they may overlap. */
  #pieces: Piece[] | null = null
  heldBytes = 0
  /** The message that is coming in. */
  message: IncomingMessage | null = null
  /** Where the answers to a subscription end, once END came; −1 before. */
  finalPosition = -1
  endCode = 0
  /** Bodies handed on and not taken by the application yet. */
  untakenBytes = 0
  lastSignMs = 0
  /** Complete, cancelled or refused: what still comes is acknowledged and ignored. */
  isOver = false

  constructor(own: OwnSlot | null, theirs: PeerSlot | null, windowPositions: number, priority: Priority) {
    this.sid = (own ?? theirs)!.sid
    this.own = own
    this.theirs = theirs
    this.windowPositions = windowPositions
    this.creditLimit = windowPositions
    this.priority = priority
  }

  /** How many pieces are kept. */
  get pieceCount(): number {
    return this.#pieces === null ? 0 : this.#pieces.length
  }

  /** The first piece that is kept. */
  get firstPiece(): Piece | undefined {
    return this.#pieces?.[0]
  }

  /** The control frame that tells the peer its limit. */
  creditControl(): CreditControl {
    this.#credit ??= {
      kind: 'credit',
      beforeClass: Math.max(1, this.priority),
      isQueued: false,
      isOver: false,
      half: this,
    }
    return this.#credit
  }

  /** The whole position of which `low` are the low 16 bits: the one nearest to what is expected. */
  nearest(low: number): number {
    const ahead = (low - this.next) & 0xffff
    return this.next + (ahead < 0x8000 ? ahead : ahead - 0x1_0000)
  }

  /** Keeps a piece for later. False when it is kept already. */
  keep(piece: Piece): boolean {
    const pieces = (this.#pieces ??= [])
    let at = pieces.length
    while (at > 0 && pieces[at - 1]!.position > piece.position) at--
    const before = pieces[at - 1]
    if (
      before !== undefined &&
      endOf(before) >= endOf(piece) &&
      (piece.start === null || before.start !== null)
    ) {
      return false
    }
    pieces.splice(at, 0, piece)
    this.heldBytes += piece.payload.length
    return true
  }

  /** Takes out the first piece if it begins at or before `next`. */
  takeNext(): Piece | undefined {
    const first = this.#pieces?.[0]
    if (first === undefined || first.position > this.next) return undefined
    this.#pieces!.shift()
    this.heldBytes -= first.payload.length
    return first
  }

  /** Lets go of everything kept. */
  close(): void {
    this.isOver = true
    this.#pieces = null
    this.heldBytes = 0
    this.message = null
    if (this.#credit !== null) this.#credit.isOver = true
  }
}

export const endOf = ({ position, payload, isFin }: Piece): number =>
  position + payload.length + (isFin ? 1 : 0)

/** Before its first use a slot has the generation before 0. */
const UNUSED_GENERATION = 3

/** The side that opens an exchange owns its slot; one such slot is used again and again. */
export class OwnSlot {
  readonly index: number
  generation = UNUSED_GENERATION
  kind: ExchangeKind = 'evt'
  /** Our message, until it is settled. */
  request: Outgoing | null = null
  /** The answers to it, until they are complete; null for events. */
  answers: IncomingHalf | null = null
  /** Set while a CANCEL of ours is not settled: the slot waits for it. */
  cancel: CancelControl | null = null
  isUsed = false
  isUrgent = false
  // What answers need to know of the message, when it has left already.
  requestKey = 0
  requestRef = ''
  route = ''
  priority: Priority = 3
  correlationId = ''
  answersSeen = 0
  /** Nobody above watches the time of this request: given up then. Infinity: somebody does. */
  giveUpAtMs = Infinity

  constructor(index: number) {
    this.index = index
  }

  get sid(): number {
    return sidOf(this.index, this.generation)
  }
}

/** A slot of the peer, with the exchange that goes on in it. */
export class PeerSlot {
  readonly index: number
  generation = UNUSED_GENERATION
  kind: ExchangeKind = 'evt'
  /** The peer's message, until it is complete. */
  request: IncomingHalf | null = null
  /** Our answers; null before there can be any, and when they are over. */
  answers: OutgoingHalf | null = null
  end: EndControl | null = null
  /** Key of the peer's message once it is complete and may be answered, else 0. */
  incomingKey = 0
  priority: Priority = 3
  /** One answer was queued for a request that takes one. */
  isAnswered = false

  constructor(index: number) {
    this.index = index
  }

  get sid(): number {
    return sidOf(this.index, this.generation)
  }
}
