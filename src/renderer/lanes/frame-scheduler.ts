/** Asks for one call before the next display frame; returns a function that takes it back. */
export type RequestFrame = (draw: (timeMs: number) => void) => () => void

/**
 * Draws at most once per display frame, and only when something asked for it. `draw` returns true to be called again
 * in the next frame (while the picture moves by itself).
 */
export class FrameScheduler {
  readonly #requestFrame: RequestFrame
  readonly #draw: (timeMs: number) => boolean
  #cancel: (() => void) | null = null

  constructor(requestFrame: RequestFrame, draw: (timeMs: number) => boolean) {
    this.#requestFrame = requestFrame
    this.#draw = draw
  }

  invalidate(): void {
    this.#cancel ??= this.#requestFrame((timeMs) => {
      this.#cancel = null
      if (this.#draw(timeMs)) this.invalidate()
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
