import type { AuxWorld } from '../aux/aux-moments'
import type { EngineHost } from '../engine-host'
import { laneTwin } from './lane-twin'

/** Lists that change faster than this cannot be read, and would be read out without an end. */
const TWIN_MS = 500

type TwinView = Parameters<typeof laneTwin>[1]

/** Tells the page what is in view in words while it asks for it, at most twice a second. */
export class TwinFeed {
  readonly #host: Pick<EngineHost, 'post' | 'later'>
  readonly #again: () => void
  #isOpen = false
  #toldMs = -Infinity
  #cancel: (() => void) | null = null

  /** @param again - Asks for another frame. */
  constructor(host: Pick<EngineHost, 'post' | 'later'>, again: () => void) {
    this.#host = host
    this.#again = again
  }

  open(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.#toldMs = -Infinity
    this.#cancel?.()
    this.#cancel = null
    if (!isOpen) this.#host.post({ type: 'twin', twin: null })
  }

  /** To be called with every frame. */
  frame(localMs: number, world: AuxWorld, view: () => TwinView): void {
    if (!this.#isOpen) return
    const waitMs = this.#toldMs + TWIN_MS - localMs
    if (waitMs > 0) {
      this.#cancel ??= this.#host.later(waitMs, () => {
        this.#cancel = null
        this.#again()
      })
      return
    }
    this.#toldMs = localMs
    this.#host.post({ type: 'twin', twin: laneTwin(world, view()) })
  }
}
