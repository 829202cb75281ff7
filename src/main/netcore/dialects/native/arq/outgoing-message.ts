import type { Priority } from '../../../../../shared/model/trace'
import type { OutgoingHead } from '../../codec'
import { type MessageBody, sliceBody } from '../../../pipe/message-body'
import type { PipeMessage } from '../../../pipe/pipe'
import type { Turn } from '../../../pipe/send-policy'
import { PositionSet } from './position-set'

interface LostPositions {
  from: number
  to: number
  /** How often they were handed over and lost. */
  tries: number
}

/** A chunk that was lost this often is halved at each further repeat: shorter frames come through more often. */
const HALVE_AFTER_TRIES = 3
/** It is not halved below this. */
const SMALLEST_HALF_BYTES = 16

/**
 * One message on its way out. Positions (relative to its first byte) name its content: headers, then the body, then one for
 * FIN. Each is new, handed over, lost or settled, and nothing but this object knows which.
 */
export class OutgoingMessage<Half = unknown> {
  readonly messageKey: number
  readonly head: OutgoingHead
  /** Borrowed until the message has left the pipe: chunks are views into it. */
  readonly body: MessageBody
  readonly isAwaited: boolean
  readonly answersKey: number
  readonly priority: Priority
  /** Headers as they travel, with their length; empty when there are none. */
  readonly prefix: Uint8Array
  readonly isError: boolean
  /** No chunk is larger than this. */
  readonly chunkCapBytes: number
  /** Bytes, headers included. FIN has this position. */
  readonly sizeBytes: number
  /** Where it is sent; null before it has a slot, and after it is over. */
  half: Half | null = null
  /** Position of its first byte in its half: above 0 only for answers behind other answers. */
  startPosition = 0
  /** Its place in the send order; undefined while it has nothing that may be sent. */
  turn: Turn<OutgoingMessage<Half>> | undefined = undefined
  isInRepeats = false
  /** Settled, cancelled or failed: nothing is sent any more. */
  isOver = false
  /** The peer takes what comes too early: then a loss is damage, and shorter repeats help. */
  halvesRepeats = false
  /** Frames handed over. */
  frames = 0
  /** It waits no more for being handed over (see QueueRoom). */
  isCountedOut = false
  /** What `cut` chose: positions from … to−1, and how often they were lost. */
  cutFrom = 0
  cutTo = 0
  cutTries = 0
  #next = 0
  #base = 0
  #highest = 0
  #settled: PositionSet | undefined
  #lost: LostPositions[] | undefined

  constructor(
    message: PipeMessage,
    body: MessageBody,
    prefix: Uint8Array,
    isError: boolean,
    chunkCapBytes: number,
  ) {
    this.messageKey = message.messageKey
    this.head = message.head
    this.body = body
    this.isAwaited = message.isAwaited
    this.answersKey = message.answersKey
    this.priority = message.head.priority
    this.prefix = prefix
    this.isError = isError
    this.chunkCapBytes = chunkCapBytes
    this.sizeBytes = prefix.length + body.byteLength
  }

  /** Something of it was handed over: the peer may know of it. */
  get hasBegun(): boolean {
    return this.#highest > 0
  }

  /** FIN was handed over: the peer may have all of it. */
  get wasHandedWhole(): boolean {
    return this.#highest > this.sizeBytes
  }

  get isSettled(): boolean {
    return this.#base > this.sizeBytes
  }

  /** All positions before this one are settled. */
  get basePosition(): number {
    return this.#base
  }

  /** New content begins here. */
  get nextPosition(): number {
    return this.#next
  }

  /** Body bytes that were not handed over yet. */
  get unsentBodyBytes(): number {
    return this.sizeBytes - Math.max(this.prefix.length, Math.min(this.#highest, this.sizeBytes))
  }

  get hasLost(): boolean {
    return this.#lost !== undefined && this.#lost.length > 0
  }

  /**
   * Chooses what goes next: what was lost, else what is new.
   *
   * @param limit - New positions at or beyond it may not be sent (credit, window).
   * @returns Payload bytes of the frame (0 for a lone FIN), or −1 when nothing may be sent.
   */
  cut(chunkBytes: number, limit: number): number {
    const most = Math.min(chunkBytes, this.chunkCapBytes)
    if (this.#lost !== undefined && this.#dropSettledLosses()) return this.#cutLost(this.#lost[0]!, most)
    const from = this.#next
    const { sizeBytes } = this
    if (from > sizeBytes) return -1
    const to = Math.min(sizeBytes, from + most, limit)
    const hasFin = to === sizeBytes && limit > sizeBytes
    if (to <= from && !hasFin) return -1
    this.cutFrom = from
    this.cutTo = hasFin ? to + 1 : to
    this.cutTries = 0
    return to - from
  }

  /** Payload of what `cut` chose. @throws ConsoleError what the body throws when it can not be read. */
  payload(): Uint8Array {
    const { prefix, body } = this
    const from = this.cutFrom - prefix.length
    const to = Math.min(this.cutTo, this.sizeBytes) - prefix.length
    if (from >= 0) {
      if (from === 0 && to === body.byteLength && body instanceof Uint8Array) return body
      return sliceBody(body, from, to)
    }
    const own = prefix.subarray(this.cutFrom, Math.min(this.cutTo, prefix.length))
    if (to <= 0) return own
    const joined = new Uint8Array(own.length + to)
    joined.set(own)
    joined.set(sliceBody(body, 0, to), own.length)
    return joined
  }

  get isCutFin(): boolean {
    return this.cutTo > this.sizeBytes
  }

  /** Some of what `cut` chose was handed over before. */
  get isCutRepeat(): boolean {
    return this.cutFrom < this.#highest
  }

  /** What `cut` chose was handed over. Returns the body bytes that went for the first time. */
  handedOver(): number {
    const { cutFrom, cutTo } = this
    const unsentBefore = this.unsentBodyBytes
    const lost = this.#lost?.[0]
    if (lost !== undefined && lost.from === cutFrom) {
      lost.from = cutTo
      if (lost.from >= lost.to) this.#lost!.shift()
    } else {
      this.#next = cutTo
    }
    if (cutTo > this.#highest) this.#highest = cutTo
    this.frames += 1
    return unsentBefore - this.unsentBodyBytes
  }

  /** The peer has positions from … to−1. */
  arrived(from: number, to: number): void {
    if (from <= this.#base) {
      if (to <= this.#base) return
      this.#base = to
      if (this.#settled !== undefined && !this.#settled.isEmpty) this.#base = this.#settled.endFrom(to)
      return
    }
    this.#settled ??= new PositionSet()
    this.#settled.add(from, to)
  }

  /** The peer did not get them with that frame. @param tries - Times lost before. */
  lose(from: number, to: number, tries: number): void {
    if (this.#isSettled(from, to)) return
    const lost = (this.#lost ??= [])
    let at = lost.length
    while (at > 0 && lost[at - 1]!.from > from) at--
    lost.splice(at, 0, { from, to, tries: tries + 1 })
  }

  /** Everything unsettled is sent again, in order: for lines on which what arrives has no gaps. */
  rewind(): void {
    this.#next = this.#base
    if (this.#lost !== undefined) this.#lost.length = 0
    this.#settled?.clear()
  }

  #isSettled(from: number, to: number): boolean {
    return to <= this.#base || (this.#settled?.covers(from, to) ?? false)
  }

  /** False when nothing lost is left. */
  #dropSettledLosses(): boolean {
    const lost = this.#lost!
    while (lost.length > 0) {
      const first = lost[0]!
      if (first.from < this.#base) first.from = Math.min(this.#base, first.to)
      if (!this.#isSettled(first.from, first.to)) return true
      lost.shift()
    }
    return false
  }

  #cutLost({ from, to: end, tries }: LostPositions, most: number): number {
    const { sizeBytes } = this
    const half = Math.ceil((end - from) / 2)
    const isHalved = this.halvesRepeats && tries >= HALVE_AFTER_TRIES && half >= SMALLEST_HALF_BYTES
    const bytes = isHalved ? Math.min(most, half) : most
    const to = Math.min(sizeBytes, end, from + bytes)
    this.cutFrom = from
    this.cutTo = to === sizeBytes && end > sizeBytes ? end : to
    this.cutTries = tries
    return to - from
  }
}
