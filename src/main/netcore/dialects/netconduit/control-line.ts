import type { EncodedFrame } from '../codec'
import type { Parts } from './content/envelope'
import { draftFrame, type FrameDraft, finishFrame } from './frame-draft'
import type { FrameKind } from './wire/header'

/** PONGs that wait; a peer that pings without reading gets no more. */
const MOST_PONGS = 64
/** Answers of the protocol itself that wait: a peer that asks without reading is hung up on. */
const MOST_WAITING = 1024

interface WaitingControl {
  readonly draft: FrameDraft
  readonly correlationId: bigint
}

/** Frames that concern no message: they go ahead of everything, also while the peer has asked for a pause. */
export class ControlLine {
  #waiting: WaitingControl[] = []
  #pongs = 0

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  get isOverfull(): boolean {
    return this.#waiting.length > MOST_WAITING
  }

  add(kind: FrameKind, parts: Parts = [], correlationId = 0n): void {
    if (kind === 'pong') {
      if (this.#pongs >= MOST_PONGS) return
      this.#pongs += 1
    }
    this.#waiting.push({ draft: draftFrame(kind, parts), correlationId })
  }

  next(unixMs: number): EncodedFrame | undefined {
    const first = this.#waiting.shift()
    if (first === undefined) return undefined
    if (first.draft.kind === 'pong') this.#pongs -= 1
    return finishFrame(first.draft, first.correlationId, unixMs)
  }

  clear(): void {
    this.#waiting = []
    this.#pongs = 0
  }
}
