import type { WireFrame } from '../wire/frame-decoder'

const MOST_FRAMES = 64
const MOST_BYTES = 256 * 1024

/** Frames that came before the session was open: they wait, and nobody sees them if it never opens. */
export class EarlyFrames {
  #frames: WireFrame[] = []
  #bytes = 0

  /** False when there is no room. */
  add(wire: WireFrame): boolean {
    if (this.#frames.length >= MOST_FRAMES || this.#bytes + wire.wireBytes > MOST_BYTES) return false
    this.#frames.push(wire)
    this.#bytes += wire.wireBytes
    return true
  }

  takeAll(): readonly WireFrame[] {
    const frames = this.#frames
    this.clear()
    return frames
  }

  clear(): void {
    this.#frames = []
    this.#bytes = 0
  }
}
