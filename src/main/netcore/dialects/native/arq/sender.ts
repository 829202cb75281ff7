import { asConsoleError, type ConsoleError } from '../../../../../shared/errors'
import { UnreadableBody } from '../../../pipe/guarded-body'
import type { LineHints } from '../../../pipe/pipe'
import type { PeerOffer } from '../session/session-types'
import { type AckFrame, CAPABILITY, type NumberedFrame } from '../wire/frames'
import type { Framing } from '../wire/wire'
import { OwnAliases } from './aliases'
import { ChunkSize } from './chunk-size'
import { ControlQueue } from './control-queue'
import { DamageEstimate } from './damage-estimate'
import type { Control, Outgoing, OutgoingHalf } from './exchange'
import { FrameWords } from './frame-words'
import { LineTime } from './line-time'
import { OutgoingMessage } from './outgoing-message'
import { RoundTrip } from './round-trip'
import { SendQueue } from './send-queue'
import { ACK_REACH, SentFrames, type SentSink } from './sent-frames'

type Cargo = Outgoing | Control

/** What the sender tells the owner of its messages. */
export interface SenderPort {
  /** A message waits for a slot. Returns whether one is free for it; then gives it its place and calls `line`. */
  openNext(nowMs: number): boolean
  /** All positions of the message are settled. */
  settled(message: Outgoing, nowMs: number): void
  /** A control frame arrived. */
  controlSettled(control: Control, nowMs: number): void
  /** Its body can not be read, or it does not fit the peer: the message fails alone. */
  failed(message: Outgoing, error: ConsoleError, nowMs: number): void
  /** A frame of the message was handed over. @param newBodyBytes - That went for the first time. */
  handedOver(message: Outgoing, newBodyBytes: number, nowMs: number): void
}

export interface SenderOptions {
  readonly framing: Framing
  readonly line: LineHints
  readonly agingMs: number
  /** No chunk is larger. */
  readonly chunkCapBytes: number
  /** LEN: bytes handed over and not acknowledged. */
  readonly windowBytes: number
}

/** Data frames without ACK under COBS, and how many more for probes and control frames. */
export const WINDOW_FRAMES = 48
export const EXTRA_FRAMES = 8
/** Under LEN acknowledgements only bound what lies in buffers; numbers must stay apart modulo 256. */
export const LEN_WINDOW_FRAMES = 224
/** So many numbers without any ACK can not be told apart much longer: the epoch has to be a new one. */
export const HOPELESS_FRAMES = 192
/** What a frame costs beside its payload, generously. */
const FRAME_BYTES = 16
/** Before the round trip is known. */
const FIRST_WINDOW_FRAMES = 8
/** A chunk up to this size is repeated where otherwise a PROBE would be sent. */
const PROBE_CHUNK_BYTES = 128

/** What the frame chosen last is about, for traces. */
export interface FramePlace {
  message: Outgoing | null
  chunkIndex: number
  bodyOffset: number
  bodyBytes: number
  isLast: boolean
  isRepeat: boolean
}

/**
 * Chooses what numbered frame goes next and keeps account of those on their way: selective repeat by number, content by
 * position (native-study.md §2.2, §2.4). Knows nothing of requests and answers.
 */
export class Sender implements SentSink<Cargo> {
  readonly queue: SendQueue
  readonly controls = new ControlQueue<Control>()
  readonly aliases = new OwnAliases()
  readonly sent: SentFrames<Cargo>
  readonly roundTrip = new RoundTrip()
  readonly line: LineTime
  readonly place: FramePlace = {
    message: null,
    chunkIndex: -1,
    bodyOffset: 0,
    bodyBytes: 0,
    isLast: false,
    isRepeat: false,
  }
  readonly #options: SenderOptions
  #port!: SenderPort
  readonly #words: FrameWords
  readonly #damage = new DamageEstimate()
  readonly #chunk: ChunkSize
  readonly #isCobs: boolean
  #peer: PeerOffer | null = null
  /** A peer that wants its frames in order drops what follows a damaged one: not every loss is damage then. */
  #takesAnyOrder = false
  #lastEndMs = -Infinity
  #isProbeDue = false
  // The frame that `next` chose, until it is handed over.
  #chosen: Cargo | null = null
  #chosenIsProbe = false

  constructor(options: SenderOptions) {
    const { framing, line, chunkCapBytes } = options
    this.#options = options
    this.#isCobs = framing === 'cobs'
    this.queue = new SendQueue(options.agingMs)
    this.sent = new SentFrames<Cargo>(this.#isCobs ? ACK_REACH : 256, this.#isCobs ? this.#damage : undefined)
    this.line = new LineTime(line.rate)
    const bytesPerMs = line.rate === undefined ? undefined : 1 / this.line.byteMs
    this.#chunk = new ChunkSize({
      bytesPerMs,
      latencyTargetMs: line.latencyTargetMs,
      capBytes: chunkCapBytes,
    })
    this.#words = new FrameWords(framing, this.aliases)
  }

  /** To be called once, before anything else: sender and exchanges need each other. */
  serve(port: SenderPort): void {
    this.#port = port
  }

  /** Payload of a full frame. */
  get chunkBytes(): number {
    return this.#isCobs ? this.#chunk.bytes : this.#options.chunkCapBytes
  }

  /** Nothing says that our frames arrive. */
  isUnheard(nowMs: number): boolean {
    return this.roundTrip.isUnheard(nowMs)
  }

  /** No further number can be given out safely before an ACK: a new epoch has to begin. */
  get isHopeless(): boolean {
    return this.#isCobs && this.sent.next - this.sent.newestAcked > HOPELESS_FRAMES
  }

  get probeAtMs(): number | null {
    if (!this.#isCobs || this.#peer === null || this.#isProbeDue || !this.sent.hasUnsettled) return null
    const frameMs = (this.chunkBytes + FRAME_BYTES) * this.line.byteMs
    return this.#lastEndMs + this.roundTrip.probeAfterMs(frameMs, this.#peer.ackDelayUs / 1000)
  }

  /** Numbered frames may flow. What was sent in an earlier epoch has been dealt with. */
  begin(peer: PeerOffer): void {
    this.#peer = peer
    this.#takesAnyOrder = (peer.peerCapabilities & CAPABILITY.outOfOrder) !== 0
    this.#isProbeDue = false
    this.roundTrip.progressed()
  }

  /** Numbered frames stop. */
  suspend(): void {
    this.#peer = null
    this.#chosen = null
  }

  wake(nowMs: number): void {
    const atMs = this.probeAtMs
    if (atMs !== null && nowMs >= atMs) this.#isProbeDue = true
  }

  /** Says again how much of a message may go now; to be called whenever that may have changed. */
  relined(message: Outgoing, nowMs: number): void {
    const bytes = this.#cut(message)
    this.queue.line(message, bytes, this.chunkBytes, nowMs)
  }

  /** Lets the next answer begin when the one before it has been handed over whole; after the last one END follows. */
  moveOn(half: OutgoingHalf, nowMs: number): void {
    const unsent = half.firstUnsent
    if (unsent !== undefined) {
      this.relined(unsent, nowMs)
      return
    }
    let next = half.takeQueued()
    while (next?.isOver === true) next = half.takeQueued()
    const { end } = half.theirs!
    if (next !== undefined) {
      half.activate(next)
      this.relined(next, nowMs)
    } else if (end !== null) this.controls.add(end)
  }

  /** Takes in what an ACK says. Returns whether it told anything new. */
  acked(ack: AckFrame, nowMs: number): boolean {
    const before = this.sent.newestAcked
    const hasSettled = this.sent.apply(ack, nowMs, this)
    if (!hasSettled && this.sent.newestAcked === before) return false
    if (!Number.isNaN(this.sent.sampleMs)) this.roundTrip.sample(this.sent.sampleMs)
    this.roundTrip.progressed()
    if (this.#isCobs) {
      const roundTripMs = this.roundTrip.isKnown ? this.roundTrip.upperMs : 0
      this.#chunk.update(this.#damage.perByte, roundTripMs, nowMs)
    }
    return true
  }

  /** The frame to hand over next, under the number `sent.next`. Encode it, then call `handedOver`. */
  next(nowMs: number): NumberedFrame | undefined {
    this.#forgetPlace()
    if (this.#peer === null) return undefined
    if (this.#isProbeDue) {
      const probe = this.#probe(nowMs)
      if (probe !== undefined) return probe
    }
    while (this.queue.hasWaiting && this.#port.openNext(nowMs));
    for (;;) {
      const message = this.queue.pick(nowMs)
      const isBlocked = message === undefined || !this.#windowAllows(message)
      const control = this.#hasNumbersForControl()
        ? this.controls.takeBefore(isBlocked ? 8 : message.priority)
        : undefined
      if (control !== undefined) {
        this.#chosen = control
        return this.#words.control(control, this.sent.next & 255)
      }
      if (isBlocked) return undefined
      const frame = this.#contentOf(message, nowMs)
      if (frame !== undefined) return frame
    }
  }

  /** @param endOffset - Where it ends in the outgoing stream. */
  handedOver(wireBytes: number, endOffset: number, lineEndMs: number, nowMs: number): void {
    const chosen = this.#chosen
    this.#chosen = null
    this.#lastEndMs = lineEndMs
    if (this.#chosenIsProbe) {
      this.#chosenIsProbe = false
      this.#isProbeDue = false
      this.roundTrip.probed(nowMs)
    }
    if (!(chosen instanceof OutgoingMessage)) {
      this.sent.add(chosen, 0, 0, 0, wireBytes, lineEndMs, endOffset)
      return
    }
    const { cutFrom, cutTo, cutTries } = chosen
    this.sent.add(chosen, cutFrom, cutTo, cutTries, wireBytes, lineEndMs, endOffset)
    chosen.half!.needsPosition = false
    const newBodyBytes = chosen.handedOver()
    const isRepeat = this.place.isRepeat
    this.queue.sent(chosen, Math.min(cutTo, chosen.sizeBytes) - cutFrom, isRepeat, this.#cut(chosen), nowMs)
    this.#port.handedOver(chosen, newBodyBytes, nowMs)
  }

  frameArrived(cargo: Cargo, from: number, to: number, nowMs: number): void {
    if (!(cargo instanceof OutgoingMessage)) {
      if (!cargo.isOver) this.#port.controlSettled(cargo, nowMs)
      return
    }
    if (cargo.isOver) return
    cargo.arrived(from, to)
    const { half } = cargo
    if (cargo.isSettled) {
      this.queue.remove(cargo)
      this.#port.settled(cargo, nowMs)
    }
    // Positions became free for naming: under COBS that may be what everything of this half waited for.
    if (this.#isCobs && half !== null) {
      for (const message of half.active) if (message.turn === undefined) this.relined(message, nowMs)
    }
  }

  frameLost(cargo: Cargo, from: number, to: number, tries: number, nowMs: number): void {
    if (!(cargo instanceof OutgoingMessage)) {
      this.controls.add(cargo)
      return
    }
    if (cargo.isOver) return
    cargo.halvesRepeats = this.#takesAnyOrder
    cargo.lose(from, to, tries)
    this.relined(cargo, nowMs)
  }

  #cut(message: Outgoing): number {
    const { half } = message
    if (half === null || message.isOver || this.#peer === null) return -1
    // Without positions in the frames they have to come in order.
    if (!this.#isCobs && half.active.length > 1 && half.firstUnsent !== message) return -1
    const room = this.#words.roomFor(message, half, this.#peer.largestFrameBytes)
    return message.cut(Math.max(1, Math.min(this.chunkBytes, room)), half.limitOf(message))
  }

  #contentOf(message: Outgoing, nowMs: number): NumberedFrame | undefined {
    if (this.#cut(message) < 0) {
      this.queue.remove(message)
      return undefined
    }
    let frame: NumberedFrame
    const half = message.half!
    try {
      frame = this.#words.content(message, half, this.sent.next & 255)
    } catch (error) {
      const problem = error instanceof UnreadableBody ? error.problem : asConsoleError(error)
      this.#port.failed(message, problem, nowMs)
      return undefined
    }
    this.#chosen = message
    const { place } = this
    const { cutFrom, cutTo, sizeBytes } = message
    const headBytes = message.prefix.length
    place.message = message
    place.chunkIndex = message.frames
    place.bodyOffset = Math.max(0, cutFrom - headBytes)
    place.bodyBytes = Math.max(0, Math.min(cutTo, sizeBytes) - headBytes) - place.bodyOffset
    place.isLast = cutTo > sizeBytes
    place.isRepeat = message.isCutRepeat
    return frame
  }

  #forgetPlace(): void {
    const { place } = this
    this.#chosen = null
    this.#chosenIsProbe = false
    place.message = null
    place.chunkIndex = -1
    place.bodyOffset = 0
    place.bodyBytes = 0
    place.isLast = false
    place.isRepeat = false
  }

  /** Something that has to be acknowledged, however full the window is: a small chunk once more, or a PROBE. */
  #probe(nowMs: number): NumberedFrame | undefined {
    if (this.isHopeless || !this.sent.hasUnsettled) {
      this.#isProbeDue = false
      return undefined
    }
    this.#chosenIsProbe = true
    const number = this.sent.bestUnsettled(rankOf)
    const cargo = number < 0 ? undefined : this.sent.cargoOf(number)
    if (cargo !== undefined && this.sent.positionsOf(number) <= PROBE_CHUNK_BYTES) {
      this.sent.repeat(number, nowMs, this)
      if (!(cargo instanceof OutgoingMessage)) {
        const control = this.controls.takeBefore(8)
        if (control !== undefined) {
          this.#chosen = control
          return this.#words.control(control, this.sent.next & 255)
        }
      } else {
        const frame = this.#contentOf(cargo, nowMs)
        if (frame !== undefined) return frame
      }
    }
    return { kind: 'probe', number: this.sent.next & 255 }
  }

  #hasNumbersForControl(): boolean {
    return this.sent.span < (this.#isCobs ? WINDOW_FRAMES + EXTRA_FRAMES : LEN_WINDOW_FRAMES + EXTRA_FRAMES)
  }

  #windowAllows(message: Outgoing): boolean {
    const { sent } = this
    const peer = this.#peer!
    if (!this.#isCobs) {
      if (sent.span >= LEN_WINDOW_FRAMES) return false
      return sent.unsettledBytes < Math.min(this.#options.windowBytes, peer.receiveBytes)
    }
    if (!sent.hasUnsettled) return true
    if (sent.span >= WINDOW_FRAMES) return false
    const frameBytes = message.turn!.nextBytes + FRAME_BYTES
    if (sent.unsettledBytes + frameBytes > peer.receiveBytes) return false
    // More on its way than the line and its ACKs need would only be repeated in vain; but nothing urgent waits for that.
    return message.priority <= 1 || sent.unsettledBytes < this.#usefulBytes()
  }

  /** Wire bytes without ACK that keep the line busy. */
  #usefulBytes(): number {
    const { byteMs } = this.line
    if (byteMs === 0) return Infinity
    const frameBytes = this.chunkBytes + FRAME_BYTES
    if (!this.roundTrip.isKnown) return FIRST_WINDOW_FRAMES * frameBytes
    return 2 * frameBytes + (this.roundTrip.upperMs + this.#peer!.ackDelayUs / 1000) / byteMs
  }
}

/** Which unsettled frame matters most. */
const rankOf = (cargo: Cargo): number =>
  cargo instanceof OutgoingMessage ? cargo.priority : cargo.beforeClass
