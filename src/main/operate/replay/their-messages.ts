import type { Likeness, TheirMessage } from './replay-script'
import { differenceOf } from './run-differences'

export interface Recognised {
  readonly theirs: TheirMessage
  /** Others of this route came before it in the recording, and have not come yet. */
  readonly isEarly: boolean
  /** Empty when it is the same. */
  readonly difference: string
}

/**
 * Recognises the messages of a live peer as those of the recording: by route and order, and within a route by the body
 * where one that is due has the same. Their ids are the peer's own and mean nothing here.
 */
export class TheirMessages {
  readonly #byRoute = new Map<string, TheirMessage[]>()
  readonly #come: Uint8Array
  #left = 0

  constructor(theirs: readonly TheirMessage[]) {
    this.#come = new Uint8Array(theirs.length)
    for (const message of theirs) {
      const due = this.#byRoute.get(message.route)
      if (due === undefined) this.#byRoute.set(message.route, [message])
      else due.push(message)
    }
    this.#left = theirs.length
  }

  get left(): number {
    return this.#left
  }

  hasCome(index: number): boolean {
    return this.#come[index] === 1
  }

  /** Undefined: the recording has no (further) message of this route. */
  recognise(come: Likeness): Recognised | undefined {
    const due = this.#byRoute.get(come.route)
    const [first] = due ?? []
    if (due === undefined || first === undefined) return undefined
    const same = due.slice(0, MAX_LOOKED_AT).findIndex((theirs) => differenceOf(theirs, come) === '')
    const at = Math.max(0, same)
    const theirs = due[at]!
    due.splice(at, 1)
    this.#come[theirs.index] = 1
    this.#left -= 1
    return { theirs, isEarly: at > 0, difference: same === -1 ? differenceOf(theirs, come) : '' }
  }

  /** Those that have not come, in the order of the recording. */
  missing(): TheirMessage[] {
    return [...this.#byRoute.values()].flat().toSorted((a, b) => a.index - b.index)
  }
}

/** A peer that asks the same route again and again would make each look at all that are to come. */
const MAX_LOOKED_AT = 64
