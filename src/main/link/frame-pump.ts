import { concatBytes } from '../../shared/bytes'
import type { Clock } from '../../shared/model/clock'
import type { TraceObserver } from '../../shared/model/trace'
import type { OutgoingFrame, StackPort } from '../netcore/stack-types'
import type { LinkSession } from './link-session'
import type { Pacer } from './pacer'

export interface FramePumpOptions {
  readonly linkId: number
  readonly clock: Clock
  readonly onTrace: TraceObserver
}

/** Frames of one turn go to a socket in writes of about this size; a copy of this size costs less than a system call. */
const BATCH_BYTES = 64 * 1024

/**
 * Takes frames from the stack while line and transport take them, and not sooner: what is still in the stack can be
 * overtaken, what was handed over can not.
 */
export class FramePump {
  readonly #options: FramePumpOptions
  readonly #stack: StackPort
  #bytesOut = 0
  #isPumping = false
  /** The line was busy when the last frame was asked for: until then. Asking the clock anew might find it free by now. */
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
    return session.isLive && session.connection.canWrite ? this.#heldUntilMs : null
  }

  run(session: LinkSession): void {
    if (this.#isPumping) return // an observer of a frame may send: the loop below sees it
    this.#isPumping = true
    const batch: Uint8Array[] = []
    let batchBytes = 0
    try {
      for (let frame = this.#next(session); frame !== undefined; frame = this.#next(session)) {
        batch.push(...frame.parts)
        batchBytes += frame.wireBytes
        // On a paced line each frame is written when its time has come; sockets get what is there in one go.
        if (session.pacer === undefined && batchBytes < BATCH_BYTES) continue
        this.#write(session, batch.splice(0))
        batchBytes = 0
        session.drains?.noteHandedOver(this.#options.clock.nowMs())
      }
      this.#write(session, batch)
    } finally {
      this.#isPumping = false
    }
  }

  #next(session: LinkSession): OutgoingFrame | undefined {
    const { connection, pacer } = session
    this.#heldUntilMs = null
    if (!session.isLive || !connection.canWrite) return undefined
    const atMs = this.#options.clock.nowMs()
    if (pacer !== undefined) {
      this.#heldUntilMs = this.#holdsUntilMs(session, pacer, atMs)
      if (this.#heldUntilMs !== null) return undefined
    }
    const frame = this.#stack.pull(atMs)
    if (frame === undefined) return undefined
    const time = pacer?.handOver(frame.wireBytes, atMs) ?? { startMs: atMs, endMs: atMs }
    this.#options.onTrace({
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
      ...(frame.isRepeat === true && REPEAT),
      startMs: time.startMs,
      endMs: time.endMs,
    })
    return frame
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
  #write(session: LinkSession, parts: readonly Uint8Array[]): void {
    if (parts.length === 0 || !session.isLive) return
    const { linkId, clock, onTrace } = this.#options
    const bytes = concatBytes(parts)
    const streamOffset = this.#bytesOut
    this.#bytesOut += bytes.length
    onTrace({ type: 'bytes', linkId, dir: 'out', atMs: clock.nowMs(), streamOffset, bytes })
    session.connection.write(bytes)
  }
}

const REPEAT = { isRepeat: true }
