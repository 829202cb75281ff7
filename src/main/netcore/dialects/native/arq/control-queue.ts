import { Fifo } from '../../../pipe/fifo'

/** What can stand in line. */
export interface Queued {
  /** Class of data before which it goes; 0: before all. */
  readonly beforeClass: number
  /** It is in line. */
  isQueued: boolean
  /** Whatever it says is of no interest any more. */
  isOver: boolean
}

/** Control frames in line: each goes before the data of its class. */
export class ControlQueue<C extends Queued> {
  readonly #classes: readonly Fifo<C>[] = Array.from({ length: 8 }, () => new Fifo<C>())
  #length = 0

  get isEmpty(): boolean {
    return this.#length === 0
  }

  add(control: C): void {
    if (control.isQueued || control.isOver) return
    control.isQueued = true
    this.#classes[control.beforeClass]!.push(control)
    this.#length += 1
  }

  clear(): void {
    for (const line of this.#classes) line.clear()
    this.#length = 0
  }

  /** The next one that goes before data of class `dataClass` (8: no data waits), taken out of line. */
  takeBefore(dataClass: number): C | undefined {
    if (this.#length === 0) return undefined
    for (let index = 0; index < 8 && index <= dataClass; index++) {
      const line = this.#classes[index]!
      for (let control = line.shift(); control !== undefined; control = line.shift()) {
        this.#length -= 1
        control.isQueued = false
        if (!control.isOver) return control
      }
    }
    return undefined
  }
}
