import { hueOfStyle } from '../chunk-style'
import type { LanesModel } from '../lanes-model'
import type { EngineHost } from '../engine-host'
import { byteRangeShape } from './byte-range-shape'

/** A chart of a message that is under way changes this often at most. */
const EVERY_MS = 100

/** Tells the page the byte ranges of the selected message while it shows them. */
export class ByteRangeFeed {
  readonly #host: EngineHost
  readonly #model: LanesModel
  readonly #selectedSlot: () => number
  #isOpen = false
  #told = ''
  #cancel: (() => void) | null = null

  constructor(host: EngineHost, model: LanesModel, selectedSlot: () => number) {
    this.#host = host
    this.#model = model
    this.#selectedSlot = selectedSlot
  }

  open(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.#told = ''
    this.#tell()
  }

  /** The selection or the chunks may have changed. */
  touch(): void {
    if (!this.#isOpen) return
    this.#cancel ??= this.#host.later(EVERY_MS, () => this.#tell())
  }

  #tell(): void {
    this.#cancel?.()
    this.#cancel = null
    const { ring, messages } = this.#model
    const slot = this.#isOpen ? this.#selectedSlot() : -1
    const key =
      slot < 0
        ? 'none'
        : `${messages.ids[slot]} ${messages.lastSeqs[slot]} ${messages.statusOf(slot)} ${messages.bodyBytes[slot]}`
    if (key === this.#told) return
    this.#told = key
    const shape = slot < 0 ? null : byteRangeShape(ring, messages, slot, hueOfStyle(messages.styles[slot]!))
    this.#host.post({ type: 'byte-range', shape })
  }
}
