import { ConsoleError } from '../../../shared/errors'
import { RecentMap } from '../pipe/recent-map'

const OWN_REF = /^n[1-9][0-9]*$/

/**
 * Names for messages of ours, for people: they do not travel. `n17` is our seventeenth; the pipe calls those of the peer
 * `p17`, the answer to ours `n17.a`, the third answer of a subscription `n17.3`.
 */
export class RefNames {
  readonly #given: RecentMap<true>
  #serial = 0
  /** Drawn as a correlation id, and to be the ref of the same message. */
  #drawn = ''
  /** Drawn last as a ref. */
  #handed = ''

  /** @param remembered - How many names that others chose are kept apart. */
  constructor(remembered: number) {
    this.#given = new RecentMap(remembered)
  }

  drawRef(): string {
    this.#handed = this.#drawn === '' ? this.#next() : this.#drawn
    this.#drawn = ''
    return this.#handed
  }

  /** A request is correlated by its own ref, so the two are drawn together. */
  drawCorrelationId(): string {
    this.#drawn = this.#next()
    return this.#drawn
  }

  /** Takes note of the name of a message. @throws ConsoleError `DUPLICATE_REF`. */
  use(ref: string): void {
    const wasDrawn = ref === this.#handed
    this.#handed = ''
    if (wasDrawn) return
    const ownNumber = OWN_REF.test(ref) ? Number(ref.slice(1)) : Infinity
    if (ownNumber <= this.#serial || this.#given.has(ref)) {
      throw new ConsoleError('DUPLICATE_REF', `the id "${ref}" was used before`, { ref })
    }
    this.#given.set(ref, true)
  }

  #next(): string {
    let ref: string
    do ref = `n${++this.#serial}`
    while (this.#given.has(ref))
    return ref
  }
}
