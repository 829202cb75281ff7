import type { FrameExtent } from '../../codec'
import type { IncomingTrace } from '../../../pipe/incoming-trace'
import type { PipeOwner } from '../../../pipe/pipe'
import {
  type AnswerFrame,
  type CancelFrame,
  type ControlFrame,
  type DataFrame,
  type EndFrame,
  generationOf,
  NATIVE_CODE,
  NO_OFFSET,
  type NumberedFrame,
  type OpenFrame,
  slotOf,
} from '../wire/frames'
import type { Framing } from '../wire/wire'
import { NAMED_PRIORITY, PeerAliases } from './aliases'
import type { Assembly, Fate } from './assembly'
import type { Endings } from './endings'
import { IncomingHalf, type PeerSlot } from './exchange'
import type { ExchangeTables } from './exchange-tables'
import type { Exchanges } from './exchanges'
import type { MessageStart } from './incoming-message'

export interface ReceiverParts {
  readonly tables: ExchangeTables
  readonly exchanges: Exchanges
  readonly endings: Endings
  readonly assembly: Assembly
  readonly owner: PipeOwner
  readonly trace: IncomingTrace
}

/** Finds out what a numbered frame is about: which slot, which generation, which half of which exchange. */
export class Receiver {
  readonly #framing: Framing
  /** Positions that a message may use before the first CREDIT. */
  readonly #creditWindow: number
  readonly #parts: ReceiverParts
  readonly #aliases = new PeerAliases()

  constructor(framing: Framing, creditWindow: number, parts: ReceiverParts) {
    this.#framing = framing
    this.#creditWindow = creditWindow
    this.#parts = parts
  }

  get #nowMs(): number {
    return this.#parts.trace.nowMs
  }

  /** The session is over. */
  forget(): void {
    this.#aliases.clear()
  }

  /** Takes in a numbered frame. The frame is borrowed until this returns. */
  take(frame: NumberedFrame, extent: FrameExtent): Fate {
    this.#parts.assembly.extent = extent
    switch (frame.kind) {
      case 'data':
        return this.#takeData(frame)
      case 'back':
      case 'ans':
        return this.#takeAnswer(frame)
      case 'req':
      case 'sub':
      case 'evt':
        return this.#takeOpening(frame)
      default:
        return this.#takeControl(frame)
    }
  }

  #takeOpening(frame: OpenFrame): Fate {
    const { kind, sid, route, extension, hasHeaders, isFin, payload } = frame
    const slot = this.#parts.tables.theirs.at(slotOf(sid))
    if (slot === undefined) return this.#refuseSlot(sid)
    const half = this.#halfFor(slot, sid)
    if (half === undefined || half.isOver || half.next > 0 || half.message !== null) {
      return this.#parts.assembly.ignore(half?.message ?? null)
    }
    const alias = typeof route === 'number' ? this.#aliases.find(route) : undefined
    slot.kind = kind
    slot.priority = extension?.priority ?? alias?.priority ?? NAMED_PRIORITY
    half.priority = slot.priority
    if (typeof route === 'number' && alias === undefined) {
      this.#parts.assembly.noted()
      this.#parts.assembly.refuse(half, 'ROUTE_UNKNOWN', `nobody said what route ${route} is`, payload.length)
      return 'taken'
    }
    const opening = {
      kind,
      route: alias?.name ?? (route as string),
      priority: slot.priority,
      totalBytes: extension?.totalBytes ?? (isFin ? payload.length : null),
    }
    const start: MessageStart = { hasHeaders, isError: false, opening }
    return this.#parts.assembly.takePiece(half, 0, payload, isFin, start)
  }

  #takeData({ sid, offset, isFin, payload }: DataFrame): Fate {
    const slot = this.#parts.tables.theirs.at(slotOf(sid))
    if (slot === undefined) return this.#refuseSlot(sid)
    const half = this.#halfFor(slot, sid)
    if (half === undefined || half.isOver) return this.#parts.assembly.ignore(null)
    return this.#parts.assembly.takePiece(half, this.#positionOf(half, offset), payload, isFin, null)
  }

  #takeAnswer(frame: AnswerFrame | DataFrame): Fate {
    const half = this.#parts.tables.own.find(frame.sid)?.answers
    if (!half || half.isOver) return this.#parts.assembly.ignore(null)
    const { offset, isFin, payload } = frame
    const start: MessageStart | null =
      frame.kind === 'ans' ? { hasHeaders: frame.hasHeaders, isError: frame.isError, opening: null } : null
    // The one answer to a REQ says no position: it begins at 0.
    const isOnly = frame.kind === 'ans' && half.own!.kind === 'req'
    if (isOnly) half.cursor = 0
    return this.#parts.assembly.takePiece(
      half,
      isOnly ? 0 : this.#positionOf(half, offset),
      payload,
      isFin,
      start,
    )
  }

  #takeControl(frame: ControlFrame): Fate {
    this.#parts.assembly.noted()
    switch (frame.kind) {
      case 'credit':
        this.#parts.exchanges.credited(frame, this.#nowMs)
        return 'taken'
      case 'cancel':
        this.#cancelled(frame)
        return 'taken'
      case 'end':
        this.#ended(frame)
        return 'taken'
      case 'alias':
        this.#aliases.declare(frame.alias, frame.name, frame.priority)
        return 'taken'
      case 'probe':
        return 'urgent'
      case 'priority':
      case 'unknown-control':
        return 'taken'
    }
  }

  /** The half in which a message of the peer comes; undefined for a message of the past. */
  #halfFor(slot: PeerSlot, sid: number): IncomingHalf | undefined {
    const generation = generationOf(sid)
    if (slot.generation === generation) return slot.request ?? undefined
    if (((slot.generation + 1) & 3) !== generation) return undefined
    // The peer uses a slot again when what was in it is over: it has our answers, whether we know that or not.
    this.#parts.endings.theirsEnded(slot, 'complete', this.#nowMs)
    slot.generation = generation
    slot.request = new IncomingHalf(null, slot, this.#creditWindow, 3)
    return slot.request
  }

  #positionOf(half: IncomingHalf, offset: number): number {
    if (this.#framing === 'cobs') return half.nearest(offset)
    return offset === NO_OFFSET ? half.cursor : offset
  }

  #cancelled({ sid, isSendersSlot, code }: CancelFrame): void {
    const nowMs = this.#nowMs
    if (!isSendersSlot) {
      const slot = this.#parts.tables.own.find(sid)
      if (slot !== undefined) this.#parts.endings.ownCancelled(slot, code, nowMs)
      return
    }
    const slot = this.#parts.tables.theirs.at(slotOf(sid))
    if (slot === undefined) return
    const generation = generationOf(sid)
    // Its first frame may have got lost: then this is how we hear of the exchange that is over.
    if (slot.generation !== generation && ((slot.generation + 1) & 3) !== generation) return
    const isKnown = slot.generation === generation
    this.#parts.endings.theirsEnded(slot, isKnown ? 'cancelled' : 'complete', nowMs)
    slot.generation = generation
  }

  #ended({ sid, finalPosition, code }: EndFrame): void {
    const half = this.#parts.tables.own.find(sid)?.answers
    if (!half || half.isOver) return
    half.finalPosition = finalPosition
    half.endCode = code
    if (half.next >= finalPosition) this.answersEnded(half)
  }

  /** All that the peer will answer is here. */
  answersEnded(half: IncomingHalf): void {
    const { exchanges, assembly, owner } = this.#parts
    const slot = half.own!
    const { requestKey, kind } = slot
    assembly.ended(half)
    exchanges.answersCame(slot)
    const isGood = half.endCode === NATIVE_CODE.ok
    // Whoever waits for one answer does not get any.
    if (kind === 'req') owner.peerCancelled(requestKey, this.#nowMs)
    else owner.answersEnded(requestKey, isGood ? null : 'REQUEST_CANCELLED', this.#nowMs)
  }

  #refuseSlot(sid: number): Fate {
    const { assembly, trace, endings } = this.#parts
    const { streamOffset, wireBytes } = assembly.extent
    assembly.noted()
    trace.fault('REASSEMBLY_FULL', streamOffset, wireBytes, '', `slot ${slotOf(sid)} was not offered`)
    endings.refuseSid(sid, NATIVE_CODE.busy)
    return 'taken'
  }
}
