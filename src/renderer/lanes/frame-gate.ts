import type { RequestFrame } from './frame-scheduler'

/** Holds back frames while nobody can see them, and asks for them once the picture is shown again. */
export class FrameGate {
  readonly #requestFrame: RequestFrame
  readonly #held = new Set<() => void>()
  #isShown = true

  constructor(requestFrame: RequestFrame) {
    this.#requestFrame = requestFrame
  }

  readonly request: RequestFrame = (draw) => {
    if (this.#isShown) return this.#requestFrame(draw)
    let cancel = (): void => {
      this.#held.delete(ask)
    }
    const ask = (): void => {
      cancel = this.#requestFrame(draw)
    }
    this.#held.add(ask)
    return () => cancel()
  }

  show(isShown: boolean): void {
    this.#isShown = isShown
    if (!isShown) return
    const asked = [...this.#held]
    this.#held.clear()
    for (const ask of asked) ask()
  }
}
