import type { StackLimits } from './limits'
import { BodyParts } from './body-parts'

/** Data that came before the head of its message. */
export interface EarlyBody {
  /** Drawn at its first chunk; its head opens the message under it. */
  readonly messageKey: number
  readonly parts: BodyParts
  chunks: number
  hasLast: boolean
}

interface Kept extends EarlyBody {
  readonly expiresAtMs: number
}

export type EarlyLimits = Pick<
  StackLimits,
  'earlyBytesPerMessage' | 'earlyBytes' | 'earlyMs' | 'reassemblyMessages'
>

/**
 * The Python sender can let a chunk out before its head (netcore-lso.md §11 Q9). Such data is kept for a moment, within
 * bounds; when the head does not come, or the data does not fit, it is dropped and counted.
 */
export class EarlyData {
  readonly #limits: EarlyLimits
  readonly #drawKey: () => number
  readonly #onDropped: (ref: string, body: EarlyBody, extraBytes: number, nowMs: number) => void
  /** The first to expire first. */
  readonly #byRef = new Map<string, Kept>()
  #heldBytes = 0

  constructor(
    limits: EarlyLimits,
    drawKey: () => number,
    onDropped: (ref: string, body: EarlyBody, extraBytes: number, nowMs: number) => void,
  ) {
    this.#limits = limits
    this.#drawKey = drawKey
    this.#onDropped = onDropped
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  get wakeAtMs(): number | null {
    for (const body of this.#byRef.values()) return body.expiresAtMs
    return null
  }

  /**
   * Keeps a payload, or drops all of its message when it does not fit: a message with a hole is worth nothing.
   *
   * @param onPlaced - Told first where the payload stands in its message.
   */
  add(
    ref: string,
    payload: Uint8Array,
    isLast: boolean,
    nowMs: number,
    onPlaced: (messageKey: number, chunkIndex: number, bodyOffset: number) => void,
  ): void {
    const limits = this.#limits
    const known = this.#byRef.get(ref)
    const body: Kept = known ?? {
      messageKey: this.#drawKey(),
      parts: new BodyParts(),
      chunks: 0,
      hasLast: false,
      expiresAtMs: nowMs + limits.earlyMs,
    }
    onPlaced(body.messageKey, body.chunks, body.parts.byteLength)
    const fits =
      body.parts.byteLength + payload.length <= limits.earlyBytesPerMessage &&
      this.#heldBytes + payload.length <= limits.earlyBytes &&
      (known !== undefined || this.#byRef.size < limits.reassemblyMessages)
    body.chunks += 1
    if (!fits) {
      this.take(ref)
      this.#onDropped(ref, body, payload.length, nowMs)
      return
    }
    body.parts.append(payload)
    body.hasLast ||= isLast
    this.#heldBytes += payload.length
    if (known === undefined) this.#byRef.set(ref, body)
  }

  /** Removes and returns what is kept for a message. */
  take(ref: string): EarlyBody | undefined {
    const body = this.#byRef.get(ref)
    if (body === undefined) return undefined
    this.#byRef.delete(ref)
    this.#heldBytes -= body.parts.byteLength
    return body
  }

  wake(nowMs: number): void {
    for (const [ref, body] of this.#byRef) {
      if (body.expiresAtMs > nowMs) break
      this.#drop(ref, nowMs)
    }
  }

  dropAll(nowMs: number): void {
    for (const ref of [...this.#byRef.keys()]) this.#drop(ref, nowMs)
  }

  #drop(ref: string, nowMs: number): void {
    const body = this.take(ref)
    if (body !== undefined) this.#onDropped(ref, body, 0, nowMs)
  }
}
