import { COLOUR_COUNT } from './chunk-style'
import type { MarkRule } from './worker-protocol'

/** How filters change the look of a message. */
export interface MarkLook {
  readonly isHidden: boolean
  readonly isDim: boolean
  /** 1 to 8 instead of its own colour; 0 for its own. */
  readonly hue: number
}

/** Fainter versions of all colours follow behind the colours themselves. */
export const DIM_OFFSET = COLOUR_COUNT

const PLAIN: MarkLook = { isHidden: false, isDim: false, hue: 0 }

/** Looks by the bits of `LaneMessage.matches`. Few combinations occur, so each is worked out once. */
export class Marks {
  readonly #rules: readonly MarkRule[]
  readonly #looks = new Map<number, MarkLook>()

  constructor(rules: readonly MarkRule[]) {
    this.#rules = rules
  }

  get isEmpty(): boolean {
    return this.#rules.length === 0
  }

  lookOf(matches: number): MarkLook {
    if (this.isEmpty) return PLAIN
    const known = this.#looks.get(matches)
    if (known !== undefined) return known
    let isHidden = false
    let isDim = false
    let hue = 0
    this.#rules.forEach((rule, bit) => {
      const isMatch = (matches & (1 << bit)) !== 0
      if (rule.effect === 'hide') isHidden ||= !isMatch
      else if (rule.effect === 'dim') isDim ||= !isMatch
      // the first rule that matches decides, as in the list
      else if (isMatch && hue === 0) hue = rule.hue
    })
    const look = { isHidden, isDim, hue }
    this.#looks.set(matches, look)
    return look
  }

  /**
   * Colour index of a chunk of that message.
   *
   * @param colour - The index it has in the current colour mode.
   * @param isOnLine - In the line strip nothing is hidden: it tells what the wire did, whoever wants to see it.
   * @returns -1 when it is not drawn.
   */
  colourOf(matches: number, colour: number, isOnLine: boolean): number {
    const { isHidden, isDim, hue } = this.lookOf(matches)
    if (isHidden && !isOnLine) return -1
    return (hue === 0 ? colour : hue) + (isDim || isHidden ? DIM_OFFSET : 0)
  }
}

export const NO_MARKS = new Marks([])
