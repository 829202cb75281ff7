import { concatBytes } from '../../shared/bytes'
import type { Clock } from '../../shared/model/clock'
import type { FrameEvent, TraceObserver } from '../../shared/model/trace'
import type { OutgoingFrame, StackPort } from '../netcore/stack-types'
import { writeStream } from '../transport/write-stream'
import type { LinkSession } from './link-session'
import type { Pacer } from './pacer'
import { SentBytes } from './sent-bytes'

export interface FramePumpOptions {
  readonly linkId: number
  readonly clock: Clock
  /** The dialect has packets: one frame is one packet where the connection has them too. Default: false. */
  readonly hasPackets?: boolean
  readonly onTrace: TraceObserver
}

/** Frames of one turn go to a socket in writes of about this size: larger ones save no system call worth its delay. */
const BATCH_BYTES = 64 * 1024

/**
 * Handed over to a socket before the event loop has its turn. A peer that reads as fast as we write never closes the gate:
 * without an end nothing else would run until the last byte, and what was written could not be let go of.
 */
const BYTES_PER_TURN = 1024 * 1024
/** Parts that are smaller on average are copied together: that costs less than to hand each to the system. */
const COPIED_PART_BYTES = 1024

/**
 * Takes frames from the stack while line and transport take them, and not sooner: what is still in the stack can be
 * overtaken, what was handed over can not.
 */
export class FramePump {
  readonly #options: FramePumpOptions
  readonly #stack: StackPort
  #bytesOut = 0
  #isPumping = false
  /** The line was busy when the last frame was asked for, or others had to have their turn: until then. Asking the clock anew might find it free by now. */
  #heldUntilMs: number | null = null

  constructor(stack: StackPort, options: FramePumpOptions) {
    this.#stack = stack
    this.#options = options
  }

  /** Bytes handed over since the link was made. */
  get bytesOut(): number {
    return this.#bytesOut
  }

  /** When to run again because the line was busy, possibly in the past; null when nothing waits for the line. */
  waitsUntilMs(session: LinkSession): number | null {
    return canWriteTo(session) ? this.#heldUntilMs : null
  }

  run(session: LinkSession): void {
    if (this.#isPumping) return // an observer of a frame may send: the loop below sees it
    this.#isPumping = true
    this.#heldUntilMs = null
    try {
      // On a paced line each frame is written when its time has come; sockets get what is there in one go.
      const { pacer } = session
      const turnEnds = this.#bytesOut + BYTES_PER_TURN
      let goesOn = true
      while (goesOn) {
        goesOn = pacer === undefined ? this.#writeBatch(session) : this.#writeFrame(session, pacer)
        if (pacer !== undefined || this.#bytesOut < turnEnds) continue
        if (goesOn) this.#heldUntilMs = this.#options.clock.nowMs()
        break
      }
    } finally {
      this.#isPumping = false
    }
  }

  /** Hands over what the stack says in parting, whether the line is free or not: nothing will follow it. */
  part(session: LinkSession): void {
    if (this.#isPumping) return
    while (this.#writeBatch(session)) if (!this.#isPacketWise(session)) return
  }

  /** Hands over the next frame when the line takes one. False when it does not, or there is none. */
  #writeFrame(session: LinkSession, pacer: Pacer): boolean {
    if (!canWriteTo(session)) return false
    const { clock } = this.#options
    const atMs = clock.nowMs()
    this.#heldUntilMs = this.#holdsUntilMs(session, pacer, atMs)
    if (this.#heldUntilMs !== null) return false
    const frame = this.#stack.pull(atMs)
    if (frame === undefined) return false
    const { startMs, endMs } = pacer.handOver(frame.wireBytes, atMs)
    this.#traceFrame(session, frame, atMs, startMs, endMs)
    this.#write(session, frame.parts, frame.wireBytes, atMs)
    session.drains?.noteHandedOver(clock.nowMs())
    return true
  }

  /** Lost or heard packet by packet: what stood in one with other frames would go or be misread with them. */
  #isPacketWise({ connection }: LinkSession): boolean {
    const { hasPackets = false } = this.#options
    return connection.packetBytes !== undefined && (hasPackets || connection.isLossy)
  }

  /** Hands over frames that leave in one write, and so at one time. False when nothing more waits. */
  #writeBatch(session: LinkSession): boolean {
    if (!canWriteTo(session)) return false
    const atMs = this.#options.clock.nowMs()
    const parts: Uint8Array[] = []
    let byteCount = 0
    const isPacketWise = this.#isPacketWise(session)
    const fullBytes = isPacketWise ? 1 : BATCH_BYTES
    const mostBytes = isPacketWise ? session.connection.packetBytes! : Number.POSITIVE_INFINITY
    while (byteCount < fullBytes) {
      const frame = this.#stack.pull(atMs)
      if (frame === undefined) break
      if (frame.wireBytes > mostBytes) {
        this.#leaveOut(session, frame, mostBytes, atMs)
        continue
      }
      this.#traceFrame(session, frame, atMs, atMs, atMs)
      for (let at = 0; at < frame.parts.length; at++) parts.push(frame.parts[at]!)
      byteCount += frame.wireBytes
    }
    this.#write(session, parts, byteCount, atMs)
    return byteCount >= fullBytes
  }

  /** A frame that no packet can hold: told, with the rest of its message given up. Its bytes stay a gap in the stream. */
  #leaveOut(session: LinkSession, frame: OutgoingFrame, mostBytes: number, atMs: number): void {
    const { linkId, onTrace } = this.#options
    const detail = `a frame of ${frame.wireBytes} bytes does not fit in a packet of ${mostBytes}`
    onTrace({
      type: 'fault',
      linkId,
      dir: 'out',
      atMs,
      streamOffset: session.outBase + frame.streamOffset,
      code: 'PACKET_TOO_LARGE',
      lostBytes: frame.wireBytes,
      ref: frame.ref,
      detail,
    })
    this.#bytesOut += frame.wireBytes
    if (frame.messageKey !== 0) this.#stack.cancel(frame.messageKey, atMs)
  }

  #traceFrame(
    session: LinkSession,
    frame: OutgoingFrame,
    atMs: number,
    startMs: number,
    endMs: number,
  ): void {
    const event: FrameEvent = {
      type: 'frame',
      linkId: this.#options.linkId,
      dir: 'out',
      atMs,
      frameKind: frame.frameKind,
      streamOffset: session.outBase + frame.streamOffset,
      wireBytes: frame.wireBytes,
      payloadBytes: frame.payloadBytes,
      ref: frame.ref,
      messageKey: frame.messageKey,
      chunkIndex: frame.chunkIndex,
      bodyOffset: frame.bodyOffset,
      isLast: frame.isLast,
      startMs,
      endMs,
    }
    this.#options.onTrace(frame.isRepeat === true ? { ...event, isRepeat: true } : event)
  }

  /** Until when the line takes no further frame; null when it takes one now. */
  #holdsUntilMs(session: LinkSession, pacer: Pacer, atMs: number): number | null {
    const { connection, drains } = session
    const confirmedOffset = this.#stack.confirmedOffset
    if (confirmedOffset !== null) pacer.noteArrived(confirmedOffset, atMs)
    const drainedMs = drains?.holdsUntilMs(atMs) ?? null
    if (drainedMs !== null) return drainedMs
    pacer.noteUnsent(connection.unsentBytes, atMs)
    return pacer.waitsUntilMs(atMs)
  }

  /** One write for all parts: a head must not leave alone, a peer may read it in one piece only (netcore-lso.md Q1). */
  #write(session: LinkSession, parts: readonly Uint8Array[], byteCount: number, atMs: number): void {
    if (byteCount === 0 || !session.isLive || session.isMuted) return
    const { linkId, onTrace } = this.#options
    const { connection } = session
    const isJoined = connection.writeAll === undefined || byteCount < parts.length * COPIED_PART_BYTES
    const written = isJoined && parts.length > 1 ? [concatBytes(parts)] : parts
    const streamOffset = this.#bytesOut
    this.#bytesOut += byteCount
    onTrace(new SentBytes(written, { linkId, atMs, streamOffset, byteCount }))
    if (written.length === 1) writeStream(connection, written[0]!)
    else connection.writeAll!(written)
  }
}

const canWriteTo = ({ isLive, isMuted, connection }: LinkSession): boolean =>
  isLive && !isMuted && connection.canWrite
