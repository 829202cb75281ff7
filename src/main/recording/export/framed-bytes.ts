import type { BytesEvent, Direction, FrameEvent } from '../../../shared/model/trace'
import { StreamWindow } from './stream-window'

/** Bytes that wait for their frame; more of them belong to none. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024
/** Frames whose bytes are not there yet; of a recording that lacks them, no more are kept. */
const MAX_EARLY_FRAMES = 256

/** Bytes that passed one after the other: those of one frame, or of none. */
export interface FramedBytes {
  readonly linkId: number
  readonly dir: Direction
  readonly streamOffset: number
  readonly bytes: Uint8Array
  /** Null: they belong to no frame, or its beginning was given out before. */
  readonly frame: FrameEvent | null
}

/**
 * Cuts the bytes of lines by frames, whatever the reads and writes were. Every byte is given once, in the order of its stream;
 * frames may be told of before their bytes (those that we send) or after them.
 */
export class FramedByteCutter {
  readonly #windows = new Map<
    string,
    { readonly linkId: number; readonly dir: Direction; readonly window: StreamWindow }
  >()
  readonly #early: FrameEvent[] = []

  bytes(event: BytesEvent): FramedBytes[] {
    const { linkId, dir } = event
    const window = this.#window(linkId, dir)
    const before = window.goesOnAt(event.streamOffset) ? [] : this.#noise(linkId, dir, window, window.end)
    window.add(event.streamOffset, event.bytes.slice())
    const framed = this.#early.splice(0).flatMap((frame) => this.frame(frame))
    const isTooMuch = window.end - window.start > MAX_WAITING_BYTES
    const loose = isTooMuch ? this.#noise(linkId, dir, window, window.end - MAX_WAITING_BYTES / 2) : []
    return [...before, ...framed, ...loose]
  }

  frame(event: FrameEvent): FramedBytes[] {
    const { linkId, dir, streamOffset, wireBytes } = event
    if (wireBytes <= 0) return []
    const window = this.#window(linkId, dir)
    if (streamOffset + wireBytes > window.end) {
      if (this.#early.length < MAX_EARLY_FRAMES) this.#early.push(event)
      return []
    }
    const before = this.#noise(linkId, dir, window, streamOffset)
    const from = window.start
    const bytes = window.takeUntil(streamOffset + wireBytes)
    if (bytes.length === 0) return before
    const isWhole = bytes.length === wireBytes
    return [...before, { linkId, dir, streamOffset: from, bytes, frame: isWhole ? event : null }]
  }

  /** What is left. */
  end(): FramedBytes[] {
    return [...this.#windows.values()].flatMap(({ linkId, dir, window }) =>
      this.#noise(linkId, dir, window, window.end),
    )
  }

  #noise(linkId: number, dir: Direction, window: StreamWindow, until: number): FramedBytes[] {
    const streamOffset = window.start
    const bytes = window.takeUntil(until)
    return bytes.length === 0 ? [] : [{ linkId, dir, streamOffset, bytes, frame: null }]
  }

  #window(linkId: number, dir: Direction): StreamWindow {
    const key = `${linkId} ${dir}`
    let known = this.#windows.get(key)
    if (known === undefined) {
      known = { linkId, dir, window: new StreamWindow() }
      this.#windows.set(key, known)
    }
    return known.window
  }
}
