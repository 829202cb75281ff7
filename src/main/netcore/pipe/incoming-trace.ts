import type { ErrorCode } from '../../../shared/errors'
import type { MessageOutcome, StackEvent } from '../../../shared/model/trace'
import type { FrameExtent, IncomingHead } from '../dialects/codec'

/** The place of a frame in its message. */
export interface FramePlace {
  readonly chunkIndex: number
  readonly bodyOffset: number
  readonly payloadBytes: number
  readonly isLast: boolean
  /** It was here before: nothing of it is new. */
  readonly isRepeat?: boolean
}

export const NO_BODY: FramePlace = { chunkIndex: -1, bodyOffset: 0, payloadBytes: 0, isLast: false }

/** Says in trace events what reassembly does. */
export class IncomingTrace {
  readonly #emit: (event: StackEvent) => void
  nowMs = 0
  /** End of the last frame seen: where the stream stands when something happens without a frame. */
  streamOffset = 0

  constructor(emit: (event: StackEvent) => void) {
    this.#emit = emit
  }

  opened(message: {
    readonly messageKey: number
    readonly head: IncomingHead
    readonly answersKey: number
  }): void {
    const { messageKey, head, answersKey } = message
    this.#emit({
      type: 'message-opened',
      atMs: this.nowMs,
      dir: 'in',
      messageKey,
      ref: head.ref,
      route: head.route,
      // Whatever answers is an answer: the peer need not say so (netcore-lso.md §6).
      kind: answersKey === 0 ? head.kind : 'response',
      priority: head.priority,
      headers: head.headers,
      correlationId: head.correlationId,
      declaredBytes: head.declaredBytes,
      answersKey,
      ...(head.isSubscription === true && { isSubscription: true }),
    })
  }

  frame(extent: FrameExtent, ref: string, messageKey: number, place: FramePlace): void {
    this.streamOffset = extent.streamOffset + extent.wireBytes
    const event = {
      type: 'frame' as const,
      atMs: this.nowMs,
      dir: 'in' as const,
      frameKind: extent.frameKind,
      streamOffset: extent.streamOffset,
      wireBytes: extent.wireBytes,
      payloadBytes: place.payloadBytes,
      ref,
      messageKey,
      chunkIndex: place.chunkIndex,
      bodyOffset: place.bodyOffset,
      isLast: place.isLast,
      startMs: extent.startMs ?? this.nowMs,
      endMs: this.nowMs,
    }
    this.#emit(place.isRepeat === true ? { ...event, isRepeat: true } : event)
  }

  closed(
    messageKey: number,
    outcome: MessageOutcome,
    code: ErrorCode | null,
    bodyBytes: number,
    body: Uint8Array,
  ): void {
    this.#emit({
      type: 'message-closed',
      atMs: this.nowMs,
      dir: 'in',
      messageKey,
      outcome,
      code,
      bodyBytes,
      body,
    })
  }

  fault(code: ErrorCode, streamOffset: number, lostBytes: number, ref: string, detail: string): void {
    this.#emit({ type: 'fault', atMs: this.nowMs, dir: 'in', code, streamOffset, lostBytes, ref, detail })
  }
}
